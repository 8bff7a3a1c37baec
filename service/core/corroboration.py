"""Corroboration: the support matrix (claims x documents) and what follows from it, the standing of facts.

A cell that is not in the matrix was searched through the index and is silent. Claims that say the same become
one fact; a fact stands by the number of origins whose documents state it, and one with a cell that could not
be judged is never unique.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from service.core.likeness import same
from service.core.matching import Index
from service.core.model import (
    Answer,
    Cell,
    Claim,
    Fact,
    Group,
    Question,
    Relation,
    Sentence,
    Stance,
    Standing,
    Verdict,
)
from service.core.support import JUDGED, SEARCHED, leaves_out, may_state, names_alone, support

Matrix = Mapping[tuple[str, str], Cell]
"""(claim id, document id) -> cell."""

_HITS_PER_DOCUMENT = 2


def distinct(claims: Sequence[Claim]) -> tuple[list[Claim], list[Group]]:
    """The claims without those that say the same in the same words, and groups that tell which did."""
    first: dict[tuple[str, str | None], list[Claim]] = {}
    for claim in claims:
        first.setdefault((claim.core, claim.attributed_to), []).append(claim)
    groups = [Group(Relation.SAME, tuple(c.id for c in same)) for same in first.values() if len(same) > 1]
    return [same[0] for same in first.values()], groups


def find_evidence(claim: Claim, index: Index) -> dict[str, tuple[Sentence, ...]]:
    """For each other document the sentences that may state a claim, best first. Every document is searched."""
    text = index.of_claim(claim)
    found: dict[str, list[Sentence]] = defaultdict(list)
    for hit in index.search(text, SEARCHED):
        sentences = found[hit.sentence.document_id]
        if len(sentences) < _HITS_PER_DOCUMENT:
            sentences.append(hit.sentence)
    found.pop(claim.document_id, None)
    return {document_id: tuple(sentences) for document_id, sentences in found.items()}


def sift(claims: Sequence[Claim], index: Index) -> tuple[list[Question], dict[tuple[str, str], Cell]]:
    """What a judge is to be asked, and the cells that rules settle: stated by wording, or by no wording.

    Asked is only where a judge's word could count (support.may_state). Questions are in the order of the later
    of their two documents, each such document a batch.
    """
    place = {document_id: position for position, document_id in enumerate(index.documents)}
    questions: list[Question] = []
    settled: dict[tuple[str, str], Cell] = {}
    for claim in claims:
        text = index.of_claim(claim)
        for document_id, sentences in find_evidence(claim, index).items():
            found = support(index, text, claim.attributed_to, sentences)
            if found.stated or not may_state(index, text, sentences):
                settled[claim.id, document_id] = Cell(found.sentences if found.stated else ())
            else:
                later = max(claim.document_id, document_id, key=place.__getitem__)
                questions.append(Question(claim, sentences, later))
    return sorted(questions, key=lambda question: place[question.batch]), settled


def judge(questions: Sequence[Question], answers: Sequence[Answer], index: Index) -> dict[tuple[str, str], Cell]:
    """Cells from a judge's answers, each only as far as the sentences that it names allow.

    What it was not able to answer is unjudged.
    """
    cells = {}
    for question, answer in zip(questions, answers, strict=True):
        stated = answer.verdict is Verdict.SUPPORTED and _may_count(question.claim, answer.sentences, index)
        cells[question.claim.id, question.evidence[0].document_id] = Cell(
            supporting=answer.sentences if stated else (), judged=answer.verdict is not Verdict.NOT_CHECKED
        )
    return cells


def _may_count(claim: Claim, sentences: Sequence[Sentence], index: Index) -> bool:
    """Whether a judge's word may make some sentences state a claim: they say some of it, not only who speaks."""
    text = index.of_claim(claim)
    held = [index.of(sentence) for sentence in sentences]
    return may_state(index, text, sentences) and not (names_alone(index, text, held) or leaves_out(index, text, held))


def ask_all(clusters: Sequence[Cluster], index: Index) -> list[Question]:
    """Whether each document that may state a claim, and is not known to, states it."""
    return [
        Question(found.lead, sentences)
        for found in clusters
        for document_id, sentences in find_evidence(found.lead, index).items()
        if document_id not in found.documents
    ]


