"""A memo in a file: opened, and its file looked at by another connection."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from service.storage.memo import SqliteMemo

BOUND = 1_000_000
REPLY = '{"claims": ["nobody else may read this"]}'


def key(name: object) -> str:
    return hashlib.sha256(str(name).encode()).hexdigest()


@contextmanager
def opened(path: Path, max_bytes: int = BOUND, clock: Callable[[], float] = lambda: 0.0) -> Iterator[SqliteMemo]:
    with closing(SqliteMemo(path, max_bytes, clock=clock)) as memo:
        yield memo


def kept(path: Path) -> int:
    """The sizes of all replies, added up by another connection."""
    with closing(sqlite3.connect(path)) as other:
        return int(other.execute("SELECT sum(length(value)) FROM reply").fetchone()[0])


def sound(path: Path) -> bool:
    """SQLite finds the file in order, and the sum that it keeps is right."""
    with closing(sqlite3.connect(path)) as other:
        answers = [other.execute(query).fetchone() for query in ("PRAGMA integrity_check", "SELECT * FROM total")]
    return answers == [("ok",), (kept(path),)]


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


def contents(place: Path) -> dict[str, bytes]:
    """What stands in the files of a place, without those that SQLite makes to read another."""
    files = [place, *place.rglob("*")] if place.exists() else []
    return {str(file): file.read_bytes() for file in files if file.is_file() and not file.name.endswith("-shm")}


def assert_warned(caplog: pytest.LogCaptureFixture) -> str:
    """The warning, which is one of a kind and holds nothing of a reply."""
    messages = [record.getMessage() for record in caplog.records]
    assert len(messages) == len({*messages}) >= 1
    assert {(record.name, record.levelno) for record in caplog.records} == {("concord", logging.WARNING)}
    assert not any(word in caplog.text for word in ("nobody", "claims", key("a")))
    return " ".join(messages)
