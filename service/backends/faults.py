"""Faults: what is wrong with a reply, in words for the model that gave it and in words for everybody else.

A model is told what it wrote; a result and a log are not, for what it wrote may be what a document had it say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.backends.replies import R

_NUMBER = re.compile(r"\[?[svcf]\d{1,7}\]?")
_WORD = re.compile(r"\w+")
_RUN = 8  # words in a row of an instruction that nobody writes by accident


class Fault(str):
    """What is wrong, in words for the model; `public` says it without any of the model's own."""

    public: str

    def __new__(cls, text: str, public: str) -> Fault:
        fault = super().__new__(cls, text)
        fault.public = public
        return fault


def public(fault: str) -> str:
    """What may be told of a fault to others than the model."""
    return fault.public if isinstance(fault, Fault) else fault


def unknown(what: str, numbers: Iterable[str]) -> Fault:
    """Numbers that stand for nothing; to others only such as are numbers."""
    given = list(numbers)
    shown = [number if _NUMBER.fullmatch(number) else "…" for number in given]
    return Fault(f"{what} {', '.join(given)}", f"{what} {', '.join(shown)}")


def withhold(reply: R, static: str, data: str) -> R:
    """The reply without the texts that repeat the instructions of its request: each of them is empty.

    What the documents hold themselves (`data`) is theirs, though it be Concord's own prompt.
    """
    secret = _runs(static)
    if secret.isdisjoint(_runs(reply.model_dump_json())):
        return reply
    secret -= _runs(data)
    return reply.model_validate(_without(reply.model_dump(), secret))


def _without(value: object, secret: frozenset[tuple[str, ...]]) -> object:
    if isinstance(value, str):
        return value if secret.isdisjoint(_runs(value)) else ""
    if isinstance(value, dict):
        return {key: _without(entry, secret) for key, entry in value.items()}
    return [_without(entry, secret) for entry in value] if isinstance(value, list) else value


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return frozenset(zip(*(words[offset:] for offset in range(_RUN)), strict=False))
