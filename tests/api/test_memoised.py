"""The replies of a model are remembered: what was asked once is not asked again, and nothing else is taken for it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from benchmarks.stub import Stub
from service.inputs import find_data, read_paths
from tests.api.ferry import DAY, NAMES, app_of, asked_by_name, name_of, summarize
from tests.api.kept import lasting
from tests.builders import PRICES


def test_an_equal_request_costs_nothing(stub: Stub, tmp_path: Path, ferry: dict[str, Any]) -> None:
    """The second time every reply is remembered: nothing is sent, the result is equal, after a restart, too."""
    with TestClient(app_of(stub, tmp_path, **PRICES)) as client:
        first = summarize(client, ferry)
        asked = len(stub.bodies)
        again = summarize(client, ferry)
    with TestClient(app_of(stub, tmp_path, **PRICES)) as client:
        later = summarize(client, ferry)
    assert len(stub.bodies) == asked == first["usage"]["requests"]
    for result in (again, later):
        assert result["usage"] == {
            "requests": 0, "memoised": asked, "prompt_tokens": 0, "cached_tokens": 0, "completion_tokens": 0,
            "cost_usd": result["usage"]["cost_usd"],
        }  # fmt: skip
        assert not result["usage"]["cost_usd"]
        assert lasting(result, "usage") == lasting(first, "usage")


def test_without_a_memo_everything_is_asked_again(stub: Stub, tmp_path: Path, ferry: dict[str, Any]) -> None:
    """With the memo off nothing is kept, on disk neither."""
    with TestClient(app_of(stub, tmp_path, CONCORD_MEMO="off")) as client:
        first = summarize(client, ferry)
        again = summarize(client, ferry)
    assert first["usage"] == again["usage"]
    assert len(stub.bodies) == 2 * first["usage"]["requests"] > 0
    assert not list(tmp_path.glob("memo*"))


def test_another_model_remembers_nothing_of_this_one(stub: Stub, tmp_path: Path, ferry: dict[str, Any]) -> None:
    """What one model replied is not taken for another's."""
    for model in ("stub", "stub-2"):
        with TestClient(app_of(stub, tmp_path, CONCORD_MODEL=model)) as client:
            assert summarize(client, ferry)["usage"]["memoised"] == 0


_ASLEEP = (
    ("crew", "asleep"),
    ("sailors", "sleeping"),
    ("seamen", "in bed"),
    ("hands", "dozing"),
    ("stokers", "napping"),
)
_ALONE = (
    "Divers found the bow door in deep water.",
    "A court in Northport will hear the case in May.",
    "The owner has sold two other ships.",
    "Survivors were taken to a hall in Oldport.",
    "Prayers were held in the church of Saint Anne.",
)


def test_a_further_document_asks_only_for_its_own_claims(stub: Stub, tmp_path: Path) -> None:
    """One document more is one request for its claims, one to compare and one to judge them, and no other."""
    reports = [
        f"Some of the {who} of the ferry Corriel are said to have been {how} at the time of the accident. {alone}"
        for (who, how), alone in zip(_ASLEEP, _ALONE, strict=True)
    ]
    documents = [{"text": text, "published_at": DAY} for text in reports]
    with TestClient(app_of(stub, tmp_path)) as client:
        before = summarize(client, {"documents": documents[:-1]})
        assert set(asked_by_name(stub)) == set(NAMES)
        stub.reset()
        result = summarize(client, {"documents": documents})
    assert asked_by_name(stub) == {"claims": 1, "groups": 1, "verdicts": 1}
    assert _ALONE[-1] in stub.bodies[0]["messages"][-1]["content"]
    assert result["usage"]["requests"] == 3 < before["usage"]["requests"]


def test_the_sixth_of_six_long_reports_is_the_only_one_read(stub: Stub, tmp_path: Path) -> None:
    """However the rarity of words shifts with a further report: the others' claims are not asked for again."""
    request = read_paths([find_data() / "harbour-fire"]).model_dump(mode="json")
    with TestClient(app_of(stub, tmp_path)) as client:
        summarize(client, request | {"documents": request["documents"][:5]})
        assert asked_by_name(stub)["claims"] == 5
        stub.reset()
        result = summarize(client, request)
    assert asked_by_name(stub)["claims"] == 1
    read = next(body["messages"][-1]["content"] for body in stub.bodies if name_of(body) == "claims")
    sixth = " ".join((result["documents"][-1]["text"] or request["documents"][-1]["text"]).split())
    shown = re.findall(r"^\[s\d+\] (.{1,40})", read, re.MULTILINE)
    assert shown
    assert all(start in sixth for start in shown)
