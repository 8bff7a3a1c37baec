"""Entailment: what each feature sees, and that every weight counts the way it is meant to."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from importlib.resources import files

import pytest

from service.core.checking import find_evidence
from service.core.entailment import NAMES, NONE, Features, closest, measure, probability
from tests.builders import index

REPORT = (
    "The ferry Corriel sank off Oldport on Monday, and twelve passengers drowned. Prices at the harbour rose sharply "
    "after the accident. The red flag was raised by the second officer. Divers found the wreck near the lighthouse."
)


def features(text: str, *documents: str) -> Features:
    found = index(*(documents or (REPORT,)))
    analysed = found.analyse(text, found.documents["a"].dated)
    return measure(analysed, find_evidence(analysed, found), found)


def test_a_sentence_of_the_document_is_held_and_nothing_speaks_against_it() -> None:
    whole = features("The ferry Corriel sank off Oldport on Monday, and twelve passengers drowned.")
    assert whole.together == 1.0
    assert all(getattr(whole, field.name) == 0.0 for field in fields(Features) if field.name != "together")


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("The ferry Corriel exploded off Oldport.", "nowhere"),
        ("The ferry Corriel sank off Newhaven on Monday.", "details"),
        ("The ferry Corriel sank off Oldport, and fifteen passengers drowned.", "details"),
        ("The ferry Corriel did not sink off Oldport.", "denied"),
        ("Prices at the harbour fell sharply after the accident.", "opposed"),
        ("The green flag was raised by the second officer.", "alternative"),
        ("The red flag was raised by the third officer.", "alternative"),
    ],
)
def test_each_feature_sees_what_it_is_for(text: str, feature: str) -> None:
    assert getattr(features(text), feature) == 1.0


def test_neighbours_that_stand_far_from_each_other_are_apart() -> None:
    assert features("The lighthouse drowned passengers.").apart > 0.0
    assert features("Twelve passengers drowned.").apart == 0.0


def test_a_relative_of_a_word_counts_nearly_as_much_as_the_word() -> None:
    akin = features("The accidental sinking of the ferry.", "The accident sank the ferry.")
    other = features("The deliberate sinking of the ferry.", "The accident sank the ferry.")
    assert akin.together > other.together


def test_of_a_text_that_nothing_is_found_for_nothing_is_probable() -> None:
    assert features("Quarterly earnings beat forecasts.") == NONE
    assert probability(NONE) < 0.3


def test_the_closest_sentences_come_best_first_and_none_that_shares_nothing() -> None:
    found = index(REPORT)
    sentences = found.documents["a"].sentences
    best = closest(found.analyse("Divers found the wreck of the ferry."), sentences, found, 4)
    assert best[0] is sentences[3]
    assert sentences[2] not in best


def test_every_weight_counts_the_way_it_is_meant_to() -> None:
    none = Features(*(0.0 for _ in NAMES))
    for name in NAMES:
        moved = probability(replace(none, **{name: 1.0})) - probability(none)
        assert moved >= 0 if name == "together" else moved <= 0


def test_what_ships_was_learned_only_from_sets_whose_licence_lets_it() -> None:
    learned = json.loads(files("service.core").joinpath("entailment.json").read_text(encoding="utf-8"))
    assert set(learned["weights"]) == set(NAMES)
    assert set(learned["trained_on"].values()) <= {"MIT", "Apache-2.0", "CC BY 4.0"}
