"""Candidates: a model is asked only what rules leave open, about one document and earlier ones, at a bounded cost."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.backends.candidates import Candidates, find_candidates
from service.backends.embedded import EmbeddedBackend
from service.core.matching import Index
from service.core.model import Claim, Group, Relation
from tests import builders
from tests.backends.fakes import EXACT, OTHER, TOKENS, budgets

_REPORTS = (*builders.BRIDGE, "The harbour of Oldport has a new theatre.\n\nSixty people came to listen.")


def settled_in(claims: list[Claim], index: Index) -> list[Group]:
    return list(asyncio.run(EmbeddedBackend().groups(claims, index)))


def candidates(*texts: str, name: str = EXACT) -> list[Candidates]:
    """What is asked of some reports."""
    index = builders.index(*texts)
    claims = builders.sentences_as_claims(index)
    return find_candidates(claims, settled_in(claims, index), index, budgets(name))


def ids(batch: Candidates) -> list[str]:
    return [claim.id for claim in batch.numbered.values()]


def test_a_document_is_asked_about_beside_earlier_ones() -> None:
    """Each document has one request at most, with claims of it and of those before it, in their order."""
    second, third = candidates(*_REPORTS)
    assert ids(second) == ["ca0", "cb1"]
    assert ids(third) == ["ca0", "cb0", "cb1", "cb2", "cc0", "cc1", "cc2"]
    assert second.lines == (
        "c1 (a): The old harbour bridge at Wexmouth was closed on Monday.\n",
        "c2 (b): Engineers had seen a crack in the harbour bridge.\n",
    )
    assert third.tokens == sum(TOKENS.count(line) for line in third.lines)


def test_what_rules_settle_is_not_asked() -> None:
    """Claims that cover each other are the same without a model; nobody is asked whether they are."""
    same = "The old harbour bridge at Wexmouth was closed on Monday."
    assert candidates(same, "On Monday the old harbour bridge at Wexmouth was closed.") == []
    index = builders.index(*_REPORTS[:2])
    claims = builders.sentences_as_claims(index)
    assert [group.claims for group in settled_in(claims, index)] == [("ca0", "cb0")]
    unsettled = find_candidates(claims, [], index, budgets())
    assert "cb0" in ids(unsettled[0])


APART = [
    # another figure
    ("Twelve men of the ferry Corriel drowned.", "Nine men drowned when the ferry Corriel sank at night."),
    # another day
    ("The ferry Corriel sank on Monday.", "It was on Friday that the old ferry Corriel sank."),
    # a denial
    ("The ferry Corriel was overloaded.", "The ferry Corriel was never overloaded, its owner told the court."),
    # another matter
    ("The ferry Corriel was overloaded.", "A concert is planned for the summer in Oldport."),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_rules_tell_apart_is_not_asked(one: str, other: str) -> None:
    """Where a figure, a date or a mode differs, or no words are shared, a model's word could not count."""
    assert candidates(one, other) == []


def test_what_one_claim_holds_of_another_is_not_enough() -> None:
    """A long claim that holds the words of a short one says much else; a model's word could not make them one."""
    long = (
        "The bridge was shut when the brigade of Wexmouth, the coastguard of the county and nine engineers of the "
        "railway had looked at the cables, the piers, the old lamps and the rails beneath it."
    )
    assert candidates("It rained.\n\nThe bridge was shut by the town.", long) == []
    assert len(candidates("It rained.\n\nThe bridge was shut by the town.", "The bridge was shut by engineers.")) <= 1


def test_a_claim_is_shown_beside_the_likeliest_few() -> None:
    """However many earlier claims are like one, two of them are shown."""
    one = "\n\n".join(f"The {who} saw a crack in the old bridge." for who in ("warden", "driver", "porter", "sailor"))
    (batch,) = candidates(one, "In the bridge the baker had noticed a crack.")
    assert [claim.document_id for claim in batch.numbered.values()] == ["a", "a", "b"]


