"""Asking: a question to a model until there is an answer that can be used, or a reason why there is none.

Every request is proven to fit the model's context before it is sent, and paid for from the run's ledger. A reply
that can't be used, or holds parts that can't, is asked for once more with what was wrong. Replies that could be
parsed are memoised by their request's content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, cast

from service.backends.advice import on_no_completion
from service.backends.base import Offload
from service.backends.budgets import Budgets
from service.backends.calibration import Calibration
from service.backends.completions import Completion, Request, Server, Unanswered
from service.backends.faults import Fault, withhold
from service.backends.ledger import Ledger
from service.backends.odds import LIKELIEST, Token, read_word
from service.backends.prices import Price
from service.backends.prompts import Message, line
from service.backends.replies import SHAPES, Reply, Unusable, canonical, parse, parse_cut, schema_of

R = TypeVar("R", bound=Reply)
Read_contra = TypeVar("Read_contra", bound=Reply, contravariant=True)
Item = TypeVar("Item", bound=Hashable)

_JUDGED = "verdicts"  # the request whose answer is read for how sure it is
_LEAST_ANSWER = 64  # tokens; a request that leaves less room is not sent
_TOO_LONG = "the request does not fit the model's context"
_CUT = "the answer was cut off: be brief"
_MOST_COMPLAINTS, _LONGEST_COMPLAINT = 12, 300
_AGAIN = "An answer to this was given already. What could not be used of it, and why:\n{}\nGive what is missing."


class Memo(Protocol):
    """Replies by the hash of their request's content. Never raises: a memo that fails remembers nothing."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, value: str) -> None: ...


class Memos(Protocol):
    """Opens the memo of a run, which may be one for all. Never raises."""

    def open(self, job_id: str | None, owner: str | None = None) -> Memo | None:
        """The memo of a run; `job_id` names the job with which its replies are forgotten, if it is one's.

        Runs of one `owner` share their replies, and so do those of none.
        """

    def close(self) -> None: ...


class Completer(Protocol):
    """Answers requests: a server's, or a model's in this process. Raises Unanswered where there is no answer."""

    @property
    def server(self) -> Server: ...

    @property
    def down(self) -> bool:
        """True while no answer is hoped for."""

    def parameters(self, request: Request) -> dict[str, Any]: ...

    async def complete(self, request: Request) -> Completion: ...

    async def close(self) -> None: ...


class Examine(Protocol[Read_contra, Item]):
    """What of a reply can be used, and what is wrong with the rest, in words for the model."""

    def __call__(self, reply: Read_contra, answer: Completion, /) -> tuple[list[Item], list[str]]: ...


@dataclass(frozen=True, slots=True)
class Asked(Generic[R, Item]):
    """A question: its messages, the most tokens of an answer, and how a reply is examined.

    `again` gives the messages and the most tokens of a second reply, if it need not see all that the first saw.
    """

    name: str
    messages: Sequence[Message]
    answer: int
    examine: Examine[R, Item]
    again: Callable[[], tuple[Sequence[Message], int]] | None = None


