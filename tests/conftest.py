"""What tests share: the application with its client, three short reports of one event, and a model server."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from benchmarks.stub import Stub, running_stub
from service.api.schemas import SummaryResult
from service.settings import Settings, variable_of
from tests.builders import create_app_of
from tests.databases import REQUIRED, postgres

__all__ = ["postgres"]  # a fixture of all tests

CLUSTER: dict[str, Any] = {
    "documents": [
        {
            "id": "gazette",
            "title": "Bridge shut after cracks are found",
            "publisher": "The Gazette",
            "url": "https://gazette.example/bridge",
            "published_at": "2025-03-11T09:00:00Z",
            "text": "Bridge shut after cracks are found\n\nShare this article\n\n"
            "The Orrin Bridge was closed on Monday after engineers found cracks in two of its cables. "
            "Mayor Petra Lindqvist said repairs would cost 4 million euros. "
            "The bridge carries 9,000 vehicles a day. "
            "A ferry will carry cyclists free of charge until May.\n",
        },
        {
            "id": "wire",
            "publisher": "Northern Wire",
            "published_at": "2025-03-11T10:30:00Z",
            "text": "Engineers found cracks in two cables of the Orrin Bridge, and it was closed on Monday. "
            "The bridge carries 14,000 vehicles a day. "
            "Repairs would cost 4 million euros, Mayor Petra Lindqvist said. "
            "The last inspection took place in 2019.\n",
        },
        {
            "id": "radio",
            "published_at": "2025-03-11T12:00:00Z",
            "text": "The Orrin Bridge has been closed since Monday because of cracks in two cables. "
            "“We should have known sooner,” councillor Ivo Brandt said. "
            "Mayor Petra Lindqvist said that repairs would cost 4 million euros.\n",
        },
    ]
}


@pytest.fixture(scope="session", autouse=True)
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is kept by default is kept in a folder of this run, not in the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.delenv(REQUIRED, raising=False)  # which is no setting
        yield


@pytest.fixture
def bare_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, in an environment without settings."""
    for name in Settings.model_fields:
        monkeypatch.delenv(variable_of(name), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def cluster() -> dict[str, Any]:
    """A request with three reports, which a test may change."""
    return deepcopy(CLUSTER)


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """A client of the whole application with no setting set, which answers errors as a server would."""
    with TestClient(create_app_of({}), raise_server_exceptions=False) as started:
        yield started


@pytest.fixture
def result(client: TestClient, cluster: dict[str, Any]) -> SummaryResult:
    """The result of the three reports."""
    return SummaryResult.model_validate(client.post("/v1/summaries", json=cluster).json())


@pytest.fixture(scope="session")
def server() -> Iterator[Stub]:
    """A model server, which the tests of one process share."""
    with running_stub() as started:
        yield started


@pytest.fixture
def stub(server: Stub) -> Stub:
    """The model server: honest, quick, and asked nothing yet."""
    server.misbehave("honest")
    server.latency = 0.0
    server.reset()
    return server
