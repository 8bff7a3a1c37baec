"""Extracting: the text of a PDF or a Word document, read by a process that is ended when it takes too long."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from service.core.errors import InvalidInput, NotInstalled, TooLarge

_READER = Path(__file__).with_name("reader.py")
_EXTRA = "pip install 'concord[files]'"


class Kind(StrEnum):
    """Files that are read: the value is the ending of their names."""

    PDF = "pdf"
    DOCX = "docx"


LOOKS = {Kind.PDF: "a PDF", Kind.DOCX: "a Word document or another ZIP file"}
"""What a file is by its first bytes."""
_SIGNATURES = {"%PDF-": Kind.PDF, "PK\x03\x04": Kind.DOCX}
MEDIA_TYPES = {
    "application/pdf": Kind.PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Kind.DOCX,
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading one file may take: seconds, bytes of memory, and characters of text that come of it."""

    seconds: float = 20.0
    memory: int = 1_000_000_000
    characters: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of a file, its title if it names one, and what its reader must know, as `{code, detail}`."""

    text: str
    title: str | None
    warnings: tuple[dict[str, str], ...]


def find_kind(text: str) -> Kind | None:
    """The kind of a file whose bytes were taken for text, if it is one."""
    return next((kind for start, kind in _SIGNATURES.items() if text.startswith(start)), None)


def extract(data: bytes, kind: Kind, bounds: Bounds = Bounds()) -> Extracted:
    """The text of a file. Raises InvalidInput, TooLarge, or NotInstalled where a library is missing."""
    with _start(kind, bounds) as process:
        try:
            said, _ = process.communicate(data, timeout=bounds.seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise InvalidInput(f"the file took longer than {bounds.seconds:g} s to read") from None
        return _understand(said)


async def extract_async(data: bytes, kind: Kind, bounds: Bounds = Bounds()) -> Extracted:
    """The same without blocking; the process ends when the call is cancelled."""
    process = await asyncio.to_thread(_start, kind, bounds)
    try:
        said, _ = await asyncio.to_thread(process.communicate, data, bounds.seconds)
    except subprocess.TimeoutExpired:
        raise InvalidInput(f"the file took longer than {bounds.seconds:g} s to read") from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(asyncio.to_thread(process.wait))
    return _understand(said)


def _start(kind: Kind, bounds: Bounds) -> subprocess.Popen[bytes]:
    """A process that reads. It inherits nothing of the environment: keys are none of its business."""
    limits = [str(bounds.memory), str(int(bounds.seconds) + 1), str(bounds.characters)]
    command = [sys.executable, "-I", str(_READER), kind.value, *limits]
    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 (our own program, no shell)
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env={"PYTHONIOENCODING": "utf-8"}
    )


def _understand(said: bytes) -> Extracted:
    """What the process said. One that died said nothing, or half of it."""
    try:
        found: dict[str, Any] = json.loads(said)
    except ValueError:
        raise InvalidInput("the file can't be read: that took too much time or memory, or broke off") from None
    if "missing" in found:
        raise NotInstalled(f"{found['missing']} is not installed, which reads this file: {_EXTRA}")
    if "large" in found:
        raise TooLarge(found["large"])
    if "problem" in found:
        raise InvalidInput(found["problem"])
    return Extracted(found["text"], found["title"], tuple(found["warnings"]))
