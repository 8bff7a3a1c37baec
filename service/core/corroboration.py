"""Corroboration: the support matrix (claims x documents) and what follows from it, the standing of facts.

A cell that is not in the matrix was searched through the index and is silent. Claims that say the same become
one fact; a fact stands by the number of origins whose documents state it, and one with a cell that could not
be judged is never unique.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.core.matching import Index
from service.core.model import Cell, Claim, ClaimDraft, Fact, Group, Relation, Sentence, Stance, Standing
from service.core.support import SEARCHED

Matrix = Mapping[tuple[str, str], Cell]
"""(claim id, document id) -> cell."""

OMISSION = " … "
"""How a claim shows that words of its sentence are left out."""
_SEAM = re.compile(rf"{OMISSION}|[\[\]]")
_HITS_PER_DOCUMENT = 2


def anchor(drafts: Iterable[ClaimDraft], index: Index, first: int = 1) -> list[Claim]:
    """Claims of one document from drafts: numbered, each once.

    A draft is refused if a figure, date or quotation of it stands in none of its sentences.
    """
    claims: list[Claim] = []
    seen: set[tuple[str, str | None]] = set()
    for draft in drafts:
        said = (draft.core or draft.text, draft.attributed_to)
        if draft.sentences and draft.text.strip() and said not in seen and _is_anchored(draft, index):
            seen.add(said)
            document_id = draft.sentences[0].document_id
            number = f"c{first + len(claims)}"
            claims.append(
                Claim(
                    number,
                    draft.text,
                    document_id,
                    draft.sentences,
                    draft.attributed_to,
                    draft.core or draft.text,
                )
            )
    return claims


def _is_anchored(draft: ClaimDraft, index: Index) -> bool:
    if _is_verbatim(draft):
        return True
    dated = index.documents[draft.sentences[0].document_id].dated
    details = index.analyse(draft.text, dated).details
    stated = [index.of(sentence).details for sentence in draft.sentences]
    figures = all(any(f.same_value(g) for d in stated for g in d.figures) for f in details.figures)
    moments = all(any(m.equals(n) for d in stated for n in d.moments) for m in details.moments)
    around = " ".join(index.of(sentence).plain for sentence in draft.sentences)
    quotations = all(q.stands_in(around) for q in details.quotations)
    return figures and moments and quotations


def _is_verbatim(draft: ClaimDraft) -> bool:
    """True if the text is words of the cited sentences, but for marked omissions, insertions and capitals."""
    cited = " ".join(sentence.text for sentence in draft.sentences).casefold()
    parts = (part.strip().rstrip(".").casefold() for part in _SEAM.split(draft.text))
    return all(part in cited for part in parts)


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
