"""Building what makes summaries of the settings: backends, the models they ask, threads, limits.

The half of the composition root that needs neither a database nor HTTP, so that the command line loads neither for a
single summary. node.py builds the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from service.api.forecasting import Forecast
from service.api.observing import UNOBSERVED, Observer
from service.api.summaries import Limits, Summaries
from service.backends.base import Backends, Offload
from service.backends.embedded import EmbeddedBackends
from service.backends.tokens import ModelTokens, TokenCounter
from service.backends.trying import UNWATCHED, Watcher
from service.core.errors import InvalidInput
from service.files.pages import Pages
from service.settings import Settings, variable_of
from service.storage.memo import SqliteMemo

if TYPE_CHECKING:
    from service.backends.asking import Completer, Memos, Model
    from service.backends.completions import Server
    from service.backends.limits import Pace
    from service.backends.models import ChatBackends

P = ParamSpec("P")
T = TypeVar("T")

MEMO = "memo.sqlite"


@dataclass(frozen=True, slots=True)
class Shared:
    """What runs share, in this process and in others: memoised replies, the limits of a minute, and who is told."""

    memos: Memos | None = None
    pace: Pace | None = None
    watcher: Watcher = UNWATCHED
    observer: Observer = UNOBSERVED


def create_summaries(settings: Settings, backends: Backends | None = None, shared: Shared | None = None) -> Summaries:
    """What makes summaries; a test may hand in backends of its own. Raises ConcordError for prompts that can't be."""
    tokens = TokenCounter()
    offload = _Threads(settings.max_concurrent)
    limits = Limits(settings.max_documents, settings.max_document_characters, settings.max_total_characters)
    backends = backends or create_backends(settings, tokens, offload, shared)
    forecast = Forecast(backends.name)
    observer = shared.observer if shared else UNOBSERVED
    return Summaries(
        backends, tokens, limits, settings.chunk_tokens, settings.deadline_seconds, offload, forecast, observer,
        Pages().to_text,
    )  # fmt: skip


def create_backends(
    settings: Settings, tokens: TokenCounter, offload: Offload, shared: Shared | None = None
) -> Backends:
    """The backends that the settings name."""
    if not settings.uses_chat and not settings.uses_judge:
        return EmbeddedBackends(settings.chunk_tokens, offload)
    return create_chat_backends(settings, tokens, offload, shared)


def create_chat_backends(
    settings: Settings, tokens: TokenCounter, offload: Offload, shared: Shared | None = None
) -> ChatBackends:
    """The parts that ask a model; without `shared` replies are memoised in a file, and nobody else's limits kept.

    They import openai, which takes half a second: only where a model is asked.
    """
    from service.backends.completions import Completions
    from service.backends.local import LocalCompletions
    from service.backends.models import ChatBackends
    from service.backends.prompts import load_prompts

    shared = shared or Shared(create_memo(settings) if settings.memo == "on" else None)
    server = _create_server(settings)
    writer = (
        _create_model(settings, tokens, Completions(server, shared.pace, shared.watcher))
        if settings.uses_chat
        else None
    )
    judged_by = _judge_of(settings, server)
    if settings.local_judge:
        if not settings.local_judge.is_file():
            raise InvalidInput(f"CONCORD_JUDGE_MODEL names {settings.local_judge}, which is no file")
        local = LocalCompletions(settings.local_judge, settings.context_tokens, watcher=shared.watcher)
        judge = _create_model(settings, tokens, local)
    elif writer and judged_by == server:
        judge = writer
    else:
        judge = _create_model(settings, tokens, Completions(judged_by, shared.pace, shared.watcher))
    return ChatBackends(writer, judge, load_prompts(), shared.memos, offload)


def create_memo(settings: Settings) -> SqliteMemo:
    """Kept replies in a file of the data folder."""
    return SqliteMemo(settings.data_dir / MEMO, settings.memo_bytes)


def _create_server(settings: Settings) -> Server:
    from service.backends.completions import Server

    return Server(
        model=settings.model,
        base_url=settings.openai_base_url,
        api_key=settings.openai_api_key.get_secret_value() if settings.openai_api_key else None,
        attempts=settings.request_attempts,
        attempt_timeout=settings.request_timeout_seconds,
        deadline=settings.request_deadline_seconds,
        concurrent=settings.model_concurrent,
        requests_per_minute=settings.requests_per_minute,
        tokens_per_minute=settings.tokens_per_minute,
        failures_to_open=settings.breaker_failures,
        open_seconds=settings.breaker_seconds,
    )


def _judge_of(settings: Settings, server: Server) -> Server:
    """The judge's server: the writer's, but for what is set. A key goes to no other server than it is for."""
    told = replace(server.variables, model=variable_of("judge_model")) if settings.judge_model else server.variables
    judge = replace(server, model=settings.judge_model or server.model, variables=told)
    if settings.judge_base_url is None:
        return judge
    key = settings.judge_api_key.get_secret_value() if settings.judge_api_key else None
    told = replace(told, base_url=variable_of("judge_base_url"), key=variable_of("judge_api_key"))
    return replace(judge, base_url=settings.judge_base_url, api_key=key, variables=told)


def _create_model(settings: Settings, tokens: TokenCounter, completions: Completer) -> Model:
    from service.backends.asking import Model
    from service.backends.budgets import Budgets
    from service.backends.calibration import CALIBRATIONS, load

    name = completions.server.model
    limits = (settings.context_tokens, settings.output_tokens, settings.reasoning_tokens)
    known = load(settings.data_dir / CALIBRATIONS, name)
    budgets = Budgets(ModelTokens(tokens, name), *limits)
    return Model(completions, budgets, settings.prices.get(name), known.get("verdicts"), known.get("word"))


class _Threads:
    """Runs computation in threads, at most some at once, so that the event loop goes on answering."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self._limiter = self._limiter or CapacityLimiter(self._most)  # belongs to the running loop
        return await to_thread.run_sync(partial(work, *args, **kwargs), limiter=self._limiter)
