"""Writing: what may be told of a backend's statements, what is written anew, and what the sources say instead."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from service.backends.base import inline
from service.backends.embedded import EmbeddedBackend
from service.core.matching import Index
from service.core.model import Answer, Brief, Check, Dropped, Question, Statement, StatementDraft, Verdict
from service.writing import Desk
from tests import builders

_REPORTS = (
    "The harbour of Oldport was closed on Monday after a fire in a shed.\n\n"
    "Twelve people were hurt in the fire, mayor Ann Lee said.\n\n"
    "Divers will look for the wreck of the ferry Corriel near the harbour wall.",
    "A fire in a shed closed the harbour of Oldport on Monday.\n\n"
    "Mayor Ann Lee said twelve people were hurt in the fire.\n\n"
    "Near the harbour wall divers will look for the wreck of the ferry Corriel.",
)
SHUT = "After a fire in a shed the harbour of Oldport was closed on Monday."
HURT = "Ann Lee said that twelve people were hurt in the fire."
DIVERS = "Divers will look for the wreck of the ferry Corriel."
WRONG = {
    # statements that fail a gate
    SHUT: "The harbour of Oldport was closed on Sunday.",
    HURT: "Twenty people were hurt in the fire, Ann Lee said.",
    DIVERS: "Divers have found the wreck of the ferry Marinella.",
}


def brief_of(max_sentences: int = 8) -> tuple[Brief, Index, dict[str, str]]:
    """What the reports agree on, their index, and the fact that each statement is about."""
    comparison = builders.run(*_REPORTS)
    facts = [fact for fact in comparison.facts if fact.origins == 2]
    words = {SHUT: "shed", HURT: "people", DIVERS: "wreck"}
    about = {text: next(fact.id for fact in facts if word in fact.claim.text) for text, word in words.items()}
    brief = Brief(tuple(facts), None, max_sentences, 2, comparison.origins)
    return brief, Index(comparison.documents), about


BRIEF, INDEX, ABOUT = brief_of()
Verdicts = Callable[[str], Verdict]


class Writer(EmbeddedBackend):
    """A backend that writes anew what it is given, and judges by a function; it keeps what it was asked."""

    name = "writer"
    judges = True

    def __init__(
        self, again: Sequence[StatementDraft] = (), verdicts: Verdicts = lambda _: Verdict.SUPPORTED
    ) -> None:
        super().__init__()
        self._again, self._verdict = again, verdicts
        self.briefs: list[Brief] = []
        self.judged: list[Question] = []

    async def summary(self, brief: Brief, index: Index) -> Sequence[StatementDraft]:
        self.briefs.append(brief)
        return self._again

    async def verdicts(self, questions: Sequence[Question], index: Index) -> Sequence[Answer]:
        self.judged += questions
        return [Answer(self._verdict(q.claim.text), q.evidence[:1], 1.0) for q in questions]


def draft(text: str, fact: str | None = None) -> StatementDraft:
    """A model's statement on the fact that a text is about."""
    return StatementDraft(text, (ABOUT[fact or text],))


def edit(
    drafts: Sequence[StatementDraft], backend: EmbeddedBackend, max_sentences: int = 8
) -> tuple[list[Statement], list[Dropped]]:
    brief = brief_of(max_sentences)[0] if max_sentences != 8 else BRIEF
    return asyncio.run(Desk(brief, backend, INDEX, inline).edit(drafts))


def texts(found: Sequence[Statement | Dropped]) -> list[str]:
    return [one.text for one in found]


def failed(dropped: Sequence[Dropped]) -> list[set[str]]:
    """The checks that each dropped text failed."""
    return [{check.check for check in one.reasons} for one in dropped]


def test_what_passes_is_told_as_it_was_written() -> None:
    """Statements that the gates and the judge let through are told in their order, and nothing is asked twice."""
    writer = Writer()
    told, dropped = edit([draft(HURT), draft(SHUT), draft(DIVERS)], writer)
    assert texts(told) == [HURT, SHUT, DIVERS]
    assert {statement.written_by for statement in told} == {"model"}
    assert dropped == []
    assert writer.briefs == []
    assert [question.claim.text for question in writer.judged] == [HURT, SHUT, DIVERS]


def test_the_judge_reads_what_a_statement_cites() -> None:
    """Each statement is asked about with its best evidence first, of whatever documents, in no document's batch."""
    writer = Writer()
    both = "After a fire in a shed the harbour of Oldport was closed on Monday, and divers will look for the wreck."
    edit([StatementDraft(both, (ABOUT[DIVERS], ABOUT[SHUT]))], writer)
    (question,) = writer.judged
    assert question.batch == ""
    assert {(s.document_id, s.index) for s in question.evidence} == {("a", 0), ("b", 0), ("a", 2), ("b", 2)}
    text = INDEX.analyse(both)
    covered = [INDEX.coverage(text, INDEX.of(sentence)) for sentence in question.evidence]
    assert covered == sorted(covered, reverse=True)
    assert covered[0] > covered[-1]


def test_what_is_word_for_word_a_sentence_needs_no_judge() -> None:
    """A sentence of the sources bears itself out."""
    said = _REPORTS[0].split("\n\n")[0]
    writer = Writer(verdicts=lambda _: Verdict.CONTRADICTED)
    told, dropped = edit(
        [StatementDraft(said, (ABOUT[SHUT],)), StatementDraft(HURT, (ABOUT[HURT],), "source")], writer
    )
    assert texts(told) == [said, HURT]
    assert (dropped, writer.judged) == ([], [])


