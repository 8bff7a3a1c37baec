"""What schemathesis is told of this service: what to send as files, and when a refusal of what fits is right.

Loaded by schemathesis.toml; the checks that it adds are stricter than those that they stand in for.
"""

from __future__ import annotations

import secrets
from itertools import count
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, GenerationMode, HookContext, Response
from schemathesis.generation.meta import TestPhase

from service.files.extracting import MEDIA_TYPES
from tests.files.made import pdf, word

_BEYOND_SCHEMAS = (
    "holds no sentence of a report",  # whether a text is one is what the service is for
    "is white space alone",  # by Unicode's rules, which no pattern has
    "must hold no white space and no control characters",
    "is the id of",  # unique in a list of objects
    ", not its text: POST",  # by its first signs, whatever follows
)
_UNAVAILABLE = "no model is configured"
_TURN = count()


@schemathesis.check
def refusal_is_right(ctx: CheckContext, response: Response, case: Case[Any]) -> None:  # noqa: ARG001
    """What fits the document is refused with 422 for what a schema can't say alone."""
    fits = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    if response.status_code == 422 and fits and case.media_type == "application/json":
        details = [error["detail"] for error in response.json().get("errors", [])]
        assert details, "422 points to nothing"
        wrong = [detail for detail in details if not any(reason in detail for reason in _BEYOND_SCHEMAS)]
        assert not wrong, wrong


@schemathesis.check
def unavailable_as_asked(ctx: CheckContext, response: Response, case: Case[Any]) -> None:  # noqa: ARG001
    """503 is answered to those alone who want a model where there is none."""
    if response.status_code == 503:
        assert case.headers.get("Concord-Require-Model") is not None
        assert _UNAVAILABLE in response.json()["detail"]


@schemathesis.hook
def before_call(ctx: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:  # noqa: ARG001
    """Cases made by rule all have one Idempotency-Key, and ask for a model: most would be answered 409 or 503.

    Each gets a key of its own, and three of four do without a model.
    """
    if case.meta is None or case.meta.phase.name is not TestPhase.COVERAGE:
        return
    key = case.headers.get("Idempotency-Key")
    if isinstance(key, str) and len(key) == 1:
        case.headers["Idempotency-Key"] = key + secrets.token_hex(16)
    if case.headers.get("Concord-Require-Model") == "true" and next(_TURN) % 4:
        case.headers["Concord-Require-Model"] = "false"


def _files(whole: bytes) -> st.SearchStrategy[bytes]:
    """A file as it should be, one that was cut, one with a part in the place of another, and what is none."""
    cut = st.integers(0, len(whole)).map(lambda end: whole[:end])
    overwritten = st.tuples(st.integers(0, len(whole)), st.binary(max_size=40)).map(
        lambda drawn: whole[: drawn[0]] + drawn[1] + whole[drawn[0] + len(drawn[1]) :]
    )
    return st.one_of(st.just(whole), cut, overwritten, st.binary(max_size=200))


_WHOLE = {"pdf": pdf("The ferry sank on Monday."), "docx": word("The ferry sank on Monday.")}
for media_type, kind in MEDIA_TYPES.items():
    schemathesis.openapi.media_type(media_type, _files(_WHOLE[kind]))
