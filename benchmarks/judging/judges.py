"""Asking a judge about labelled rows in both ways of the service, and what each costs.

`verdicts`  JSON, whose verdict's token is read for how sure the judge is; `word`: one token, yes or no

Answers with what they took are kept in the service's memo: a run that was interrupted asks only what is left.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, astuple, dataclass
from time import perf_counter
from typing import Any

from service.backends.asking import Asker, Completer, Memo, Model
from service.backends.base import inline
from service.backends.completions import Completion, Request, Unanswered
from service.backends.ledger import Ledger
from service.backends.prompts import Prompts
from service.backends.replies import canonical
from service.calibrating import Shown, ask_judge
from service.core.model import Verdict


@dataclass(frozen=True, slots=True)
class Cost:
    """What one answer took: tokens as the server counts them, and seconds."""

    prompt: int
    cached: int
    completion: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Said:
    """What a judge says of a statement: its word, its log-odds of support, and what asking took."""

    word: Verdict
    odds: float
    cost: Cost


class Timed:
    """A completer that keeps in a memo what each of its answers took."""

    down = False

    def __init__(self, completer: Completer, memo: Memo) -> None:
        self._completer = completer
        self._memo = memo
        self.server = completer.server
        self.close = completer.close
        self._wanted: dict[str, None] = {}

    def parameters(self, request: Request) -> dict[str, Any]:
        """The body of a request, which is remembered: whatever is asked for is looked up by it first."""
        self._wanted[self._key(request)] = None
        return self._completer.parameters(request)

    async def complete(self, request: Request) -> Completion:
        before = perf_counter()
        answer = await self._completer.complete(request)
        seconds = perf_counter() - before
        cost = Cost(answer.prompt_tokens or 0, answer.cached_tokens, answer.completion_tokens or 0, seconds)
        self._memo.put(self._key(request), json.dumps(asdict(cost)))
        return answer

    def taken(self) -> Cost:
        """What the answers took that were wanted since the last time, whenever they were asked for."""
        known = [json.loads(kept) for key in self._wanted if (kept := self._memo.get(key))]
        self._wanted.clear()
        columns = zip(*(astuple(Cost(**cost)) for cost in known), strict=True)
        return Cost(*map(sum, columns)) if known else Cost(0, 0, 0, 0.0)

    def _key(self, request: Request) -> str:
        content = [self.server.base_url, self._completer.parameters(request)]
        return f"cost:{hashlib.sha256(canonical(content).encode()).hexdigest()}"


class Judge:
    """One model, asked in both ways, one statement at a time."""

    def __init__(self, model: Model, prompts: Prompts, memo: Memo) -> None:
        self._timed = Timed(model.completions, memo)
        self.model = Model(self._timed, model.budgets, model.price)
        self._asker = Asker(self.model, Ledger(), memo, inline)
        self._prompts = prompts

    async def ask(self, way: str, shown: Shown) -> Said | None:
        """What it says of a row; None without an answer that tells how sure it is."""
        self._timed.taken()
        try:
            found = await ask_judge(way, shown, self._asker, self._prompts)
        except Unanswered:
            return None
        if found is None or found[1] is None:
            return None
        return Said(found[0], found[1], self._timed.taken())
