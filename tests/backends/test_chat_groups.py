"""The groups of a model: what it says is the same or in conflict beyond what rules say."""

from __future__ import annotations

import asyncio

import pytest

from service.backends.completions import Completion, Unanswered
from service.core.model import (
    Group,
    Relation,
)
from tests import builders
from tests.backends.chatting import (
    EACH,
    NONE,
    group,
    groups,
    opened,
    told,
)
from tests.backends.fakes import completion, in_turn, said

PROPOSED = [
    # replies to the request about the second document and the third, and the groups that come of them
    (NONE, NONE, []),
    (group("c1", "c2"), NONE, [Group(Relation.SAME, ("ca0", "cb1"))]),
    (NONE, group("c7", "c3"), [Group(Relation.SAME, ("cc2", "cb1"))]),
    (NONE, group("c4", "c6", "c4"), [Group(Relation.SAME, ("cb2", "cc1"))]),  # each claim once
    (
        NONE,
        group("c1", "c5", relation="conflict", question="Was it closed?"),
        [Group(Relation.CONFLICT, ("ca0", "cc0"), "Was it closed?")],
    ),
]


@pytest.mark.parametrize(("second", "third", "expected"), PROPOSED)
def test_groups_are_of_the_claims_that_were_shown(second: str, third: str, expected: list[Group]) -> None:
    """Each request has numbers of its own, which become the run's claims again."""
    backend, account, sent = opened(lambda asked: completion(third if "c7 (c)" in said(asked) else second))
    assert groups(backend) == expected
    assert len(sent.asked) == 2
    assert not account.degraded


WRONG_GROUPS = [
    # a reply that can't be used, and what is told of it
    (group("c1", "c99"), "there is no claim c99"),
    (group("c1"), "a group holds two claims or more"),
    (group("c1", "c1"), "a group holds two claims or more"),
    (group("c1", "c2", relation="alike"), "Input should be 'same' or 'conflict'"),
    (group("[s1]", "a"), "there is no claim [s1], "),
]


@pytest.mark.parametrize(("wrong", "reason"), WRONG_GROUPS)
def test_groups_of_unknown_claims_are_asked_for_again(wrong: str, reason: str) -> None:
    """What is wrong is told; mended it is the model's work, wrong again it is left away and accounted for."""
    backend, account, sent = opened(lambda asked: completion(group("c1", "c2") if reason in said(asked) else wrong))
    assert {found.claims for found in groups(backend)} == {("ca0", "cb1"), ("ca0", "cb0")}
    assert len(sent.asked) == 4
    assert not account.degraded
    backend, account, _ = opened(in_turn(wrong))
    assert groups(backend) == []
    assert f"groups: 2 requests were done without the model, first because: {reason}" in told(account).replace(
        "groups/0/relation: ", ""
    )


@EACH
def test_without_a_usable_answer_groups_are_those_of_rules(
    answer: Completion | Unanswered | str, reason: str
) -> None:
    """Where the model can't be had or understood, claims are the same if rules say so."""
    backend, account, _ = opened(in_turn(answer))
    assert groups(backend) == []
    assert "groups: 2 requests were done without the model" in told(account)
    assert reason in told(account)


def test_where_rules_settle_all_nothing_is_asked() -> None:
    """One document, or several with nothing open, need no request."""
    backend, _, sent = opened(in_turn(NONE))
    index = builders.index(builders.BRIDGE[0])
    assert asyncio.run(backend.groups(builders.sentences_as_claims(index), index)) == []
    assert sent.asked == []
