"""Binding: values that stand in the source, said of something else."""

from __future__ import annotations

import pytest

from service.core.binding import bound_apart, check_binding
from service.core.evidence import Trial
from service.core.model import Check, StatementDraft
from tests import builders

_SOURCE = (
    "The blast injured 40 people and killed 12 people, police said. Forty ambulances were sent. "
    "The match starts at 3 p.m. and ends at 5 p.m. on Saturday. Turnout fell from 62 to 55 per cent. "
    "The ferry left Oldport on Monday and reached Northport on Wednesday. The dam holds over 900 tonnes. "
    "The bridge is 60 metres long. It rained. The ferry is 40 metres long. "
    "The barge is red and new. It is 30 metres long."
)


def _check(text: str, source: str = _SOURCE) -> Check:
    index = builders.index(source)
    evidence = tuple(index.documents["a"].sentences)
    analyses = tuple(index.of(sentence) for sentence in evidence)
    draft = StatementDraft(text, ())
    return check_binding(Trial(draft, (), index.analyse(text), evidence, analyses, {"a": "o1"}, 1, index))


BOUND = [
    # as it stands
    "The blast injured 40 people and killed 12 people, police said.",
    # one half of it
    "The blast injured 40 people.",
    "The match starts at 3 p.m. on Saturday.",
    # in another order, each figure with its own verb
    "The blast killed 12 people and injured 40 people, police said.",
    # both days, both places
    "The ferry reached Northport on Wednesday.",
    # what it is of stands in the sentence before
    "The new red barge is 30 metres long.",
    # from one value to the other
    "Turnout fell from 62 to 55 per cent.",
]
ELSEWHERE = [
    # two figures of one unit swapped
    (
        "The blast injured 12 people and killed 40 people, police said.",
        "the source has “40” where the sentence has “12”",
    ),
    # the figure of the other
    ("The blast injured 12 people.", "the source has “40” where the sentence has “12”"),
    # the start for the end
    ("The match starts at 5 p.m. on Saturday.", "the source has “3 p.m.” where the sentence has “5 p.m.”"),
    # the length of something else
    ("The bridge is 40 metres long.", "the source has “60 metres” where the sentence has “40 metres”"),
    # from and to
    ("Turnout fell from 55 to 62 per cent.", None),
    # the day of the other
    (
        "The ferry left Oldport on Wednesday and reached Northport on Monday.",
        "the source has “on Monday” where the sentence has “on Wednesday”",
    ),
]


@pytest.mark.parametrize("text", BOUND)
def test_what_is_said_of_the_same_is_bound(text: str) -> None:
    """Figures and moments may be cut and moved with what they are said of."""
    assert _check(text) == Check("binding", passed=True)


@pytest.mark.parametrize(("text", "reason"), ELSEWHERE)
def test_a_value_of_something_else_is_told(text: str, reason: str | None) -> None:
    """A value that the source has, in a place where the source has another, is bound to something else."""
    check = _check(text)
    assert not check.passed
    assert reason is None or check.detail == reason


@pytest.mark.parametrize(
    ("text", "source"),
    [
        # 40 ambulances are not 40 injured
        ("In the blast 40 were injured.", "Forty ambulances were sent to the market, police said."),
        # 12 flights are not 12 dead
        ("The storm killed 12.", "The airport called off 12 flights on Sunday."),
    ],
)
def test_a_figure_is_of_what_the_source_counts(text: str, source: str) -> None:
    """Where nothing around an equal figure of the source is what the statement says it of, the reason says so."""
    check = _check(text, source)
    assert not check.passed
    assert check.detail is not None
    assert check.detail.startswith("no source says")


def test_values_that_may_be_one_are_not_apart() -> None:
    """A bound that the other value satisfies tells nothing of what they are said of."""
    index = builders.index("At least 12 people died in the flood.", "In all 19 people died in the flood.")
    one, other = (index.of(builders.sentence(index, name)) for name in "ab")
    assert bound_apart(one, other, index) == ""
