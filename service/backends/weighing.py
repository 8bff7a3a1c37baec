"""Weighing: a judge's verdict as a probability, with what the words of a text and its evidence tell by themselves.

The entailment gate with a judge: its log-odds and those of the features, stacked by its calibration. What it finds
contradicted is heeded however unsure it is; what it finds supported is only asked where no gate has failed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from service.backends.calibration import Calibration, logistic
from service.core.entailment import log_odds, measure
from service.core.matching import Index
from service.core.model import Question, Verdict


@dataclass(frozen=True, slots=True)
class Weighing:
    """Turns what a judge says of the questions of one run into verdicts with scores."""

    calibration: Calibration | None
    index: Index
    note: Callable[[str], None] = field(default=lambda _: None)
    """Is told why, where a judge's word counts in place of its probability."""

    def weigh(self, question: Question, word: Verdict, odds: float | None) -> tuple[Verdict, float]:
        """The verdict and the probability of support: of what it supports by its word alone, that of the features."""
        known, features = self.calibration, features_of(question, self.index)
        if odds is None or known is None:
            self.note("its server tells no log-probabilities" if known else "run `concord calibrate`")
            return word, round(logistic(features), 3) if word is Verdict.SUPPORTED else 0.0
        probability = known.probability(odds, features)
        if word is not Verdict.CONTRADICTED:
            least = known.open if question.batch in self.index.documents else known.passed
            word = Verdict.SUPPORTED if probability >= least else Verdict.UNSUPPORTED
        return word, round(probability, 3)


def features_of(question: Question, index: Index) -> float:
    """The log-odds by which the words of a text follow from its evidence, the best of which is first."""
    return log_odds(measure(index.analyse(question.claim.text), question.evidence, index))
