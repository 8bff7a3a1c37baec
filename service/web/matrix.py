"""The support matrix: claims by documents, as far as a result tells it.

A result names the documents that state a claim, and the positions of a dispute; from these follows who contradicts.
Which documents could not be asked about a claim it says only of claims that are not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from service.api.schemas import ClaimOut, DocumentOut, SummaryResult

STATES, CONTRADICTS, SILENT, NOT_JUDGED = "states", "contradicts", "silent", "not_judged"
_WIDEST, _NARROWEST = 22, 5  # units of a column, few documents or many
_ROOM = 420


@dataclass(frozen=True, slots=True)
class Column:
    """A document's column: its place as posted, and where it begins."""

    place: int
    document_id: str
    x: float


@dataclass(frozen=True, slots=True)
class Bracket:
    """Columns of one origin, from `x` on, that are bracketed together."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Row:
    """A claim, and for each stance the places of the documents that take it."""

    claim: ClaimOut
    stances: dict[str, list[Column]]


@dataclass(frozen=True, slots=True)
class Block:
    """Claims of one standing."""

    heading: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Matrix:
    """What is drawn. `step` is the width of a column, `width` that of all, in the picture's units."""

    columns: Sequence[Column]
    brackets: Sequence[Bracket]
    blocks: Sequence[Block]
    step: float
    width: float

    @property
    def claims(self) -> int:
        return sum(len(block.rows) for block in self.blocks)


def lay_out(result: SummaryResult) -> Matrix:
    """The matrix of a result: documents of one origin side by side, claims by their standing."""
    count = len(result.documents)
    step = max(_NARROWEST, min(_WIDEST, _ROOM / max(1, count)))
    columns, brackets = _columns(result.documents, step)
    against = _contradicting(result)
    blocks = [
        Block(heading, [_row(claim, columns, against, judged=judged) for claim in claims])
        for heading, claims, judged in _groups(result)
        if claims
    ]
    return Matrix(columns, brackets, blocks, step, count * step)


def _groups(result: SummaryResult) -> Iterator[tuple[str, Sequence[ClaimOut], bool]]:
    yield f"Stated by {result.quorum} origins or more", result.consensus, True
    yield "Stated by more than one", result.shared, True
    yield "Stated by one alone", [claim for group in result.unique for claim in group.claims], True
    yield "Not judged", result.unjudged, False


def _columns(documents: Sequence[DocumentOut], step: float) -> tuple[list[Column], list[Bracket]]:
    first: dict[str, int] = {}
    for place, document in enumerate(documents):
        first.setdefault(document.origin, place)
    ordered = sorted(enumerate(documents), key=lambda entry: (first[entry[1].origin], entry[0]))
    columns = [Column(place + 1, d.id, round(i * step, 2)) for i, (place, d) in enumerate(ordered)]
    brackets, at = [], 0
    for _, group in groupby(ordered, key=lambda entry: entry[1].origin):
        size = len(list(group))
        if size > 1:
            brackets.append(Bracket(round(at * step, 2), round(size * step, 2)))
        at += size
    return columns, brackets


def _contradicting(result: SummaryResult) -> dict[str, set[str]]:
    """For each claim that is part of a dispute: the documents that hold another position in it."""
    against: dict[str, set[str]] = {}
    for dispute in result.disputes:
        for position in dispute.positions:
            others = {d for p in dispute.positions if p is not position for d in p.documents}
            for claim in position.claims:
                against.setdefault(claim, set()).update(others)
    return against


def _row(claim: ClaimOut, columns: Iterable[Column], against: dict[str, set[str]], *, judged: bool) -> Row:
    stating, opposing = set(claim.documents), against.get(claim.id, set())
    stances: dict[str, list[Column]] = {STATES: [], CONTRADICTS: [], NOT_JUDGED: [], SILENT: []}
    for column in columns:
        if column.document_id in stating:
            stances[STATES].append(column)
        elif column.document_id in opposing:
            stances[CONTRADICTS].append(column)
        else:
            stances[SILENT if judged else NOT_JUDGED].append(column)
    return Row(claim, stances)