def fill(questions: Sequence[Question], answers: Sequence[Answer]) -> dict[tuple[str, str], Cell]:
    """Cells from the answers of rules."""
    return {
        (question.claim.id, question.evidence[0].document_id): Cell(
            supporting=answer.sentences if answer.verdict is Verdict.SUPPORTED else ()
        )
        for question, answer in zip(questions, answers, strict=True)
    }


def agreeing(groups: Sequence[Group], claims: Sequence[Claim], index: Index) -> list[Group]:
    """Proposed groups, of those that say the same only the pairs that nothing tells apart, and that share words."""
    texts = {claim.id: index.of_claim(claim) for claim in claims}
    kept: list[Group] = []
    for group in groups:
        if group.relation is not Relation.SAME:
            kept.append(group)
            continue
        for one, other in combinations(group.claims, 2):
            a, b = texts[one], texts[other]
            named = names_alone(index, a, [b]) or names_alone(index, b, [a])
            if not named and min(index.coverage(a, b), index.coverage(b, a)) >= JUDGED and same(a, b, index):
                kept.append(Group(Relation.SAME, (one, other)))
    return kept


@dataclass(frozen=True, slots=True)
class Cluster:
    """Claims that say the same, in order, under the one that is asked about and shown."""

    lead: Claim
    members: tuple[Claim, ...]

    @property
    def documents(self) -> set[str]:
        return {member.document_id for member in self.members}


def cluster(claims: Sequence[Claim], groups: Sequence[Group]) -> list[Cluster]:
    """Each claim under the one that most claims say the same as, never under a friend of a friend."""
    same: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        if group.relation is Relation.SAME:
            for claim_id in group.claims:
                same[claim_id] |= {*group.claims} - {claim_id}
    order = {claim.id: position for position, claim in enumerate(claims)}
    taken: set[str] = set()
    clusters = []
    for claim in sorted(claims, key=lambda c: (-len(same[c.id]), len(c.text), order[c.id])):
        if claim.id in taken:
            continue
        members = [claim.id, *(other for other in same[claim.id] if other in order and other not in taken)]
        taken.update(members)
        clusters.append(Cluster(claim, tuple(claims[position] for position in sorted(order[m] for m in members))))
    return sorted(clusters, key=lambda found: order[found.members[0].id])


def gather(clusters: Sequence[Cluster], matrix: Matrix, origins: Mapping[str, str], quorum: int) -> list[Fact]:
    """The facts, in order of the first claim of each."""
    rows: dict[str, list[tuple[str, Cell]]] = defaultdict(list)
    for (claim_id, document_id), cell in matrix.items():
        rows[claim_id].append((document_id, cell))
    posted = {document_id: position for position, document_id in enumerate(origins)}
    return [_fact(found, rows[found.lead.id], origins, quorum, posted) for found in clusters]


def _fact(
    found: Cluster,
    row: Sequence[tuple[str, Cell]],
    origins: Mapping[str, str],
    quorum: int,
    posted: Mapping[str, int],
) -> Fact:
    evidence: dict[str, set[Sentence]] = defaultdict(set)
    for member in found.members:
        evidence[member.document_id].update(member.sentences)
    for document_id, cell in row:
        if cell.stance is Stance.STATES:
            evidence[document_id].update(cell.supporting)
    stating = sorted(evidence, key=posted.__getitem__)
    sentences = tuple(s for d in stating for s in sorted(evidence[d], key=lambda s: s.index))
    count = len({origins[document_id] for document_id in stating})
    unjudged = any(cell.stance is Stance.UNJUDGED for _, cell in row)
    standing = standing_of(count, quorum, unjudged=unjudged)
    return Fact(found.lead, found.members, sentences, tuple(stating), count, standing)


def standing_of(origins: int, quorum: int, *, unjudged: bool) -> Standing:
    """The first row that matches: enough origins; more than one; one, but not all asked; one."""
    if origins >= quorum and origins > 1:
        return Standing.CONSENSUS
    if origins > 1:
        return Standing.SHARED
    return Standing.UNJUDGED if unjudged else Standing.UNIQUE
