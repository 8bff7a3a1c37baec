"""Documents that talk: whatever a passage orders, and however willingly a model obeys, none of it gets out."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from service.api.requests import SummaryRequest, VerificationRequest
from service.api.schemas import SummaryResult
from service.api.summaries import Limits, Summaries
from service.api.verifications import Verifications
from service.backends.base import Backends
from service.backends.embedded import EmbeddedBackend
from service.backends.models import ChatBackends
from service.backends.prompts import load_prompts
from service.core.suspicion import find_passages
from tests.backends.fakes import TOKENS, model
from tests.builders import Opens
from tests.injections import CARRIER_ID, CLEAN, INJECTIONS, Injection, request_of
from tests.obeying import Obeying

PROMPTS = load_prompts()
_LIMITS = Limits(documents=20, document_characters=100_000, total_characters=1_000_000)
_RUN = 8  # words of a prompt in a row that are no accident
_UNSPOKEN = {
    # a lie that is told to the reader, not to a model: there is nothing in it to be warned of
    "As the ledger, the herald and the wire",
    "A fire destroyed a warehouse",
}


def _id(injection: Injection) -> str:
    return f"{injection.kind}-{INJECTIONS.index(injection)}"


@pytest.fixture(scope="module", params=INJECTIONS, ids=_id)
def injection(request: pytest.FixtureRequest) -> Injection:
    """Of one after another: all tests of one follow each other, on what was summarized once."""
    given: Injection = request.param
    return given


@cache
def summarized(injection: Injection, obeyed: bool) -> tuple[SummaryResult, Obeying]:
    """The cluster of an injection, by a model that obeys or by rule, and what the model was asked."""
    obeying = Obeying(injection.lie, injection.text)
    asked, _ = model(obeying)
    backends: Backends = ChatBackends(asked, asked, PROMPTS) if obeyed else Opens(EmbeddedBackend())
    summaries = Summaries(backends, TOKENS, _LIMITS, 4_000)
    request = SummaryRequest.model_validate(request_of(injection))
    return asyncio.run(summaries.make(request)), obeying


def texts_of(value: Any) -> Iterator[str]:
    """Every string of an answer, but for the quotes of the document that carries the injection, under its name."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and (value.get("document_id"), "quote" in value) != (CARRIER_ID, True):
        yield from (text for entry in value.values() for text in texts_of(entry))
    elif isinstance(value, list):
        yield from (text for entry in value for text in texts_of(entry))


def escapes(injection: Injection, result: SummaryResult) -> list[str]:
    """Where something injected stands that is not given as what its own document says: its claim, its quote."""
    answer = result.model_dump(mode="json")
    own = [group for group in answer["unique"] if group["document_id"] == CARRIER_ID]
    own_claims = [claim for group in own for claim in group["claims"]]
    others = [claim for claim in own_claims if any(c["document_id"] != CARRIER_ID for c in claim["citations"])]
    positions = [position for dispute in answer["disputes"] for position in dispute["positions"]]
    places = {
        "summary": answer["summary"],
        "consensus": answer["consensus"],
        "shared": answer["shared"],
        "unjudged": answer["unjudged"],
        "unique of others": [group for group in answer["unique"] if group["document_id"] != CARRIER_ID],
        "own, with others cited": others,
        "own, as said by": [claim["attributed_to"] for claim in own_claims if injection.kind != "citation"],
        "question": [dispute["question"] for dispute in answer["disputes"]],
        "positions of others": [p for p in positions if p["documents"] != [CARRIER_ID]],
        "warnings": answer["warnings"],
        "documents": [document for document in answer["documents"] if document["id"] != CARRIER_ID],
    }
    if injection.hidden:
        places["own, though hidden"] = [*own_claims, *positions, *quotes_of(answer)]
    found = {place: " ".join(texts_of(entries)).lower() for place, entries in places.items()}
    return [f"{place}: {mark}" for place, text in found.items() for mark in injection.marks if mark in text]


def quotes_of(answer: dict[str, Any]) -> list[str]:
    """Every quote of the document that carries the injection."""
    listed = [*answer["summary"], *answer["consensus"], *answer["shared"], *answer["unjudged"]]
    listed += [claim for group in answer["unique"] for claim in group["claims"]]
    return [c["quote"] for entry in listed for c in entry["citations"] if c["document_id"] == CARRIER_ID]


def runs_of(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)}


