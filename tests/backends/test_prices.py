"""Prices: what tokens cost, by the table that the user sets."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from service.backends.prices import Price

COSTS = [
    # dollars per million of prompt, cached and completion tokens; the tokens; the dollars
    ((1.0, None, 4.0), (1_000_000, 0, 1_000_000), 5.0),
    ((1.0, None, 4.0), (1_000_000, 400_000, 0), 1.0),  # no price of their own: cached tokens cost as any
    ((1.0, 0.1, 4.0), (1_000_000, 400_000, 0), 0.64),
    ((1.0, 0.0, 4.0), (1_000_000, 1_000_000, 10), 0.00004),  # cached for nothing
    ((0.25, 0.025, 2.0), (1_200, 1_024, 300), 0.0006696),
    ((0.0, None, 0.0), (1_000_000, 0, 1_000_000), 0.0),  # a model of one's own
    ((1.0, None, 4.0), (0, 0, 0), 0.0),
    ((1.0, 0.1, 4.0), (100, 1_000_000, 0), 0.00001),  # no more is cached than there is
]


@pytest.mark.parametrize(("price", "tokens", "dollars"), COSTS)
def test_tokens_cost_what_the_table_says(
    price: tuple[float, float | None, float], tokens: tuple[int, int, int], dollars: float
) -> None:
    """Prompt, cached and completion tokens each have their price for a million."""
    prompt, cached, completion = price
    cost = Price(prompt=prompt, cached=cached, completion=completion).cost(*tokens)
    assert cost == pytest.approx(dollars, abs=1e-12)


REFUSED: list[dict[str, Any]] = [
    {"prompt": 1},
    {"prompt": -1, "completion": 4},
    {"prompt": 1, "completion": -4},
    {"prompt": 1, "completion": 4, "cached": -0.1},
    {"prompt": 1, "completion": 4, "output": 4},  # a name that is not ours would be a price that is not kept
    {"prompt": float("nan"), "completion": 4},
    {"prompt": float("inf"), "completion": 4},
    {"prompt": "dear", "completion": 4},
    {"prompt": 1, "completion": 4, "cached": 1.1},  # the most that a request costs would not be the most
]


@pytest.mark.parametrize("price", REFUSED)
def test_a_price_that_cannot_be_is_refused(price: dict[str, Any]) -> None:
    """A price is complete, and neither negative nor unknown nor without end."""
    with pytest.raises(ValidationError):
        Price.model_validate(price)
