"""Batches over a real store and the engine's double: order, failures, and going on after every kind of end."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from service.api import problems
from service.api.summaries import Limits
from service.api.working import Order
from service.backends.base import Usage
from service.batch.lines import RawLine, Terms, read_lines
from service.batch.output import Output
from service.batch.running import Batch, Bounds
from service.batch.tally import End, Tally
from service.core.errors import BackendFailed, ConcordError, InvalidInput, StorageUnavailable
from service.jobs.jobs import Jobs, Rules
from service.jobs.memory import MemoryEngine
from service.jobs.model import Attempt, Status
from service.jobs.running import Ended, Journal, Runner
from service.storage.database import Database
from service.storage.jobs import SqlJobStore

Answer = Callable[[str], Awaitable[Status]]
MOST_BYTES = 1_000
LIMITS = Limits(3, 500, 600)


async def complete(_: str) -> Status:
    return Status.COMPLETE


def request(text: str, **more: Any) -> dict[str, Any]:
    return {"documents": [{"text": text}], **more}


def jsonl(*lines: Any) -> bytes:
    return b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)


@dataclass
class Desk:
    """Everything that a batch needs, in one folder, with work that answers as a test says and costs a dollar."""

    folder: Path
    answer: Answer = complete
    rules: Rules = Rules()  # noqa: RUF009 (frozen)
    window: int = 4
    attempts: int = 1
    most_usd: float | None = None
    max_cost_usd: float | None = None
    ran: Counter[str] = field(default_factory=Counter)
    running: int = 0
    most_running: int = 0
    cost_usd: float | None = 1.0
    output_type: type[Output] = Output
    store_type: type[SqlJobStore] = SqlJobStore

    def run(self, content: bytes, *, stop_when: Callable[[], bool] | None = None, restart: bool = False) -> End:
        return asyncio.run(self._run(content, stop_when, restart))

    async def _run(self, content: bytes, stop_when: Callable[[], bool] | None, restart: bool) -> End:
        database = Database(f"sqlite:///{self.folder / 'jobs.sqlite'}")
        database.open()
        store = self.store_type(database)
        jobs = Jobs(store, MemoryEngine(8), self.rules)
        terms = Terms(LIMITS, MOST_BYTES, self.max_cost_usd)
        output = self.output_type(self.out)
        try:
            tally = Tally(sum(1 for _ in read_lines(BytesIO(content), MOST_BYTES)))
            lines = read_lines(BytesIO(content), MOST_BYTES)
            if restart:
                output.clear()
            output.resume(lines, tally)
            async with jobs.at_work(Runner(store, self._work, _explain, self.attempts), grace=0.0):
                batch = Batch(jobs, terms, Bounds(self.window, self.most_usd), output, tally)
                if restart:
                    await batch.forget()
                stop = asyncio.Event()
                stopping = asyncio.create_task(_stop(stop, stop_when))
                end = await asyncio.wait_for(batch.run(lines, stop), 120)
                stopping.cancel()
                return end
        finally:
            output.close()
            database.close()

    async def _work(self, attempt: Attempt, journal: Journal) -> Ended:
        asked = Order.model_validate_json(attempt.request).request
        text = asked.documents[0].text
        self.ran[text] += 1
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        spent = json.dumps(asdict(Usage(requests=1, cost_usd=self.cost_usd)))
        journal.spent = lambda: spent
        try:
            status = await self.answer(text)
        finally:
            self.running -= 1
        return Ended(status, json.dumps({"said": text}))

    @property
    def out(self) -> Path:
        return self.folder / "out.jsonl"

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.read_text().split("\n")[:-1]]

    @property
    def said(self) -> list[str]:
        return [record["result"]["said"] for record in self.records]

    def kept(self) -> int:
        """How many jobs the store still has."""
        database = Database(f"sqlite:///{self.folder / 'jobs.sqlite'}")
        with database.read() as connection:
            count: int = connection.exec_driver_sql("SELECT count(*) FROM job").scalar_one()
        database.close()
        return count


async def _stop(stop: asyncio.Event, when: Callable[[], bool] | None) -> None:
    while when:
        if when():
            stop.set()
        await asyncio.sleep(0.01)


def _explain(error: Exception, _: Attempt) -> str:
    return problems.explain("job", error).model_dump_json(exclude_none=True)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


TEN = [request(f"text {i}") for i in range(10)]
TEXTS = [f"text {i}" for i in range(10)]


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


class Full(Output):
    """An output whose disk is full."""

    def append(self, records: Sequence[bytes]) -> None:
        raise ConcordError("no room")


def test_jobs_that_were_done_but_not_written_are_not_done_again(desk: Desk) -> None:
    """What stands between the end of a job and its line on the disk costs nothing."""
    desk.output_type, desk.attempts = Full, 2
    with pytest.raises(ConcordError, match="no room"):
        desk.run(jsonl(*TEN))
    assert desk.out.read_bytes() == b""
    desk.output_type = Output
    assert desk.run(jsonl(*TEN)) is End.DONE
    assert desk.said == TEXTS
    assert desk.ran["text 0"] == 1


@pytest.mark.parametrize("torn", [b"{", b'{"line":3,"custom_id":null,"input_sha256":"', b"\x00\x00"])
def test_a_torn_last_line_is_cut_off(desk: Desk, torn: bytes) -> None:
    """A line that a crash left half written is written anew, and whole."""
    desk.run(jsonl(*TEN[:2]))
    with desk.out.open("ab") as file:
        file.write(torn)
    assert desk.run(jsonl(*TEN)) is End.DONE
    assert desk.said == TEXTS
    assert desk.ran["text 0"] == 1


def test_a_finished_batch_takes_what_was_added_to_its_input(desk: Desk) -> None:
    desk.run(jsonl(*TEN[:4]).removesuffix(b"\n"))
    assert desk.run(jsonl(*TEN)) is End.DONE
    assert desk.said == TEXTS
    assert set(desk.ran.values()) == {1}


MISMATCHED: list[tuple[bytes, bytes | None, str]] = [
    # the input of the second run, what OUT holds instead of the first run's lines, words of the error
    (jsonl(request("other"), *TEN[1:]), None, "line 1 of .* made of another line"),
    (jsonl(b"\n", *TEN), None, "line 1 of .* made of another line"),
    (jsonl(*TEN[:3]), None, "more lines than IN"),
    (jsonl(*TEN), b"notes of mine\n", "line 1 of .* was not written by a batch"),
    (jsonl(*TEN), b"a note of mine without an end", "line 1 of .* was not written by a batch"),
    (jsonl(*TEN), b"[]\n", "line 1 of .* was not written by a batch"),
    (jsonl(*TEN), b"{}\n", "line 1 of .* was not written by a batch"),
]


@pytest.mark.parametrize(("content", "written", "words"), MISMATCHED)
def test_an_output_of_another_input_is_left_as_it_is(
    desk: Desk, content: bytes, written: bytes | None, words: str
) -> None:
    """The error says what to do; `--restart` does it."""
    desk.run(jsonl(*TEN))
    if written is not None:
        desk.out.write_bytes(written)
    before = desk.out.read_bytes()
    with pytest.raises(InvalidInput, match=f"{words}.*--restart"):
        desk.run(content)
    assert desk.out.read_bytes() == before
    assert desk.run(content, restart=True) is End.DONE
    assert len(desk.records) == sum(1 for _ in read_lines(BytesIO(content), MOST_BYTES))


@pytest.mark.parametrize("written", [b"a note of mine without an end", b"notes of mine\n"])
def test_a_file_that_was_refused_is_refused_again_and_nothing_is_left_beside_it(desk: Desk, written: bytes) -> None:
    """Else the second try would take it for what a run before had begun, and cut its last line off."""
    desk.out.write_bytes(written)
    for _ in range(2):
        with pytest.raises(InvalidInput, match="was not written by a batch"):
            desk.run(jsonl(*TEN))
        assert desk.out.read_bytes() == written
        assert not (desk.folder / "out.jsonl.batch").exists()


def test_a_restart_forgets_the_jobs_of_the_run_before(desk: Desk) -> None:
    """What was done but not written is done anew: that is what the word says."""
    desk.output_type = Full
    with pytest.raises(ConcordError, match="no room"):
        desk.run(jsonl(*TEN))
    desk.output_type = Output
    assert desk.run(jsonl(*TEN), restart=True) is End.DONE
    assert desk.ran["text 0"] == 2
    assert desk.kept() == 0


def test_one_process_at_a_time_writes_an_output(tmp_path: Path) -> None:
    first = Output(tmp_path / "out.jsonl")
    with pytest.raises(InvalidInput, match="another process is writing"):
        Output(tmp_path / "out.jsonl")
    first.close()
    Output(tmp_path / "out.jsonl").close()


@pytest.mark.parametrize("name", [".", "missing/out.jsonl", "/dev/null"])
def test_an_output_must_be_a_file_that_can_be_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match=r"can't be written|is no file"):
        Output(tmp_path / name)


def test_a_name_that_was_damaged_is_replaced(tmp_path: Path) -> None:
    """A lost name costs the jobs under way, never the batch."""
    (tmp_path / "out.jsonl.batch").write_bytes(b"\x00\xff")
    output = Output(tmp_path / "out.jsonl")
    name, begun = output.name, output.begun
    output.resume(iter(()), Tally(0))
    output.close()
    again = Output(tmp_path / "out.jsonl")
    assert (len(name), begun, again.name, again.begun) == (32, False, name, True)
    again.close()


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


def test_the_lower_budget_of_a_line_holds() -> None:
    """A line's own `max_cost_usd` and that of the command: whichever is less."""
    terms = Terms(LIMITS, MOST_BYTES, max_cost_usd=0.5)
    bodies = [json.dumps(request("a", **own)).encode() for own in ({}, {"max_cost_usd": 0.1}, {"max_cost_usd": 2})]
    assert [terms.read(RawLine(1, body, "")).most_usd for body in bodies] == [0.5, 0.1, 0.5]


