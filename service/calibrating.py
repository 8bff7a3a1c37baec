"""Calibrating a judge: `concord calibrate FOLDER`. Asks it about labelled rows, and learns what its odds are worth.

FOLDER holds .jsonl files of rows `{"evidence": text, "sentence": text, "label": 1 or 0}`. The same number of rows
is taken of each file, by the hash of their content, so that the same rows are asked whenever it is run.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from service.backends.asking import Asked, Asker
from service.backends.calibration import fit
from service.backends.completions import Unanswered
from service.backends.examining import read_sure
from service.backends.prompts import Prompts
from service.backends.sheets import write_sheet
from service.core.checking import find_evidence
from service.core.errors import InvalidInput
from service.core.matching import Index
from service.core.model import Claim, Question, Source
from service.core.reading import read


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence with its evidence, whether people found it supported, and the file that it is of."""

    set: str
    evidence: str
    sentence: str
    label: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with the judge's word (1 supported, 0 not) and its log-odds, where they can be told."""

    row: Row
    word: int
    odds: float | None


def read_rows(folder: Path, per_set: int) -> list[Row]:
    """Rows of each .jsonl file. Raises InvalidInput for a folder without, or a line that is no row."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise InvalidInput(f"{folder} holds no .jsonl")
    return [row for file in files for row in _sample(_read_file(file), per_set)]


def _read_file(file: Path) -> list[Row]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{file} can't be read: {error}") from error
    return [_parse(line, file, number) for number, line in enumerate(lines, start=1)]


def _parse(line: str, file: Path, number: int) -> Row:
    try:
        fields = json.loads(line)
        return Row(file.stem, str(fields["evidence"]), str(fields["sentence"]), int(fields["label"]))
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(f"{file}, line {number}: no row with evidence, sentence and label ({error})") from error


def _sample(rows: Sequence[Row], most: int) -> list[Row]:
    return sorted(rows, key=lambda row: hashlib.sha256(f"{row.sentence}\0{row.evidence}".encode()).digest())[:most]


async def judge_row(row: Row, judge: Asker, prompts: Prompts) -> Judged | None:
    """What the judge says of a row; None where there is nothing to show it, or no answer."""
    index = Index([read(Source("evidence", row.evidence))])
    evidence = find_evidence(index.analyse(row.sentence), index)
    if not evidence:
        return None
    question = Question(Claim("v1", row.sentence, "evidence", evidence, None, row.sentence), evidence)
    budgets = judge.model.budgets
    sheet = write_sheet([question], budgets, index)
    if not sheet.asked:
        return None
    messages = prompts.verdicts.render(evidence=sheet.evidence, statements=sheet.statements)
    try:
        found = await judge.ask(Asked("verdicts", messages, budgets.answer("verdicts", 0, 1), read_sure))
    except Unanswered:
        return None
    return next((Judged(row, word, odds) for word, odds in found.items), None)


async def judge_all(rows: Sequence[Row], judge: Asker, prompts: Prompts) -> list[Judged]:
    """What the judge says of all rows that it can be shown, in their order; asked at once, within its limits."""
    found = await asyncio.gather(*(judge_row(row, judge, prompts) for row in rows))
    return [judged for judged in found if judged is not None]


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one set: rows, and balanced accuracy by the judge's word and by its odds, calibrated on the other sets."""

    set: str
    rows: int
    by_word: float
    by_odds: float | None


def evaluate(judged: Sequence[Judged]) -> list[Scores]:
    """Each set with the calibration that the other sets give."""
    scores = []
    for name in dict.fromkeys(found.row.set for found in judged):
        own = [found for found in judged if found.row.set == name]
        others = [(f.odds, f.row.label) for f in judged if f.row.set != name and f.odds is not None]
        labels = [found.row.label for found in own]
        by_odds = None
        if all(f.odds is not None for f in own) and len({label for _, label in others}) == len((0, 1)):
            calibration = fit([odds for odds, _ in others], [label for _, label in others])
            sure = [calibration.probability(f.odds or 0.0) >= calibration.threshold for f in own]
            by_odds = balanced_accuracy(sure, labels)
        scores.append(Scores(name, len(own), balanced_accuracy([bool(f.word) for f in own], labels), by_odds))
    return scores


def balanced_accuracy(said: Sequence[bool], labels: Sequence[int]) -> float:
    """The mean of the shares of supported and of unsupported rows that are told right; 0.5 knows nothing."""
    shares = []
    for wanted in (1, 0):
        of_label = [s for s, label in zip(said, labels, strict=True) if label == wanted]
        shares.append(sum(s == bool(wanted) for s in of_label) / len(of_label) if of_label else 0.5)
    return sum(shares) / len(shares)
