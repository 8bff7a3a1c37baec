"""What is always true of a comparison, whatever the documents (docs/contract.md), and whole small runs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.backends.base import Means
from service.backends.embedded import EmbeddedBackend
from service.core.errors import InvalidInput
from service.core.evidence import held_details
from service.core.matching import Index
from service.core.model import (
    Brief,
    Chunk,
    ClaimDraft,
    Source,
    Span,
    Standing,
    Statement,
    StatementDraft,
    Verdict,
)
from service.core.outcome import Comparison
from service.pipeline import STAGES, Options, compare
from tests import builders

_SENTENCES = [
    "NATO chief Mark Rutte said on Monday that over 600,000 soldiers had been killed or wounded.",
    "More than 600,000 soldiers were killed or wounded, Mark Rutte said on Monday.",
    "“This is an escalation,” Mark Rutte told reporters in Brussels.",
    "Around 3,000 North Korean troops were sent to Russia, the Pentagon said.",
    "Some 11,000 North Korean troops have been sent to Russia.",
    "The harbour was shut on Tuesday.",
    "The harbour was not shut, officials said.",
    "He added that more troops would follow.",
    "Flames reached a tank of acid, which burst and sent a cloud over the town.",
    "By Anna Reyes",
    "Share this article",
    "https://ads.example/x?k=1",
    "停战谈判星期一在日内瓦开始。双方都没有让步。",
    "قال الوزير إن المفاوضات بدأت يوم الاثنين.",
    "Emoji 👩‍👩‍👧 and combining é stay where they are, the mayor said.",
]
_FURNITURE = ("By Anna Reyes", "Share this article", "https://ads.example")
_documents = st.lists(
    st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=6).map(
        lambda lines: "\n".join([*lines, "It rained."])
    ),
    min_size=1,
    max_size=4,
)


def _cited(comparison: Comparison) -> list[tuple[str, Span, str]]:
    evidence = [s for fact in comparison.facts for s in fact.evidence]
    evidence += [s for statement in comparison.summary for s in statement.evidence]
    evidence += [s for dispute in comparison.disputes for p in dispute.positions for s in p.evidence]
    return [(s.document_id, Span(s.start, s.end), s.text) for s in evidence]


@settings(max_examples=60, deadline=None)
@given(_documents, st.integers(2, 3))
def test_what_is_always_true(texts: list[str], quorum: int) -> None:
    """The contract's list, on random clusters of sentences that agree, conflict, repeat and are furniture."""
    comparison = builders.run(*texts, options=Options(quorum=quorum))
    by_id = {document.id: document for document in comparison.documents}
    index = Index(comparison.documents)
    for document_id, span, quote in _cited(comparison):  # 1 exact quotes, 6 no furniture
        assert by_id[document_id].text[span.start : span.end] == quote
        assert not any(span.overlaps(furniture) for furniture in by_id[document_id].furniture)
        assert not any(line in quote for line in _FURNITURE)
    for statement in comparison.summary:  # 2 citations of a quorum of origins, supported
        origins = {comparison.origins[d] for d in statement.documents}
        assert len(origins) >= quorum
        assert statement.verdict is Verdict.SUPPORTED
        _assert_corroborated(statement, comparison, index, quorum)  # 3
    for fact in comparison.facts:  # 4 unique means one origin
        stating = {comparison.origins[d] for d in fact.documents}
        assert fact.standing is not Standing.UNIQUE or len(stating) == 1
        assert len(stating) == fact.origins
    for statement in comparison.summary:  # 5 what Rutte said is not stated as fact
        if "600,000" in statement.text or "escalation" in statement.text:
            assert "Rutte" in statement.text


def _assert_corroborated(statement: Statement, comparison: Comparison, index: Index, quorum: int) -> None:
    """Every figure, date, name and quotation of a statement stands in its citations from a quorum of origins."""
    dated = builders.DAY.date()
    details = index.analyse(statement.text, dated).details
    for text, holds in held_details(details):
        origins = {comparison.origins[s.document_id] for s in statement.evidence if holds(index.of(s))}
        assert len(origins) >= quorum, (statement.text, text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=200), min_size=1, max_size=3))
