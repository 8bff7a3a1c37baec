"""Asking: one request where it is enough, a second that says what was wrong, and never more, nor for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from service.backends.asking import Asked, Asker, Found, Model
from service.backends.base import Usage, inline
from service.backends.completions import Completion, Unanswered
from service.backends.faults import public
from service.backends.ledger import Ledger
from service.backends.prices import Price
from service.backends.prompts import Message
from service.backends.replies import ClaimsReply
from service.core.errors import BudgetExceeded
from tests.backends.fakes import EXACT, OTHER, Kept, claims_of, completion, in_turn, model, said

MESSAGES: list[Message] = [
    {"role": "system", "content": "List the claims."},
    {"role": "user", "content": "<sentences>\n[s1] The port was closed.\n</sentences>"},
]
GOOD, OTHERS = claims_of("good"), claims_of("better")


def examine(reply: ClaimsReply, _: Completion) -> tuple[list[str], list[str]]:
    """What is said to be bad is wrong."""
    texts = [claim.text for claim in reply.claims]
    return [t for t in texts if "bad" not in t], [f"“{t}” is bad" for t in texts if "bad" in t]


def ask(
    asked: Model,
    memo: Kept | None = None,
    ledger: Ledger | None = None,
    *,
    messages: Sequence[Message] = MESSAGES,
    answer: int = 500,
    again: Callable[[], tuple[Sequence[Message], int]] | None = None,
) -> Found[str]:
    """What is found by one question for claims."""
    asker = Asker(asked, Ledger() if ledger is None else ledger, memo, inline)
    return asyncio.run(asker.ask(Asked("claims", messages, answer, examine, again)))


def test_an_answer_without_fault_is_asked_for_once() -> None:
    """What can all be used is one request, counted as the server counted it."""
    asked, sent = model(in_turn(GOOD))
    ledger = Ledger()
    assert ask(asked, ledger=ledger) == Found(["good"], [])
    (request,) = sent.asked
    assert list(request.messages) == MESSAGES
    assert (request.name, request.max_tokens) == ("claims", 500)
    assert ledger.usage == Usage(1, 0, 10, 0, 5, None)


FAULTY = [
    # the first answer, and words by which the second request says what was wrong with it
    (completion("Here are the claims."), "the answer was not one JSON object"),
    (completion(""), "the answer was not one JSON object"),
    (completion(GOOD[:20]), "EOF while parsing"),
    (completion('{"claims": [{"text": "a"}]}'), "claims/0/sentences: Field required"),
    (completion(GOOD[:8], cut=True), "the answer was cut off before anything was whole: be brief"),
    (completion("", cut=True), "the answer was cut off before anything was whole: be brief"),
    (completion(GOOD, cut=True), "the answer was cut off: be brief"),  # its last claim may lack its end
    (completion("", refused=True), "the model refused to answer"),
    (completion(claims_of("bad")), "“bad” is bad"),
]


@pytest.mark.parametrize(("first", "words"), FAULTY)
def test_what_was_wrong_is_told_and_asked_for_once_more(first: Completion, words: str) -> None:
    """The second request is the first with what was wrong below its data; its answer is what is found."""
    asked, sent = model(in_turn(first, GOOD))
    assert ask(asked) == Found(["good"], [])
    one, other = sent.asked
    assert words not in said(one)
    assert words in other.messages[-1]["content"]
    assert other.messages[0] == one.messages[0]
    assert other.messages[-1]["content"].startswith(one.messages[-1]["content"])
    assert other.max_tokens == one.max_tokens


def test_what_was_right_is_kept() -> None:
    """Items of both replies are found, and faults of the second alone are left."""
    asked, sent = model(in_turn(claims_of("good", "bad"), claims_of("better", "still bad")))
    assert ask(asked) == Found(["good", "better"], ["“still bad” is bad"])
    assert len(sent.asked) == 2


def test_what_is_whole_of_a_cut_answer_is_kept() -> None:
    """Of an answer that was cut off all but its end is used, and the rest asked for."""
    whole = claims_of("good", "better", "best")
    asked, sent = model(in_turn(completion(whole[: whole.index("best")], cut=True), claims_of("best")))
    assert ask(asked) == Found(["good", "better", "best"], [])
    assert "- the answer was cut off: be brief" in said(sent.asked[1])


def test_what_is_no_completion_is_told_as_such_to_others_than_the_model() -> None:
    """A proxy's page is asked for once more as what can't be read; whoever runs the service learns what it is."""
    asked, sent = model(lambda _: completion("", is_one=False))
    (fault,) = ask(asked).faults
    assert "the answer was not one JSON object" in said(sent.asked[1])
    assert public(fault).startswith("what the model server answered is no completion: is OPENAI_BASE_URL right")


@pytest.mark.parametrize("last", ["prose", "", claims_of("bad")])
def test_there_is_no_third_request(last: str) -> None:
    """What is wrong twice stays wrong."""
    asked, sent = model(in_turn("prose", last))
    found = ask(asked)
    assert found.items == []
    assert found.faults
    assert len(sent.asked) == 2


@pytest.mark.parametrize(("answer", "tokens"), [(200, 200), (9_999, 500)])
def test_a_second_request_may_show_less(answer: int, tokens: int) -> None:
    """Where a second reply need not see all, it is shown what it is asked about, and may be shorter, never longer."""
    asked, sent = model(in_turn(claims_of("bad"), GOOD))
    ask(asked, again=lambda: ([MESSAGES[0], {"role": "user", "content": "[s9] The rest."}], answer))
    assert "[s9] The rest." in said(sent.asked[1])
    assert "[s1]" not in said(sent.asked[1])
    assert sent.asked[1].max_tokens == tokens


def test_complaints_are_few_short_and_lines_of_data() -> None:
    """Of many faults some are told, each cut, none with a line end or a tag of the data."""
    asked, sent = model(in_turn(claims_of(*[f"bad\n</sentences>{i} " + "x" * 1_000 for i in range(50)]), GOOD))
    ask(asked)
    data = sent.asked[1].messages[-1]["content"]
    lines = [line for line in data.splitlines() if line.startswith("- ")]
    assert len(lines) == 12
    assert all(len(line) <= 302 for line in lines)
    assert data.count("</sentences>") == 1


def test_no_answer_at_all_is_passed_on() -> None:
    """Without a first answer there is nothing to find, and the reason is the caller's."""
    asked, sent = model(in_turn(Unanswered("the model server is down", retry_after=7.0)))
    with pytest.raises(Unanswered, match="is down") as raised:
        ask(asked)
    assert raised.value.retry_after == 7
    assert len(sent.asked) == 1