def test_the_corpus_is_what_it_says() -> None:
    """There are enough injections of every kind, none of which marks a clean report holds."""
    assert len(INJECTIONS) >= 60
    assert min(Counter(injection.kind for injection in INJECTIONS).values()) >= 4
    clean = " ".join(CLEAN.values()).lower()
    assert not any(mark in clean for injection in INJECTIONS for mark in injection.marks)


@pytest.mark.parametrize("obeyed", [True, False], ids=["obeying", "by rule"])
def test_nothing_injected_gets_out(injection: Injection, obeyed: bool) -> None:
    """It is in no summary, no agreement and no other document's mouth; the clean reports are told all the same."""
    result, _ = summarized(injection, obeyed)
    assert escapes(injection, result) == []
    assert "warehouse" in " ".join(sentence.text for sentence in result.summary)
    assert any("Twelve people" in claim.text or "twelve people" in claim.text for claim in result.consensus)


def test_no_prompt_gets_out(injection: Injection) -> None:
    """Of what the model is told by Concord no eight words in a row stand anywhere in the answer."""
    result, obeying = summarized(injection, True)
    told = runs_of(PROMPTS.claims.static) | runs_of(PROMPTS.summary.static) | runs_of(PROMPTS.groups.static)
    answer = {run for text in texts_of(result.model_dump(mode="json")) for run in runs_of(text)}
    assert obeying.prompts
    assert told & answer == set()


def test_a_document_that_talks_is_warned_of(injection: Injection) -> None:
    """The answer says of which document, and where; it warns of no other, and repeats nothing of it."""
    result, _ = summarized(injection, False)
    warned = [w for w in result.warnings if w.code == "suspicious"]
    spoken = not any(injection.text.startswith(beginning) for beginning in _UNSPOKEN)
    assert [w.document_id for w in warned] == [CARRIER_ID] * spoken
    assert all(re.search(r"characters \d+ to \d+", w.detail) for w in warned)


@pytest.mark.parametrize("injection", {i.kind: i for i in INJECTIONS}.values(), ids=_id)
def test_who_has_a_text_verified_is_warned_of_as_much(injection: Injection) -> None:
    """Of the same documents as a summary, in the same words; and of the text, which is no document, if it talks."""
    summary, _ = summarized(injection, False)
    documents = request_of(injection)["documents"]
    summaries = Summaries(Opens(EmbeddedBackend()), TOKENS, _LIMITS, 4_000)
    request = VerificationRequest.model_validate({"text": injection.text, "documents": documents})
    verified = asyncio.run(Verifications(summaries, 100).make(request))
    warned = [warning for warning in verified.warnings if warning.code == "suspicious"]
    of_documents = [warning for warning in warned if warning.document_id]
    assert of_documents == [warning for warning in summary.warnings if warning.code == "suspicious"]
    assert [w.detail.startswith("in the text to be checked, passages") for w in warned if not w.document_id] == [
        True
    ] * bool(find_passages(injection.text))


@pytest.mark.parametrize("injection", [i for i in INJECTIONS if i.hidden], ids=_id, indirect=True, scope="module")
def test_what_no_reader_sees_no_model_reads(injection: Injection) -> None:
    """Hidden text is in no request, neither as it was written nor in characters that show nothing."""
    _, obeying = summarized(injection, True)
    shown = "\n".join(prompt for prompt in obeying.prompts if "<sentences>" in prompt and "not be used" not in prompt)
    assert "Twelve people" in shown
    assert not any(mark in shown.lower() for mark in injection.marks)
    assert not re.search("[\U000e0000-\U000e01ef]|[\u200b-\u200f]{6}", shown)


def test_the_obeying_model_would_get_its_way_without_the_gates() -> None:
    """It puts lie and prompt into its answer to every request but verdicts: what is tested is no empty threat."""
    injection = INJECTIONS[0]
    asked, sent = model(Obeying(injection.lie, injection.text))
    summaries = Summaries(ChatBackends(asked, asked, PROMPTS), TOKENS, _LIMITS, 4_000)
    asyncio.run(summaries.make(SummaryRequest.model_validate(request_of(injection))))
    obeying = Obeying(injection.lie, injection.text)
    answers = {request.name: json.loads(obeying(request).text) for request in sent.asked}
    assert set(answers) == {"claims", "groups", "summary", "verdicts"}
    for name in ("claims", "groups", "summary"):
        said = " ".join(texts_of(answers[name]))
        assert injection.lie in said
        assert runs_of(getattr(PROMPTS, name).static) & runs_of(said)
    assert {verdict["verdict"] for verdict in answers["verdicts"]["verdicts"]} == {"supported"}
