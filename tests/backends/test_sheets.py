"""Sheets: what a model reads to judge and to write, in numbers of one request and within its budget."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.backends.sheets import show_sentences, stated, tell_facts, write_sheet
from service.core import corroboration
from service.core.matching import Index
from service.core.model import Brief, Check, Chunk, Claim, Dropped, Question, Standing
from tests import builders
from tests.backends.fakes import EXACT, OTHER, TOKENS, budgets


def test_sentences_have_the_numbers_of_their_chunk() -> None:
    """Each sentence is one line under a number that begins at 1, in every chunk anew; a heading has none."""
    document = builders.document("FIRE IN THE HARBOUR\n\nThe harbour was shut.\n\nNine ships [s1] wait outside it.")
    headless = [sentence for sentence in document.sentences if not sentence.heading]
    numbered, shown = show_sentences(Chunk(document, document.sentences))
    assert list(numbered.values()) == headless
    assert shown == "[s1] The harbour was shut.\n[s2] Nine ships [s1] wait outside it."
    numbered, shown = show_sentences(Chunk(document, document.sentences[-1:]))
    assert (list(numbered), shown) == (["s1"], "[s1] Nine ships [s1] wait outside it.")


def test_headings_alone_are_shown() -> None:
    """A chunk that holds nothing else is asked about all the same."""
    document = builders.document("FIRE IN THE HARBOUR\n\nThe harbour was shut.")
    heading = document.sentences[:1]
    assert heading[0].heading
    assert show_sentences(Chunk(document, heading))[1] == "[s1] FIRE IN THE HARBOUR"


def asked() -> tuple[Index, list[Question]]:
    """What a judge is asked of the third of three reports."""
    index = builders.index(*builders.BRIDGE)
    questions, _ = corroboration.sift(builders.sentences_as_claims(index), index)
    return index, [question for question in questions if question.batch == "c"]


def test_statements_name_their_evidence_and_share_it() -> None:
    """Each statement is one line with the numbers of its evidence; each sentence is shown once, the best first."""
    index, batch = asked()
    sheet = write_sheet(batch, budgets(), index)
    assert sheet.statements.splitlines() == [
        "v1 (s1 s2): Engineers had seen a crack in the harbour bridge.",
        "v2 (s3): Cyclists are taken over the river by a ferry.",
        "v3 (s4): Cyclists of the town now use a ferry.",
        "v4 (s5): A crack in the bridge had opened, inspectors found.",
    ]
    assert sheet.evidence.splitlines()[:2] == [
        "[s1] A crack in the bridge had opened, inspectors found.",
        "[s2] Inspectors shut the harbour bridge at Wexmouth.",
    ]
    assert list(sheet.asked.values()) == batch
    assert [sheet.named[number] for number in ("s1", "s2")] == list(batch[0].evidence)
    again = write_sheet([batch[0], replace(batch[1], evidence=batch[0].evidence)], budgets(), index)
    assert again.statements.splitlines()[1].startswith("v2 (s1 s2): ")
    assert len(again.evidence.splitlines()) == 2


@pytest.mark.parametrize(("batch", "asked"), [("", 1), ("\0001", 1), ("c", 0)])
def test_a_text_is_asked_about_with_what_fits(batch: str, asked: int) -> None:
    """The best of its evidence, where not all fits; a claim is left to the rules, which answer it."""
    index = builders.index(*(f"The bridge was {'very ' * 150}old {day}." for day in ("today", "then")), "It fell.")
    evidence = (builders.sentence(index, "a"), builders.sentence(index, "b"))
    sheet = write_sheet([Question(builders.claim(index, "c"), evidence, batch)], budgets(), index)
    assert list(sheet.named.values()) == list(evidence[:asked])
    assert sheet.statements == "v1 (s1): It fell." * asked
    assert [question.evidence for question in sheet.asked.values()] == [evidence] * asked


SPOKEN = [
    # a claim's text, its speaker, and how it is shown
    ("The harbour was shut.", None, "The harbour was shut."),
    ("The harbour was shut.", "Ann Lee", "The harbour was shut. (said by Ann Lee)"),
    ("Ann Lee said the harbour was shut.", "Ann Lee", "Ann Lee said the harbour was shut."),
]


@pytest.mark.parametrize(("text", "speaker", "shown"), SPOKEN)
def test_a_claim_is_shown_with_who_says_it(text: str, speaker: str | None, shown: str) -> None:
    """Whom a claim is attributed to is part of what is judged, where its text does not say so."""
    assert stated(Claim("c1", text, "a", (), speaker, text)) == shown


@pytest.mark.parametrize("name", [EXACT, OTHER])
@pytest.mark.parametrize("batch", ["c", ""])
def test_what_does_not_fit_is_not_asked(name: str, batch: str) -> None:
    """Statements and evidence keep to the budget of their document, or of their number; the first go first."""
    index, (question, *_) = asked()
    limits = budgets(name)
    questions = [
        Question(
            replace(question.claim, text=f"The crack in the bridge was {size} centimetres long " * 6), (s,), batch
        )
        for size, s in enumerate(index.documents["c"].sentences * 40)
    ]
    sheet = write_sheet(questions, limits, index)
    most = limits.of_questions(index.documents["c"].text) if batch else limits.of_statements(len(questions))
    shown = [f"{line}\n" for line in (*sheet.evidence.splitlines(), *sheet.statements.splitlines())]
    cost = sum(limits.tokens.at_most(line) for line in shown)
    assert cost <= most
    assert list(sheet.asked.values()) == questions[: len(sheet.asked)]
    assert 0 < len(sheet.asked) <= len(questions)
    if batch:
        assert len(sheet.asked) < len(questions)
        assert cost > 0.6 * most


def test_many_small_statements_are_no_more_than_were_reckoned_with() -> None:
    """However short statements are, there are no more of them than answers were estimated for."""
    index, (question, *_) = asked()
    questions = [replace(question, claim=replace(question.claim, text="Ay.")) for _ in range(200)]
    sheet = write_sheet(questions, budgets(), index)
    assert len(sheet.asked) <= budgets().of_questions(index.documents["c"].text) // 24


_AGREED = (
    "The harbour of Oldport was closed on Monday after a fire.\n\nTwelve people were hurt in it, mayor Ann Lee said."
    "\n\nDivers will look for the wreck of the ferry near the harbour wall.",
    "After a fire the harbour of Oldport was closed on Monday.\n\nMayor Ann Lee said twelve people were hurt in it."
    "\n\nNear the harbour wall divers will look for the wreck of the ferry.",
    "The harbour of Oldport was closed after a fire on Monday.\n\nIt is said to rain in the north.",
)


def brief_of(*texts: str, max_sentences: int = 8, focus: str | None = None) -> tuple[Brief, Index]:
    comparison = builders.run(*texts)
    facts = comparison.standing(Standing.CONSENSUS)
    return Brief(facts, focus, max_sentences, 2, comparison.origins), Index(comparison.documents)


def test_facts_are_told_under_numbers_in_their_order() -> None:
    """Each fact is one line that could be told as it is; its number stands for it."""
    brief, index = brief_of(*_AGREED)
    told = tell_facts(brief, index, budgets())
    lines = told.facts.splitlines()
    assert [line.split(": ")[0] for line in lines] == list(told.known) == ["f1", "f2", "f3"]
    assert list(told.known.values()) == [fact.id for fact in brief.facts]
    assert all(line.split(": ", 1)[1] in "\n".join(_AGREED) for line in lines)
    assert told.wrong == ""


_MANY = [
    # each of two reports' own wording of one fact
    ("The harbour of Oldport was closed on Monday after a fire.", "A fire closed the harbour of Oldport on Monday."),
    (
        "Twelve people were hurt in the blaze at the old shed.",
        "In the blaze at the old shed twelve people were hurt.",
    ),
    ("The brigade needed nine hours to put the flames out.", "To put the flames out the brigade needed nine hours."),
    ("Divers will look for the wreck of a lost ferry.", "For the wreck of a lost ferry divers will look."),
    (
        "The mayor praised the crews of both fire engines.",
        "The crews of both fire engines were praised by the mayor.",
    ),
    ("A warehouse full of timber burned to the ground.", "Burned to the ground was a warehouse full of timber."),
    ("The quay road stays shut for lorries until May.", "For lorries the quay road stays shut until May."),
]


def test_the_weightiest_facts_are_told_where_there_is_not_room_for_all() -> None:
    """What is on the focus goes first, and the lines keep to the budget of the sentences that were asked for."""
    reports = ["\n\n".join(pair[side] for pair in _MANY[:: 1 - 2 * side]) for side in (0, 1)]
    for focus in ("wreck of the ferry", "timber warehouse", "lorries on the quay road"):
        brief, index = brief_of(*reports, max_sentences=1, focus=focus)
        told = tell_facts(brief, index, budgets())
        assert 0 < len(told.known) < len(brief.facts) == len(_MANY)
        assert focus.split()[-1] in told.facts
        assert TOKENS.count(f"{told.facts}\n") <= budgets().of_facts(1)


def test_what_failed_is_told_with_its_reasons_and_its_facts_alone() -> None:
    """What is to be written anew is one line, cut where its reasons are long, beside the facts that it was of."""
    brief, index = brief_of(*_AGREED)
    reasons = (Check("figures", passed=False, detail="'9' stands in no cited span"), Check("x", passed=False))
    failed = (Dropped("Nine people\nwere hurt.", reasons, (brief.facts[1].id,)),)
    told = tell_facts(replace(brief, failed=failed), index, budgets())
    assert told.wrong == "Nine people were hurt. — '9' stands in no cited span; x"
    assert list(told.known.values()) == [brief.facts[1].id]
    wordy = Dropped("Nine.", (Check("x", passed=False, detail="why " * 500),), (brief.facts[1].id,))
    assert len(tell_facts(replace(brief, failed=(wordy,)), index, budgets()).wrong) < 260
    crowd = replace(brief, failed=(wordy,) * 50, max_sentences=1)
    told = tell_facts(crowd, index, budgets())
    assert TOKENS.count(told.wrong) <= budgets().of_lost(1)
    assert told.wrong