@dataclass(frozen=True, slots=True)
class Found(Generic[Item]):
    """What the model's replies hold that can be used; `faults` is what was wrong to the last."""

    items: list[Item]
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be asked: its server, what requests may hold, its price, and what its odds are worth."""

    completions: Completer
    budgets: Budgets
    price: Price | None = None
    calibration: Calibration | None = None
    word: Calibration | None = None
    """Of its answers of one word; it is asked for such where there is one."""

    @property
    def name(self) -> str:
        return self.completions.server.model

    def request(self, name: str, messages: Sequence[Message], answer: int) -> Request | None:
        """A request for at most `answer` tokens, or None if it does not fit the context."""
        schema = schema_of(SHAPES[name])
        prompt = self.budgets.tokens.of_prompt([message["content"] for message in messages], canonical(schema))
        room = min(answer, self.budgets.context_tokens - prompt)
        if room < _LEAST_ANSWER:
            return None
        return Request(name, tuple(messages), schema, room, prompt + room, logprobs=name == _JUDGED)

    def word_request(self, messages: Sequence[Message]) -> Request | None:
        """A request for one word, or None if it does not fit the context."""
        prompt = self.budgets.tokens.of_prompt([message["content"] for message in messages], "")
        if prompt >= self.budgets.context_tokens:
            return None
        return Request("word", tuple(messages), {}, 1, prompt + 1, logprobs=True, likeliest=LIKELIEST)


class Asker:
    """Asks one model for one run."""

    def __init__(self, model: Model, ledger: Ledger, memo: Memo | None, offload: Offload) -> None:
        self.model = model
        self._ledger = ledger
        self._memo = memo
        self._offload = offload

    async def ask(self, question: Asked[R, Item]) -> Found[Item]:
        """What can be used of at most two replies. Raises Unanswered if there is none."""
        request = self.model.request(question.name, question.messages, question.answer)
        if request is None:
            raise Unanswered(_TOO_LONG, sent=False)
        found = await self._examine(question, await self._reply(request))
        repair = self._repair(question, request, found.faults) if found.faults else None
        if repair is None:
            return found
        try:
            second = await self._examine(question, await self._reply(repair))
        except Unanswered:
            return found
        return Found(list(dict.fromkeys([*found.items, *second.items])), second.faults)

    async def ask_word(self, messages: Sequence[Message]) -> float | None:
        """Log-odds of yes in an answer of one word; None if it is neither yes nor no. Raises Unanswered."""
        request = self.model.word_request(messages)
        if request is None:
            raise Unanswered(_TOO_LONG, sent=False)
        return read_word((await self._reply(request)).tokens)

    def _repair(self, question: Asked[R, Item], request: Request, faults: Sequence[str]) -> Request | None:
        """The question for a second reply, with what was wrong; None if it would be longer than estimated."""
        complaints = "\n".join(f"- {line(fault)[:_LONGEST_COMPLAINT]}" for fault in faults[:_MOST_COMPLAINTS])
        shown, answer = question.again() if question.again else (question.messages, question.answer)
        *static, data = shown
        messages = [*static, {"role": "user", "content": f"{data['content']}\n\n{_AGAIN.format(complaints)}"}]
        repair = self.model.request(question.name, messages, min(answer, question.answer))
        most = self.model.budgets.repair(request.tokens - request.max_tokens)
        return repair if repair and repair.tokens - repair.max_tokens <= most else None

    async def _examine(self, question: Asked[R, Item], answer: Completion) -> Found[Item]:
        try:
            reply = cast("R", read(question.name, answer))
        except Unusable as error:
            if answer.is_one:
                return Found([], [str(error)])
            return Found([], [Fault(str(error), on_no_completion(self.model.completions.server))])
        static, data = question.messages[0]["content"], question.messages[-1]["content"]
        items, faults = await self._offload(question.examine, withhold(reply, static, data), answer)
        return Found(items, [_CUT, *faults] if answer.cut else faults)

    async def _reply(self, request: Request) -> Completion:
        key = self._key(request)
        if self._memo and (known := _remembered(await self._offload(self._memo.get, key))):
            self._ledger.remembered()
            return known
        answer = await self._paid(request)
        if self._memo and (is_readable(request.name, answer) if request.schema else answer.tokens):
            await self._offload(self._memo.put, key, _to_remember(answer))
        return answer

    async def _paid(self, request: Request) -> Completion:
        held = self._ledger.enter(request, self.model.price)
        try:
            answer = await self.model.completions.complete(request)
        except Unanswered as error:
            if error.sent:
                self._ledger.lost()
            else:
                self._ledger.release(held)
            raise
        self._ledger.settle(request, answer, held, self.model.price, self.model.budgets.tokens.count)
        return answer

    def _key(self, request: Request) -> str:
        content = [self.model.completions.server.base_url, self.model.completions.parameters(request)]
        return hashlib.sha256(canonical(content).encode()).hexdigest()


def _to_remember(answer: Completion) -> str:
    tokens = [[token.text, *token.likeliest] for token in answer.tokens]
    return json.dumps({"text": answer.text, "tokens": tokens}, ensure_ascii=False)


def _remembered(known: str | None) -> Completion | None:
    """The answer that a memo holds; None if it holds none, or what another version kept."""
    try:
        content = json.loads(known or "")
        tokens = tuple(Token(text, tuple((o, p) for o, p in likeliest)) for text, *likeliest in content["tokens"])
        return Completion(str(content["text"]), tokens)
    except (ValueError, KeyError, TypeError):
        return None


def read(name: str, answer: Completion) -> Reply:
    """The reply to a request of this name, or what is whole of it. Raises Unusable if the answer is none."""
    if answer.refused:
        raise Unusable("the model refused to answer")
    return parse_cut(answer.text, SHAPES[name]) if answer.cut else parse(answer.text, SHAPES[name])


def is_readable(name: str, answer: Completion) -> bool:
    """True for a whole reply, which is worth keeping."""
    try:
        read(name, answer)
    except Unusable:
        return False
    return not answer.cut
