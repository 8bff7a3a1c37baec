"""Examining: what of a model's reply can be used, and what is wrong with the rest, in words for the model.

Numbers become sentences, claims and facts again; unknown ones are refused, as are claims that their sentences do
not bear out (core/anchoring.py).
"""

from __future__ import annotations

from service.backends.completions import Completion
from service.backends.faults import Fault, unknown
from service.backends.odds import read_odds
from service.backends.replies import (
    ClaimReply,
    ClaimsReply,
    GroupReply,
    GroupsReply,
    SummaryReply,
    VerdictReply,
    VerdictsReply,
)
from service.backends.sheets import Sheet, show
from service.backends.weighing import Weighing
from service.core.anchoring import MOST_CHARACTERS, Refused, admit
from service.core.matching import Index
from service.core.model import Answer, Claim, ClaimDraft, Group, Question, Relation, Sentence, StatementDraft, Verdict

_VERDICTS = {
    "supported": Verdict.SUPPORTED,
    "contradicted": Verdict.CONTRADICTED,
    "not_found": Verdict.UNSUPPORTED,
}
_MOST_UNCLAIMED = 0.5  # of a chunk's sentences that may state nothing
_MOST_CITED = 5  # sentences of one claim


class ClaimsExaminer:
    """Reads the claims of one chunk: those that their sentences bear out, and what is wrong with the rest.

    Sentences of which no claim was made, in this reply or the one before, are wrong if they are the most.
    """

    def __init__(self, numbered: dict[str, Sentence], index: Index) -> None:
        self._numbered = numbered
        self._index = index
        self._claimed: set[str] = set()
        self._refused: set[str] = set()

    def __call__(self, reply: ClaimsReply, _: Completion, /) -> tuple[list[ClaimDraft], list[str]]:
        kept: list[ClaimDraft] = []
        faults: list[str] = []
        self._refused = set()
        for claim in reply.claims:
            admitted = self._admit(claim)
            if isinstance(admitted, Fault):
                faults.append(Fault(f"“{claim.text}”: {admitted}", f"a claim was refused: {admitted.public}"))
                self._refused |= {_bare(number) for number in claim.sentences[:_MOST_CITED]}
            else:
                kept.append(admitted)
            self._claimed |= {_bare(number) for number in claim.sentences[:1]}
        missing = self._missing()
        if missing:
            faults.insert(0, f"go through all the sentences: there is no claim of {', '.join(missing)}")
        return kept, faults

    def show_wanting(self) -> str:
        """The sentences that a second reply is asked about: of refused claims, and those left out; else all."""
        wanting = {*self._refused, *self._missing()} & set(self._numbered)
        return show({n: s for n, s in self._numbered.items() if n in wanting or not wanting})

    def _missing(self) -> list[str]:
        missing = [number for number in self._numbered if number not in self._claimed]
        return missing if len(missing) > _MOST_UNCLAIMED * len(self._numbered) else []

    def _admit(self, claim: ClaimReply) -> ClaimDraft | Fault:
        draft = _draft(claim, self._numbered)
        if isinstance(draft, Fault):
            return draft
        admitted = admit(draft, self._index)
        if isinstance(admitted, Refused):
            reasons = "; ".join(check.detail or check.check for check in admitted.reasons)
            return Fault(reasons, ", ".join(check.check for check in admitted.reasons))
        return admitted


def _draft(claim: ClaimReply, numbered: dict[str, Sentence]) -> ClaimDraft | Fault:
    """The claim with the sentences that its numbers stand for, in order, or what is wrong with the numbers."""
    strange = [number for number in claim.sentences if _bare(number) not in numbered]
    if len(claim.sentences) > _MOST_CITED:
        count = f"it names {len(claim.sentences)} sentences"
        return Fault(f"{count}: a claim is of one, and the few needed to understand it", count)
    if strange:
        return unknown("there is no sentence", strange)
    if not claim.sentences:
        return Fault("it names no sentence", "it names no sentence")
    cited = {numbered[_bare(number)] for number in claim.sentences}
    return ClaimDraft(claim.text.strip(), tuple(sorted(cited, key=lambda s: (s.index, s.start))), claim.attributed_to)


