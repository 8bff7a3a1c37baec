"""Learning the weights of entailment: the measures are right, and what is learned goes the way it must."""

from __future__ import annotations

import pytest

from benchmarks.train import MAY_TRAIN, Rows, area_under_curve, calibration_error, learn, without
from service.backends.calibration import balanced_accuracy
from service.core.entailment import NAMES

NOTHING = (0.0,) * (len(NAMES) - 1)


def rows(name: str, *pairs: tuple[float, bool]) -> Rows:
    return Rows(name, [(together, *NOTHING) for together, _ in pairs], [label for _, label in pairs])


def test_measures_by_hand() -> None:
    labels = [True, True, False, False]
    assert balanced_accuracy([True, False, False, False], labels) == 0.75
    assert area_under_curve(labels, [0.9, 0.4, 0.4, 0.1]) == pytest.approx(0.875)
    assert calibration_error(labels, [1.0, 1.0, 0.0, 0.0]) == 0.0
    assert calibration_error(labels, [0.0, 0.0, 1.0, 1.0]) == 1.0


def test_more_held_is_learned_to_be_more_probable_and_never_less() -> None:
    learned = learn([rows("bump", (1.0, True), (0.9, True), (0.2, False), (0.1, False))])
    assert learned.probability((1.0, *NOTHING)) > 0.5 > learned.probability((0.0, *NOTHING))
    upside_down = learn([rows("bump", (1.0, False), (0.0, True))])
    assert upside_down.weights[NAMES.index("together")] == 0.0


def test_neither_a_set_nor_its_kin_nor_one_whose_licence_forbids_it_trains_what_it_is_tried_on() -> None:
    good, odd = ((1.0, True), (0.0, False)), ((1.0, False), (0.0, True))
    held_out, kin, barred = rows("summedits_news", *odd), rows("summedits_other", *odd), rows("wice_claim", *odd)
    assert "wice" not in MAY_TRAIN
    trained = rows("bump", *good)
    assert without(held_out, [held_out, kin, barred, trained]) == learn([trained])
