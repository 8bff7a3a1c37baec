"""Labelled pairs that a judge was asked about, and what is told of each set by what the others teach."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

from benchmarks.judging.judges import Cost, Judge, Said
from benchmarks.train import MAY_TRAIN, Learned, Rows, area_under_curve, calibration_error, kin_of, learn
from benchmarks.verification import interval
from service.backends.calibration import Labelled, balanced_accuracy, fit, logistic, tell
from service.calibrating import Row, Shown, read_file, show_row
from service.core.entailment import measure
from service.core.model import Verdict

_COLUMNS = ("word", "odds", "fitted", "features", "stacked", "gates", "together")
_AREAS = ("area", "features", "stacked", "error", "fitted", "stacked")
_EVERY = 20  # pairs between lines of progress


@dataclass(frozen=True, slots=True)
class Pair:
    """A row as it was shown, its features, and what the judge said."""

    shown: Shown
    features: tuple[float, ...]
    said: Said

    def labelled(self, learned: Learned) -> Labelled:
        weighed = learned.bias + sum(w * f for w, f in zip(learned.weights, self.features, strict=True))
        return self.shown.labelled(self.said.odds, weighed)


def sample(rows: Sequence[Row], most: int) -> list[Row]:
    """Some rows of a set, by turns supported and not, always the same and in the same order."""
    ordered = sorted(rows, key=lambda r: hashlib.sha256(f"{r.sentence}\0{r.evidence}".encode()).digest())
    sides = [[row for row in ordered if row.label == label] for label in (1, 0)]
    return [row for pair in zip(*sides, strict=False) for row in pair][:most]


def read_sample(files: Sequence[Path], pairs: int) -> list[Row]:
    return [row for file in files for row in sample(read_file(file), pairs // len(files))]


async def ask(judge: Judge, way: str, rows: Sequence[Row]) -> list[Pair]:
    """What a judge says of rows, one after another; without those that it can't be shown or gives no answer to."""
    pairs = []
    for number, row in enumerate(rows, start=1):
        shown = show_row(row, judge.model.budgets)
        said = await judge.ask(way, shown) if shown else None
        if shown and said:
            text = shown.index.analyse(row.sentence)
            pairs.append(Pair(shown, astuple(measure(text, shown.question.evidence, shown.index)), said))
        if number % _EVERY == 0:
            print(f"{way}: {number} of {len(rows)} asked", flush=True)
    return pairs


@dataclass(frozen=True, slots=True)
class Held:
    """One set by what the others teach: labels, what is told in each way, and probabilities."""

    labels: list[int]
    told: list[list[bool]]
    raw: list[float]
    fitted: list[float]
    features: list[float]
    stacked: list[float]


def hold_out(name: str, pairs: Sequence[Pair], sets: Sequence[Rows]) -> Held:
    """What is told of one set without it and its kin."""
    kin = kin_of(name)
    learned = learn([rows for rows in sets if rows.kin in MAY_TRAIN and rows.kin != kin])
    own = [pair for pair in pairs if pair.shown.row.set == name]
    rows = [pair.labelled(learned) for pair in own]
    others = [pair.labelled(learned) for pair in pairs if kin_of(pair.shown.row.set) != kin]
    alone, both = fit([replace(row, features=0.0) for row in others]), fit(others)
    fitted = [alone.probability(row.odds, 0.0) for row in rows]
    stacked = [both.probability(row.odds, row.features) for row in rows]
    told = [
        [pair.said.word is Verdict.SUPPORTED for pair in own],
        [row.odds > 0 for row in rows],
        [p >= alone.open for p in fitted],
        [row.features >= 0 for row in rows],
        [p >= both.open for p in stacked],
        [row.settled is not False for row in rows],
        [tell(row, p, both.passed) for row, p in zip(rows, stacked, strict=True)],
    ]
    raw, features = [logistic(row.odds) for row in rows], [logistic(row.features) for row in rows]
    return Held([row.label for row in rows], told, raw, fitted, features, stacked)


def report(way: str, pairs: Sequence[Pair], sets: Sequence[Rows]) -> None:
    """Print the tables of one way of asking."""
    print(f"\n{way}, balanced accuracy\n{'set':<22}{'pairs':>6}" + _heads(_COLUMNS) + f"{'95 %':>14}")
    held = {name: hold_out(name, pairs, sets) for name in dict.fromkeys(pair.shown.row.set for pair in pairs)}
    lines = []
    for name, found in held.items():
        lines.append([balanced_accuracy(told, found.labels) for told in found.told])
        low, high = interval([label == 1 for label in found.labels], found.told[_COLUMNS.index("stacked")])
        print(f"{name:<22}{len(found.labels):>6}" + _values(lines[-1]) + f"{low:>8.3f}-{high:.3f}")
    print(f"{'mean':<22}{len(pairs):>6}" + _values(_means(lines)) + "\n  95 % of the means: ", end="")
    print(", ".join(f"{n} {low:.3f}-{high:.3f}" for n, (low, high) in zip(_COLUMNS, _intervals(held), strict=True)))
    print(f"\n{'area under the curve, calibration error':<42}\n{'set':<28}" + _heads(_AREAS))
    curves = {name: _curves(found) for name, found in held.items()}
    for name, values in [*curves.items(), ("mean", _means(list(curves.values())))]:
        print(f"{name:<28}" + _values(values))
    _report_costs([pair.said.cost for pair in pairs])


def _heads(names: Sequence[str]) -> str:
    return "".join(f"{name:>10}" for name in names)


def _values(values: Sequence[float]) -> str:
    return "".join(f"{value:>10.3f}" for value in values)


def _means(lines: Sequence[Sequence[float]]) -> list[float]:
    return [sum(column) / len(lines) for column in zip(*lines, strict=True)]


def _curves(found: Held) -> list[float]:
    labels = [label == 1 for label in found.labels]
    areas = [area_under_curve(labels, scores) for scores in (found.raw, found.features, found.stacked)]
    return areas + [calibration_error(labels, scores) for scores in (found.raw, found.fitted, found.stacked)]


def _intervals(held: dict[str, Held]) -> list[tuple[float, float]]:
    """Between what the mean of the sets lies, for each way of telling: each set's half-width, in quadrature."""
    found = []
    for column in range(len(_COLUMNS)):
        mean = _means([[balanced_accuracy(h.told[column], h.labels)] for h in held.values()])[0]
        bounds = [interval([label == 1 for label in h.labels], h.told[column]) for h in held.values()]
        half = sum(((high - low) / 2) ** 2 for low, high in bounds) ** 0.5 / len(bounds)
        found.append((mean - half, mean + half))
    return found


def _report_costs(costs: Sequence[Cost]) -> None:
    known = [cost for cost in costs if cost.seconds]
    if known:
        means = [sum(column) / len(known) for column in zip(*map(astuple, known), strict=True)]
        print(
            f"a pair: {means[0]:.0f} tokens of prompt, {means[1]:.0f} of them cached, {means[2]:.1f} of answer,"
            f" {means[3]:.2f} s"
        )
