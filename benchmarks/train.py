"""Learning what the features of entailment weigh: `python -m benchmarks.train FOLDER [--write]`.

FOLDER holds human-labelled `*.jsonl` (rows: evidence, sentence, label). Prints, for each set, what is learned
without it and its kin, and how well that tells its rows; with `--write` what is learned from all sets that may
train is put into service/core/entailment.json.

A logistic regression with squared weights as penalty, fitted by coordinate-wise Newton steps. Every set counts the
same, and in it each label: a probability is meant for texts of which half are supported. A feature can only weigh
the way it is meant to (`together` for a text, the others against it).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from math import sqrt
from pathlib import Path

from benchmarks.command import create_parser
from service.backends.calibration import balanced_accuracy, logistic
from service.calibrating import read_file
from service.core.checking import find_evidence
from service.core.entailment import NAMES, measure
from service.core.matching import Index
from service.core.model import Source
from service.core.reading import read

MAY_TRAIN = {
    "bump": "MIT", "expertqa": "MIT", "factcheck": "Apache-2.0", "realsumm": "CC BY 4.0", "summedits": "Apache-2.0",
}  # fmt: skip
"""The sets, by the beginning of their names, whose licence lets what is learned from them ship."""

TARGET = Path(__file__).parent.parent / "service" / "core" / "entailment.json"
_PENALTY = 0.1
_ROUNDS = 60
_SETTLED = 1e-5
_SPEAKS_FOR = {"together"}


def kin_of(name: str) -> str:
    """What sets of one maker have in common: the beginning of their names."""
    return name.partition("_")[0]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one set, measured."""

    name: str
    features: list[tuple[float, ...]]
    labels: list[bool]

    @property
    def kin(self) -> str:
        return kin_of(self.name)


@dataclass(frozen=True, slots=True)
class Learned:
    """A bias and a weight for each feature."""

    bias: float
    weights: tuple[float, ...]

    def probability(self, features: Sequence[float]) -> float:
        return logistic(self.bias + sum(w * f for w, f in zip(self.weights, features, strict=True)))


def index_of(evidence: str) -> Index:
    return Index([read(Source("evidence", evidence))])


def measure_set(file: Path) -> Rows:
    rows = read_file(file)
    indexes: dict[str, Index] = {}
    features = []
    for row in rows:
        index = indexes.setdefault(row.evidence, index_of(row.evidence))
        text = index.analyse(row.sentence)
        features.append(astuple(measure(text, find_evidence(text, index), index)))
    return Rows(file.stem, features, [row.label == 1 for row in rows])


def learn(sets: Sequence[Rows]) -> Learned:
    """What the features weigh in these sets, each of which counts the same."""
    weighted = [(row, label, weight) for rows in sets for row, label, weight in _weighed(rows)]
    total = sum(weight for _, _, weight in weighted)
    means, spreads = _moments([(row, weight) for row, _, weight in weighted])
    columns = [[(row[j] - means[j]) / spreads[j] for row, _, _ in weighted] for j in range(len(NAMES))]
    labels, shares = [float(label) for _, label, _ in weighted], [weight / total for _, _, weight in weighted]
    bias, weights = _fit(columns, labels, shares)
    plain = tuple(weight / spread for weight, spread in zip(weights, spreads, strict=True))
    return Learned(bias - sum(w * m for w, m in zip(plain, means, strict=True)), plain)


def _weighed(rows: Rows) -> Iterable[tuple[tuple[float, ...], bool, float]]:
    supported = sum(rows.labels)
    each = {True: 0.5 / max(1, supported), False: 0.5 / max(1, len(rows.labels) - supported)}
    return ((row, label, each[label]) for row, label in zip(rows.features, rows.labels, strict=True))


def _moments(rows: Sequence[tuple[tuple[float, ...], float]]) -> tuple[list[float], list[float]]:
    """The weighted mean and spread of each feature; a feature that is always the same has the spread 1."""
    total = sum(weight for _, weight in rows)
    means = [sum(row[j] * weight for row, weight in rows) / total for j in range(len(NAMES))]
    squares = [sum((row[j] - means[j]) ** 2 * weight for row, weight in rows) / total for j in range(len(NAMES))]
    return means, [sqrt(square) or 1.0 for square in squares]


