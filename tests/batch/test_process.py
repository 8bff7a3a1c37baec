"""`concord batch` as a process: killed, stopped, and begun again, against a model that counts what it is asked."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.stub import Stub, running_stub
from tests.api.answers import assert_exact
from tests.builders import asking
from tests.processes import concord, run
from tests.timing import PATIENCE, wait_for

LINES = 18


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with running_stub(latency=0.3) as started:
        yield started


def line(number: int) -> dict[str, Any]:
    """A request of two short documents that no other line has."""
    texts = (
        f"The port of Wexmouth was closed on Monday after storm {number}. Ship {number} waits outside it.",
        f"On Monday the port of Wexmouth was closed. Storm {number} had come, the harbour master said.",
    )
    return {"custom_id": f"line {number}", "documents": [{"id": f"d{n}", "text": t} for n, t in enumerate(texts)]}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "in.jsonl"
    lines = [json.dumps(line(number)) for number in range(LINES)]
    lines[7] = '{"documents": []}'
    file.write_text("\n".join(lines) + "\n")
    return file


def settings_of(stub: Stub) -> dict[str, str]:
    return asking(stub, CONCORD_GRACE_SECONDS="1")


def finish(folder: Path, out: Path, stub: Stub, *options: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "batch", "in.jsonl", out.name, *options, **settings_of(stub))


def written(out: Path) -> int:
    return out.read_bytes().count(b"\n") if out.exists() else 0


def wait_for_lines(out: Path, least: int, batch: subprocess.Popen[str]) -> None:
    """Wait until some lines are written, while the batch still runs."""
    wait_for(lambda: written(out) >= least or batch.poll() is not None)
    assert batch.poll() is None, batch.communicate()


def assert_whole(out: Path) -> None:
    """Every line is there once, in its place, with its own result."""
    records = [json.loads(text) for text in out.read_text().split("\n")[:-1]]
    assert [record["line"] for record in records] == list(range(1, LINES + 1))
    assert records.pop(7)["status"] == "failed"
    for record in records:
        asked = line(record["line"] - 1)
        assert (record["custom_id"], record["status"]) == (asked["custom_id"], "complete")
        assert_exact(asked, record["result"])


@pytest.fixture(scope="module")
def undisturbed(stub: Stub, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many requests the model gets if nothing happens."""
    folder = tmp_path_factory.mktemp("undisturbed")
    lines = [json.dumps(line(number)) for number in range(LINES)]
    (folder / "in.jsonl").write_text("\n".join([*lines[:7], "{}", *lines[8:]]))
    stub.reset()
    done = finish(folder, folder / "out.jsonl", stub)
    assert (done.returncode, written(folder / "out.jsonl")) == (1, LINES), done.stderr
    assert f"{LINES} of {LINES} lines, 1 failed, cost unknown" in done.stdout
    return stub.stats().requests


def test_a_batch_that_is_killed_goes_on_and_repeats_nothing(
    tmp_path: Path, source: Path, stub: Stub, undisturbed: int
) -> None:
    """SIGKILL in the middle, twice: nothing is lost or doubled. What was being asked may be asked again, at most."""
    out = tmp_path / "out.jsonl"
    stub.reset()
    for least in (3, 8):
        with concord(tmp_path, "batch", "in.jsonl", "out.jsonl", **settings_of(stub)) as batch:
            wait_for_lines(out, least, batch)
            batch.send_signal(signal.SIGKILL)
    assert written(out) < LINES
    in_flight = stub.stats().most_in_flight
    done = finish(tmp_path, out, stub)
    assert done.returncode == 1, done.stderr
    assert_whole(out)
    assert undisturbed <= stub.stats().requests <= 1.02 * undisturbed + 2 * in_flight
    assert not (tmp_path / "out.jsonl.batch").exists()
    again = finish(tmp_path, out, stub)
    assert (again.returncode, written(out)) == (1, LINES)


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_batch_that_is_stopped_says_how_to_go_on(
    tmp_path: Path, source: Path, stub: Stub, sign: signal.Signals, code: int
) -> None:
    """The exit code is the signal's; the same command finishes what is left."""
    out = tmp_path / "out.jsonl"
    with concord(tmp_path, "batch", "in.jsonl", "out.jsonl", **settings_of(stub)) as batch:
        wait_for_lines(out, 3, batch)
        batch.send_signal(sign)
        said, errors = batch.communicate(timeout=PATIENCE)
    assert (batch.returncode, "the same command goes on" in errors) == (code, True), errors
    assert f"of {LINES} lines" in said
    assert "Traceback" not in errors
    assert finish(tmp_path, out, stub).returncode == 1
    assert_whole(out)


def test_the_work_can_be_left_to_others(tmp_path: Path, source: Path, stub: Stub) -> None:
    """`--no-worker` hands the lines out and writes what `concord worker` makes of them."""
    out = tmp_path / "out.jsonl"
    with (
        concord(tmp_path, "worker", **settings_of(stub)) as worker,
        concord(tmp_path, "batch", "in.jsonl", "out.jsonl", "--no-worker", **settings_of(stub)) as batch,
    ):
        _, errors = batch.communicate(timeout=PATIENCE)
        assert (batch.returncode, "wait for workers" in errors) == (1, True), errors
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0
    assert_whole(out)
