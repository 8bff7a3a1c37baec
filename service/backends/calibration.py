"""Calibration: a judge's log-odds to a probability, by two numbers learned from human labels for each judge.

Platt's scaling (1999): p = 1 / (1 + exp(-(slope x odds + intercept))), fitted by Newton's method on labels that
are weighed so that both count the same. `concord calibrate` writes the file; without it a judge's word counts.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import exp
from pathlib import Path

CALIBRATIONS = "calibrations.json"
"""The file in CONCORD_DATA_DIR that holds the calibration of each judge, by the model's name."""
_LOG = logging.getLogger("concord")
_LONGEST_STEP = 0.25
_ROUNDS, _RIDGE = 100, 1e-3  # of Newton's method, and what keeps it from running away on separable labels


@dataclass(frozen=True, slots=True)
class Calibration:
    """What makes a judge's odds a probability, and the least probability that counts as support."""

    slope: float
    intercept: float
    threshold: float
    rows: int

    def probability(self, odds: float) -> float:
        """From 0 to 1."""
        return 1 / (1 + exp(-max(-40.0, min(40.0, self.slope * odds + self.intercept))))


def fit(odds: Sequence[float], labels: Sequence[int]) -> Calibration:
    """The calibration of some odds to labels (1 supported, 0 not). Raises ValueError without both labels."""
    positive = sum(labels)
    if not 0 < positive < len(labels):
        raise ValueError("both supported and unsupported rows are needed")
    weights = [0.5 / positive if label else 0.5 / (len(labels) - positive) for label in labels]
    slope, intercept = 1.0, 0.0
    for _ in range(_ROUNDS):
        shares = [Calibration(slope, intercept, 0.5, 0).probability(x) for x in odds]
        errors = [w * (y - p) for w, y, p in zip(weights, labels, shares, strict=True)]
        curves = [w * p * (1 - p) for w, p in zip(weights, shares, strict=True)]
        gradient = (sum(e * x for e, x in zip(errors, odds, strict=True)) - _RIDGE * slope, sum(errors))
        a = sum(c * x * x for c, x in zip(curves, odds, strict=True)) + _RIDGE
        b = sum(c * x for c, x in zip(curves, odds, strict=True))
        d = sum(curves) + _RIDGE
        determinant = a * d - b * b
        slope += _bounded((d * gradient[0] - b * gradient[1]) / determinant)
        intercept += _bounded((a * gradient[1] - b * gradient[0]) / determinant)
    return Calibration(round(slope, 6), round(intercept, 6), 0.5, len(labels))


def _bounded(step: float) -> float:
    """A step that does not leap to where all is certain and nothing bends any more."""
    return max(-_LONGEST_STEP, min(_LONGEST_STEP, step))


def load(file: Path, model: str) -> Calibration | None:
    """The calibration of a judge from a file of all; None if there is none, or the file can't be read."""
    try:
        found = json.loads(file.read_text(encoding="utf-8")).get(model)
        return Calibration(**found) if found else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, AttributeError):
        _LOG.warning("%s holds no calibration: the judge's word counts", file)
        return None


def save(file: Path, model: str, calibration: Calibration) -> None:
    """Put a judge's calibration into the file beside those of others. Raises OSError."""
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    known = known if isinstance(known, dict) else {}
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".part")
    partial.write_text(json.dumps({**known, model: asdict(calibration)}, indent=2), encoding="utf-8")
    partial.replace(file)
