"""Models: opens the chat backend for each run over the models that all runs share, and bounds what a run can use."""

from __future__ import annotations

from collections.abc import Sequence

from service.backends.asking import Asker, Memos, Model
from service.backends.base import Account, Backend, Estimate, Offload, Scope, Terms, inline
from service.backends.budgets import (
    Bound,
    Budgets,
    bound_groups,
    bound_questions,
    bound_request,
    bound_statements,
    bound_summary,
    bound_texts,
    bound_words,
)
from service.backends.chat import ChatBackend
from service.backends.judged import JudgedBackend
from service.backends.ledger import Ledger
from service.backends.prompts import Prompts
from service.backends.sheets import show_sentences
from service.core.model import Chunk

_ANSWER_TO_CLAIMS = 0.4  # of what an answer may hold, that the sentences shown may be: their claims run to twice that


class ChatBackends:
    """Opens backends that ask a writer and a judge, which may be one model, or a judge alone."""

    def __init__(
        self,
        writer: Model | None,
        judge: Model,
        prompts: Prompts,
        memos: Memos | None = None,
        offload: Offload = inline,
    ) -> None:
        self.name = "chat" if writer else "embedded"
        self._writer = writer
        self.judge = judge
        self.texts = prompts
        self.memos = memos
        self._offload = offload
        self.prompts: str | None = prompts.version
        written_by = writer.name if writer else "embedded"
        self.model = written_by if judge.name == written_by else f"{written_by}, judged by {judge.name}"
        self.chunk_tokens = round(_ANSWER_TO_CLAIMS * (writer or judge).budgets.output_tokens)

    @property
    def down(self) -> bool:
        """True while a model's server counts as down."""
        return any(model.completions.down for model in (self._writer, self.judge) if model)

    def open(self, terms: Terms) -> tuple[Backend, Account]:
        """A backend for one run, with a ledger of its own."""
        ledger = Ledger(terms.max_cost_usd)
        memo = self.memos.open(terms.job_id, terms.owner) if self.memos else None
        judge = Asker(self.judge, ledger, memo, self._offload)
        backend = JudgedBackend(judge, self.texts, terms, self._offload)
        if self._writer:
            writer = Asker(self._writer, ledger, memo, self._offload)
            backend = ChatBackend(writer, judge, self.texts, terms, self._offload)
        backend.account.usage = lambda: ledger.usage
        return backend, backend.account

    def open_judge(self) -> Asker:
        """The judge by itself, for calibrating it."""
        memo = self.memos.open(None) if self.memos else None
        return Asker(self.judge, Ledger(), memo, self._offload)

    def estimate(self, parts: Sequence[Chunk], texts: Sequence[str], scope: Scope) -> Estimate:
        """At most what a summary uses: every request with its repair, all as long as they may be."""
        judge = self.judge.budgets
        judged = bound_questions(texts, self.texts.verdicts, judge)
        judged += bound_statements(scope.max_sentences, self.texts.verdicts, judge)
        parted = [(judged, self.judge)]
        if self._writer:
            parted.append((self._bound_written(parts, texts, scope, self._writer.budgets), self._writer))
        return _add_up(parted)

    def estimate_verdicts(self, batches: Sequence[int]) -> Estimate:
        """At most what a verification uses: a request with its repair for each batch, or one for each sentence."""
        judge = self.judge
        if judge.word:
            return _add_up([(bound_words(sum(batches), self.texts.word, judge.budgets), judge)])
        asked = (bound_texts(batch, self.texts.verdicts, judge.budgets) for batch in batches)
        return _add_up([(sum(asked, Bound()), judge)])

    def _bound_written(self, parts: Sequence[Chunk], texts: Sequence[str], scope: Scope, budgets: Budgets) -> Bound:
        """At most what the writer uses."""
        written = bound_groups(texts, self.texts.groups, budgets)
        written += bound_summary(scope.max_sentences, scope.focus, self.texts.summary, budgets)
        for part in parts:
            shown = show_sentences(part)[1]
            answer = budgets.answer("claims", budgets.tokens.count(shown), 0)
            written += bound_request(self.texts.claims, budgets.tokens.at_most(shown), answer, budgets)
        return written

    async def close(self) -> None:
        """Close the connections and the memos."""
        for model in {id(model): model for model in (self._writer, self.judge) if model}.values():
            await model.completions.close()
        if self.memos:
            self.memos.close()


def _add_up(parted: Sequence[tuple[Bound, Model]]) -> Estimate:
    total = sum((bound for bound, _ in parted), Bound())
    costs = [_cost(bound, model) for bound, model in parted]
    return Estimate(
        total.requests,
        total.prompt_tokens,
        total.completion_tokens,
        None if None in costs else round(sum(cost or 0.0 for cost in costs), 9),
        all(model.budgets.tokens.exact for _, model in parted),
    )


def _cost(bound: Bound, model: Model) -> float | None:
    return model.price.cost(bound.prompt_tokens, 0, bound.completion_tokens) if model.price else None
