"""How well any text is checked, on human labels: `python -m benchmarks.verification FOLDER`.

FOLDER holds `*.jsonl` (rows: evidence, sentence, label). The weights of entailment are learned anew for each set,
without it and its kin (train.py); `shipped` are those of the wheel, which most of the sets trained. Measures:

balanced     balanced accuracy of `supported`, with its 95 % interval (bootstrap, seeded); `score`: of the score alone
area, error  area under the curve, and calibration error, of the score
overlap      balanced accuracy of plain token overlap, at the threshold that is best on the other sets
verbatim     share accepted of sentences of the evidence; `cuts`: of lighter cuts of them
ms           milliseconds per sentence, index not counted

and for each gate the share of supported rows that it fails and of unsupported rows that it catches, and of each the
share that it alone does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter

from benchmarks.command import create_parser, keep, offer_json
from benchmarks.train import (
    Rows,
    area_under_curve,
    calibration_error,
    index_of,
    measure_set,
    without,
)
from service.backends.calibration import balanced_accuracy
from service.calibrating import read_file
from service.core.checking import SUPPORTED, WORD_FOR_WORD, Checked, check_text
from service.core.clauses import cuts
from service.core.entailment import Features, probability
from service.core.matching import Index
from service.core.model import Verdict
from service.core.words import words_of

_RESAMPLES = 500
_MOST_EVIDENCE = 60  # texts of a set whose sentences are tried verbatim and cut
_MOST_SENTENCES, _MOST_CUTS = 12, 3


@dataclass(frozen=True, slots=True)
class Tried:
    """One set: what the gates say of each row, its word overlap, and what is accepted of the evidence's words."""

    rows: Rows
    checked: list[Checked]
    overlap: list[float]
    verbatim: tuple[int, int]
    cuts: tuple[int, int]
    milliseconds: float

    def told(self, scores: Sequence[float]) -> list[bool]:
        """Who is supported: every gate but the score's passes, and the score given here is enough."""
        return [
            found.score == WORD_FOR_WORD
            or (score >= SUPPORTED and all(c.passed for c in found.checks if c.check != "entailment"))
            for found, score in zip(self.checked, scores, strict=True)
        ]


