"""What tests of jobs, and of summaries by a model, are given."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from starlette.testclient import TestClient

from benchmarks.stub import Stub
from tests.api.ferry import FERRY, app_of, summarize
from tests.api.kept import Held
from tests.builders import PRICES


@pytest.fixture
def held() -> Iterator[Held]:
    """A backend that waits until it may go on, or the test is over."""
    backend = Held()
    yield backend
    backend.may_go_on.set()


@pytest.fixture
def ferry() -> dict[str, Any]:
    """A request on which a model is asked all four questions, which a test may change."""
    return deepcopy(FERRY)


@pytest.fixture(scope="session")
def forgetful(server: Stub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of an application that has the server asked, knows the prices, and remembers nothing."""
    more = {"CONCORD_MEMO": "off", "CONCORD_BREAKER_FAILURES": "1000"} | PRICES
    with TestClient(app_of(server, tmp_path_factory.mktemp("data"), **more)) as started:
        yield started


@pytest.fixture(scope="session")
def honest(server: Stub, forgetful: TestClient) -> dict[str, Any]:
    """The ferry's summary by an honest model."""
    server.misbehave("honest")
    return summarize(forgetful, FERRY)