def _bare(number: str) -> str:
    return number.strip("[] ")


def examine_groups(numbered: dict[str, Claim], reply: GroupsReply, _: Completion) -> tuple[list[Group], list[str]]:
    kept: list[Group] = []
    faults: list[str] = []
    for group in reply.groups:
        fault = _fault_of(group, numbered)
        if fault:
            faults.append(fault)
        else:
            ids = tuple(dict.fromkeys(numbered[number].id for number in group.claims))
            kept.append(Group(Relation(group.relation), ids, group.question))
    return kept, faults


def _fault_of(group: GroupReply, numbered: dict[str, Claim]) -> str | None:
    strange = [number for number in group.claims if number not in numbered]
    if strange:
        return unknown("there is no claim", strange)
    if len(set(group.claims)) < 2:
        return "a group holds two claims or more"
    return None


def examine_verdicts(
    sheet: Sheet, weighing: Weighing, reply: VerdictsReply, answer: Completion
) -> tuple[list[tuple[str, Answer]], list[str]]:
    """The verdicts under their statements' numbers: by the judge's calibrated odds, else by its word."""
    asked, named = sheet.asked, sheet.named
    answers: dict[str, Answer] = {}
    faults: list[str] = []
    for verdict, sure in zip(reply.verdicts, _odds_of(reply, answer), strict=True):
        fault = _fault_of_verdict(verdict, asked, named)
        if fault:
            faults.append(fault)
            continue
        evidence = asked[verdict.id].evidence
        rests = tuple(s for number in verdict.sentences if (s := named[_bare(number)]) in evidence) or evidence[:1]
        value, score = weighing.weigh(asked[verdict.id], _VERDICTS[verdict.verdict], sure)
        answers.setdefault(verdict.id, Answer(value, rests, score))
    missing = [number for number in asked if number not in answers]
    return list(answers.items()), faults + ([f"there is no verdict on {', '.join(missing)}"] if missing else [])


def read_sure(reply: VerdictsReply, answer: Completion) -> tuple[list[tuple[Verdict, float | None]], list[str]]:
    """Of each verdict the word and the log-odds, where they can be told: for calibrating."""
    words = (_VERDICTS[verdict.verdict] for verdict in reply.verdicts)
    return list(zip(words, _odds_of(reply, answer), strict=True)), []


def _odds_of(reply: VerdictsReply, answer: Completion) -> list[float | None]:
    odds = read_odds(answer.tokens)
    return odds if len(odds) == len(reply.verdicts) else [None] * len(reply.verdicts)


def _fault_of_verdict(verdict: VerdictReply, asked: dict[str, Question], named: dict[str, Sentence]) -> str | None:
    if verdict.id not in asked:
        return unknown("there is no statement", [verdict.id])
    strange = [number for number in verdict.sentences if _bare(number) not in named]
    return unknown(f"{verdict.id}: there is no sentence", strange) if strange else None


def examine_summary(
    known: dict[str, str], reply: SummaryReply, _: Completion
) -> tuple[list[StatementDraft], list[str]]:
    kept: list[StatementDraft] = []
    faults: list[str] = []
    for sentence in reply.sentences:
        strange = [number for number in sentence.facts if number not in known]
        if len(sentence.text) > MOST_CHARACTERS:
            length = f"has more than {MOST_CHARACTERS} characters"
            faults.append(Fault(f"“{sentence.text[:80]}…” {length}", f"a sentence {length}"))
        elif strange or not sentence.facts or not sentence.text.strip():
            fault = unknown("no fact", strange) if strange else Fault("names no fact", "names no fact")
            faults.append(Fault(f"“{sentence.text}”: {fault}", f"a sentence was refused: {fault.public}"))
        else:
            facts = tuple(dict.fromkeys(known[number] for number in sentence.facts))
            kept.append(StatementDraft(" ".join(sentence.text.split()), facts, "model"))
    return kept, faults
