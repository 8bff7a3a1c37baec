"""What tests of keys share: applications that have keys, and clients that send them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from service.callers import Key, Quota
from service.storage.database import Database
from service.storage.keys import SqlKeys


@contextmanager
def keys_in(folder: Path) -> Iterator[SqlKeys]:
    """The keys of an application whose data lie in a folder."""
    with closing(Database(f"sqlite:///{folder / 'concord.sqlite'}")) as database:
        database.open()
        yield SqlKeys(database)


def make(folder: Path, name: str = "a", **limits: Any) -> tuple[Key, dict[str, str]]:
    """A new key, and the header that sends it."""
    with keys_in(folder) as keys:
        key, secret = keys.create(name, Quota(**limits))
    return key, {"Authorization": f"Bearer {secret}"}


_FILLED = {
    "{id}": f"sum_{'0' * 32}",
    "{name}": "harbour-fire",
    "/static": "/static/page.css",
    "/docs/viewer": "/docs/viewer/swagger-ui.css",
}


def filled(path: str) -> str:
    """A path with something in the place of each parameter, and a file in that of a folder."""
    for part, value in _FILLED.items():
        path = path.replace(part, value)
    return path


def routes_of(app: FastAPI) -> list[tuple[str, str]]:
    """Every route of an application as its method and path, from its own table."""
    table = iter_route_contexts(app.routes)
    return sorted({(method, context.path or "") for context in table for method in context.methods or {"GET"}})
