"""Writing: what becomes of a backend's statements: verified, judged, written anew once, or said by the sources.

No statement is told that fails a gate or that the judge finds unsupported; what was dropped keeps its reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.backends.base import Backend, Offload
from service.core.matching import Index
from service.core.model import (
    Answer,
    Brief,
    Check,
    Claim,
    Dropped,
    Question,
    Sentence,
    Source,
    Statement,
    StatementDraft,
    Verdict,
)
from service.core.reading import read
from service.core.selection import facts_said, repeats, select
from service.core.verification import verify

_JUDGED = {
    Verdict.CONTRADICTED: "the judge finds it contradicted by its cited spans",
    Verdict.UNSUPPORTED: "the judge does not find it in its cited spans",
}
_MOST_EVIDENCE = 4  # sentences that the judge is shown of one statement
_ONE_SENTENCE = Check("wording", passed=False, detail="it is more than one sentence")
_REPETITION = Check("repetition", passed=False, detail="another sentence of the summary says it")


@dataclass(frozen=True, slots=True)
class Desk:
    """Edits the statements of one summary."""

    brief: Brief
    backend: Backend
    index: Index
    offload: Offload

    async def edit(self, drafts: Sequence[StatementDraft]) -> tuple[list[Statement], list[Dropped]]:
        """The statements that may be told, at most `max_sentences`, and what was dropped on the way.

        What a judging backend wrote and lost is written anew once, then told in a sentence of the sources.
        """
        told, dropped = await self._try(drafts, [])
        lost = tuple(d for d in dropped if d.facts)
        room = self.brief.max_sentences - len(told)
        if self.backend.judges and lost and room > 0:
            brief = replace(self.brief, failed=lost, max_sentences=min(room, len(lost)))
            again, failed = await self._try(await self.backend.summary(brief, self.index), told)
            told, dropped = [*told, *again], [*dropped, *failed]
            instead, _ = await self._try(await self.offload(self._in_own_words, lost, told), told)
            told = [*told, *instead]
        once = {d.text: d for d in reversed(dropped)}  # what was written again as it was is told once
        return told[: self.brief.max_sentences], list(reversed(once.values()))

    async def _try(
        self, drafts: Sequence[StatementDraft], told: Sequence[Statement]
    ) -> tuple[list[Statement], list[Dropped]]:
        """Statements that pass the gates, repeat nothing that is told, and that the judge does not reject."""
        passed, dropped = await self.offload(self._verify, drafts, told)
        asked = [s for s in passed if not _is_quoted(s)] if self.backend.judges else []
        questions = [self._question(statement, number) for number, statement in enumerate(asked, start=1)]
        answers = await self.backend.verdicts(questions, self.index) if asked else []
        rejected = {
            statement.text: _reject(statement, answer)
            for statement, answer in zip(asked, answers, strict=True)
            if answer.verdict in _JUDGED
        }
        return [s for s in passed if s.text not in rejected], [*dropped, *rejected.values()]

    def _verify(
        self, drafts: Sequence[StatementDraft], told: Sequence[Statement]
    ) -> tuple[list[Statement], list[Dropped]]:
        passed: list[Statement] = []
        dropped: list[Dropped] = []
        for draft in drafts:
            outcome = self._verify_one(draft)
            known = [statement.text for statement in (*told, *passed)]
            if isinstance(outcome, Dropped):
                dropped.append(outcome)
            elif draft.written_by == "model" and repeats(draft.text, known, self.index):
                dropped.append(Dropped(draft.text, (_REPETITION,)))
            else:
                passed.append(outcome)
        return passed, dropped

    def _verify_one(self, draft: StatementDraft) -> Statement | Dropped:
        """By the facts that it names; where those do not bear it out, by the facts that it says."""
        if draft.written_by == "model" and len(read(Source("statement", draft.text)).sentences) > 1:
            return Dropped(draft.text, (_ONE_SENTENCE,), draft.facts)
        facts = {fact.id: fact for fact in self.brief.facts}
        outcome = verify(draft, facts, self.index, self.brief.origins, self.brief.quorum)
        said = facts_said(draft.text, self.brief.facts, self.index) if draft.written_by == "model" else ()
        if isinstance(outcome, Statement) or not said or {*said} == {*draft.facts}:
            return outcome
        refitted = verify(replace(draft, facts=said), facts, self.index, self.brief.origins, self.brief.quorum)
        return refitted if isinstance(refitted, Statement) else outcome

    def _question(self, statement: Statement, number: int) -> Question:
        """Whether a statement follows from the best of what it cites, of whatever documents, the best first."""
        text = self.index.analyse(statement.text)
        ranked = sorted(statement.evidence, key=lambda s: -self.index.coverage(text, self.index.of(s)))
        best: tuple[Sentence, ...] = tuple(ranked[:_MOST_EVIDENCE])
        return Question(Claim(f"v{number}", statement.text, best[0].document_id, best, None, statement.text), best)

    def _in_own_words(self, lost: Sequence[Dropped], told: Sequence[Statement]) -> list[StatementDraft]:
        """Sentences of the sources for the facts that were lost and that nothing told says."""
        said = {fact_id for statement in told for fact_id in statement.facts}
        untold = {fact_id for dropped in lost for fact_id in dropped.facts} - said
        facts = tuple(fact for fact in self.brief.facts if fact.id in untold)
        room = min(self.brief.max_sentences - len(told), len(lost))
        return select(replace(self.brief, facts=facts, max_sentences=room), self.index) if facts and room else []


def _is_quoted(statement: Statement) -> bool:
    """True for a sentence of the sources, word for word: it bears itself out."""
    return statement.written_by == "source" or any(statement.text == s.text for s in statement.evidence)


def _reject(statement: Statement, answer: Answer) -> Dropped:
    check = Check("judge", passed=False, detail=_JUDGED[answer.verdict])
    return Dropped(statement.text, (check,), statement.facts)
