"""Calibration: what a judge's log-odds are worth beside the features of entailment, learned from human labels.

A logistic regression of two log-odds, the judge's and those of the features (core/entailment.py), after Platt
(1999): neither can count against a text, and labels are weighed so that both count the same. `concord calibrate`
writes the file; without it, or where a server tells no log-probabilities, a judge's word counts.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import exp
from pathlib import Path

CALIBRATIONS = "calibrations.json"
"""The file in CONCORD_DATA_DIR that holds the calibration of each judge, by the model's name."""
VERSION = 2
"""Of the file's format. The first knew of no features."""

_LOG = logging.getLogger("concord")
_LONGEST_STEP = 0.25
_ROUNDS, _SETTLED = 400, 1e-7
_RIDGE = 1e-3  # keeps weights from running away on separable labels
_STEPS = 20  # thresholds tried, from 0 to a half


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the judge's and the features' log-odds weigh together, and from which probability they are support.

    One threshold for each use: of what rules left open (claims), and of what passed every gate (statements of a
    summary, and texts), of which fewer are wrong.
    """

    judge: float
    features: float
    intercept: float
    rows: int
    open: float = 0.5
    passed: float = 0.5

    def probability(self, odds: float, features: float) -> float:
        """From 0 to 1, of a text whose log-odds are these by the judge and by the features."""
        return logistic(self.judge * odds + self.features * features + self.intercept)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A row that people labelled (1 supported, 0 not), with its log-odds by the judge and by the features.

    `settled` is what becomes of it without a judge: false where a gate fails, true where it is a source's own words.
    """

    set: str
    odds: float
    features: float
    label: int
    settled: bool | None = None


def fit(rows: Sequence[Labelled]) -> Calibration:
    """The calibration that some rows teach. Raises ValueError without both labels."""
    labels = [row.label for row in rows]
    positive = sum(labels)
    if not 0 < positive < len(labels):
        raise ValueError("both supported and unsupported rows are needed")
    shares = [0.5 / positive if label else 0.5 / (len(labels) - positive) for label in labels]
    columns = ([row.odds for row in rows], [row.features for row in rows], [1.0] * len(rows))
    judge, features, intercept = _fit(columns, labels, shares)
    learned = Calibration(round(judge, 6), round(features, 6), round(intercept, 6), len(rows))
    return replace(learned, passed=_find_threshold(learned, rows))


def _fit(columns: Sequence[list[float]], labels: Sequence[int], shares: Sequence[float]) -> list[float]:
    """Weights of columns, none below nought but the last, by Newton's method one after another."""
    weights = [0.0] * len(columns)
    odds = [0.0] * len(labels)
    for _ in range(_ROUNDS):
        moved = 0.0
        for j, column in enumerate(columns):
            held = [logistic(x) for x in odds]
            slope = sum(s * (p - y) * x for s, p, y, x in zip(shares, held, labels, column, strict=True))
            bend = sum(s * p * (1 - p) * x * x for s, p, x in zip(shares, held, column, strict=True))
            step = _bounded(-(slope + _RIDGE * weights[j]) / (bend + _RIDGE))
            if j < len(columns) - 1:
                step = max(step, -weights[j])
            weights[j] += step
            odds = [z + step * x for z, x in zip(odds, column, strict=True)]
            moved = max(moved, abs(step))
        if moved < _SETTLED:
            break
    return weights


def _find_threshold(learned: Calibration, rows: Sequence[Labelled]) -> float:
    """The probability, at most a half, from which gates and judge tell these sets best; 0 for gates alone."""
    held = [(row, learned.probability(row.odds, row.features)) for row in rows]
    sets = list(dict.fromkeys(row.set for row in rows))

    def told(threshold: float) -> float:
        return sum(
            balanced_accuracy([tell(r, p, threshold) for r, p in held if r.set == name], _labels(rows, name))
            for name in sets
        )

    return max((step / (2 * _STEPS) for step in range(_STEPS + 1)), key=lambda t: (round(told(t), 9), -t))


def tell(row: Labelled, probability: float, threshold: float) -> bool:
    """Whether a row passes gates and judge together."""
    return probability >= threshold if row.settled is None else row.settled


def _labels(rows: Sequence[Labelled], name: str) -> list[int]:
    return [row.label for row in rows if row.set == name]


def balanced_accuracy(told: Sequence[bool], labels: Sequence[int]) -> float:
    """The mean of the shares of supported and of unsupported rows that are told right; 0.5 knows nothing."""
    shares = []
    for wanted in (1, 0):
        of_label = [t for t, label in zip(told, labels, strict=True) if label == wanted]
        shares.append(sum(t == bool(wanted) for t in of_label) / len(of_label) if of_label else 0.5)
    return sum(shares) / len(shares)


def logistic(odds: float) -> float:
    """The probability that some log-odds are."""
    return 1 / (1 + exp(-max(-40.0, min(40.0, odds))))


def _bounded(step: float) -> float:
    """A step that does not leap to where all is certain and nothing bends any more."""
    return max(-_LONGEST_STEP, min(_LONGEST_STEP, step))


WAYS = ("verdicts", "word")
"""How a judge is asked: for verdicts as JSON, or for one word, yes or no. Each has a calibration of its own."""


def load(file: Path, model: str) -> dict[str, Calibration]:
    """The calibrations of a judge by way, from a file of all; none, which the log explains, if it can't be read."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content.get("version") != VERSION:
            _LOG.warning("%s is of another version: run `concord calibrate`; the judge's word counts", file)
            return {}
        found = content["judges"].get(model, {})
        return {way: Calibration(**found[way]) for way in WAYS if way in found}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        _LOG.warning("%s holds no calibration: the judge's word counts", file)
        return {}


def save(file: Path, model: str, calibrations: Mapping[str, Calibration]) -> None:
    """Put a judge's calibrations into the file beside those of others. Raises OSError."""
    judges = {**_known(file), model: {way: asdict(found) for way, found in calibrations.items()}}
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".part")
    partial.write_text(json.dumps({"version": VERSION, "judges": judges}, indent=2), encoding="utf-8")
    partial.replace(file)


def _known(file: Path) -> dict[str, object]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        judges = content["judges"] if content["version"] == VERSION else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return judges if isinstance(judges, dict) else {}
