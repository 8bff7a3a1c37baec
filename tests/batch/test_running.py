"""Batches: every line answered in its place, whatever fails, is stopped or runs out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from typing import Any

import pytest

from service.batch.tally import End
from service.core.errors import BackendFailed, StorageUnavailable
from service.jobs.jobs import Rules
from service.jobs.model import Status
from service.storage.database import Database
from service.storage.jobs import SqlJobStore
from tests.batch.desk import TEN, TEXTS, Desk, complete, jsonl, request


def test_every_line_is_answered_in_order_whatever_ends_first(desk: Desk) -> None:
    """OUT has a line for each of IN, in its order, though the first lines take longest."""
    later: dict[str, asyncio.Event] = {}

    async def backwards(text: str) -> Status:
        if text in ("text 0", "text 4"):  # each waits for the last of its window
            await asyncio.wait_for(later.setdefault(text, asyncio.Event()).wait(), 120)
        for first, last in (("text 0", "text 3"), ("text 4", "text 7")):
            if text == last:
                later.setdefault(first, asyncio.Event()).set()
        return Status.DEGRADED if text == "text 3" else Status.COMPLETE

    desk.answer = backwards
    assert desk.run(jsonl(*TEN)) is End.DONE
    assert desk.said == TEXTS
    assert [record["line"] for record in desk.records] == list(range(1, 11))
    assert [record["status"] for record in desk.records].count("degraded") == 1
    assert desk.records[3]["status"] == "degraded"
    assert desk.records[0]["usage"]["cost_usd"] == 1.0


def test_no_more_lines_are_under_way_than_the_window(desk: Desk) -> None:
    async def slow(_: str) -> Status:
        await asyncio.sleep(0.01)
        return Status.COMPLETE

    desk.answer, desk.window = slow, 3
    desk.run(jsonl(*TEN))
    assert 1 < desk.most_running <= 3


def test_what_is_done_is_forgotten(desk: Desk) -> None:
    """Once a line is written its job is gone, and so is what the batch was found by."""
    desk.run(jsonl(*TEN))
    assert desk.kept() == 0
    assert [file.name for file in desk.folder.glob("out*")] == ["out.jsonl"]


WRONG: list[tuple[Any, int, str, str]] = [
    # a line, and of its problem: the status, the pointer of the first error, words
    (b"documents\n", 422, "", "the line is not JSON: Expecting value at character 0"),
    (b"\xff\xfe\n", 422, "", "not UTF-8: invalid start byte at byte 0"),
    (b"[" * 900 + b"\n", 422, "", "JSON"),
    (b"[1]\n", 422, "", "a request is an object"),
    (b'{"documents": [{"text": "' + b"x" * 2_000 + b'"}]}\n', 413, "", "more than 1000 bytes"),
    (request("x" * 501), 413, "/documents/0/text", "501 characters"),
    (request("x", quorum=1), 422, "/quorum", "must be 2 or more"),
    ({"documents": [{"txt": "x"}]}, 422, "/documents/0/text", "is required"),
    ({"documents": [{"text": "x", "id": "a"}, {"text": "y", "id": "a"}]}, 422, "/documents/1/id", "already"),
    (request("x", custom_id=7), 422, "/custom_id", "must be a string"),
    (b'{"custom_id": "\\ud800", "documents": [{"text": "x"}]}\n', 422, "/custom_id", "surrogate"),
    ({}, 422, "/documents", "is required"),
]


@pytest.mark.parametrize(("line", "status", "pointer", "words"), WRONG)
def test_a_line_that_cannot_be_read_is_reported_in_its_place(
    desk: Desk, line: Any, status: int, pointer: str, words: str
) -> None:
    """The others go on; the problem is what the HTTP service would have answered."""
    assert desk.run(jsonl(request("before"), line, request("after", custom_id="z"))) is End.DONE
    before, wrong, after = desk.records
    assert (before["status"], after["status"], after["custom_id"]) == ("complete", "complete", "z")
    assert (wrong["line"], wrong["status"], wrong["result"], wrong["usage"]) == (2, "failed", None, None)
    assert wrong["problem"]["status"] == status
    assert wrong["problem"].get("errors", [{"pointer": ""}])[0]["pointer"] == pointer
    assert words in wrong["problem"]["detail"]
    assert set(desk.ran) == {"before", "after"}


def test_a_bad_line_keeps_its_name(desk: Desk) -> None:
    desk.run(jsonl({"custom_id": "mine", "documents": []}))
    assert desk.records[0]["custom_id"] == "mine"


def test_a_job_that_fails_is_reported_with_its_problem(desk: Desk) -> None:
    async def fails(text: str) -> Status:
        if text == "text 4":
            raise BackendFailed("the model said nothing")
        return Status.COMPLETE

    desk.answer = fails
    assert desk.run(jsonl(*TEN)) is End.DONE
    failed = [record for record in desk.records if record["status"] == "failed"]
    assert [(record["line"], record["problem"]["detail"]) for record in failed] == [(5, "the model said nothing")]
    assert failed[0]["usage"]["requests"] == 1


def test_blank_lines_byte_order_marks_and_missing_ends_do_no_harm(desk: Desk) -> None:
    """A record's `line` is the number of the line in IN as an editor counts."""
    content = b"\xef\xbb\xbf" + jsonl(request("a"), b"\n", b"  \r\n", b'{"documents":[{"text":"b"}]}\r\n')
    desk.run(content + json.dumps(request("c")).encode())
    assert [(record["line"], record["result"]["said"]) for record in desk.records] == [(1, "a"), (4, "b"), (5, "c")]


