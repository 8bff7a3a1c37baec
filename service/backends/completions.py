"""Completions: one answer from an OpenAI-compatible server, or the reason why there is none.

The only file that imports openai or tenacity, and the one place where their exceptions are translated. Tries
again what may pass, waits as long as the server asks, keeps to shared limits, and stops asking a server that is
down for a while. What an answer is worth is decided elsewhere.
"""

from __future__ import annotations

import asyncio
import email.utils
import hashlib
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import openai
from circuitbreaker import CircuitBreaker
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, stop_before_delay
from tenacity.wait import wait_random_exponential

from service.backends import advice
from service.backends.limits import Limit, Pace
from service.backends.odds import Token, read_tokens
from service.backends.prompts import Message
from service.backends.trying import UNWATCHED, Watcher, outcome_of, timed

_BACKOFF = wait_random_exponential(multiplier=0.5, max=20)  # seconds; "full jitter" (Brooker 2015)
_LONGEST_WAIT = 120.0  # seconds that a server may ask for; longer is as good as down
_TRANSIENT = frozenset({408, 409, 425, 429})
_OPTIONAL = ("temperature", "response_format", "logprobs")  # parameters that some servers refuse


@dataclass(frozen=True, slots=True)
class Server:
    """A model behind an OpenAI-compatible server, and how it is to be treated. Times are in seconds."""

    model: str
    base_url: str | None = None
    api_key: str | None = None
    attempts: int = 4
    attempt_timeout: float = 60.0
    deadline: float = 120.0
    concurrent: int = 16
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    failures_to_open: int = 5
    open_seconds: float = 30.0
    variables: advice.Variables = field(default=advice.WRITER, compare=False)

    @property
    def hosted(self) -> bool:
        """True for the vendor's own service, which names the limit of an answer otherwise than most servers."""
        return self.base_url is None

    @property
    def digest(self) -> str:
        """Which server and model this is, in 64 characters that tell no password that a URL may hold."""
        return hashlib.sha256(f"{self.base_url or ''} {self.model}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: messages, the schema of the answer under its name (none of free text), and its most tokens."""

    name: str
    messages: tuple[Message, ...]
    schema: Mapping[str, Any]
    max_tokens: int
    tokens: int
    """At most that many tokens of prompt and answer together, for the shared limits."""
    logprobs: bool = False
    likeliest: int = 5
    """Tokens at a place whose log-probabilities are asked for."""


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer: its text, whether it was cut off or refused, and the tokens that the server counted, if it did.

    `tokens` are those of the text with their likeliest rivals, where they were asked for and the server tells.
    `model` and `finish` are what it says it answered with, and why it ended there. Of a page `is_one` is false.
    """

    text: str
    tokens: tuple[Token, ...] = ()
    cut: bool = False
    refused: bool = False
    prompt_tokens: int | None = None
    cached_tokens: int = 0
    completion_tokens: int | None = None
    tries: int = field(default=1, compare=False)
    model: str | None = field(default=None, compare=False)
    finish: str | None = field(default=None, compare=False)
    is_one: bool = field(default=True, compare=False)


class Unanswered(Exception):
    """There is no answer; `sent` if one may have been paid for, `retry_after` in seconds where it is known.

    `outcome` is how the last try went, in the words of Try.
    """

    def __init__(
        self, reason: str, *, sent: bool = True, retry_after: float | None = None, outcome: str = "failed"
    ) -> None:
        super().__init__(reason)
        self.sent, self.retry_after, self.outcome = sent, retry_after, outcome


class Completions:
    """Asks one server. Shared by all runs of a process; belongs to the event loop that first uses it.

    The process keeps to the limits of a minute by itself, and with others where it is given a pace.
    """

    def __init__(self, server: Server, pace: Pace | None = None, watcher: Watcher = UNWATCHED) -> None:
        self.server = server
        self._watcher = watcher
        self._client = openai.AsyncOpenAI(
            api_key=server.api_key or "none",
            base_url=server.base_url or advice.VENDOR,  # the library would ask the environment anew
            max_retries=0,  # tenacity tries again, once
            timeout=server.attempt_timeout,
        )
        self._slots = asyncio.Semaphore(server.concurrent)
        self._requests = Limit(f"requests {server.digest}", server.requests_per_minute, pace)
        self._tokens = Limit(f"tokens {server.digest}", server.tokens_per_minute, pace)
        self._breaker = CircuitBreaker(server.failures_to_open, server.open_seconds, Unanswered, server.model)
        self._refused: set[str] = set()

    def parameters(self, request: Request) -> dict[str, Any]:
        """The body of a request, as content: what it is memoised by."""
        return body_of(request, self.server.model, "max_completion_tokens" if self.server.hosted else "max_tokens")

    async def complete(self, request: Request) -> Completion:
        """The answer. Raises Unanswered if there is none after all tries, or none is hoped for now."""
        with self._watcher.asking(self.server, request) as answered:
            self._refuse_if_down()
            outcome = await self._outcome(request)
            with self._breaker:  # counts failures in a row; a cancelled request is none
                if isinstance(outcome, Unanswered):
                    raise outcome
            answered(outcome)
        return outcome

    @property
    def down(self) -> bool:
        return bool(self._breaker.opened)

    async def close(self) -> None:
        await self._client.close()

    def _refuse_if_down(self) -> None:
        if self.down:
            wait = float(max(1, self._breaker.open_remaining))
            reason = f"the model server is left alone for a while: {self._breaker.last_failure}"
            raise Unanswered(reason, sent=False, retry_after=wait, outcome="down")

    async def _outcome(self, request: Request) -> Completion | Unanswered:
        async with self._slots:  # waiting for our own limits is no failure of the server's
            await self._admit(request)
            self._refuse_if_down()  # it may have gone down meanwhile
            try:
                async with asyncio.timeout(self.server.deadline):
                    return await self._retried(request)
            except TimeoutError:
                told = "CONCORD_REQUEST_DEADLINE_SECONDS for all tries, CONCORD_REQUEST_TIMEOUT_SECONDS for one"
                reason = advice.on_silence(self.server.deadline, told)
                return Unanswered(reason, retry_after=self.server.open_seconds, outcome="timeout")
            except openai.OpenAIError as error:
                wait = _retry_after(error) or (self.server.open_seconds if _may_pass(error) else None)
                return Unanswered(_describe(error, self.server), retry_after=wait, outcome=outcome_of(error))

    async def _admit(self, request: Request) -> None:
        """Wait until the shared limits have room for a request."""
        await self._requests.admit(1)
        await self._tokens.admit(request.tokens)

    async def _retried(self, request: Request) -> Completion:
        retrying = AsyncRetrying(
            retry=retry_if_exception(_may_pass),
            wait=_wait,
            stop=stop_after_attempt(self.server.attempts) | stop_before_delay(self.server.deadline),
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                number = attempt.retry_state.attempt_number
                if number > 1:
                    await self._admit(request)
                with timed(self._watcher, request.name, number):
                    answer = await self._attempt(request)
                return replace(answer, tries=number)
        raise AssertionError("tenacity either returns or raises")

    async def _attempt(self, request: Request) -> Completion:
        without = frozenset(self._refused)  # as this try is sent; another one may learn of more meanwhile
        try:
            async with asyncio.timeout(self.server.attempt_timeout):  # httpx's own holds for each read alone
                return await self._send(request, without)
        except openai.BadRequestError as error:
            refused = next((p for p in _OPTIONAL if p in str(error) and p not in without), None)
            if refused is None:
                raise
            self._refused.add(refused)  # the server does not know it: from now on without
            return await self._attempt(request)

    async def _send(self, request: Request, without: Collection[str]) -> Completion:
        left_out = {*without, "top_logprobs"} if "logprobs" in without else without
        body = {key: value for key, value in self.parameters(request).items() if key not in left_out}
        try:
            answer = await self._client.chat.completions.create(**body)
        except ValueError:  # said to be JSON, and none
            return Completion("", is_one=False)
        return read_answer(answer)


def body_of(request: Request, model: str, limit: str) -> dict[str, Any]:
    """The body of a chat completion; `limit` is what the server calls the most tokens of an answer."""
    schema = {"name": request.name, "strict": True, "schema": request.schema}
    body = {
        "model": model,
        "messages": list(request.messages),
        "temperature": 0,
        limit: request.max_tokens,
    }
    if request.schema:
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return {**body, "logprobs": True, "top_logprobs": request.likeliest} if request.logprobs else body


def read_answer(answer: Any) -> Completion:
    """What was answered. The library checks no field: one may be missing or of any type, as in a proxy's page."""
    choices = getattr(answer, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    message, usage = getattr(choice, "message", None), getattr(answer, "usage", None)
    text = getattr(message, "content", None)
    finish = getattr(choice, "finish_reason", None)
    return Completion(
        text=text if isinstance(text, str) else "",
        tokens=read_tokens(getattr(choice, "logprobs", None), text),
        cut=finish == "length",
        refused=bool(getattr(message, "refusal", None)) or finish == "content_filter",
        prompt_tokens=_count(usage, "prompt_tokens"),
        cached_tokens=_count(getattr(usage, "prompt_tokens_details", None), "cached_tokens") or 0,
        completion_tokens=_count(usage, "completion_tokens"),
        model=getattr(answer, "model", None),
        finish=finish,
        is_one=isinstance(choices, list),
    )


def _count(usage: Any, name: str) -> int | None:
    counted = getattr(usage, name, None)
    return counted if isinstance(counted, int) and counted >= 0 else None


def _may_pass(error: BaseException) -> bool:
    """True for what the next try may not meet: connections, time-outs, a busy or failing server."""
    if isinstance(error, openai.APIStatusError):
        if error.response.headers.get("x-should-retry") == "false" or error.code in advice.SPENT:
            return False
        asked = _retry_after(error)
        return (error.status_code in _TRANSIENT or error.status_code >= 500) and (asked or 0) <= _LONGEST_WAIT
    return isinstance(error, openai.APIConnectionError | TimeoutError)


def _wait(state: RetryCallState) -> float:
    """Seconds until the next try: what the server asks for, else exponential with jitter."""
    asked = _retry_after(state.outcome.exception() if state.outcome else None)
    return asked if asked is not None else _BACKOFF(state)


def _retry_after(error: BaseException | None) -> float | None:
    """Seconds from `retry-after-ms` or `retry-after` (a number or an HTTP date), if the server sent one."""
    if not isinstance(error, openai.APIStatusError):
        return None
    headers = error.response.headers
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers[name]) * unit)
        except (KeyError, ValueError):
            continue
    try:
        return max(0.0, email.utils.parsedate_to_datetime(headers["retry-after"]).timestamp() - time.time())
    except (KeyError, ValueError, TypeError):
        return None


def _describe(error: openai.OpenAIError, server: Server) -> str:
    """What went wrong, and what may have to be set otherwise."""
    if isinstance(error, openai.APIStatusError):
        return advice.on_status(server, error.status_code, error.code)
    if isinstance(error, openai.APITimeoutError):
        return advice.on_silence(server.attempt_timeout, "CONCORD_REQUEST_TIMEOUT_SECONDS")
    if isinstance(error, openai.APIConnectionError):
        return advice.on_no_connection(server, error)
    return advice.on_no_completion(server)