@pytest.mark.parametrize("text", [SHUT, HURT, DIVERS])
def test_what_fails_a_gate_is_written_anew_once(text: str) -> None:
    """The writer learns what was wrong, with its facts, and what it then writes is told."""
    writer = Writer(again=[draft(text)])
    told, dropped = edit([draft(WRONG[text], text)], writer)
    assert texts(told) == [text]
    assert texts(dropped) == [WRONG[text]]
    (brief,) = writer.briefs
    assert brief.failed == tuple(dropped)
    assert brief.failed[0].facts == (ABOUT[text],)
    assert brief.max_sentences == 1
    assert all(reason.detail for reason in dropped[0].reasons)


def test_what_fails_again_is_said_in_the_sources_words() -> None:
    """After the second failure nothing is asked any more: a sentence of a document says the fact."""
    worse = "Nobody was hurt in the fire, Ann Lee said."
    writer = Writer(again=[draft(worse, HURT)])
    told, dropped = edit([draft(WRONG[HURT], HURT)], writer)
    assert [(statement.written_by, statement.facts) for statement in told] == [("source", (ABOUT[HURT],))]
    assert told[0].text in "\n".join(_REPORTS)
    assert texts(dropped) == [WRONG[HURT], worse]
    assert len(writer.briefs) == 1


REJECTED = [
    # the judge's verdict, and what is told of it; nothing where the statement stays
    (Verdict.CONTRADICTED, "the judge finds it contradicted by its cited spans"),
    (Verdict.UNSUPPORTED, "the judge does not find it in its cited spans"),
    (Verdict.NOT_CHECKED, None),
    (Verdict.SUPPORTED, None),
]


@pytest.mark.parametrize(("verdict", "reason"), REJECTED)
def test_what_the_judge_rejects_is_not_told(verdict: Verdict, reason: str | None) -> None:
    """A statement that passes every gate is dropped on the judge's word, and its fact said by the sources."""
    writer = Writer(verdicts=lambda _: verdict)
    told, dropped = edit([draft(HURT)], writer)
    if reason is None:
        assert (texts(told), dropped) == ([HURT], [])
        return
    assert dropped == [Dropped(HURT, (Check("judge", passed=False, detail=reason),), (ABOUT[HURT],))]
    assert [statement.written_by for statement in told] == ["source"]
    assert told[0].facts == (ABOUT[HURT],)


def test_what_the_judge_rejects_twice_is_told_once_of() -> None:
    """What is written again as it was is judged again, and listed once among what was dropped."""
    writer = Writer(again=[draft(HURT)], verdicts=lambda _: Verdict.UNSUPPORTED)
    told, dropped = edit([draft(HURT)], writer)
    assert len(writer.judged) == 2
    assert texts(dropped) == [HURT]
    assert [statement.written_by for statement in told] == ["source"]


def test_a_repetition_is_dropped_and_not_written_anew() -> None:
    """What another sentence says is no loss."""
    twice = "On Monday the harbour of Oldport was closed after a fire."
    writer = Writer()
    told, dropped = edit([draft(SHUT), draft(twice, SHUT)], writer)
    assert texts(told) == [SHUT]
    assert (texts(dropped), failed(dropped)) == ([twice], [{"repetition"}])
    assert writer.briefs == []


def test_what_is_written_anew_repeats_nothing() -> None:
    """A second version that says what is told already is dropped, and so is a source's sentence for it."""
    writer = Writer(again=[draft(SHUT)])
    told, dropped = edit([draft(SHUT), draft(WRONG[SHUT], SHUT)], writer)
    assert texts(told) == [SHUT]
    assert "repetition" in failed(dropped)[-1]


def test_there_is_never_more_than_was_asked_for() -> None:
    """Rewriting and sources fill the room that is left, and no more."""
    writer = Writer(again=[draft(HURT), draft(DIVERS)])
    told, _ = edit([draft(SHUT), draft(WRONG[HURT], HURT), draft(WRONG[DIVERS], DIVERS)], writer, max_sentences=2)
    assert texts(told) == [SHUT, HURT]
    assert writer.briefs[0].max_sentences == 1
    writer = Writer()
    told, dropped = edit([draft(SHUT), draft(WRONG[HURT], HURT)], writer, max_sentences=1)
    assert (texts(told), texts(dropped)) == ([SHUT], [WRONG[HURT]])
    assert writer.briefs == []


def test_a_statement_that_names_the_wrong_fact_is_held_to_what_it_says() -> None:
    """Where the named facts do not bear a statement out but others do, it is told with those."""
    text = "Divers will look for the wreck of the ferry near the harbour wall."
    told, dropped = edit([draft(text, SHUT)], Writer())
    assert dropped == []
    assert [(statement.text, statement.facts) for statement in told] == [(text, (ABOUT[DIVERS],))]


def test_a_statement_without_a_fact_is_dropped_for_good() -> None:
    """What rests on nothing that is agreed is neither told nor written anew."""
    writer = Writer()
    told, dropped = edit([StatementDraft("A concert was held in the park of Ayr.", ("c99",))], writer)
    assert (told, texts(dropped)) == ([], ["A concert was held in the park of Ayr."])
    assert writer.briefs == []


def test_without_a_judge_nothing_is_written_anew() -> None:
    """A backend that only knows the rules is asked nothing: what fails is dropped, what passes is told."""
    told, dropped = edit([draft(SHUT), draft(WRONG[HURT], HURT)], EmbeddedBackend())
    assert texts(told) == [SHUT]
    assert texts(dropped) == [WRONG[HURT]]
    assert edit([], EmbeddedBackend()) == ([], [])