def test_equal_lines_are_each_done(desk: Desk) -> None:
    """Two lines alike are two jobs: neither is lost because the other was written."""
    desk.run(jsonl(request("a"), request("a"), request("a")))
    assert desk.said == ["a", "a", "a"]
    assert desk.ran["a"] == 3


def test_a_stopped_batch_goes_on_without_repeating_what_is_done(desk: Desk) -> None:
    """Lines that were written, and jobs that were begun, are not done again."""
    gate = asyncio.Event()

    async def waits(text: str) -> Status:
        if text in TEXTS[5:]:
            await gate.wait()
        return Status.COMPLETE

    desk.answer, desk.attempts = waits, 2
    assert desk.run(jsonl(*TEN), stop_when=lambda: desk.out.exists() and len(desk.records) >= 5) is End.STOPPED
    assert desk.said == TEXTS[:5]
    assert (desk.folder / "out.jsonl.batch").exists()
    desk.answer = complete
    assert desk.run(jsonl(*TEN)) is End.DONE
    assert desk.said == TEXTS
    assert all(desk.ran[text] == 1 for text in TEXTS[:5])
    assert desk.kept() == 0


def test_a_full_queue_is_waited_for(desk: Desk) -> None:
    """No line fails because too many jobs wait."""
    desk.rules = Rules(most_waiting=1)
    assert desk.run(jsonl(*TEN)) is End.DONE
    assert desk.said == TEXTS


class Flaky(SqlJobStore):
    """A store that can't be had for some of the questions after the first ones."""

    asked = 0

    def _ask(self) -> None:
        Flaky.asked += 1
        if Flaky.asked in (2, 3, 6, 9):
            raise StorageUnavailable("gone for a moment", 0.01)

    def changes(self, job_ids: Collection[str]) -> dict[str, tuple[int, bool]]:
        self._ask()
        return super().changes(job_ids)

    def result(self, job_id: str) -> str | None:
        self._ask()
        return super().result(job_id)

    def forget(self, job_id: str) -> bool:
        self._ask()
        return super().forget(job_id)


def test_a_store_that_is_gone_for_a_while_loses_and_doubles_nothing(desk: Desk) -> None:
    Flaky.asked, desk.store_type = 0, Flaky
    assert desk.run(jsonl(*TEN)) is End.DONE
    assert desk.said == TEXTS
    assert Flaky.asked > 9
    assert set(desk.ran.values()) == {1}
    assert desk.kept() == 0


def test_a_job_that_somebody_deleted_is_a_failed_line(desk: Desk) -> None:
    """It is not begun again: whoever deleted it did not want it."""

    async def deletes(text: str) -> Status:
        if text == "text 1":
            database = Database(f"sqlite:///{desk.folder / 'jobs.sqlite'}")
            with database.begin() as connection:
                connection.exec_driver_sql("DELETE FROM job WHERE status = 'running'")
            database.close()
        return Status.COMPLETE

    desk.answer, desk.window = deletes, 1
    desk.run(jsonl(*TEN[:3]))
    assert [record["status"] for record in desk.records] == ["complete", "failed", "complete"]
    assert "deleted" in desk.records[1]["problem"]["detail"]


def test_no_line_is_begun_once_the_money_is_spent(desk: Desk) -> None:
    """The budget counts what earlier runs spent; a higher one goes on. A bounded line is begun only if it fits."""
    desk.most_usd, desk.max_cost_usd = 3.5, 1.5
    assert desk.run(jsonl(*TEN)) is End.SPENT
    assert desk.said == TEXTS[:3]
    assert desk.run(jsonl(*TEN)) is End.SPENT
    assert sum(desk.ran.values()) == 3
    desk.most_usd = 11.0
    assert desk.run(jsonl(*TEN)) is End.DONE
    assert desk.said == TEXTS


def test_without_a_bound_on_each_line_what_is_under_way_may_pass_the_budget(desk: Desk) -> None:
    desk.most_usd, desk.window = 2.0, 3
    assert desk.run(jsonl(*TEN)) is End.SPENT
    assert 2 <= sum(desk.ran.values()) <= 4
