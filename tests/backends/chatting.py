"""The chat backend over a model that answers by a function: asked for each of its steps, on reports of a fire."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from service.backends.base import Account, Backend, Terms
from service.backends.completions import Completion, Request, Unanswered
from service.backends.embedded import EmbeddedBackend
from service.backends.models import ChatBackends
from service.backends.prompts import load_prompts
from service.core import corroboration
from service.core.matching import Index
from service.core.model import (
    Answer,
    Brief,
    Chunk,
    ClaimDraft,
    Group,
    Question,
    StatementDraft,
)
from tests import builders
from tests.backends.fakes import Answering, completion, model, said

PROMPTS = load_prompts()
DOWN = Unanswered("the model server is down", sent=False, retry_after=9.0)
FIRE = (
    "The harbour of Oldport was closed on Monday.\n\nTwelve people were hurt in the fire, mayor Ann Lee said."
    "\n\nDivers will look for the wreck on Friday."
)
SHIPS = (
    "Oldport’s harbour has been shut since Monday.\n\nA fire hurt twelve people there, according to mayor Ann Lee."
    "\n\nNine ships wait outside the harbour."
)


def opened(
    answers: Callable[[Request], Completion | Unanswered], *, require_model: bool = False, context: int = 32_768
) -> tuple[Backend, Account, Answering]:
    """A backend over a model that answers by a function, its account, and what it asks."""
    asked, sent = model(answers, context=context)
    return *ChatBackends(asked, asked, PROMPTS).open(Terms(None, require_model)), sent


def told(account: Account) -> str:
    """What an account says of steps that were not the model's alone."""
    return " ".join(notice.detail for notice in account.notices())


FAILURES: list[tuple[str, Completion | Unanswered | str, str]] = [
    # what the server does, whatever it is asked, and the reason that is told
    ("prose", "Here is what I found.", "the answer was not one JSON object"),
    ("nothing", "", "the answer was not one JSON object"),
    ("a list", "[]", "Input should be an object"),
    ("another shape", '{"answers": []}', "Field required"),
    ("cut at its start", completion('{"cl', cut=True), "cut off before anything was whole"),
    ("a refusal", completion("", refused=True), "the model refused to answer"),
    ("no answer", DOWN, "the model server is down"),
]
EACH = pytest.mark.parametrize(("answer", "reason"), [row[1:] for row in FAILURES], ids=[row[0] for row in FAILURES])


def claims(backend: Backend, text: str = FIRE) -> Sequence[ClaimDraft]:
    """The claims of a document in one chunk."""
    index = builders.index(text)
    document = index.documents["a"]
    return asyncio.run(backend.claims(Chunk(document, document.sentences), index))


def reply(*found: tuple[list[str], str, str | None]) -> str:
    """A reply of claims: their sentences, text and speaker."""
    return json.dumps({"claims": [dict(zip(("sentences", "text", "attributed_to"), c, strict=True)) for c in found]})


HARBOUR = (["s1"], "The harbour of Oldport was closed on Monday.", None)
HURT = (["s2"], "Twelve people were hurt in the fire.", "Ann Lee")
DIVERS = (["[s3]"], "Divers will look for the wreck.", None)
INVENTED = (["s2"], "Thirteen people were hurt in the fire.", "Ann Lee")


def bridge() -> tuple[Index, list[Group]]:
    """Three reports, and what rules find of their sentences."""
    index = builders.index(*builders.BRIDGE)
    claimed = builders.sentences_as_claims(index)
    return index, list(asyncio.run(EmbeddedBackend().groups(claimed, index)))


def groups(backend: Backend) -> list[Group]:
    """What is found of the reports' sentences beyond what rules find."""
    index, settled = bridge()
    found = list(asyncio.run(backend.groups(builders.sentences_as_claims(index), index)))
    assert found[: len(settled)] == settled
    return found[len(settled) :]


def group(*numbers: str, relation: str = "same", question: str | None = None) -> str:
    return json.dumps({"groups": [{"claims": list(numbers), "relation": relation, "question": question}]})


NONE = '{"groups": []}'


def questions() -> tuple[Index, list[Question]]:
    """What a judge is to be asked of the reports: of one claim in the second's batch, of four in the third's."""
    index, _ = bridge()
    return index, corroboration.sift(builders.sentences_as_claims(index), index)[0]


def verdicts(backend: Backend, changed: Callable[[Question], Question] = lambda q: q) -> list[Answer]:
    index, asked = questions()
    return list(asyncio.run(backend.verdicts([changed(question) for question in asked], index)))


def verdict(*found: tuple[str, list[str], str]) -> str:
    return json.dumps({"verdicts": [dict(zip(("id", "sentences", "verdict"), v, strict=True)) for v in found]})


def judging(second: str, third: str, again: str = "") -> Callable[[Request], Completion]:
    """A judge of the two batches, and of what was wrong with the third's."""

    def answer(asked: Request) -> Completion:
        if "v4 (" not in said(asked):
            return completion(second)
        return completion(again if again and "An answer to this was given already" in said(asked) else third)

    return answer


ONE = verdict(("v1", ["s1"], "not_found"))
FOUR = [
    ("v1", ["s1"], "supported"),
    ("v2", ["s3"], "contradicted"),
    ("v3", [], "supported"),
    ("v4", ["[s5]"], "not_found"),
]


def brief(**changed: Any) -> tuple[Brief, Index]:
    """What two reports agree on: that the harbour was closed, and that twelve were hurt."""
    comparison = builders.run(FIRE, SHIPS)
    facts = tuple(fact for fact in comparison.facts if fact.origins == 2)
    assert [fact.claim.text[:11] for fact in facts] == ["The harbour", "Twelve peop"]
    return replace(Brief(facts, None, 8, 2, comparison.origins), **changed), Index(comparison.documents)


def summary(backend: Backend, **changed: Any) -> Sequence[StatementDraft]:
    given, index = brief(**changed)
    return asyncio.run(backend.summary(given, index))


def told_by(*found: tuple[list[str], str]) -> str:
    return json.dumps({"sentences": [{"facts": facts, "text": text} for facts, text in found]})
