"""The chat backend: any OpenAI-compatible model. Asks the four requests, and falls back.

What of a reply can be used, examining.py decides. What the model can't do, or not all of, the embedded backend
does, and the account says so. A request is about one document and those posted before it, so that a further
document asks little anew (candidates.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain

from service.backends.asking import Asked, Asker
from service.backends.base import Offload, Terms, at_once
from service.backends.candidates import Candidates, find_candidates
from service.backends.completions import Unanswered
from service.backends.examining import ClaimsExaminer, examine_groups, examine_summary
from service.backends.faults import public
from service.backends.judged import JudgedBackend
from service.backends.prompts import Message, Prompts, line
from service.backends.sheets import show_sentences, tell_facts
from service.core.matching import Index
from service.core.model import (
    Brief,
    Chunk,
    Claim,
    ClaimDraft,
    Group,
    StatementDraft,
)


class ChatBackend(JudgedBackend):
    """Fulfils the backend protocol for one run with a model that writes and one that judges (often the same)."""

    name = "chat"

    def __init__(self, writer: Asker, judge: Asker, prompts: Prompts, terms: Terms, offload: Offload) -> None:
        super().__init__(judge, prompts, terms, offload)
        self._writer = writer

    async def claims(self, chunk: Chunk, index: Index) -> Sequence[ClaimDraft]:
        """The model's claims that their sentences bear out; for sentences left without, the embedded backend's."""
        numbered, sentences = show_sentences(chunk)
        render = self._prompts.claims.render
        budgets = self._writer.model.budgets
        answer = budgets.answer("claims", budgets.tokens.count(sentences), 0)
        examine = ClaimsExaminer(numbered, index)

        def again() -> tuple[list[Message], int]:
            wanting = examine.show_wanting()
            return render(sentences=wanting), budgets.answer("claims", budgets.tokens.count(wanting), 0)

        question = Asked("claims", render(sentences=sentences), answer, examine, again)
        try:
            found = await self._writer.ask(question)
        except Unanswered as error:
            self._fall_back("claims", str(error), error)
            return await self._embedded.claims(chunk, index)
        if not found.faults and found.items:
            return found.items
        self._fall_back(
            "claims", public(found.faults[0]) if found.faults else "the model found no claim in a document"
        )
        own = await self._embedded.claims(chunk, index)
        claimed = {draft.sentences[-1].key for draft in found.items}
        return _in_order([*found.items, *(d for d in own if d.sentences[-1].key not in claimed)])

    async def groups(self, claims: Sequence[Claim], index: Index) -> Sequence[Group]:
        """What rules find, and what the model finds among the claims that rules leave open."""
        settled = await self._embedded.groups(claims, index)
        batches = await self._offload(find_candidates, claims, settled, index, self._writer.model.budgets)
        found = await at_once(*(self._groups_of(batch) for batch in batches))
        return [*settled, *chain.from_iterable(found)]

    async def _groups_of(self, batch: Candidates) -> list[Group]:
        messages = self._prompts.groups.render(claims="".join(batch.lines).rstrip())
        answer = self._writer.model.budgets.answer("groups", batch.tokens, 0)
        try:
            examine = partial(examine_groups, batch.numbered)
            found = await self._writer.ask(Asked("groups", messages, answer, examine))
        except Unanswered as error:
            self._fall_back("groups", str(error), error)
            return []
        self._note_faults("groups", found)
        return found.items

    async def summary(self, brief: Brief, index: Index) -> Sequence[StatementDraft]:
        """The model's sentences over the weightiest facts; the embedded backend's where there are none."""
        budgets = self._writer.model.budgets
        told = await self._offload(tell_facts, brief, index, budgets)
        messages = self._prompts.summary.render(
            max_sentences=str(brief.max_sentences),
            focus=line(brief.focus or "nothing in particular"),
            facts=told.facts,
            wrong=told.wrong,
        )
        if not told.known:  # nothing that may be told; no fault of the model's
            return []
        answer = budgets.answer("summary", 0, brief.max_sentences)
        try:
            examine = partial(examine_summary, told.known)
            found = await self._writer.ask(Asked("summary", messages, answer, examine))
        except Unanswered as error:
            self._fall_back("summary", str(error), error)
            return [] if brief.failed else await self._embedded.summary(brief, index)
        if not found.items and not brief.failed:
            self._fall_back("summary", public(found.faults[0]) if found.faults else "the model wrote no sentence")
            return await self._embedded.summary(brief, index)
        self._note_faults("summary", found)
        return found.items[: brief.max_sentences]


def _in_order(drafts: Sequence[ClaimDraft]) -> list[ClaimDraft]:
    return sorted(drafts, key=lambda draft: draft.sentences[-1].index)
