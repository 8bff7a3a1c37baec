"""The ledger: counts what a run used, and lets nothing be sent that could cost more than is left."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.backends.base import Usage
from service.backends.completions import Completion, Request
from service.backends.ledger import Ledger
from service.backends.prices import Price
from service.core.errors import BudgetExceeded

PRICE = Price(prompt=1.0, cached=0.1, completion=4.0)


def request(prompt: int, answer: int) -> Request:
    """A request of at most so many tokens of prompt and of answer."""
    return Request("claims", ({"role": "user", "content": "one two three"},), {}, answer, prompt + answer)


def words(text: str) -> int:
    """A token a word."""
    return len(text.split())


def settle(ledger: Ledger, asked: Request, answer: Completion, price: Price | None = PRICE) -> None:
    """Enter and settle one request."""
    ledger.settle(asked, answer, ledger.enter(asked, price), price, words)


def test_nothing_is_used_at_first() -> None:
    """A run that asked nothing used nothing."""
    assert Ledger().usage == Usage(0, 0, 0, 0, 0, None)


def test_what_the_server_counted_is_what_was_used() -> None:
    """Requests, tokens and dollars of all answers are summed, cached tokens at their price."""
    ledger = Ledger()
    settle(ledger, request(900, 400), Completion("", prompt_tokens=800, cached_tokens=300, completion_tokens=100))
    settle(ledger, request(900, 400), Completion("", prompt_tokens=200, cached_tokens=0, completion_tokens=50))
    assert replace(ledger.usage, cost_usd=None) == Usage(2, 0, 1_000, 300, 150, None)
    assert ledger.usage.cost_usd == pytest.approx((700 + 30 + 600) / 1_000_000)


MISSING = [
    # what the server counted of the prompt and of the answer
    (None, None),
    (70, None),
    (None, 70),
]


@pytest.mark.parametrize(("prompt", "completion"), MISSING)
def test_what_the_server_did_not_count_is_counted_here(prompt: int | None, completion: int | None) -> None:
    """Without the server's counts the texts are counted."""
    ledger = Ledger()
    settle(ledger, request(100, 100), Completion("four five", prompt_tokens=prompt, completion_tokens=completion))
    assert (ledger.usage.prompt_tokens, ledger.usage.completion_tokens) == (3, 2)
    assert ledger.usage.cost_usd == pytest.approx((3 * 1 + 2 * 4) / 1_000_000)


def test_one_model_without_a_price_leaves_the_cost_unknown() -> None:
    """A sum that lacks a part is none, whatever is added later; tokens are summed all the same."""
    ledger = Ledger()
    answer = Completion("", prompt_tokens=100, completion_tokens=10)
    for price in (PRICE, None, PRICE):
        settle(ledger, request(100, 10), answer, price)
    assert ledger.usage == Usage(3, 0, 300, 0, 30, None)


def test_without_a_price_no_budget_can_be_kept() -> None:
    """Where what a request costs is not known, no request may be sent under a budget, not even a huge one."""
    with pytest.raises(BudgetExceeded, match="no price in CONCORD_PRICES"):
        Ledger(1_000_000.0).enter(request(1, 1), None)
    assert Ledger().enter(request(1, 1), None) == 0


BUDGETS = [
    # the budget in dollars; the prompt and answer tokens of requests under way at once; which may be sent
    (0.0005, [(100, 100)], [True]),  # at most 0.0005: as much as is allowed
    (0.000499, [(100, 100)], [False]),
    (0.0, [(1, 1)], [False]),  # nothing is allowed
    (0.0010, [(100, 100), (100, 100), (100, 100)], [True, True, False]),  # what is under way is held
    (0.0010, [(100, 200), (100, 100), (80, 0)], [True, False, True]),  # a smaller one may still fit
]


@pytest.mark.parametrize(("most", "asked", "expected"), BUDGETS)
def test_a_request_is_sent_only_if_its_most_is_left(
    most: float, asked: list[tuple[int, int]], expected: list[bool]
) -> None:
    """A request is held at the most that it can cost, before it is sent, and so are those under way."""
    ledger = Ledger(most)
    allowed = []
    for prompt, answer in asked:
        try:
            allowed.append(ledger.enter(request(prompt, answer), PRICE) > 0)
        except BudgetExceeded as error:
            allowed.append(False)
            assert f"of the ${most:.6f} allowed by max_cost_usd" in str(error)
    assert allowed == expected


def test_what_was_held_and_not_used_is_free_again() -> None:
    """An answer shorter than it might have been leaves the rest of its share to others."""
    ledger = Ledger(0.00061)
    settle(ledger, request(100, 100), Completion("", prompt_tokens=100, completion_tokens=0))
    settle(ledger, request(100, 100), Completion("", prompt_tokens=100, completion_tokens=0))
    with pytest.raises(BudgetExceeded):
        ledger.enter(request(100, 100), PRICE)


def test_what_was_never_sent_costs_nothing() -> None:
    """A request that was not sent is not counted, and its share is free again."""
    ledger = Ledger(0.0005)
    ledger.release(ledger.enter(request(100, 100), PRICE))
    assert ledger.usage == Usage()
    assert ledger.enter(request(100, 100), PRICE) > 0


def test_what_got_no_answer_may_have_been_paid_for() -> None:
    """A request without an answer is counted, and its share is never free again."""
    ledger = Ledger(0.0005)
    ledger.enter(request(100, 100), PRICE)
    ledger.lost()
    assert ledger.usage.requests == 1
    with pytest.raises(BudgetExceeded):
        ledger.enter(request(1, 1), PRICE)


def test_a_remembered_reply_is_counted_and_free() -> None:
    """A memoised reply is no request and costs nothing."""
    ledger = Ledger(0.0)
    ledger.remembered()
    assert ledger.usage == Usage(memoised=1)


_share = st.floats(0, 1)
_steps = st.lists(
    st.tuples(st.integers(0, 5_000), st.integers(1, 5_000), _share, _share, _share, st.integers(0, 3)), max_size=30
)


@given(st.floats(0, 0.1), _steps)
def test_a_budget_is_never_passed(most: float, steps: list[tuple[int, int, float, float, float, int]]) -> None:
    """Whatever is asked and answered, in whatever order it ends: what was spent is within the budget, always."""
    ledger = Ledger(most)
    under_way: list[tuple[Request, float]] = []
    lost = 0.0
    for prompt, answer, of_prompt, of_cached, of_answer, step in steps:
        asked = request(prompt, answer)
        try:
            under_way.append((asked, ledger.enter(asked, PRICE)))
        except BudgetExceeded:
            assert PRICE.cost(prompt, 0, answer) > 0
        if step and under_way:
            ended, held = under_way.pop(step % len(under_way))
            most_prompt = ended.tokens - ended.max_tokens
            used = round(of_prompt * most_prompt)
            counted = Completion(
                "",
                prompt_tokens=used,
                cached_tokens=round(of_cached * used),
                completion_tokens=round(of_answer * ended.max_tokens),
            )
            if step == 1:
                lost += held
                ledger.lost()
            else:
                ledger.settle(ended, counted, held, PRICE, words)
        assert (ledger.usage.cost_usd or 0.0) + lost + sum(held for _, held in under_way) <= most + 1e-8
