"""What tests of summaries and jobs share: applications whose backend waits or fails, and clients that wait."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.backends.embedded import EmbeddedBackend
from service.core.errors import StorageUnavailable
from service.core.matching import Index
from service.core.model import Chunk, ClaimDraft
from service.storage.database import Database
from tests.builders import Opens, create_app_of
from tests.timing import wait_for

PATH = "/v1/summaries"
ASYNC = {"prefer": "respond-async"}
KEY = {"idempotency-key": "a-key"}
FURNITURE = {"documents": [{"text": "Share this article"}]}  # which can be no summary


class Told(NamedTuple):
    """An event of a stream."""

    number: str
    kind: str
    data: Any


class Failing(EmbeddedBackend):
    """A backend that fails as it is told to."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    async def claims(self, chunk: Chunk, index: Index) -> Sequence[ClaimDraft]:
        raise self._error


class Held(EmbeddedBackend):
    """A backend that begins its work and goes on with it when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.at_work, self.may_go_on = Event(), Event()

    async def claims(self, chunk: Chunk, index: Index) -> Sequence[ClaimDraft]:
        self.at_work.set()
        while not self.may_go_on.is_set():  # noqa: ASYNC110 (set by the test, from another thread)
            await asyncio.sleep(0.005)
        return await super().claims(chunk, index)


def app_in(folder: Path, backend: EmbeddedBackend | None = None, **variables: str) -> FastAPI:
    """An application with a database of its own."""
    return create_app_of({"CONCORD_DATA_DIR": str(folder)} | variables, Opens(backend) if backend else None)


def begin(client: TestClient, request: dict[str, Any], **headers: str) -> str:
    """The place of the job that a request is taken in as."""
    response = client.post(PATH, json=request, headers=ASYNC | headers)
    assert response.status_code == 202, response.text
    return response.headers["location"]


def finished(client: TestClient, place: str, **headers: str) -> dict[str, Any]:
    """A job once it is over."""

    def look() -> dict[str, Any] | None:
        job: dict[str, Any] = client.get(place, headers=headers).json()
        return None if job["status"] in ("queued", "running") else job

    return wait_for(look)


def lasting(result: dict[str, Any], *without: str) -> dict[str, Any]:
    """What two results of one request have in common, without some further fields."""
    return {k: v for k, v in result.items() if k not in {"id", "timings_ms", *without}}


def read(lines: Iterator[str]) -> Iterator[Told]:
    """The events of a stream, each as soon as it is complete. Data are JSON on one line."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if name:
            assert name not in fields, "an event has each field once"
            fields[name] = value
        elif not line and "event" in fields:
            yield Told(fields.get("id", ""), fields["event"], json.loads(fields["data"]))
            fields = {}


def watch(client: TestClient, place: str, seen: str | None = None) -> list[Told]:
    """All events of a job after the one that was seen, until the stream ends."""
    headers = {} if seen is None else {"last-event-id": seen}
    with client.stream("GET", f"{place}/events", headers=headers) as response:
        assert response.status_code == 200
        return list(read(response.iter_lines()))


@contextmanager
def _unavailable(_: Database) -> Iterator[Any]:
    raise StorageUnavailable("the database can't be used now")
    yield


@contextmanager
def gone() -> Iterator[None]:
    """The databases of this process can't be had until the block ends."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "begin", _unavailable)
        patch.setattr(Database, "read", _unavailable)
        yield
