"""Databases of both kinds, new for every test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service.storage.database import Database


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that is not there yet, or empty."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'jobs.sqlite'}"
    created: str = request.getfixturevalue("postgres").create()
    return created


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An open database."""
    with closing(Database(url)) as opened:
        opened.open()
        yield opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that is not there yet, in folders that are not there yet."""
    return tmp_path / "data" / "concord" / "memo.db"
