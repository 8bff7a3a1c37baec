"""Working: what a job does, in terms of summaries. The JSON that a job keeps becomes a request, and a result JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

from pydantic import BaseModel, ConfigDict

from service.api.requests import SummaryRequest
from service.api.schemas import SentenceOut
from service.api.summaries import Listener, Summaries
from service.backends.base import Terms, Usage
from service.callers import MICRO
from service.jobs.model import Attempt, Status
from service.jobs.running import Ended, Journal, Work


class Order(BaseModel):
    """What a job is kept as: the request as posted, and what its headers asked for."""

    model_config = ConfigDict(frozen=True)

    request: SummaryRequest
    require_model: bool = False

    def to_json(self) -> str:
        """The same JSON for equal orders: what was not given is left out, what is unordered has no order."""
        content = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def create_work(summaries: Summaries) -> Work:
    """The work of a job: a summary, whose stages, sentences and usage its journal is told."""

    async def work(attempt: Attempt, journal: Journal) -> Ended:
        order = Order.model_validate_json(attempt.request)
        used = Usage(**json.loads(attempt.spent))

        def sentence(told: SentenceOut) -> None:
            journal.sentence(told.model_dump_json())

        def spending(usage: Callable[[], Usage]) -> None:
            journal.spent = lambda: json.dumps(asdict(usage()))

        most_usd = None if attempt.held is None else attempt.held / MICRO
        terms = Terms(most_usd, order.require_model, attempt.job_id, attempt.owner)
        result = await summaries.make(order.request, Listener(journal.stage, sentence, spending), terms, used)
        return Ended(Status(result.status), result.model_dump_json())

    return work
