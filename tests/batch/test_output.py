"""The output of a batch: gone on with, cut where it is torn, and left as it is where it is of something else."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest

from service.batch.lines import read_lines
from service.batch.output import Output
from service.batch.tally import End, Tally
from service.core.errors import ConcordError, InvalidInput
from tests.batch.desk import MOST_BYTES, TEN, TEXTS, Desk, jsonl, request


class Full(Output):
    """An output whose disk is full."""

    def append(self, records: Sequence[bytes]) -> None:
        raise ConcordError("no room")


@pytest.mark.parametrize("torn", [b"{", b'{"line":3,"custom_id":null,"input_sha256":"', b"\x00\x00"])
def test_a_torn_last_line_is_cut_off(desk: Desk, torn: bytes) -> None:
    """A line that a crash left half written is written anew, and whole."""
    desk.run(jsonl(*TEN[:2]))
    with desk.out.open("ab") as file:
        file.write(torn)
    assert desk.run(jsonl(*TEN)) is End.DONE
    assert desk.said == TEXTS
    assert desk.ran["text 0"] == 1


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


def test_a_finished_batch_takes_what_was_added_to_its_input(desk: Desk) -> None:
    desk.run(jsonl(*TEN[:4]).removesuffix(b"\n"))
    assert desk.run(jsonl(*TEN)) is End.DONE
    assert desk.said == TEXTS
    assert set(desk.ran.values()) == {1}