def test_without_a_second_answer_the_first_stands() -> None:
    """What the first reply holds is not lost because the second did not come."""
    asked, _ = model(in_turn(claims_of("good", "bad"), Unanswered("no answer")))
    assert ask(asked) == Found(["good"], ["“bad” is bad"])


REMEMBERED = [
    # the server's answers, how many requests the first question takes and how many the same one later
    ([GOOD], 1, 0),
    ([claims_of("good", "bad"), claims_of("better")], 2, 0),  # both could be read
    (["prose", GOOD], 2, 1),  # what could not be read is asked for anew; what mended it is known
    (["", "prose"], 2, 2),
    ([completion(GOOD, cut=True), GOOD], 2, 1),
    ([completion(GOOD, refused=True), GOOD], 2, 1),
]


@pytest.mark.parametrize(("answers", "first", "later"), REMEMBERED)
def test_what_could_be_read_is_remembered(answers: list[Completion | str], first: int, later: int) -> None:
    """Replies of the right shape are kept by what was asked, and not asked for again."""
    memo = Kept()
    asked, sent = model(in_turn(*answers))
    found = ask(asked, memo)
    assert len(sent.asked) == first
    asked, sent = model(in_turn(*answers))
    ledger = Ledger()
    assert ask(asked, memo, ledger) == found
    assert len(sent.asked) == ledger.usage.requests == later
    assert ledger.usage.memoised == first - later


@pytest.mark.parametrize("known", ["", "no JSON", "[]", "null", "{}", '{"text": 7, "tokens": [[]]}', GOOD])
def test_what_is_kept_and_cannot_be_read_is_asked_for(known: str) -> None:
    """A memo of another program or version is as good as none."""
    memo = Kept()
    ask(model(in_turn(GOOD))[0], memo)
    memo.replies = dict.fromkeys(memo.replies, known)
    asked, sent = model(in_turn(OTHERS))
    ledger = Ledger()
    assert ask(asked, memo, ledger) == Found(["better"], [])
    assert (len(sent.asked), ledger.usage.memoised) == (1, 0)


def test_what_is_remembered_costs_nothing() -> None:
    """A remembered reply needs no budget."""
    memo, price = Kept(), Price(prompt=1, completion=1)
    ask(model(in_turn(GOOD), price=price)[0], memo)
    asked, sent = model(in_turn(GOOD), price=price)
    assert ask(asked, memo, Ledger(0.0)) == Found(["good"], [])
    assert sent.asked == []


CHANGED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    # what differs, changes of the model, changes of the question
    ("the model", {"name": OTHER}, {}),
    ("the server", {"base_url": "http://elsewhere/v1"}, {}),
    ("the rules", {}, {"messages": [{"role": "system", "content": "List them all."}, MESSAGES[1]]}),
    ("the data", {}, {"messages": [MESSAGES[0], {"role": "user", "content": "[s1] The port was shut."}]}),
    ("the limit of the answer", {}, {"answer": 501}),
]


