"""Lies: sentences of a cluster altered so that they say something else, and a backend that tells them.

Each lie is an honest text, which passes the gates as it stands, with one thing changed. Whether the change makes
it untrue is decided here by the words of the sources, not by the gates: a text that is a sentence of a source, and
a value, a name, a bound, a day or a speaker that the sentences on the same matter hold, in whatever form, is no lie
and is not made. What is on the matter: for a claim the sentences that it cites, for a statement these and all
sentences of all documents that share 0.3 of its weight.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from benchmarks.alterations.ground import Ground, Rule, Text, reworded, swapped
from benchmarks.alterations.speech import (
    attribution_dropped,
    attribution_to_others,
    quotations_altered,
    quotations_invented,
    runs,
)
from benchmarks.alterations.values import bounds, dates, figures, figures_change_places, figures_of_others, units
from benchmarks.alterations.wording import (
    certainties,
    futures,
    hedges,
    names,
    names_change_places,
    negation_added,
    negation_dropped,
)
from service.backends.embedded import EmbeddedBackend
from service.core.anchoring import Refused, admit
from service.core.clauses import cuts
from service.core.matching import Index
from service.core.model import (
    Answer,
    Brief,
    Chunk,
    Claim,
    ClaimDraft,
    Group,
    Question,
    Relation,
    Sentence,
    Standing,
    Statement,
    StatementDraft,
    Verdict,
)
from service.core.outcome import Comparison
from service.core.verification import verify


@dataclass(frozen=True, slots=True)
class Lie:
    """An altered text: what was altered, what it was, and what it is said to rest on."""

    kind: str
    text: str
    honest: str
    sentences: tuple[Sentence, ...]
    facts: tuple[str, ...] = ()
    speaker: str | None = None


class Forge(Ground):
    """Makes lies of what is found in a cluster. The same seed gives the same lies."""

    def __init__(self, comparison: Comparison, seed: int) -> None:
        super().__init__(comparison.documents, comparison.origins, comparison.quorum, seed)
        self.comparison = comparison
        self.facts = {fact.id: fact for fact in comparison.standing(Standing.CONSENSUS)}

    @cached_property
    def statements(self) -> list[Text]:
        """Sentences on agreed facts, cuts of them and claims, as far as they pass every gate of a summary."""
        found: dict[str, Text] = {}
        for fact in self.facts.values():
            facts = tuple(other.id for other in self.facts.values() if set(fact.evidence) & set(other.evidence))
            for text in (fact.claim.text, *(cut for s in fact.evidence if not s.heading for cut in cuts(s.text))):
                if text not in found and isinstance(self.verify(text, facts), Statement):
                    found[text] = Text(text, self.analyse(text, fact.evidence), fact.evidence, facts)
        return list(found.values())

    @cached_property
    def claims(self) -> list[Text]:
        """The claims that pass what a claim in a model's own words must pass."""
        members = [claim for fact in self.comparison.facts for claim in fact.members]
        return [
            Text(c.text, self.analyse(c.text, c.sentences), c.sentences, speaker=c.attributed_to)
            for c in members
            if not isinstance(admit(ClaimDraft(c.text, c.sentences, c.attributed_to), self.index), Refused)
        ]

    def verify(self, text: str, facts: Sequence[str]) -> object:
        """What becomes of a statement that names some facts."""
        return verify(StatementDraft(text, tuple(facts)), self.facts, self.index, self.origins, self.quorum)

    def lies_of(self, text: Text, kinds: Mapping[str, Rule]) -> Iterator[Lie]:
        """Every lie of some kinds about a text."""
        for name, rule in kinds.items():
            for altered in self.altered(text, rule):
                yield Lie(name, altered, text.text, text.sentences, text.facts, text.speaker)

    def cited_elsewhere(self, text: Text) -> Iterator[Lie]:
        """A text unaltered that cites what does not say it: a sentence of elsewhere, another fact."""
        if text.facts:
            for fact_id in self.some([fact_id for fact_id in self.facts if fact_id not in text.facts], 3):
                if not self.may_say(self.facts[fact_id].evidence, text):
                    yield Lie(CITED_ELSEWHERE, text.text, text.text, (), (fact_id,))
            return
        for sentence in self.chance.sample([s for s in self.sentences if s not in text.sentences], 3):
            if not self.may_say((sentence,), text):
                yield Lie(CITED_ELSEWHERE, text.text, text.text, (sentence,), speaker=text.speaker)


