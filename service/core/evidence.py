"""Evidence: what a statement is tried on, and which cited sentences bear its details out.

A trial holds a statement with the evidence of its facts, widened by further sentences of the same documents
where a detail needs them. The gates (verification.py) decide on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from service.core.details import Details, Figure, Moment, Name, Quotation
from service.core.matching import LEAST_COVERAGE, Analysis, Index
from service.core.model import Fact, Sentence, StatementDraft

Holds = Callable[[Analysis], bool]
"""Whether a sentence bears a detail out."""

_ENOUGH = 2  # documents that hold a name, before more are looked for
_ADDS = 0.08  # share of a statement's weight that a further citation of one document must add


@dataclass(frozen=True, slots=True)
class Trial:
    """What the gates look at: a statement, its evidence, and where each sentence of that comes from."""

    draft: StatementDraft
    facts: tuple[Fact, ...]
    text: Analysis
    evidence: tuple[Sentence, ...]
    analyses: tuple[Analysis, ...]
    origins: Mapping[str, str]
    quorum: int
    index: Index

    def origins_of(self, holds: Callable[[Analysis], bool]) -> set[str]:
        """The origins of the evidence sentences that hold something."""
        pairs = zip(self.evidence, self.analyses, strict=True)
        return {self.origins[sentence.document_id] for sentence, analysis in pairs if holds(analysis)}


def supplement(text: Analysis, evidence: Sequence[Sentence], index: Index) -> list[Sentence]:
    """Further sentences of the cited documents, on the same matter, that hold a detail which one of them has.

    Never for a quotation: whose words they are is decided by the sentences that the facts rest on.
    """
    cited = {sentence.document_id for sentence in evidence}
    held = [*held_figures(text.details), *held_moments(text.details), *held_names(text.details)]
    wanted = [holds for _, holds in held if _documents_with(holds, evidence, index) < _ENOUGH]
    if not wanted:
        return []
    return [
        hit.sentence
        for hit in index.search(text, LEAST_COVERAGE)
        if hit.sentence.document_id in cited
        and hit.sentence not in evidence
        and any(holds(index.of(hit.sentence)) for holds in wanted)
    ]


def _documents_with(holds: Holds, evidence: Sequence[Sentence], index: Index) -> int:
    return len({sentence.document_id for sentence in evidence if holds(index.of(sentence))})


def date_of_source(draft: StatementDraft, evidence: Sequence[Sentence], index: Index) -> date | None:
    """The day a statement's relative dates count from: that of the sentence which holds most of it."""
    dates = {index.documents[sentence.document_id].dated for sentence in evidence}
    if len(dates) < 2:
        return next(iter(dates), None)
    text = index.analyse(draft.text)
    best = max(evidence, key=lambda s: index.coverage(text, index.of(s)))
    return index.documents[best.document_id].dated


def needed(trial: Trial) -> tuple[Sentence, ...]:
    """The evidence that a reader should be shown: of each document its best sentence, and what else adds to it.

    Whatever bears out a detail stays, so that what the gates found in the evidence is found in the citations.
    """
    by_document: dict[str, list[tuple[Sentence, Analysis]]] = {}
    for sentence, analysis in zip(trial.evidence, trial.analyses, strict=True):
        by_document.setdefault(sentence.document_id, []).append((sentence, analysis))
    kept = [sentence for pairs in by_document.values() for sentence in _needed_of(pairs, trial)]
    order = list(by_document)
    return tuple(sorted(kept, key=lambda s: (order.index(s.document_id), s.index)))


def _needed_of(pairs: Sequence[tuple[Sentence, Analysis]], trial: Trial) -> list[Sentence]:
    """The needed evidence of one document."""
    least = _ADDS * trial.index.weight_of(trial.text.bag)
    held = [holds for _, holds in held_details(trial.text.details)]
    kept: list[Sentence] = []
    covered: frozenset[str] = frozenset()
    borne: set[int] = set()
    for sentence, analysis in sorted(pairs, key=lambda pair: -trial.index.coverage(trial.text, pair[1])):
        new = (trial.text.bag & analysis.bag) - covered
        bears = {i for i, holds in enumerate(held) if holds(analysis)} - borne
        if not kept or bears or trial.index.weight_of(new) > least:
            kept.append(sentence)
            covered |= new
            borne |= bears
    return kept


def held_details(details: Details) -> Iterator[tuple[str, Holds]]:
    """Every detail of a statement with the test whether a sentence bears it out."""
    yield from held_quotations(details)
    yield from held_figures(details)
    yield from held_moments(details)
    yield from held_names(details)


def held_quotations(details: Details) -> Iterator[tuple[str, Holds]]:
    for quotation in details.quotations:
        yield quotation.text, partial(holds_quotation, quotation)


def holds_quotation(quotation: Quotation, analysis: Analysis) -> bool:
    return quotation.stands_in(analysis.plain)


def held_figures(details: Details) -> Iterator[tuple[str, Holds]]:
    for figure in details.figures:
        yield figure.text, partial(_holds_figure, figure)


def _holds_figure(claimed: Figure, analysis: Analysis) -> bool:
    """True for an equal value of what is counted, where both say what that is.

    Bounds need not agree: `over 600,000` in one source and `around 600,000` in another corroborate the value,
    and the bound of the statement is that of the source it is cut from.
    """
    return any(
        stated.same_value(claimed)
        and not stated.excludes(claimed)
        and (not (stated.head and claimed.head) or bool({*stated.counted} & {*claimed.counted}))
        for stated in analysis.details.figures
    )


def held_moments(details: Details) -> Iterator[tuple[str, Holds]]:
    for moment in details.moments:
        yield moment.text, partial(_holds_moment, moment)


def _holds_moment(claimed: Moment, analysis: Analysis) -> bool:
    return any(stated.covers(claimed) for stated in analysis.details.moments)


def held_names(details: Details) -> Iterator[tuple[str, Holds]]:
    for name in details.names:
        yield name.text, partial(_holds_name, name)


def _holds_name(claimed: Name, analysis: Analysis) -> bool:
    return any(stated.matches(claimed) for stated in analysis.details.names)


def shares_of(trial: Trial) -> dict[str, float]:
    """For each origin the share of the statement's weight that its evidence holds, taken together."""
    by_origin: dict[str, list[Analysis]] = {}
    for sentence, analysis in zip(trial.evidence, trial.analyses, strict=True):
        by_origin.setdefault(trial.origins[sentence.document_id], []).append(analysis)
    return {origin: trial.index.coverage(trial.text, *analyses) for origin, analyses in by_origin.items()}
