"""Whatever a model makes of a sentence, what is altered is not told: thousands of lies, and who tells them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from functools import cache

import pytest

from service.api.summaries import to_sources
from service.backends.embedded import EmbeddedBackend
from service.core.anchoring import Refused, admit
from service.core.model import ClaimDraft, Dropped, Statement
from service.core.outcome import Comparison
from service.inputs import find_data, read_paths
from service.pipeline import Options, compare
from tests.lies import CITED_ELSEWHERE, KINDS, OPEN, Forge, Lie, LyingBackend

CLUSTERS = ("harbour-fire", "school-start-study", "sesame-recall")
SEED = 1
_LEAST_OF_A_KIND = 25
_A_PIECE = 60  # lies of one kind about claims of one cluster that the backend proposes


@cache
def compared(cluster: str, honest: bool) -> Comparison:
    """A sample cluster, compared by the honest backend or by one that finds everything agreed and supported."""
    sources = to_sources(read_paths([find_data() / cluster]).documents)
    backend = EmbeddedBackend() if honest else LyingBackend()
    return asyncio.run(compare(sources, backend, Options()))


@cache
def forge(cluster: str, honest: bool = True) -> Forge:
    return Forge(compared(cluster, honest), SEED)


@cache
def lies(cluster: str, honest: bool = True) -> tuple[Lie, ...]:
    """All lies about a cluster's statements and claims."""
    found = forge(cluster, honest)
    texts = (*found.statements, *found.claims)
    return tuple(lie for text in texts for lie in (*found.lies_of(text, KINDS), *found.cited_elsewhere(text)))


def is_told(lie: Lie, found: Forge) -> bool:
    """True if the core lets a lie through, as a statement of a summary or as a claim.

    A claim that leaves out who says it is none if the core puts whom the document names back as its speaker.
    """
    if lie.facts:
        return isinstance(found.verify(lie.text, lie.facts), Statement)
    outcome = admit(ClaimDraft(lie.text, lie.sentences, lie.speaker), found.index)
    if isinstance(outcome, Refused):
        return False
    said_by = {found.index.speaker(sentence) for sentence in lie.sentences} - {None}
    return not (lie.kind == "attribution dropped" and outcome.attributed_to in said_by)


def show(told: Mapping[str, list[bool]]) -> str:
    """A table of the kinds with how many lies there are of each, and the share that is caught."""
    return "\n".join(f"{kind:36}{len(found):6}{1 - sum(found) / len(found):8.3f}" for kind, found in told.items())


def test_no_altered_sentence_passes_the_gates() -> None:
    """Of thousands of lies about statements and about claims, of every kind, not one passes at its place."""
    told: dict[str, list[bool]] = {}
    slipped = []
    for cluster in CLUSTERS:
        for lie in lies(cluster):
            slips = is_told(lie, forge(cluster))
            told.setdefault(f"{'statement' if lie.facts else 'claim':10}{lie.kind}", []).append(slips)
            slipped += [(lie.kind, lie.text, lie.honest)] if slips else []
    print("\n" + show(dict(sorted(told.items()))))  # noqa: T201 (with -s: the share caught of each kind)
    assert slipped == []
    made = Counter(lie.kind for cluster in CLUSTERS for lie in lies(cluster))
    assert set(made) == {*KINDS, CITED_ELSEWHERE}
    assert min(made.values()) >= _LEAST_OF_A_KIND
    assert made.total() - made[CITED_ELSEWHERE] > 1_000


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_what_lies_are_made_of_passes(cluster: str) -> None:
    """The honest texts pass the same gates as they stand: it is the alteration that is caught."""
    found = forge(cluster)
    assert len(found.statements) >= 10
    assert len(found.claims) >= 100
    for text in found.statements:
        assert isinstance(found.verify(text.text, text.facts), Statement)
    for text in found.claims:
        assert isinstance(admit(ClaimDraft(text.text, text.sentences, text.speaker), found.index), ClaimDraft)


def test_a_lie_wins_next_to_nothing_by_naming_every_fact() -> None:
    """A fact that a statement does not tell bears nothing of it out, and few lies are told by way of the others."""
    stated, slipped = 0, []
    for cluster in CLUSTERS:
        found = forge(cluster, honest=False)
        for lie in lies(cluster, honest=False):
            if lie.facts and lie.kind != CITED_ELSEWHERE:
                stated += 1
                slips = isinstance(found.verify(lie.text, tuple(found.facts)), Statement)
                slipped += [(lie.kind, lie.text)] if slips else []
    assert stated > 800
    assert len(slipped) <= 0.005 * stated, slipped


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_a_backend_that_lies_is_not_believed(cluster: str) -> None:
    """A backend that proposes lies, and calls everything the same and supported, gets none of them into a result."""
    proposed = _a_piece_of(lies(cluster, honest=False))
    sources = to_sources(read_paths([find_data() / cluster]).documents)
    comparison = asyncio.run(compare(sources, LyingBackend(proposed), Options(max_sentences=50)))
    altered = {lie.text: lie for lie in proposed}
    assert {statement.text for statement in comparison.summary} & altered.keys() == set()
    members = [claim for fact in comparison.facts for claim in fact.members]
    claimed = [altered[claim.text] for claim in members if claim.text in altered]
    found = forge(cluster, honest=False)
    assert [lie for lie in claimed if is_told(lie, found)] == []
    assert comparison.summary != ()
    dropped = {dropped.text: dropped for dropped in comparison.dropped}
    stated = [lie for lie in proposed if lie.facts]
    assert len(stated) > 100
    for lie in stated:
        assert _is_explained(dropped[lie.text])


def _a_piece_of(found: tuple[Lie, ...]) -> list[Lie]:
    """All lies about statements, and some of each kind about claims, but none whose text is a true one."""
    count: Counter[str] = Counter()
    piece = []
    for lie in found:
        count[lie.kind] += not lie.facts
        if lie.kind != CITED_ELSEWHERE and (lie.facts or count[lie.kind] <= _A_PIECE):
            piece.append(lie)
    return piece


def _is_explained(dropped: Dropped) -> bool:
    return bool(dropped.reasons) and all(not check.passed and check.detail for check in dropped.reasons)


CAUGHT = [
    # what takes grammar or knowledge of words, and the least share that is caught of it
    ("names change places", 0.78),
    ("figures change places", 0.90),
    ("opposite", 0.95),
    ("done told as to come", 0.95),
    ("expected told as certain", 1.0),
    ("description for a name", 0.35),
    ("report in quotation marks", 0.17),
    ("name added", 0.98),
]


def test_what_takes_grammar_is_caught_in_part() -> None:
    """Of the kinds that are not caught every time no less is caught than the table says."""
    told: dict[str, list[bool]] = {}
    for cluster in CLUSTERS:
        found = forge(cluster)
        for text in (*found.statements, *found.claims):
            for lie in found.lies_of(text, OPEN):
                told.setdefault(lie.kind, []).append(is_told(lie, found))
    print("\n" + show(told))  # noqa: T201 (with -s)
    assert set(told) == set(OPEN)
    for kind, least in CAUGHT:
        assert 1 - sum(told[kind]) / len(told[kind]) >= least, kind


def test_the_same_seed_gives_the_same_lies() -> None:
    """What slips through can be looked for again."""
    cluster = CLUSTERS[0]
    again = Forge(compared(cluster, True), SEED)
    first = [lie for text in again.claims for lie in again.lies_of(text, KINDS)]
    other = Forge(compared(cluster, True), SEED)
    assert [lie for text in other.claims for lie in other.lies_of(text, KINDS)] == first
    assert len(first) > 500