@pytest.mark.parametrize(("changed", "question"), [row[1:] for row in CHANGED], ids=[row[0] for row in CHANGED])
def test_another_question_is_not_remembered(changed: dict[str, Any], question: dict[str, Any]) -> None:
    """What is asked of whom, in every word, is what a reply is kept by."""
    memo = Kept()
    ask(model(in_turn(GOOD))[0], memo)
    asked, sent = model(in_turn(OTHERS), **changed)
    assert ask(asked, memo, **question) == Found(["better"], [])
    assert len(sent.asked) == 1


def long_messages(words: int) -> list[Message]:
    return [MESSAGES[0], {"role": "user", "content": "port " * words}]


def test_what_does_not_fit_is_not_sent() -> None:
    """A request that leaves no room for an answer is refused before it is sent, and costs nothing."""
    asked, sent = model(in_turn(GOOD), context=1_024, price=Price(prompt=1, completion=1))
    ledger = Ledger(1.0)
    with pytest.raises(Unanswered, match="does not fit the model's context") as raised:
        ask(asked, ledger=ledger, messages=long_messages(1_000))
    assert not raised.value.sent
    assert sent.asked == []
    assert ledger.usage == Usage()


@pytest.mark.parametrize(("room", "fits"), [(-1, False), (1, False), (63, False), (64, True)])
def test_an_answer_needs_some_room(room: int, fits: bool) -> None:
    """A request is sent only if there is room for an answer that says something."""
    whole = model(in_turn(GOOD))[0].request("claims", MESSAGES, 500)
    assert whole is not None
    prompt = whole.tokens - whole.max_tokens
    asked, sent = model(in_turn(GOOD), context=prompt + room)
    if fits:
        ask(asked)
        assert sent.asked[0].max_tokens == room
    else:
        with pytest.raises(Unanswered, match="does not fit"):
            ask(asked)


@pytest.mark.parametrize(("name", "words"), [(EXACT, 600), (OTHER, 80)])
def test_an_answer_is_asked_for_as_far_as_there_is_room(name: str, words: int) -> None:
    """Prompt and answer together never exceed the context, by whatever bound the tokens are counted."""
    asked, sent = model(in_turn(GOOD), name=name, context=1_024)
    ask(asked, messages=long_messages(words), answer=1_000)
    (request,) = sent.asked
    assert 64 <= request.max_tokens < 1_000
    assert request.tokens == 1_024


def test_a_second_request_that_would_be_dearer_than_estimated_is_not_sent() -> None:
    """Complaints in words of many tokens are not worth more than was reckoned with."""
    asked, sent = model(in_turn(claims_of(*["bad " + "🏴‍☠️🪬𒀱" * 100] * 12), GOOD))
    found = ask(asked)
    assert found.items == []
    assert len(found.faults) == 12
    assert len(sent.asked) == 1


def test_a_second_request_that_does_not_fit_is_not_sent() -> None:
    """Where the context has no room for what was wrong, the first reply stands."""
    asked, sent = model(in_turn(claims_of("good", *["bad " * 60] * 12), GOOD), context=1_024)
    found = ask(asked, messages=long_messages(600), answer=100)
    assert (found.items, len(found.faults)) == (["good"], 12)
    assert len(sent.asked) == 1


def test_nothing_is_sent_beyond_the_budget() -> None:
    """A request that may cost more than is left is not sent: neither the first nor the second."""
    price = Price(prompt=0, completion=1_000)  # half a dollar for an answer of 500 tokens
    asked, sent = model(in_turn(completion("prose", completion_tokens=500)), price=price)
    with pytest.raises(BudgetExceeded):
        ask(asked, ledger=Ledger(0.49))
    assert sent.asked == []
    ledger = Ledger(0.99)
    with pytest.raises(BudgetExceeded):
        ask(asked, ledger=ledger)
    assert len(sent.asked) == 1
    assert ledger.usage.cost_usd == pytest.approx(0.5)


LOST = [
    # whether an answer that did not come may have been paid for, requests that are counted, what is left for
    (True, 1, False),
    (False, 0, True),
]


@pytest.mark.parametrize(("was_sent", "requests", "left"), LOST)
def test_what_was_sent_may_have_been_paid_for(was_sent: bool, requests: int, left: bool) -> None:
    """A request that was sent and not answered is counted and held; one that was not sent is neither."""
    asked, sent = model(in_turn(Unanswered("no", sent=was_sent), GOOD), price=Price(prompt=0, completion=1_000))
    ledger = Ledger(0.5)
    with pytest.raises(Unanswered):
        ask(asked, ledger=ledger)
    assert ledger.usage.requests == requests
    if left:
        assert ask(asked, ledger=ledger).items == ["good"]
    else:
        with pytest.raises(BudgetExceeded):
            ask(asked, ledger=ledger)
    assert len(sent.asked) == 1 + left
