"""Calibrating a judge: `concord calibrate FOLDER`. Asks it about labelled rows, and learns what its odds are worth.

FOLDER holds .jsonl files of rows `{"evidence": text, "sentence": text, "label": 1 or 0}`. The same number of rows
is taken of each file, by the hash of their content, so that the same rows are asked whenever it is run.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nan
from pathlib import Path

from service.backends.asking import Asked, Asker
from service.backends.budgets import Budgets
from service.backends.calibration import Labelled, balanced_accuracy, fit, tell
from service.backends.completions import Unanswered
from service.backends.examining import read_sure
from service.backends.prompts import Prompts, line
from service.backends.sheets import Sheet, write_sheet
from service.backends.weighing import features_of
from service.core.checking import WORD_FOR_WORD, Checked, check_text, find_evidence
from service.core.errors import InvalidInput
from service.core.matching import Index
from service.core.model import Claim, Question, Source, Verdict
from service.core.reading import read
from service.verifying import shown_of

_ROWS = 'each line of its .jsonl files is {"evidence": "…", "sentence": "…", "label": 1 or 0}'


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence with its evidence, whether people found it supported, and the file that it is of."""

    set: str
    evidence: str
    sentence: str
    label: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with the judge's word (1 supported, 0 not), and what it is learned from where log-odds are told."""

    row: Row
    word: int
    labelled: Labelled | None


def read_rows(folder: Path, per_set: int) -> list[Row]:
    """Rows of each .jsonl file. Raises InvalidInput for a folder without, or a line that is no row."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise InvalidInput(f"{folder} {'holds no .jsonl file' if folder.is_dir() else 'is no folder'}: {_ROWS}")
    return [row for file in files for row in _sample(read_file(file), per_set)]


def read_file(file: Path) -> list[Row]:
    """The rows of one file. Raises InvalidInput for a line that is none."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InvalidInput(f"{file} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file} is not UTF-8: {error.reason} at byte {error.start}") from error
    return [_parse(line, file, number) for number, line in enumerate(lines, start=1)]


def _parse(line: str, file: Path, number: int) -> Row:
    try:
        fields = json.loads(line)
        return Row(file.stem, str(fields["evidence"]), str(fields["sentence"]), int(fields["label"]))
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(f"{file}, line {number} is no row: {_ROWS}") from error


def _sample(rows: Sequence[Row], most: int) -> list[Row]:
    return sorted(rows, key=lambda row: hashlib.sha256(f"{row.sentence}\0{row.evidence}".encode()).digest())[:most]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as a judge is shown it, with what the gates make of it by themselves."""

    row: Row
    question: Question
    sheet: Sheet
    index: Index
    checked: Checked

    def labelled(self, odds: float, features: float | None = None) -> Labelled:
        """What a judge's log-odds teach here; the features' are those of the service if none are given."""
        known = features_of(self.question, self.index) if features is None else features
        passed = self.checked.verdict is Verdict.SUPPORTED
        settled = passed if not passed or self.checked.score == WORD_FOR_WORD else None
        return Labelled(self.row.set, odds, known, self.row.label, settled)


def show_row(row: Row, budgets: Budgets) -> Shown | None:
    """A row with the sentences that a text would be judged by; None if there are none."""
    index = Index([read(Source("evidence", row.evidence))])
    evidence = shown_of(find_evidence(index.analyse(row.sentence), index))
    if not evidence:
        return None
    question = Question(Claim("v1", row.sentence, "evidence", evidence, None, row.sentence), evidence)
    sheet = write_sheet([question], budgets, index)
    return Shown(row, question, sheet, index, check_text(row.sentence, index)) if sheet.asked else None


async def judge_row(row: Row, way: str, judge: Asker, prompts: Prompts) -> Judged | None:
    """What the judge says of a row; None where there is nothing to show it, or no answer."""
    shown = show_row(row, judge.model.budgets)
    try:
        said = await ask_judge(way, shown, judge, prompts) if shown else None
    except Unanswered:
        return None
    if shown is None or said is None:
        return None
    word, odds = said
    return Judged(row, int(word is Verdict.SUPPORTED), None if odds is None else shown.labelled(odds))


async def ask_judge(way: str, shown: Shown, judge: Asker, prompts: Prompts) -> tuple[Verdict, float | None] | None:
    """A judge's word on a row and its log-odds, where they are told, in one way. Raises Unanswered."""
    sheet = shown.sheet
    if way == "word":
        odds = await judge.ask_word(prompts.word.render(evidence=sheet.evidence, statement=line(shown.row.sentence)))
        return None if odds is None else (Verdict.SUPPORTED if odds > 0 else Verdict.UNSUPPORTED, odds)
    messages = prompts.verdicts.render(evidence=sheet.evidence, statements=sheet.statements)
    found = await judge.ask(Asked("verdicts", messages, judge.model.budgets.answer("verdicts", 0, 1), read_sure))
    return next(iter(found.items), None)


async def judge_all(rows: Sequence[Row], way: str, judge: Asker, prompts: Prompts) -> list[Judged]:
    """What the judge says of all rows that it can be shown, in their order; asked at once, within its limits."""
    found = await asyncio.gather(*(judge_row(row, way, judge, prompts) for row in rows))
    return [judged for judged in found if judged is not None]


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one set, balanced accuracies, calibrated on the other sets where a calibration is needed; nan if unknown."""

    set: str
    rows: int
    word: float
    odds: float
    """calibrated, without the features"""
    features: float
    stacked: float
    gates: float
    together: float
    """gates, and the judge on what passes them, from the threshold of that use"""


def evaluate(judged: Sequence[Judged]) -> list[Scores]:
    """Each set with the calibration that the other sets give."""
    return [_evaluate(name, judged) for name in dict.fromkeys(found.row.set for found in judged)]


def _evaluate(name: str, judged: Sequence[Judged]) -> Scores:
    all_of_it = [found for found in judged if found.row.set == name]
    word = balanced_accuracy([bool(found.word) for found in all_of_it], [found.row.label for found in all_of_it])
    own = [found.labelled for found in all_of_it if found.labelled]
    others = [found.labelled for found in judged if found.labelled and found.row.set != name]
    if len(own) < len(all_of_it) or len({row.label for row in others}) < len((0, 1)):
        return Scores(name, len(all_of_it), word, nan, nan, nan, nan, nan)
    return Scores(name, len(all_of_it), word, *weigh_set(own, others))


def weigh_set(own: Sequence[Labelled], others: Sequence[Labelled]) -> tuple[float, ...]:
    """Balanced accuracies of a set as in Scores, from `odds` on, with what other sets teach."""
    alone, both = fit([replace(row, features=0.0) for row in others]), fit(others)
    held = [(row, both.probability(row.odds, row.features)) for row in own]
    told = (
        [alone.probability(row.odds, 0.0) >= alone.open for row in own],
        [row.features >= 0 for row in own],
        [probability >= both.open for _, probability in held],
        [row.settled is not False for row in own],
        [tell(row, probability, both.passed) for row, probability in held],
    )
    return tuple(balanced_accuracy(found, [row.label for row in own]) for found in told)
