"""Calibration: a judge's odds become probabilities that its labels bear out, and stay in one file."""

from __future__ import annotations

import json
import logging
from math import exp
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.backends.calibration import CALIBRATIONS, Calibration, fit, load, save

SURE = Calibration(slope=1.0, intercept=0.0, threshold=0.5, rows=0)

PROBABILITIES = [
    # slope, intercept, odds, probability
    (1.0, 0.0, 0.0, 0.5),
    (1.0, 0.0, 2.0, 1 / (1 + exp(-2))),
    (0.5, 0.0, 4.0, 1 / (1 + exp(-2))),  # a judge that is too sure
    (1.0, -2.0, 2.0, 0.5),  # one that says yes too easily
    (1.0, 0.0, 1e9, 1.0),
    (1.0, 0.0, -1e9, 0.0),
]


@pytest.mark.parametrize(("slope", "intercept", "odds", "expected"), PROBABILITIES)
def test_odds_become_a_probability(slope: float, intercept: float, odds: float, expected: float) -> None:
    """By two numbers, and without end however sure the judge is."""
    assert Calibration(slope, intercept, 0.5, 0).probability(odds) == pytest.approx(expected, abs=1e-12)


LABELLED = [
    # what the judge held, whether people found it so, and odds between which the half must lie
    ([-2.0, -1.0, 1.0, 2.0], [0, 0, 1, 1], (-1.0, 1.0)),
    ([1.0, 2.0, 5.0, 6.0], [0, 0, 1, 1], (2.0, 5.0)),  # says yes to all, and more so where it is
    ([-6.0, -5.0, -2.0, -1.0], [0, 0, 1, 1], (-5.0, -2.0)),
    ([0.0, 0.0, 0.0, 4.0], [0, 0, 0, 1], (0.0, 4.0)),  # however few are labelled so
    ([-3.0, 3.0] * 50 + [3.0], [0, 1] * 50 + [0], (-3.0, 3.0)),  # a label that is wrong
]


@pytest.mark.parametrize(("odds", "labels", "between"), LABELLED)
def test_the_half_lies_between_the_labels(odds: list[float], labels: list[int], between: tuple[float, float]) -> None:
    """Learned from labels, what people found supported is above one half, and the rest below."""
    calibration = fit(odds, labels)
    assert calibration.slope > 0
    assert between[0] < -calibration.intercept / calibration.slope < between[1]
    assert (calibration.rows, calibration.threshold) == (len(labels), 0.5)


def test_labels_of_one_kind_are_none() -> None:
    """What is always so teaches nothing."""
    for labels in ([1, 1, 1], [0, 0, 0], []):
        with pytest.raises(ValueError, match="both"):
            fit([1.0] * len(labels), labels)


@given(st.lists(st.tuples(st.floats(-14, 14), st.integers(0, 1)), min_size=2, max_size=40))
def test_any_labels_are_learned_from(rows: list[tuple[float, int]]) -> None:
    """Whatever the odds and labels, the numbers are finite, and the probabilities are some."""
    odds, labels = [x for x, _ in rows], [y for _, y in rows]
    if len(set(labels)) < 2:
        return
    calibration = fit(odds, labels)
    assert abs(calibration.slope) < 1e3
    assert abs(calibration.intercept) < 1e3
    assert all(0 <= calibration.probability(x) <= 1 for x in odds)


def test_a_calibration_is_found_under_its_judge(tmp_path: Path) -> None:
    """What was saved is loaded, beside those of other judges, and may be learned anew."""
    file = tmp_path / "data" / CALIBRATIONS
    assert load(file, "one") is None
    other = Calibration(2.0, -1.0, 0.6, 40)
    save(file, "one", SURE)
    save(file, "other", other)
    assert (load(file, "one"), load(file, "other"), load(file, "third")) == (SURE, other, None)
    save(file, "one", other)
    assert load(file, "one") == other
    assert sorted(json.loads(file.read_text(encoding="utf-8"))) == ["one", "other"]
    assert [path.name for path in file.parent.iterdir()] == [CALIBRATIONS]


BROKEN = [b"", b"no JSON", b"[]", b'{"one": {"slope": 1}}', b'{"one": 3}', b"\xff", b'{"one": "x"}']


@pytest.mark.parametrize("content", BROKEN)
def test_a_file_that_cannot_be_read_is_told_and_left(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    """A broken file is as good as none: the log says so, and the judge's word counts."""
    file = tmp_path / CALIBRATIONS
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING, "concord"):
        assert load(file, "one") is None
    assert CALIBRATIONS in caplog.text
    save(file, "other", SURE)
    assert load(file, "other") == SURE