def _fit(columns: list[list[float]], labels: list[float], shares: list[float]) -> tuple[float, list[float]]:
    """The bias and weights that fit best, each weight on its side of nought."""
    sides = [1 if name in _SPEAKS_FOR else -1 for name in NAMES]
    weights = [0.0] * (len(columns) + 1)
    columns = [*columns, [1.0] * len(labels)]
    odds = [0.0] * len(labels)
    for _ in range(_ROUNDS):
        moved = 0.0
        for j, column in enumerate(columns):
            told = [logistic(x) for x in odds]
            penalty = _PENALTY if j < len(sides) else 0.0
            slope = sum(s * (p - y) * x for s, p, y, x in zip(shares, told, labels, column, strict=True))
            bend = sum(s * p * (1 - p) * x * x for s, p, x in zip(shares, told, column, strict=True))
            new = weights[j] - (slope + penalty * weights[j]) / (bend + penalty + 1e-9)
            new = new if j == len(sides) or new * sides[j] > 0 else 0.0
            step, weights[j] = new - weights[j], new
            odds = [z + step * x for z, x in zip(odds, column, strict=True)]
            moved = max(moved, abs(step))
        if moved < _SETTLED:
            break
    return weights[-1], weights[:-1]


def without(held_out: Rows, sets: Sequence[Rows]) -> Learned:
    """What is learned from the sets that may train, without one of them and its kin."""
    return learn([rows for rows in sets if rows.kin in MAY_TRAIN and rows.kin != held_out.kin])


def area_under_curve(labels: Sequence[bool], scores: Sequence[float]) -> float:
    """How often a supported row scores more than an unsupported one; a tie counts half."""
    ranks: dict[float, float] = {}
    ordered = sorted(scores)
    for i, score in enumerate(ordered):
        if score not in ranks:
            last = i
            while last + 1 < len(ordered) and ordered[last + 1] == score:
                last += 1
            ranks[score] = (i + last) / 2 + 1
    supported = [ranks[score] for score, label in zip(scores, labels, strict=True) if label]
    others = len(labels) - len(supported)
    if not supported or not others:
        return 0.5
    return (sum(supported) - len(supported) * (len(supported) + 1) / 2) / (len(supported) * others)


def calibration_error(labels: Sequence[bool], scores: Sequence[float], bins: int = 10) -> float:
    """How far, in tenths of the scale, the mean score is from the share of supported rows; each label counts half."""
    supported = sum(labels)
    each = {True: 0.5 / max(1, supported), False: 0.5 / max(1, len(labels) - supported)}
    error = 0.0
    for low in range(bins):
        held = [(p, y) for p, y in zip(scores, labels, strict=True) if min(bins - 1, int(p * bins)) == low]
        error += abs(sum(each[y] * (p - y) for p, y in held))
    return error


def write(learned: Learned, sets: Sequence[Rows], target: Path = TARGET) -> None:
    trained = [rows.name for rows in sets if rows.kin in MAY_TRAIN]
    content = {
        "bias": round(learned.bias, 4),
        "weights": {name: round(weight, 4) for name, weight in zip(NAMES, learned.weights, strict=True)},
        "trained_on": {name: MAY_TRAIN[kin_of(name)] for name in trained},
        "licence": "Apache-2.0; eight numbers learned from public labels whose licences are given, no row is kept",
    }
    target.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = create_parser(__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="write service/core/entailment.json")
    arguments = parser.parse_args()
    sets = [measure_set(file) for file in sorted(arguments.folder.glob("*.jsonl"))]
    if not sets:
        print(f"nothing learned: no *.jsonl in {arguments.folder}")
        return
    print(f"{'set, learned without it and its kin':<38}{'rows':>6}{'balanced':>10}{'area':>8}{'error':>8}")
    found = []
    for rows in sets:
        learned = without(rows, sets)
        scores = [learned.probability(row) for row in rows.features]
        told = [score >= 0.5 for score in scores]
        found.append(
            (
                balanced_accuracy(told, rows.labels),
                area_under_curve(rows.labels, scores),
                calibration_error(rows.labels, scores),
            )
        )
        print(f"{rows.name:<38}{len(rows.labels):>6}{found[-1][0]:>10.3f}{found[-1][1]:>8.3f}{found[-1][2]:>8.3f}")
    balanced, area, error = (sum(column) / len(found) for column in zip(*found, strict=True))
    print(f"{'mean':<44}{balanced:>10.3f}{area:>8.3f}{error:>8.3f}")
    learned = learn([rows for rows in sets if rows.kin in MAY_TRAIN])
    print(
        f"bias {learned.bias:.3f}, " + ", ".join(f"{n} {w:.3f}" for n, w in zip(NAMES, learned.weights, strict=True))
    )
    if arguments.write:
        write(learned, sets)
        print(f"written: {TARGET.name}")


if __name__ == "__main__":
    main()
