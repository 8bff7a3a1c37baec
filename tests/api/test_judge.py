"""A judge of its own: which of the requests it is sent, by what name and with which key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.stub import Stub
from service.settings import Settings
from tests.api.ferry import name_of, summarize
from tests.builders import create_app_of
from tests.serving import serving


class Overheard:
    """An application that notes the `Authorization` of each request before another answers it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.keys: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.keys.add(dict(scope["headers"]).get(b"authorization", b"").decode())
        await self._app(scope, receive, send)


JUDGES: Sequence[tuple[dict[str, str], str]] = [
    # settings of the judge's key, what its server is sent
    ({}, "Bearer none"),
    ({"CONCORD_JUDGE_API_KEY": "judge-key"}, "Bearer judge-key"),
]


@pytest.mark.parametrize(("key", "sent"), JUDGES)
def test_a_judge_of_its_own_is_asked_for_verdicts_alone(
    tmp_path: Path, ferry: dict[str, Any], key: dict[str, str], sent: str
) -> None:
    """Verdicts, and only they, go to the judge's server, under its model's name, never with the writer's key."""
    writer, judge = Stub(), Stub()
    at_writer, at_judge = Overheard(writer.app()), Overheard(judge.app())
    with serving(at_writer) as writing, serving(at_judge) as judging:
        variables = {
            "OPENAI_BASE_URL": f"{writing}/v1",
            "OPENAI_API_KEY": "writer-key",
            "CONCORD_MODEL": "writer",
            "CONCORD_JUDGE_BASE_URL": f"{judging}/v1",
            "CONCORD_JUDGE_MODEL": "judge",
            "CONCORD_DATA_DIR": str(tmp_path),
        }
        with TestClient(create_app_of(variables | key)) as client:
            result = summarize(client, ferry)
    assert {name_of(body) for body in writer.bodies} == {"claims", "groups", "summary"}
    assert {name_of(body) for body in judge.bodies} == {"verdicts"}
    assert {body["model"] for body in writer.bodies} == {"writer"}
    assert {body["model"] for body in judge.bodies} == {"judge"}
    assert (at_writer.keys, at_judge.keys) == ({"Bearer writer-key"}, {sent})
    assert result["model"]["name"] == "writer, judged by judge"
    assert result["usage"]["requests"] == len(writer.bodies) + len(judge.bodies)


def test_a_judge_on_the_same_server_has_its_key(tmp_path: Path, ferry: dict[str, Any]) -> None:
    """Another model of the same server is asked there, with the same key."""
    stub = Stub()
    heard = Overheard(stub.app())
    with serving(heard) as address:
        variables = {
            "OPENAI_BASE_URL": f"{address}/v1",
            "OPENAI_API_KEY": "writer-key",
            "CONCORD_JUDGE_MODEL": "judge",
            "CONCORD_DATA_DIR": str(tmp_path),
        }
        with TestClient(create_app_of(variables)) as client:
            summarize(client, ferry)
    assert heard.keys == {"Bearer writer-key"}
    assert {body["model"] for body in stub.bodies if name_of(body) == "verdicts"} == {"judge"}
    assert {body["model"] for body in stub.bodies if name_of(body) != "verdicts"} == {Settings().model}