CITED_ELSEWHERE = "cited elsewhere"

KINDS: Mapping[str, Rule] = {
    "figure": figures,
    "figure of another matter": figures_of_others,
    "unit": units,
    "bound": bounds,
    "date": dates,
    "name": names,
    "negation dropped": negation_dropped,
    "negation added": negation_added,
    "hedge dropped": hedges,
    "quotation altered": quotations_altered,
    "quotation invented": quotations_invented,
    "attribution dropped": attribution_dropped,
    "attribution to another": attribution_to_others,
}
"""What an honest text is altered in, and never told so."""

_OPPOSITES = (
    ("rose", "fell"), ("up", "down"), ("more", "fewer"), ("longer", "shorter"), ("higher", "lower"), ("shut", "open"),
    ("before", "after"), ("improved", "worsened"), ("late", "early"), ("closed", "opened"), ("safe", "in danger"),
    ("left", "boarded"), ("supported", "opposed"), ("first", "last"), ("began", "ended"), ("passed", "failed"),
)  # fmt: skip
_PAIRS = tuple((rf"\b{a}\b", b) for pair in _OPPOSITES for a, b in (pair, pair[::-1]))


def opposites(ground: Ground, text: Text) -> Iterator[str]:
    """The opposite of a word."""
    yield from reworded(text.text, _PAIRS)


def descriptions(ground: Ground, text: Text) -> Iterator[str]:
    """Somebody described in the place of somebody named."""
    for name in text.analysis.details.names:
        yield swapped(
            text.text, name.start, name.end, ground.chance.choice(("the insurer", "a neighbour", "the firm"))
        )


def report_in_quotation_marks(ground: Ground, text: Text) -> Iterator[str]:
    """Words that a report has as its own, given as quoted."""
    for start, end in runs(ground, text):
        yield swapped(text.text, start, end, f"“{text.text[start:end]}”")


def names_added(ground: Ground, text: Text) -> Iterator[str]:
    """A place or person of the cluster that the text did not have."""
    if text.text.endswith("."):
        for other in ground.some(ground.strangers(text, [name.text for name in ground.names]), 2):
            yield f"{text.text.rstrip('.')} in {other}."


OPEN: Mapping[str, Rule] = {
    "names change places": names_change_places,
    "figures change places": figures_change_places,
    "opposite": opposites,
    "done told as to come": futures,
    "expected told as certain": certainties,
    "description for a name": descriptions,
    "report in quotation marks": report_in_quotation_marks,
    "name added": names_added,
}
"""What the gates do not catch every time: it takes grammar, or knowledge of words."""


class LyingBackend(EmbeddedBackend):
    """Proposes lies among what is true, says that all claims say the same, and finds every statement supported."""

    name = "liar"
    judges = True

    def __init__(self, lies: Sequence[Lie] = ()) -> None:
        super().__init__()
        self._lies = lies

    async def claims(self, chunk: Chunk, index: Index) -> Sequence[ClaimDraft]:
        """The honest claims, and every lie about sentences of the chunk."""
        held = set(chunk.sentences)
        lies = [lie for lie in self._lies if not lie.facts and held.issuperset(lie.sentences)]
        told = [ClaimDraft(lie.text, lie.sentences, lie.speaker) for lie in lies]
        return [*await super().claims(chunk, index), *told]

    async def groups(self, claims: Sequence[Claim], index: Index) -> Sequence[Group]:
        return [Group(Relation.SAME, tuple(claim.id for claim in claims))]

    async def verdicts(self, questions: Sequence[Question], index: Index) -> Sequence[Answer]:
        return [Answer(Verdict.SUPPORTED, question.evidence, 1.0) for question in questions]

    async def summary(self, brief: Brief, index: Index) -> Sequence[StatementDraft]:
        """Every lie about agreed facts, naming each fact that rests on a sentence which the lie was made of."""
        drafts = [
            StatementDraft(lie.text, tuple(f.id for f in brief.facts if set(f.evidence) & set(lie.sentences)))
            for lie in self._lies
            if lie.facts
        ]
        return [draft for draft in drafts if draft.facts]
