"""What cassettes hold: nothing of who recorded them, and the name of the model that answered."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.recorded.conftest import CASSETTES, HOST
from tests.recorded.record import choose
from tests.recorded.replay import CLUSTERS, MODEL

_FILES = sorted(CASSETTES.glob("*.yaml"))
_REQUEST_HEADERS = {"accept", "accept-encoding", "connection", "content-length", "content-type"}
_RESPONSE_HEADERS = {"content-type", "retry-after", "retry-after-ms"}
_SECRET = re.compile(
    r"\bsk-[\w-]{8,}|\bBearer\s|authorization|api[-_]key|x-stainless|set-cookie|openai-organization"
    r"|(?:\d{1,3}\.){3}\d{1,3}|localhost|/home/|/root/|/tmp/|/work/",
    re.IGNORECASE,
)


def test_there_is_one_cassette_for_each_cluster() -> None:
    """No cassette without a test that plays it."""
    assert [file.stem for file in _FILES] == CLUSTERS


@pytest.mark.parametrize("file", _FILES, ids=lambda file: file.stem)
def test_a_cassette_holds_no_secret_and_nothing_of_the_machine(file: Path) -> None:
    """No key, no cookie, no client header, no address, no path, wherever in the file."""
    found = _SECRET.search(file.read_text(encoding="utf-8"))
    assert found is None, found


@pytest.mark.parametrize("file", _FILES, ids=lambda file: file.stem)
def test_interactions_are_of_one_host_and_name_the_model(file: Path) -> None:
    """Every request goes to the host that is none; every answer says which model gave it."""
    for interaction in _interactions(file):
        request, response = interaction["request"], interaction["response"]
        assert request["uri"] == f"https://{HOST}/v1/chat/completions"
        assert {name.lower() for name in request["headers"]} <= _REQUEST_HEADERS
        assert {name.lower() for name in response["headers"]} <= _RESPONSE_HEADERS
        assert json.loads(response["body"]["string"])["model"] == MODEL


def _interactions(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))["interactions"]
    assert found
    return found


def test_some_clusters_alone_can_be_recorded() -> None:
    """`make record CLUSTERS=…` takes those that are named, all where none is, and names those there are."""
    assert choose([]) == []
    assert choose(CLUSTERS[:2]) == ["-k", " or ".join(CLUSTERS[:2])]
    with pytest.raises(SystemExit, match=f"there is no sample ferry; there are {CLUSTERS[0]}"):
        choose(["ferry"])