def test_any_text_is_compared_or_refused(texts: list[str]) -> None:
    """No text whatever makes the pipeline fail in another way than by saying what is wrong with it."""
    try:
        comparison = builders.run(*texts)
    except InvalidInput as error:
        assert error.pointer.startswith("/documents/")
        return
    for document_id, span, quote in _cited(comparison):
        text = next(d.text for d in comparison.documents if d.id == document_id)
        assert text[span.start : span.end] == quote


def test_a_run_is_deterministic() -> None:
    """The same documents give the same facts, in the same order, with the same ids."""
    texts = ["\n".join(_SENTENCES[:8]), "\n".join(_SENTENCES[1:6]), "\n".join(_SENTENCES[2:9])]
    first, second = builders.run(*texts), builders.run(*texts)
    assert (first.facts, first.summary, first.disputes) == (second.facts, second.summary, second.disputes)


def test_agreement_uniqueness_and_dispute_on_a_small_cluster() -> None:
    """The three questions of the product, answered on three short reports."""
    comparison = builders.run(
        "Mark Rutte said on Monday that North Korean troops had been sent to Kursk. "
        "Some 11,000 North Korean soldiers were deployed to Russia. A summit of BRICS leaders was held in Kazan.",
        "North Korean troops have been sent to Kursk, Mark Rutte said on Monday. "
        "Around 3,000 North Korean troops were deployed to Russia. Kyiv has dropped leaflets over the front.",
        "Alliance chief Mark Rutte said on Monday that North Korean troops were sent to Kursk. "
        "Opposition parties in Seoul are against arms deliveries.",
    )
    assert len(comparison.summary) == 1
    assert "Rutte said" in builders.said(comparison)[0]
    assert set(comparison.summary[0].documents) == {"a", "b", "c"}
    unique = {
        fact.documents[0]: fact.claim.text
        for fact in comparison.standing(Standing.UNIQUE)
        if "troops" not in fact.claim.text and "soldiers" not in fact.claim.text
    }
    assert unique == {
        "a": "A summit of BRICS leaders was held in Kazan.",
        "b": "Kyiv has dropped leaflets over the front.",
        "c": "Opposition parties in Seoul are against arms deliveries.",
    }
    assert [p.text for p in comparison.disputes[0].positions] == [
        "Some 11,000 North Korean soldiers",
        "Around 3,000 North Korean troops",
    ]


def test_copies_do_not_make_a_consensus() -> None:
    """Four copies of one wire story are one source: nothing is agreed on, and a notice says why."""
    wire = "\n".join(_SENTENCES[:6])
    comparison = builders.run(wire, wire, wire, wire)
    assert comparison.summary == ()
    assert {notice.code for notice in comparison.notices} == {"too_few_origins", "same_origin"}
    assert {fact.standing for fact in comparison.facts} == {Standing.UNIQUE}


def test_focus_weighs_what_is_chosen() -> None:
    """With one sentence to write, the focus decides which."""
    texts = (
        "The harbour at Wexmouth was shut on Tuesday. Divers found the bow door of the ferry in deep water.",
        "On Tuesday the harbour at Wexmouth was shut. In deep water divers found the bow door of the ferry.",
    )
    door = builders.run(*texts, options=Options(max_sentences=1, focus="bow door"))
    shut = builders.run(*texts, options=Options(max_sentences=1, focus="harbour shut"))
    assert "bow door" in builders.said(door)[0]
    assert "harbour" in builders.said(shut)[0]


def test_no_two_summary_sentences_say_the_same() -> None:
    """However often a fact is told, the summary tells it once."""
    told = [
        "The bow door of the ferry was loose.",
        "The ferry's bow door was loose.",
        "Loose was the bow door of the ferry.",
    ]
    comparison = builders.run(*told, *told)
    assert len(comparison.summary) == 1


def test_one_document_is_all_its_own() -> None:
    """A lone document gives unique claims, no summary, and a notice."""
    comparison = builders.run(_SENTENCES[5])
    assert comparison.summary == ()
    assert [fact.standing for fact in comparison.facts] == [Standing.UNIQUE]
    assert comparison.notices[0].code == "too_few_origins"


