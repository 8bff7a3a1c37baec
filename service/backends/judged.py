"""The judged backend: the embedded backend's work, with a model's verdicts on what rules leave open.

The base of the chat backend, and a backend by itself where a judge alone is configured: one that runs in this
process, say. What a judge can't answer is not checked, and the account says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain, groupby
from typing import Any

from service.backends.asking import Asked, Asker, Found
from service.backends.base import OF_TEXTS, Account, Offload, Terms, at_once
from service.backends.completions import Unanswered
from service.backends.embedded import EmbeddedBackend
from service.backends.examining import examine_verdicts
from service.backends.faults import public
from service.backends.prompts import Prompts, line
from service.backends.sheets import stated, write_sheet
from service.backends.weighing import Weighing
from service.core.errors import ModelUnavailable
from service.core.matching import Index
from service.core.model import Answer, Brief, Chunk, Claim, ClaimDraft, Group, Question, StatementDraft, Verdict


class JudgedBackend:
    """Fulfils the backend protocol for one run, by rule but for the verdicts."""

    name = "embedded"
    judges = True

    def __init__(self, judge: Asker, prompts: Prompts, terms: Terms, offload: Offload) -> None:
        self._judge = judge
        self._prompts = prompts
        self._terms = terms
        self._offload = offload
        self._embedded = EmbeddedBackend(offload)
        self.account = Account()

    async def claims(self, chunk: Chunk, index: Index) -> Sequence[ClaimDraft]:
        """As the embedded backend."""
        return await self._embedded.claims(chunk, index)

    async def groups(self, claims: Sequence[Claim], index: Index) -> Sequence[Group]:
        """As the embedded backend."""
        return await self._embedded.groups(claims, index)

    async def summary(self, brief: Brief, index: Index) -> Sequence[StatementDraft]:
        """As the embedded backend."""
        return await self._embedded.summary(brief, index)

    async def verdicts(self, questions: Sequence[Question], index: Index) -> Sequence[Answer]:
        """One answer each: the rules' where there is no room to ask, `not_checked` where the model gave none."""
        batches = [list(batch) for _, batch in groupby(questions, key=lambda question: question.batch)]
        answers = await at_once(*(self._answers_of(batch, index) for batch in batches))
        return list(chain.from_iterable(answers))

    async def _answers_of(self, batch: Sequence[Question], index: Index) -> Sequence[Answer]:
        """Those on a text by one word each where the judge is calibrated for that, all others by verdicts at once."""
        if self._judge.model.word and batch[0].batch.startswith(OF_TEXTS):
            return await at_once(*(self._word_on(question, index) for question in batch))
        return await self._verdicts_of(batch, index)

    async def _word_on(self, question: Question, index: Index) -> Answer:
        """One answer, by how sure the judge is of yes."""
        model = self._judge.model
        sheet = await self._offload(write_sheet, [question], model.budgets, index)
        odds = None
        if sheet.asked:
            messages = self._prompts.word.render(evidence=sheet.evidence, statement=line(stated(question.claim)))
            try:
                odds = await self._judge.ask_word(messages)
                if odds is None:
                    self._fall_back("verdicts", "the answer was neither yes nor no")
            except Unanswered as error:
                self._fall_back("verdicts", str(error), error)
        if odds is None:
            return Answer(Verdict.NOT_CHECKED, (), 0.0)
        word = Verdict.SUPPORTED if odds > 0 else Verdict.UNSUPPORTED
        weighing = Weighing(model.word, index, self.account.by_word)
        value, score = await self._offload(weighing.weigh, question, word, odds)
        return Answer(value, question.evidence[:1], score)

    async def _verdicts_of(self, batch: Sequence[Question], index: Index) -> list[Answer]:
        budgets = self._judge.model.budgets
        sheet = await self._offload(write_sheet, batch, budgets, index)
        messages = self._prompts.verdicts.render(evidence=sheet.evidence, statements=sheet.statements)
        answers: dict[str, Answer] = {}
        numbers = {id(question): number for number, question in sheet.asked.items()}
        if not sheet.asked:
            return [_answer_to(question, numbers, answers, index) for question in batch]
        try:
            answer = budgets.answer("verdicts", 0, len(sheet.asked))
            weighing = Weighing(self._judge.model.calibration, index, self.account.by_word)
            examine = partial(examine_verdicts, sheet, weighing)
            found = await self._judge.ask(Asked("verdicts", messages, answer, examine))
            answers = dict(found.items)
            if len(answers) < len(sheet.asked):  # else what was wrong with the first reply is mended by the second
                self._note_faults("verdicts", found)
        except Unanswered as error:
            self._fall_back("verdicts", str(error), error)
        return [_answer_to(question, numbers, answers, index) for question in batch]

    def _note_faults(self, step: str, found: Found[Any]) -> None:
        if found.faults:
            self._fall_back(step, public(found.faults[0]))

    def _fall_back(self, step: str, reason: str, error: Unanswered | None = None) -> None:
        """The step is not the model's alone. Raises ModelUnavailable if the client wants no other."""
        if self._terms.require_model:
            raise ModelUnavailable(f"{step}: {reason}", error.retry_after if error else None)
        self.account.fell_back(step, reason)


def _answer_to(question: Question, numbers: Mapping[int, str], answers: Mapping[str, Answer], index: Index) -> Answer:
    """The answer; without one, what rules say of a claim that they left open, and nothing of a statement or text."""
    number = numbers.get(id(question))
    if number is None and question.batch in index.documents:
        return Answer(Verdict.UNSUPPORTED, (), 0.0)
    return answers.get(number or "", Answer(Verdict.NOT_CHECKED, (), 0.0))
