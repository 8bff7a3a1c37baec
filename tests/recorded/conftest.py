"""Cassettes: where they lie, what of a request is compared and what is never kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from vcr.cassette import Cassette
from vcr.record_mode import RecordMode
from vcr.request import Request

CASSETTES = Path(__file__).parent.parent.parent / "cassettes"
HOST = "llm.invalid"
"""The host that every recorded request is sent to: a recording says nothing of where it was made."""

_SECRETS = ("authorization", "api-key", "openai-organization", "openai-project", "cookie")
_VOLATILE = (
    "host",
    "user-agent",
    "x-stainless-arch",
    "x-stainless-async",
    "x-stainless-lang",
    "x-stainless-os",
    "x-stainless-package-version",
    "x-stainless-raw-response",
    "x-stainless-read-timeout",
    "x-stainless-retry-count",
    "x-stainless-runtime",
    "x-stainless-runtime-version",
)
_KEPT_OF_RESPONSES = frozenset({"content-type", "retry-after", "retry-after-ms"})


def normalise(request: Request) -> Request:
    """The request as it is kept and compared: of one host, whatever server was asked."""
    parts = urlsplit(request.uri)
    path = f"/v1/{parts.path.rpartition('/v1/')[2] or parts.path.lstrip('/')}"
    request.uri = urlunsplit(("https", HOST, path, parts.query, ""))
    return request


def strip(response: dict[str, Any]) -> dict[str, Any]:
    """The response without headers that change from day to day or tell of the server."""
    headers = response["headers"]
    response["headers"] = {name: headers[name] for name in headers if name.lower() in _KEPT_OF_RESPONSES}
    return response


@pytest.fixture(scope="module")
def vcr_config(record_mode: str) -> dict[str, Any]:
    """Compared by method, address and body: concurrent requests come in any order."""
    return {
        "match_on": ["method", "uri", "body"],
        "before_record_request": normalise,
        "before_record_response": strip,
        "filter_headers": [*_SECRETS, *_VOLATILE],
        "decode_compressed_response": True,
        # A recording made anew keeps what is still asked, and nothing else. Who only plays it leaves it as it is.
        "drop_unused_requests": record_mode != "none",
    }


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    """Beside the tests, as the whole project uses them."""
    return str(CASSETTES)


@pytest.fixture
def default_cassette_name(cluster: str) -> str:
    """One cassette a cluster, whichever test plays it."""
    return cluster


@pytest.fixture
def every_recorded_interaction_is_played(vcr: Cassette) -> Iterator[None]:
    """A cassette holds nothing that the code no longer asks; while it is recorded, such is dropped."""
    yield
    if vcr.record_mode is RecordMode.NONE:
        assert vcr.all_played, f"{len(vcr) - vcr.play_count} recorded interactions were not played: make record"
