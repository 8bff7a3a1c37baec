"""Statements: what the OpenAPI document says of answers that several routes give."""

from __future__ import annotations

from typing import Any

from service.api.schemas import Problem

TEXT = {"schema": {"type": "string"}}


def header(description: str, kind: str = "string") -> dict[str, Any]:
    """A header of an answer."""
    return {"description": description, "schema": {"type": kind}}


def link(operation: str, description: str) -> dict[str, Any]:
    """What can be done next with the job that an answer holds."""
    return {"operationId": operation, "parameters": {"id": "$response.body#/id"}, "description": description}


def _event(kind: str, data: str | dict[str, Any]) -> dict[str, Any]:
    content = {"$ref": f"#/components/schemas/{data}"} if isinstance(data, str) else data
    named = {"const": kind}, {"contentMediaType": "application/json", "contentSchema": content}
    return {"properties": dict(zip(("event", "data"), named, strict=True))}


_STAGE = {
    "type": "object",
    "properties": {"stage": {"type": "string"}, "done": {"type": "integer"}, "total": {"type": "integer"}},
    "required": ["stage", "done", "total"],
}
EVENT_STREAM = {
    "itemSchema": {
        "type": "object",
        "properties": {"event": {"type": "string"}, "data": {"type": "string"}, "id": {"type": "string"}},
        "required": ["event", "data"],
        "oneOf": [
            _event("stage", _STAGE),
            _event("sentence", "SentenceOut"),
            _event("result", "SummaryResult"),
            _event("error", "Problem"),
        ],
    }
}
"""Server-sent events, each by itself, as OpenAPI 3.2 has them."""
LINKS = {
    "look": link("get_job", "How far it is, and its result."),
    "watch": link("watch_job", "What happens to it."),
    "forget": link("delete_job", "Stop it, and forget it."),
}
"""What can be done with a job."""
RETRY_AFTER = header("Seconds after which to ask again.", "integer")
LOCATION = header("`/v1/summaries/{id}`: the job.")
_PHRASES = {
    400: "The body can't be read as JSON, or a header can't be what it is.",
    402: "Going on could cost more than `max_cost_usd`, or than is held of the key's limit.",
    404: "There is no such job, or it was forgotten.",
    406: "Nothing that this comes as is accepted.",
    408: "The body did not come in time.",
    409: "The Idempotency-Key was sent with another request.",
    413: "A limit is exceeded.",
    415: "The body is no `application/json` in UTF-8.",
    422: "The request is invalid; `errors` points to where.",
    502: "The backend could not do a step.",
    503: "`Concord-Require-Model` asks for a model that can't be had; or too much is under way, or waits.",
    504: "It took longer than its deadline.",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": phrase}
    | ({"headers": {"Retry-After": RETRY_AFTER}} if status == 503 else {})
    for status, phrase in _PHRASES.items()
}
"""Every problem that a summary is answered with, by its status."""
