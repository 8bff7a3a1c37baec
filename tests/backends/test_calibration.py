"""Calibration: a judge's odds become probabilities that its labels bear out, and stay in one file."""

from __future__ import annotations

import json
import logging
from math import exp
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.backends.calibration import (
    CALIBRATIONS,
    VERSION,
    Calibration,
    Labelled,
    balanced_accuracy,
    fit,
    load,
    save,
    tell,
)

SURE = Calibration(judge=1.0, features=0.0, intercept=0.0, rows=0)

PROBABILITIES = [
    # what weighs how much, the judge's odds and the features', probability
    ((1.0, 0.0, 0.0), 0.0, 3.0, 0.5),
    ((1.0, 0.0, 0.0), 2.0, 3.0, 1 / (1 + exp(-2))),
    ((0.5, 0.0, 0.0), 4.0, 3.0, 1 / (1 + exp(-2))),  # a judge that is too sure
    ((1.0, 0.0, -2.0), 2.0, 3.0, 0.5),  # one that says yes too easily
    ((1.0, 2.0, 0.0), 2.0, -1.0, 0.5),  # the features speak against it
    ((1.0, 0.0, 0.0), 1e9, 0.0, 1.0),
    ((1.0, 1.0, 0.0), -1e9, 9.0, 0.0),
]


@pytest.mark.parametrize(("weights", "odds", "features", "expected"), PROBABILITIES)
def test_odds_become_a_probability(
    weights: tuple[float, float, float], odds: float, features: float, expected: float
) -> None:
    """By three numbers, and without end however sure the judge is."""
    assert Calibration(*weights, rows=0).probability(odds, features) == pytest.approx(expected, abs=1e-12)


def labelled(odds: list[float], labels: list[int], features: list[float] | None = None) -> list[Labelled]:
    return [Labelled("set", x, f, y) for x, f, y in zip(odds, features or [0.0] * len(odds), labels, strict=True)]


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
    calibration = fit(labelled(odds, labels))
    assert calibration.judge > 0
    assert calibration.features == 0
    assert between[0] < -calibration.intercept / calibration.judge < between[1]
    assert (calibration.rows, calibration.open) == (len(labels), 0.5)


def test_features_are_weighed_beside_the_judge() -> None:
    """Each counts for what it tells; what tells the wrong way round does not count."""
    odds, features = [-1.0, 1.0, -1.0, 1.0], [-1.0, -1.0, 1.0, 1.0]
    both = fit(labelled(odds, [0, 1, 1, 1], features))
    assert both.judge == pytest.approx(both.features, abs=1e-3)
    assert both.judge > 0
    features_alone = fit(labelled(odds, [0, 0, 1, 1], features))
    assert features_alone.judge == pytest.approx(0.0, abs=1e-3)
    assert features_alone.features > 1
    upside_down = fit(labelled(odds, [1, 0, 1, 0], features))
    assert upside_down.judge == 0
    assert upside_down.features == pytest.approx(0.0, abs=1e-3)


GATED = [
    # rows of odds, label, and what the gates make of them; whether one that people found supported is lost
    ([(2.0, 1, None), (-2.0, 0, None)], 0),  # the judge tells what the gates leave open
    ([(2.0, 1, None), (-2.0, 0, False), (-1.0, 1, None)], 0),  # the gates do already
    ([(2.0, 1, None), (-1.0, 1, None), (-2.0, 0, None), (-2.0, 0, None)], 0),
    ([(2.0, 1, None), (-2.0, 1, True), (-2.0, 0, None)], 0),  # a source's own words are not asked about
]


@pytest.mark.parametrize(("rows", "lost"), GATED)
def test_after_the_gates_the_threshold_is_that_of_both_together(
    rows: list[tuple[float, int, bool | None]], lost: int
) -> None:
    """What passed every gate is seldom wrong: the judge takes away no more than helps, and nothing is won back."""
    known = [Labelled("set", odds, 0.0, label, settled) for odds, label, settled in rows]
    calibration = fit(known)
    assert calibration.passed <= calibration.open
    told = [tell(row, calibration.probability(row.odds, 0.0), calibration.passed) for row in known]
    assert sum(row.label and not found for row, found in zip(known, told, strict=True)) == lost
    assert not any(found for row, found in zip(known, told, strict=True) if not row.label)


@given(
    st.lists(
        st.builds(
            Labelled,
            st.sampled_from(["a", "b"]), st.floats(-14, 14), st.floats(-4, 4), st.integers(0, 1),
            st.sampled_from([None, True, False]),
        ),
        min_size=2, max_size=40,
    )
)  # fmt: skip
def test_any_labels_are_learned_from(rows: list[Labelled]) -> None:
    """Whatever the odds and labels, the weights are finite and not negative, and gates alone are no better."""
    if len({row.label for row in rows}) < 2:
        with pytest.raises(ValueError, match="both"):
            fit(rows)
        return
    calibration = fit(rows)
    assert 0 <= calibration.judge < 1e3
    assert 0 <= calibration.features < 1e3
    assert abs(calibration.intercept) < 1e3
    assert fit(rows) == calibration

    def accuracy(threshold: float) -> float:
        found = [(r, tell(r, calibration.probability(r.odds, r.features), threshold)) for r in rows]
        sets = [[(r.label, t) for r, t in found if r.set == name] for name in dict.fromkeys(r.set for r in rows)]
        return sum(balanced_accuracy([t for _, t in s], [y for y, _ in s]) for s in sets)

    assert accuracy(calibration.passed) >= accuracy(0.0) - 1e-6


def test_a_calibration_is_found_under_its_judge(tmp_path: Path) -> None:
    """What was saved is loaded, beside those of other judges, and may be learned anew."""
    file = tmp_path / "data" / CALIBRATIONS
    assert load(file, "one") == {}
    other = Calibration(2.0, 0.5, -1.0, 40, passed=0.2)
    save(file, "one", {"word": SURE})
    save(file, "other", {"verdicts": other, "word": SURE})
    assert load(file, "one") == {"word": SURE}
    assert load(file, "other") == {"verdicts": other, "word": SURE}
    assert load(file, "third") == {}
    save(file, "one", {"verdicts": other})
    assert load(file, "one") == {"verdicts": other}
    content = json.loads(file.read_text(encoding="utf-8"))
    assert (content["version"], sorted(content["judges"])) == (VERSION, ["one", "other"])
    assert [path.name for path in file.parent.iterdir()] == [CALIBRATIONS]


BROKEN = [
    b"", b"no JSON", b"[]", b"{}", b"\xff", b'{"one": {"slope": 1.0, "intercept": 0.0, "threshold": 0.5, "rows": 9}}',
    b'{"version": 2}', b'{"version": 2, "judges": []}', b'{"version": 2, "judges": {"one": 3}}',
    b'{"version": 2, "judges": {"one": {"word": {"judge": 1}}}}', b'{"version": 2, "judges": {"one": {"word": 1}}}',
]  # fmt: skip


@pytest.mark.parametrize("content", BROKEN)
def test_a_file_that_cannot_be_read_is_told_and_left(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    """A broken file is as good as none: the log says so, and the judge's word counts."""
    file = tmp_path / CALIBRATIONS
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING, "concord"):
        assert load(file, "one") == {}
    assert CALIBRATIONS in caplog.text
    save(file, "other", {"word": SURE})
    assert load(file, "other") == {"word": SURE}
