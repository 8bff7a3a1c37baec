"""Ctrl-C while a command waits for a model."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from benchmarks.stub import running_stub
from tests.builders import asking
from tests.processes import concord
from tests.timing import wait_for

_LATENCY = 30.0  # seconds, of which none are to be waited for


def test_an_interrupted_summary_ends_at_once(tmp_path: Path) -> None:
    """What was asked may take minutes: nobody waits for it who has given up."""
    for name, day in (("one", "Monday"), ("two", "Tuesday")):
        (tmp_path / f"{name}.txt").write_text(f"The port of Wexmouth was closed on {day}, the harbour master said.")
    with (
        running_stub(latency=_LATENCY) as stub,
        concord(tmp_path, "summarize", "one.txt", "two.txt", **asking(stub)) as process,
    ):
        wait_for(lambda: bool(stub.bodies))
        time.sleep(1.5)  # the progress bar comes after a second
        process.send_signal(signal.SIGINT)
        assert process.wait(_LATENCY / 2) == 128 + signal.SIGINT
        assert process.communicate() == ("", "")
