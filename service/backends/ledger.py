"""The ledger of one run: tokens and dollars that its requests used, and whether the next one may be sent.

A request is entered at its upper bound before it is sent and settled at what the server counted, so that a
budget is never passed. A request that got no answer may have been paid for: it stays at its bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from service.backends.base import Usage
from service.backends.completions import Completion, Request
from service.backends.prices import Price
from service.core.errors import BudgetExceeded

_ROUNDING = 1e-12  # dollars: sums of floating-point numbers are not exact


class Ledger:
    """What one run has used, and holds for requests under way."""

    def __init__(self, most_usd: float | None = None) -> None:
        self._most = most_usd
        self._committed = 0.0
        self._unpriced = False
        self.usage = Usage()

    def enter(self, request: Request, price: Price | None) -> float:
        """Hold the most that a request can cost, in dollars. Raises BudgetExceeded if that is more than is left."""
        if price is None:
            if self._most is not None:
                raise BudgetExceeded(
                    "the model has no price in CONCORD_PRICES, so that max_cost_usd can't be kept: set one there"
                )
            return 0.0
        bound = price.cost(request.tokens - request.max_tokens, 0, request.max_tokens)
        if self._most is not None and self._committed + bound > self._most + _ROUNDING:
            detail = (
                f"the next request may cost ${bound:.6f}; ${self._committed:.6f} of the ${self._most:.6f} allowed "
                "by max_cost_usd (or held for it of its key's limit) are spent or held"
            )
            raise BudgetExceeded(detail)
        self._committed += bound
        return bound

    def settle(
        self, request: Request, answer: Completion, held: float, price: Price | None, count: Callable[[str], int]
    ) -> None:
        """Put in place of what was held what the server counted; counted here if it did not."""
        prompt, completion = answer.prompt_tokens, answer.completion_tokens
        if prompt is None or completion is None:
            prompt = sum(count(message["content"]) for message in request.messages)
            completion = count(answer.text)
        cost = price.cost(prompt, answer.cached_tokens, completion) if price else None
        self._committed += (cost or 0.0) - held
        self._unpriced = self._unpriced or cost is None
        used = self.usage
        self.usage = Usage(
            requests=used.requests + answer.tries,
            memoised=used.memoised,
            prompt_tokens=used.prompt_tokens + prompt,
            cached_tokens=used.cached_tokens + answer.cached_tokens,
            completion_tokens=used.completion_tokens + completion,
            cost_usd=None if self._unpriced else round((used.cost_usd or 0.0) + (cost or 0.0), 9),
        )

    def release(self, held: float) -> None:
        """A request that was never sent costs nothing."""
        self._committed -= held

    def lost(self) -> None:
        """A request that got no answer: counted, and never released."""
        self.usage = replace(self.usage, requests=self.usage.requests + 1)

    def remembered(self) -> None:
        """A reply that was memoised: nothing was sent."""
        self.usage = replace(self.usage, memoised=self.usage.memoised + 1)