def test_a_conflict_is_no_answer_to_whether_two_say_the_same() -> None:
    """Only claims that are the same are settled; of a conflict the rest is still open."""
    index = builders.index(*_REPORTS[:2])
    claims = builders.sentences_as_claims(index)
    conflict = [Group(Relation.CONFLICT, ("ca0", "cb1"))]
    assert "cb1" in ids(find_candidates(claims, conflict, index, budgets())[0])


@pytest.mark.parametrize("name", ["harbour-fire", "sesame-recall", "school-start-study"])
def test_a_further_document_asks_little_anew(name: str) -> None:
    """Of the requests about earlier documents of a sample a third at most change as documents are added.

    A word's rarity is that of the whole cluster, so that a claim at the edge may come in or go.
    """
    texts = builders.sample(name)
    found = [candidates(*texts[:count]) for count in range(2, len(texts) + 1)]
    repeated = [(a.lines, b.lines) for fewer, more in pairwise(found) for a, b in zip(fewer, more, strict=False)]
    assert len(repeated) >= 6
    assert sum(earlier != later for earlier, later in repeated) <= len(repeated) / 3


def test_a_document_about_something_else_asks_nothing_anew() -> None:
    """Requests about earlier documents are word for word the same, so that their replies are remembered."""
    three, four = candidates(*_REPORTS[:3]), candidates(*_REPORTS)
    assert [batch.lines for batch in four] == [batch.lines for batch in three]


@pytest.mark.parametrize("name", [EXACT, OTHER])
def test_what_is_shown_keeps_to_the_budget(name: str) -> None:
    """However much two long documents share, the claims shown fit the share of the later one's tokens."""
    verbs = ["found", "saw", "hid", "sold", "lost", "bought", "drew", "held", "built", "broke"]
    things = ["ladder", "anchor", "lantern", "hammer", "compass", "barrel", "mirror", "kettle", "basket", "violin"]
    one = "\n\n".join(f"The captain {verb} a {thing} on the quay." for verb in verbs for thing in things)
    other = "\n\n".join(f"Some {thing} was what he {verb} by night." for verb in verbs for thing in things)
    (batch,) = candidates(one, other, name=name)
    most = budgets(name).of_groups(builders.document(other).text)
    assert 0.8 * most <= batch.tokens <= most
    assert len(batch.numbered) < 100


def test_an_id_is_shown_as_data() -> None:
    """A document's id can't end the data either."""
    ends = "</claims>"
    index = Index([builders.document(_REPORTS[0], ends), builders.document(_REPORTS[1], "b")])
    (batch,) = find_candidates(builders.sentences_as_claims(index), [], index, budgets())
    assert batch.lines[0].startswith("c1 (‹claims>): ")


_SENTENCES = [part for report in _REPORTS for part in report.split("\n\n")]
_documents = st.lists(st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=4).map("\n\n".join), max_size=5)


@settings(deadline=None, max_examples=40)
@given(_documents)
def test_what_is_always_true_of_candidates(texts: list[str]) -> None:
    """One request a document but the first; its numbers are its own and run from 1; it never asks what is settled."""
    index = builders.index(*texts)
    claims = builders.sentences_as_claims(index)
    groups = settled_in(claims, index)
    same = {frozenset(group.claims) for group in groups if group.relation is Relation.SAME}
    order = list(index.documents)
    latest = []
    for batch in find_candidates(claims, groups, index, budgets()):
        assert list(batch.numbered) == [f"c{number}" for number in range(1, len(batch.lines) + 1)]
        assert ids(batch) == [claim.id for claim in claims if claim.id in ids(batch)]
        shown = [order.index(claim.document_id) for claim in batch.numbered.values()]
        assert min(shown) < max(shown)
        latest.append(max(shown))
        assert not any(frozenset(ids(batch)) == pair for pair in same)
    assert latest == sorted(set(latest))
