"""Processes of the command line for tests: started with settings of their own, awaited by what they say."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.timing import PATIENCE


def environment_of(folder: Path, **settings: str) -> dict[str, str]:
    """An environment with these settings and no others, whose data lies in a folder."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CONCORD_", "OPENAI_", "OTEL_"))}
    return {**kept, "CONCORD_DATA_DIR": str(folder / "data"), **settings}


def _heed_interrupts() -> None:
    """Who runs the tests in the background of a shell has SIGINT ignored, and so would every process begun there."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def concord(folder: Path, *arguments: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """`concord` with these arguments, killed at the end of the block if it still runs."""
    command = [sys.executable, "-m", "service", *arguments]
    environment = environment_of(folder, **settings)
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heed_interrupts,  # noqa: PLW1509 (it takes no lock)
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def address_of(server: subprocess.Popen[str]) -> str:
    """Where `concord serve` says that it serves."""
    return wait_for_line(server, "running on").split("running on ")[1].split()[0]


def run(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """`concord` with these arguments, once it has ended."""
    command = [sys.executable, "-m", "service", *arguments]
    environment = environment_of(folder, **settings)
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def lives(process: int) -> bool:
    """Whether a process, by its id, is there and no zombie."""
    status = Path(f"/proc/{process}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def wait_for_line(process: subprocess.Popen[str], words: str) -> str:
    """The next line on standard error that holds some words."""
    assert process.stderr
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"it ended without a word of {words!r}")
