"""Pages: HTML and Markdown to text, by processes that are kept for the next page and ended when one takes too much.

What the text of a page is, core/formats.py decides; turner.py runs it. Here is what that may take: a page on which a
parser is quadratic costs its own request a refusal, and the others nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from typing import Any
from weakref import finalize

from service.core.errors import InvalidInput
from service.core.model import Format

Process = subprocess.Popen[bytes]

_PROGRAM = (  # modules of this process are found after those of Python itself, which no folder may take the place of
    "import os, sys; sys.path += sys.argv.pop(1).split(os.pathsep); from service.files.turner import main; main()"
)


@dataclass(frozen=True, slots=True)
class PageBounds:
    """What turning one page may take: seconds of a processor, seconds by the clock, and bytes of memory."""

    seconds: int = 10
    patience: float = 120.0
    memory: int = 1_000_000_000


class Pages:
    """Turns pages into text. As many processes live as pages were turned at once; they end with this object."""

    def __init__(self, bounds: PageBounds = PageBounds()) -> None:
        self._bounds = bounds
        self._idle: list[Process] = []
        finalize(self, _end_all, self._idle)

    def to_text(self, text: str, format: Format) -> str:  # noqa: A002 (the contract's word)
        """The text of a page; plain text as it is. Raises InvalidInput for a page that takes too much."""
        if format is Format.TEXT:
            return text
        said = self._ask(self._take(), json.dumps({"text": text, "format": format.value}).encode() + b"\n")
        if not said:
            most = f"{self._bounds.seconds} s of a processor or {self._bounds.memory // 1_000_000} MB of memory"
            raise InvalidInput(f"the page took more than {most} to read; send its text instead, or less of it")
        if "problem" in said:
            raise InvalidInput(said["problem"])
        return str(said["text"])

    def close(self) -> None:
        """End the processes that wait for a page."""
        _end_all(self._idle)

    def _take(self) -> Process:
        """A process that waits for a page, or a new one."""
        with suppress(IndexError):
            while True:
                process = self._idle.pop()
                if process.poll() is None:
                    return process
                _end(process)  # it was ended by somebody else while it waited
        return _start(self._bounds)

    def _ask(self, process: Process, asked: bytes) -> dict[str, Any]:
        """What a process says of a page: nothing if it died of it. It waits for the next one, or is ended."""
        said: dict[str, Any] = {}
        timer = Timer(self._bounds.patience, process.kill)
        timer.start()
        try:
            said = _exchange(process, asked)
        finally:
            timer.cancel()
            if said and not said["last"]:
                self._idle.append(process)
            else:
                _end(process)
        return said


def _start(bounds: PageBounds) -> Process:
    """A process that turns pages. It is told where modules lie, and nothing of the environment."""
    limits = (str(bounds.memory), str(bounds.seconds))
    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 (our own program, no shell)
        [sys.executable, "-I", "-c", _PROGRAM, os.pathsep.join(sys.path), *limits],
        stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env={},
        start_new_session=True,  # Ctrl-C is for the service, which lets what was begun end
    )  # fmt: skip


def _exchange(process: Process, asked: bytes) -> dict[str, Any]:
    """A line for a line; nothing where the process ends before it has answered."""
    assert process.stdin is not None  # noqa: S101 (both are pipes)
    assert process.stdout is not None  # noqa: S101
    with suppress(BrokenPipeError):
        process.stdin.write(asked)
        process.stdin.flush()
    said = process.stdout.readline()
    return dict(json.loads(said)) if said.endswith(b"\n") else {}


def _end_all(idle: list[Process]) -> None:
    while idle:
        _end(idle.pop())


def _end(process: Process) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # what it was not told any more
            if pipe:
                pipe.close()
    process.wait()
