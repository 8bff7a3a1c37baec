"""The kinds of alteration that are measured, the rules that make each, and the least share of it to be caught."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.alterations.ground import Rule
from benchmarks.alterations.opposites import antonyms, directions
from benchmarks.alterations.speech import (
    attribution_dropped,
    attribution_to_others,
    quotations_altered,
    quotations_invented,
)
from benchmarks.alterations.values import bounds, dates, figures, figures_change_places, figures_of_like, units
from benchmarks.alterations.wording import (
    certainties,
    futures,
    hedges,
    hedges_added,
    names,
    names_change_places,
    negation_added,
    negation_dropped,
    pasts,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What makes the alterations of a kind, and the share of them to be caught (0 to 1), where one is aimed at."""

    rules: tuple[Rule, ...]
    aim: float | None = None


CITED_DOCUMENT = "cited document"
ATTRIBUTION_DROPPED = "attribution dropped"

KINDS: Mapping[str, Kind] = {
    "figure": Kind((figures, figures_of_like), 0.99),
    "figures swapped": Kind((figures_change_places,)),
    "unit": Kind((units,), 0.99),
    "bound": Kind((bounds,), 0.95),
    "date": Kind((dates,), 0.99),
    "name": Kind((names,), 0.95),
    "names swapped": Kind((names_change_places,), 0.95),
    "negation": Kind((negation_dropped, negation_added), 0.95),
    "modality": Kind((hedges, certainties)),
    "hedge added": Kind((hedges_added,)),
    "tense": Kind((futures, pasts)),
    "antonym": Kind((antonyms,), 0.80),
    "direction": Kind((directions,), 0.80),
    "quotation": Kind((quotations_altered, quotations_invented), 0.99),
    "attribution": Kind((attribution_to_others,), 0.95),
    ATTRIBUTION_DROPPED: Kind((attribution_dropped,), 0.95),
    CITED_DOCUMENT: Kind((), 0.99),
}
"""A cited document is no wording: the sentence stays, and what it is held against is another document."""

ACCEPTED: Mapping[str, float | None] = {"verbatim": 0.97, "lightly cut": 0.97, "leaning": None, "people's": None}
"""The forms of unaltered sentences (see honest.py), and the share of each to be accepted, where one is aimed at."""
