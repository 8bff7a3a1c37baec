"""How long a summary is expected to take."""

from __future__ import annotations

import pytest

from service.api.forecasting import PRIORS, Forecast
from tests.timing import Clock


@pytest.mark.parametrize("backend", PRIORS)
def test_the_prior_counts_while_nothing_is_known(backend: str) -> None:
    """Seconds grow with the tokens, from those of one chunk on."""
    forecast = Forecast(backend, Clock())
    assert forecast.expect(10_000) == pytest.approx(10 * PRIORS[backend])
    assert forecast.expect(100) == forecast.expect(4_000) == pytest.approx(4 * PRIORS[backend])


def test_a_backend_without_a_prior_is_taken_for_a_slow_one() -> None:
    """What nobody measured may ask a model."""
    assert Forecast("given", Clock()).expect(10_000) == Forecast("chat", Clock()).expect(10_000)


def test_runs_move_the_estimate_to_what_they_took() -> None:
    """Each run counts by its tokens; many of one pace outweigh the prior."""
    forecast = Forecast("chat", Clock())
    before = forecast.expect(10_000)
    forecast.ran(10_000, 100.0)
    after = forecast.expect(10_000)
    for _ in range(100):
        forecast.ran(10_000, 100.0)
    assert before < after < forecast.expect(10_000)
    assert forecast.expect(10_000) == pytest.approx(100.0, rel=0.05)


def test_a_short_run_is_not_taken_for_a_slow_pace() -> None:
    """A run of few tokens takes as many rounds as one of a chunk, and counts as that."""
    forecast = Forecast("chat", Clock())
    for _ in range(100):
        forecast.ran(50, 8.0)
    assert forecast.expect(50) == pytest.approx(8.0, rel=0.1)


def test_a_slow_hour_is_forgotten() -> None:
    """What was seen loses its weight with time, so that nobody is turned away for good."""
    clock = Clock()
    forecast = Forecast("chat", clock)
    for _ in range(10):
        forecast.ran(10_000, 1_000.0)
    slow = forecast.expect(10_000)
    clock.now += 600
    later = forecast.expect(10_000)
    clock.now += 86_400
    assert slow > later > forecast.expect(10_000) == pytest.approx(10 * PRIORS["chat"])
