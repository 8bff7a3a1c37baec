"""Sheets: what a model reads to judge and to write, within the budget of its request.

Sentences, statements and facts are given numbers of the request's own, one line each; what does not fit is left
out, the last first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.backends.budgets import PER_QUESTION, Budgets
from service.backends.prompts import line
from service.core.matching import Index
from service.core.model import Brief, Chunk, Claim, Dropped, Fact, Question, Sentence, StatementDraft
from service.core.selection import is_told, weigh
from service.core.verification import passes

_REASONS = 240  # code points of what was wrong with a statement


@dataclass(frozen=True, slots=True)
class Sheet:
    """Questions under the numbers of one request, the sentences under theirs, and the lines that show both."""

    asked: dict[str, Question]
    named: dict[str, Sentence]
    evidence: str
    statements: str


def show_sentences(chunk: Chunk) -> tuple[dict[str, Sentence], str]:
    """The sentences of a chunk under their numbers, and the lines that show them. Headings state nothing."""
    shown = [sentence for sentence in chunk.sentences if not sentence.heading] or list(chunk.sentences)
    numbered = {f"s{number}": sentence for number, sentence in enumerate(shown, start=1)}
    return numbered, show(numbered)


def show(numbered: Mapping[str, Sentence]) -> str:
    """One line for each sentence, under its number."""
    return "\n".join(f"[{number}] {line(sentence.text)}" for number, sentence in numbered.items())


def write_sheet(batch: Sequence[Question], budgets: Budgets, index: Index) -> Sheet:
    """The questions of one batch that fit its budget, in their order, with their evidence shown once."""
    budget = _budget_of(batch, budgets, index)
    numbers: dict[Sentence, str] = {}
    asked: dict[str, Question] = {}
    statements: list[str] = []
    for question in batch:
        number = f"v{len(asked) + 1}"
        for most in _lengths(question, index):
            evidence = question.evidence[:most]
            fresh = [sentence for sentence in evidence if sentence not in numbers]
            given = {**numbers, **{s: f"s{len(numbers) + i}" for i, s in enumerate(fresh, start=1)}}
            statement = f"{number} ({' '.join(given[s] for s in evidence)}): {line(stated(question.claim))}"
            shown = [statement, *(f"[{given[s]}] {line(s.text)}" for s in fresh)]
            cost = max(PER_QUESTION, sum(budgets.tokens.at_most(text + "\n") for text in shown))
            if cost <= budget:
                budget -= cost
                numbers = given
                asked[number] = question
                statements.append(statement)
                break
    named = {number: sentence for sentence, number in numbers.items()}
    return Sheet(asked, named, show(named), "\n".join(statements))


def _lengths(question: Question, index: Index) -> Sequence[int]:
    """How many of its sentences a question may be asked with: a claim's with all, for else rules answer it."""
    whole = len(question.evidence)
    return (whole,) if question.batch in index.documents else range(whole, 0, -1)


def _budget_of(batch: Sequence[Question], budgets: Budgets, index: Index) -> int:
    """A batch of a document's questions has that document's budget; one of statements that of its statements."""
    document = index.documents.get(batch[0].batch)
    return budgets.of_questions(document.text) if document else budgets.of_statements(len(batch))


def stated(claim: Claim) -> str:
    """A claim with whom it is attributed to, where its text does not say so."""
    speaker = claim.attributed_to
    return f"{claim.text} (said by {speaker})" if speaker and speaker not in claim.text else claim.text


@dataclass(frozen=True, slots=True)
class Told:
    """Facts under the numbers of one request, and the lines that show them and what was wrong before."""

    known: dict[str, str]
    facts: str
    wrong: str


def tell_facts(brief: Brief, index: Index, budgets: Budgets) -> Told:
    """The weightiest facts to write from, in their order, each in a wording that passes the gates by itself.

    A fact that has no such wording has nothing that a quorum bears out: no sentence on it could be told.
    """
    wanted = {fact_id for failed in brief.failed for fact_id in failed.facts}
    facts = [fact for fact in brief.facts if not wanted or fact.id in wanted]
    shown = _affordable(facts, brief, index, budgets)
    numbered = {
        f"f{number}": fact_id for number, fact_id in enumerate((f.id for f in facts if f.id in shown), start=1)
    }
    lines = (f"{number}: {shown[fact_id]}" for number, fact_id in numbered.items())
    return Told(numbered, "\n".join(lines), "\n".join(_tell_wrong(brief, budgets)))


def _affordable(facts: Sequence[Fact], brief: Brief, index: Index, budgets: Budgets) -> dict[str, str]:
    """Wordings of the weightiest facts whose lines fit the budget, by the facts' ids; none is shown twice."""
    budget = budgets.of_facts(brief.max_sentences)
    known = {fact.id: fact for fact in facts}
    shown: dict[str, str] = {}
    for fact in sorted(facts, key=lambda fact: -weigh(fact, brief, index)):
        wording = next(_wordings(fact, known, brief, index), None)
        if wording is None or wording in shown.values():
            continue
        cost = budgets.tokens.at_most(f"f9999: {wording}\n")
        if cost > budget:
            break
        budget -= cost
        shown[fact.id] = wording
    return shown


def _wordings(fact: Fact, known: Mapping[str, Fact], brief: Brief, index: Index) -> Iterator[str]:
    """What claims and sentences say of a fact, as far as it may be told of it."""
    said = [member.text for member in fact.members]
    said += [sentence.text for sentence in fact.evidence if not sentence.heading]
    for text in sorted(filter(is_told, dict.fromkeys(map(line, said))), key=len):
        if passes(StatementDraft(text, (fact.id,)), known, index, brief.origins, brief.quorum):
            yield text


def _tell_wrong(brief: Brief, budgets: Budgets) -> list[str]:
    budget = budgets.of_lost(brief.max_sentences)
    told = []
    for failed in brief.failed:
        shown = _wrong(failed)
        cost = budgets.tokens.at_most(shown + "\n")
        if cost <= budget:
            budget -= cost
            told.append(shown)
    return told


def _wrong(failed: Dropped) -> str:
    reasons = "; ".join(check.detail or check.check for check in failed.reasons)
    return f"{line(failed.text)} — {line(reasons)[:_REASONS]}"