def try_set(file: Path) -> Tried:
    measured = measure_set(file)
    rows = read_file(file)
    indexes = {evidence: index_of(evidence) for evidence in dict.fromkeys(row.evidence for row in rows)}
    before = perf_counter()
    checked = [check_text(row.sentence, indexes[row.evidence]) for row in rows]
    milliseconds = 1000 * (perf_counter() - before) / len(rows)
    overlap = [_overlap(row.sentence, row.evidence) for row in rows]
    chosen = list(indexes.values())[:: max(1, len(indexes) // _MOST_EVIDENCE)]
    whole, lighter = _own_words(chosen)
    return Tried(measured, checked, overlap, whole, lighter, milliseconds)


def _overlap(sentence: str, evidence: str) -> float:
    """The share of a sentence's words that stand in the evidence."""
    words = {token.text.casefold() for token in words_of(sentence)}
    return len(words & {token.text.casefold() for token in words_of(evidence)}) / max(1, len(words))


def _own_words(indexes: Sequence[Index]) -> tuple[tuple[int, int], tuple[int, int]]:
    """How many of the sentences of the evidence are accepted, and of their cuts."""
    whole, lighter = [], []
    for index in indexes:
        for document in index.documents.values():
            for sentence in [s for s in document.sentences if not s.heading][:_MOST_SENTENCES]:
                lighter_forms = [form for form in cuts(sentence.text) if form != sentence.text][:_MOST_CUTS]
                whole.append(check_text(sentence.text, index).verdict)
                lighter += [check_text(form, index).verdict for form in lighter_forms]
    return _accepted(whole), _accepted(lighter)


def _accepted(verdicts: Sequence[Verdict]) -> tuple[int, int]:
    checked = [verdict for verdict in verdicts if verdict is not Verdict.NOT_CHECKED]
    return checked.count(Verdict.SUPPORTED), len(checked)


def interval(labels: Sequence[bool], told: Sequence[bool], seed: int = 1) -> tuple[float, float]:
    """Between what balanced accuracy lies in 95 of 100 resamples of the rows, drawn for each label."""
    random = Random(seed)  # noqa: S311 (for resampling)
    right = {side: [t == y for t, y in zip(told, labels, strict=True) if y is side] for side in (True, False)}
    found = sorted(
        sum(sum(random.choices(side, k=len(side))) / len(side) for side in right.values() if side)
        / sum(1 for side in right.values() if side)
        for _ in range(_RESAMPLES)
    )
    return found[int(0.025 * _RESAMPLES)], found[int(0.975 * _RESAMPLES)]


def _best_threshold(sets: Sequence[Tried]) -> float:
    """The overlap from which rows count as supported that tells best in these sets."""
    steps = [step / 20 for step in range(1, 21)]
    return max(steps, key=lambda t: sum(balanced_accuracy([x >= t for x in s.overlap], s.rows.labels) for s in sets))


def _print_set(tried: Tried, sets: Sequence[Tried]) -> tuple[float, ...]:
    """Print one set's line; what the line of means is made of."""
    labels = tried.rows.labels
    learned = without(tried.rows, [other.rows for other in sets])
    scores = [learned.probability(row) for row in tried.rows.features]
    told = tried.told(scores)
    low, high = interval(labels, told)
    least = _best_threshold([other for other in sets if other.rows.kin != tried.rows.kin] or sets)
    shipped = tried.told([probability(Features(*row)) for row in tried.rows.features])
    found = (
        balanced_accuracy(told, labels),
        balanced_accuracy([score >= SUPPORTED for score in scores], labels),
        balanced_accuracy(shipped, labels),
        area_under_curve(labels, scores),
        calibration_error(labels, scores),
        balanced_accuracy([x >= least for x in tried.overlap], labels),
        tried.verbatim[0] / max(1, tried.verbatim[1]),
        tried.cuts[0] / max(1, tried.cuts[1]),
        tried.milliseconds,
    )
    print(f"{tried.rows.name:<22}{len(labels):>6}" + _line(found, f"{low:.3f}-{high:.3f}"))
    return found


def _line(found: Sequence[float], between: str) -> str:
    return f"{found[0]:>10.3f} {between:<12}" + "".join(f"{value:>9.3f}" for value in found[1:])


def _print_gates(sets: Sequence[Tried]) -> None:
    print(f"\n{'gate (mean of the sets)':<28}{'fails supported':>16}{'alone':>8}{'catches':>10}{'alone':>8}")
    gates = list(dict.fromkeys(c.check for tried in sets for found in tried.checked for c in found.checks))
    for gate in gates:
        shares = [
            _caught(tried, gate, side, alone=alone)
            for side in (True, False)
            for alone in (False, True)
            for tried in sets
        ]
        columns = [sum(shares[i * len(sets) : (i + 1) * len(sets)]) / len(sets) for i in range(4)]
        print(f"{gate:<28}{columns[0]:>16.3f}{columns[1]:>8.3f}{columns[2]:>10.3f}{columns[3]:>8.3f}")


def _caught(tried: Tried, gate: str, side: bool, *, alone: bool) -> float:
    """The share of the rows of one label that a gate fails, or that it alone does."""
    failed = [
        {check.check for check in found.checks if not check.passed}
        for found, label in zip(tried.checked, tried.rows.labels, strict=True)
        if label is side
    ]
    return sum(names == {gate} if alone else gate in names for names in failed) / max(1, len(failed))


def main() -> None:
    parser = create_parser(__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    offer_json(parser)
    given = parser.parse_args()
    folder = given.folder
    files = sorted(folder.glob("*.jsonl")) if folder else []
    if not files:
        print("verification: not measured, no folder with *.jsonl was given")
        return
    sets = [try_set(file) for file in files]
    print(
        f"{'set':<22}{'rows':>6}{'balanced':>10} {'':<12}"
        + "".join(f"{name:>9}" for name in ("score", "shipped", "area", "error", "overlap", "verbatim", "cuts", "ms"))
    )
    found = [_print_set(tried, sets) for tried in sets]
    means = [sum(column) / len(found) for column in zip(*found, strict=True)]
    print(f"{'mean':<28}" + _line(means, ""))
    columns = ("balanced", "score", "shipped", "area", "error", "overlap", "verbatim", "cuts", "ms")
    keep(
        given.json,
        {tried.rows.name: dict(zip(columns, row, strict=True)) for tried, row in zip(sets, found, strict=True)},
    )
    _print_gates(sets)


if __name__ == "__main__":
    main()
