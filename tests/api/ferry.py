"""The service with a model server that answers three reports in full: what is asked of it, and what that costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from benchmarks.stub import Asked, Stub
from tests.api.answers import assert_valid
from tests.api.kept import PATH
from tests.builders import PRICE, asking, create_app_of

NAMES = ("claims", "groups", "summary", "verdicts")
DAY = "2025-03-12T14:00:00Z"

FERRY: dict[str, Any] = {
    "documents": [
        {
            "id": "ledger",
            "published_at": DAY,
            "text": "The ferry Corriel sank off Oldport early on Monday, the coastguard said. "
            "Twelve passengers drowned. The owner, Strand Line, denied that the bow door had been open. "
            "Divers searched the wreck in heavy seas on Tuesday.",
        },
        {
            "id": "herald",
            "published_at": DAY,
            "text": "The coastguard said the ferry Corriel sank off Oldport on Monday. Fifteen passengers drowned, "
            "according to the harbour hospital. Divers will go down again on Wednesday. "
            "The bow door was shut, the owner Strand Line insisted. "
            "Some of the crew of the ferry are said to have been asleep at the time of the accident.",
        },
        {
            "id": "wire",
            "published_at": DAY,
            "text": "Off Oldport the ferry Corriel went down on Monday, according to the coastguard. "
            "The bow door of the ferry stood open, a survivor said. "
            "On Tuesday divers went through the wreck while the seas were heavy. "
            "Some of the sailors of the ferry are said to have been sleeping at the time of the accident.",
        },
    ]
}
"""Three reports on which a model is asked all four questions, and the stub has an answer to each."""


def app_of(stub: Stub, folder: Path, **more: str) -> FastAPI:
    """The application that has a stub asked, each request once."""
    return create_app_of(asking(stub, **{"CONCORD_DATA_DIR": str(folder), "CONCORD_REQUEST_ATTEMPTS": "1", **more}))


def summarize(client: TestClient, request: dict[str, Any]) -> dict[str, Any]:
    """The result of a request, which must be valid."""
    response = client.post(PATH, json=request)
    assert response.status_code == 200, response.text
    result: dict[str, Any] = response.json()
    assert_valid(request, result)
    return result


def name_of(body: dict[str, Any]) -> str:
    """Which of the four requests a body is."""
    return str(body["response_format"]["json_schema"]["name"])


def asked_by_name(stub: Stub) -> Counter[str]:
    return Counter(name_of(body) for body in stub.bodies)


def cost_of(asked: Sequence[Asked]) -> float:
    """What the stub's answers cost, in dollars."""
    return sum(a.prompt_tokens * PRICE["prompt"] + a.completion_tokens * PRICE["completion"] for a in asked) / 1e6
