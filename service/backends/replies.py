"""Replies: the shapes of the four answers, strict, and the JSON schema that asks for them.

A reply that is no JSON object of its shape is refused with a reason that a model can act on; what its numbers
and words are worth is decided elsewhere. Fields are in the order in which a small model fills them in best.
"""

from __future__ import annotations

import json
import re
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

_FENCE = re.compile(r"^\s*```(?:json)?\s*\n(?P<body>.*?)\n?\s*```\s*$", re.DOTALL)
_THOUGHT = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)
_MOST_MISTAKES = 3


class Reply(BaseModel):
    """Base of what a model answers: types are not guessed."""

    model_config = ConfigDict(strict=True, frozen=True)


class ClaimReply(Reply):
    sentences: list[str]
    text: str
    attributed_to: str | None


class ClaimsReply(Reply):
    claims: list[ClaimReply]


class GroupReply(Reply):
    claims: list[str]
    relation: Literal["same", "conflict"]
    question: str | None


class GroupsReply(Reply):
    groups: list[GroupReply]


class SentenceReply(Reply):
    text: str
    facts: list[str]


class SummaryReply(Reply):
    sentences: list[SentenceReply]


class VerdictReply(Reply):
    id: str
    sentences: list[str]
    verdict: Literal["supported", "contradicted", "not_found"]


class VerdictsReply(Reply):
    verdicts: list[VerdictReply]


SHAPES: dict[str, type[Reply]] = {
    "claims": ClaimsReply,
    "groups": GroupsReply,
    "summary": SummaryReply,
    "verdicts": VerdictsReply,
}
"""The shape of the answer to each request."""
R = TypeVar("R", bound=Reply)


class Unusable(Exception):
    """A reply can't be used; the message says why, in words fit for the model that is asked once more."""


def parse(text: str, shape: type[R]) -> R:
    """The reply. Raises Unusable if it is no JSON object of the shape."""
    bare = _THOUGHT.sub("", text)
    fenced = _FENCE.match(bare)
    body = fenced["body"] if fenced else bare
    try:
        return shape.model_validate_json(body.strip())
    except ValidationError as error:
        raise Unusable(_explain(error)) from error


def parse_cut(text: str, shape: type[R]) -> R:
    """What is whole of a reply that was cut off. Raises Unusable if nothing is."""
    try:
        begun = from_json(text.strip(), allow_partial=True)
        (name,) = shape.model_fields
        return shape.model_validate({name: begun[name][:-1]})  # the last may lack its end
    except (ValueError, KeyError, TypeError) as error:
        raise Unusable("the answer was cut off before anything was whole: be brief") from error


def _explain(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        return f"the answer was not one JSON object ({found[0]['msg']})"
    places = ("/".join(str(part) for part in entry["loc"]) or "the answer" for entry in found[:_MOST_MISTAKES])
    return "; ".join(f"{place}: {entry['msg']}" for place, entry in zip(places, found, strict=False))


def schema_of(shape: type[Reply]) -> dict[str, Any]:
    """The JSON schema of a reply as strict servers want it: no references, no titles, nothing further allowed."""
    schema = shape.model_json_schema()
    strict: dict[str, Any] = _strict(schema, schema.get("$defs", {}))
    return strict


def _strict(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_strict(entry, definitions) for entry in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _strict(definitions[node["$ref"].rpartition("/")[2]], definitions)
    kept = {key: value for key, value in node.items() if key not in ("title", "$defs", "description")}
    if isinstance(kept.get("properties"), dict):
        properties = {name: _strict(value, definitions) for name, value in kept["properties"].items()}
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
    return {key: _strict(value, definitions) for key, value in kept.items()}


def canonical(value: Any) -> str:
    """JSON with one spelling, so that equal requests have equal hashes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
