"""Tying: whether a detail of any text is tied to what its sources tell it of. What only checking (checking.py) asks.

Documents hold many names, days and scores. That one stands in some sentence of them bears a text out no more than
that the sentence next to it is on the matter.
"""

from __future__ import annotations

import re
from itertools import pairwise

from service.core.details.date_forms import WEEKDAYS
from service.core.evidence import Trial
from service.core.matching import Analysis

_SCORE = re.compile(r"(?<![\w-])(\w+)-(\d{1,3})(?![\w-])")
_BESIDE = 3  # code points between a weekday and its day: `Sunday, 11 March`


def day_at_odds(text: Analysis) -> str:
    """How a text gives a day another weekday than it has; nothing if it does not."""
    for one, other in pairwise(text.details.moments):
        if other.start - one.end <= _BESIDE and one.key in WEEKDAYS and other.first and other.first == other.last:
            weekday = WEEKDAYS[other.first.weekday()]
            if weekday != one.key:
                return f"'{other.text}' is a {weekday.capitalize()}"
    return ""


def strange_score(trial: Trial) -> str:
    """How a text has a score that no evidence has, where that has another; nothing if it has not."""
    stated = {match.group() for analysis in trial.analyses for match in _SCORE.finditer(analysis.plain)}
    own = [match for match in _SCORE.finditer(trial.text.plain) if match.group() not in stated]
    ended = {score.rpartition("-")[2] for score in stated if score[0].isdigit()}
    strange = next((match.group() for match in own if match[2] in ended), "")
    return f"'{strange}' stands in no span found" if strange else ""