def test_lines_are_read_alike_whatever_may_be_held() -> None:
    """Numbers and digests are the same for lines too long to be held, and no more than that is held."""
    content = jsonl(b"x" * 100 + b"\n", b"\n", b"y" * 7 + b"\n", b"z" * 29)
    wide, narrow = (list(read_lines(BytesIO(content), most)) for most in (1_000, 10))
    assert [(line.number, line.digest) for line in wide] == [(line.number, line.digest) for line in narrow]
    assert [line.body and len(line.body) for line in narrow] == [None, 8, None]


def ticking(*times: float) -> Callable[[], float]:
    left: Iterator[float] = iter(times)
    now = 0.0

    def clock() -> float:
        nonlocal now
        with suppress(StopIteration):
            now = next(left)
        return now

    return clock


def test_the_tally_tells_rate_cost_and_time_left() -> None:
    """The rate is that of this run alone; an unknown price is not hidden."""
    tally = Tally(100, ticking(0.0, 20.0))
    for _ in range(40):
        tally.add("complete", {"requests": 1, "cost_usd": 0.01})
    tally.begin()
    for _ in range(10):
        tally.add("failed", None)
    assert tally.describe() == "50 of 100 lines, 10 failed, $0.4000, 30.0 lines/min, 0:01:40 left"
    assert tally.describe_run() == "50 of 100 lines, 10 failed, $0.4000, 10 in 0:00:20 (30.0 lines/min)"
    tally.add("complete", {"requests": 2, "cost_usd": None})
    assert "at least $0.4000" in tally.describe()


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        ({"requests": 0, "cost_usd": None}, "$0.0000"),
        ({}, "$0.0000"),
        ({"requests": 3, "cost_usd": None}, "cost unknown"),
        ({"requests": 3, "cost_usd": 1.5}, "$1.5000"),
    ],
)
def test_what_nothing_was_asked_for_costs_nothing(usage: dict[str, Any], cost: str) -> None:
    tally = Tally(1)
    tally.add("complete", usage)
    assert tally.cost == cost