def test_stages_are_reported_in_order() -> None:
    """Progress names every stage in order, each until all of it is done, chunk by chunk where there are some."""
    seen: list[tuple[str, int, int]] = []
    sources = [Source("a", _SENTENCES[5]), Source("b", _SENTENCES[0])]
    asyncio.run(compare(sources, EmbeddedBackend(), means=Means(progress=lambda *stage: seen.append(stage))))
    assert [stage for stage, done, total in seen if done == total] == list(STAGES)
    assert [(done, total) for stage, done, total in seen if stage == "extract"] == [(1, 2), (2, 2)]


class InventingBackend(EmbeddedBackend):
    """A backend that proposes nonsense: the core must let none of it through."""

    async def claims(self, chunk: Chunk, index: Index) -> Sequence[ClaimDraft]:
        invented = ClaimDraft("A dragon ate 12,000 sheep on 3 May 2021.", chunk.sentences[:1])
        return [*await super().claims(chunk, index), invented]

    async def summary(self, brief: Brief, index: Index) -> Sequence[StatementDraft]:
        fact = brief.facts[0]
        honest = StatementDraft(fact.evidence[-1].text, (fact.id,))
        return [
            StatementDraft("A dragon ate 12,000 sheep.", (fact.id,)),
            StatementDraft(fact.evidence[0].text.replace("600,000", "900,000"), (fact.id,)),
            StatementDraft("Everything is fine.", ("c999",)),
            honest,
        ]


def test_a_lie_is_dropped_with_its_reasons() -> None:
    """What a backend invents reaches neither facts nor summary; it is listed as dropped."""
    sources = [Source(name, "\n".join(_SENTENCES[:2])) for name in "ab"]
    sources[1] = Source("b", _SENTENCES[1] + " It was cold in the capital on that day.")
    comparison = asyncio.run(compare(sources, InventingBackend()))
    assert not any("dragon" in fact.claim.text for fact in comparison.facts)
    assert not any("dragon" in text or "900,000" in text or "fine" in text for text in builders.said(comparison))
    assert len(comparison.dropped) == 3
    assert all(dropped.reasons and not any(r.passed for r in dropped.reasons) for dropped in comparison.dropped)


def test_furniture_alone_is_no_document() -> None:
    """A text without a sentence of a report is refused, with a pointer to it."""
    with pytest.raises(InvalidInput) as caught:
        builders.run(_SENTENCES[5], "Share this article\nhttps://ads.example/x")
    assert caught.value.pointer == "/documents/1/text"


APART = [
    # two reports that share nearly every word, and tell otherwise who did what or which way it went
    ("The mayor sued the bank over the loan on Friday.", "The bank sued the mayor over the loan on Friday."),
    ("Alice Moreno defeated Ben Carter on Sunday.", "Ben Carter defeated Alice Moreno on Sunday."),
    ("Orlan will buy Petrix for 2 billion dollars.", "Petrix will buy Orlan for 2 billion dollars."),
    ("A dog bit a postman in Elm Street on Friday.", "A postman bit a dog in Elm Street on Friday."),
    ("The bridge closed before the storm hit Oldport.", "The bridge closed after the storm hit Oldport."),
    ("All passengers survived the crash near Oldport.", "Most passengers survived the crash near Oldport."),
    ("The car crashed on the northern side of the bridge.", "The car crashed on the southern side of the bridge."),
    ("A 34-year-old woman was shot dead in Oldport.", "A 34-year-old man was shot dead in Oldport."),
    ("Prices rose 3 percent in May.", "Prices fell 3 percent in May."),
]
TOGETHER = [
    # the same fact in another order
    ("Engineers found cracks in the bridge on Monday.", "Cracks in the bridge were found by engineers on Monday."),
    ("On Sunday, Alice Moreno defeated Ben Carter.", "Alice Moreno defeated Ben Carter on Sunday."),
    ("The minister said prices rose in May.", "Prices rose in May, said the minister."),
    ("Mark Rutte met Joe Biden in Brussels.", "Joe Biden met Mark Rutte in Brussels."),
]


@pytest.mark.parametrize(
    ("texts", "agree"), [*((pair, False) for pair in APART), *((pair, True) for pair in TOGETHER)]
)
def test_shared_words_are_no_agreement(texts: tuple[str, str], agree: bool) -> None:
    """Two reports agree where they tell the same of the same, not where they use the same words."""
    result = builders.run(*texts)
    assert bool(result.standing(Standing.CONSENSUS)) == agree
    assert bool(result.summary) == agree
