"""Evidence: what a statement is tried on, and which cited sentences bear its details out.

A trial holds a statement with the evidence of its facts, widened by further sentences of the same documents
where a detail needs them. The gates (verification.py) decide on it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise

from service.core.clauses import cuts
from service.core.details import Details, Figure, Moment, Name, Quotation
from service.core.lexicon import QUANTITIES
from service.core.matching import Analysis, Index
from service.core.model import Fact, Sentence, StatementDraft

Holds = Callable[[Analysis], bool]
"""Whether a sentence bears a detail out."""

_CODE = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[A-Za-z\d]{3,}")
_ENOUGH = 2  # documents that hold a name, before more are looked for
_ON_THE_MATTER = 0.20  # coverage of a statement from which a further sentence may bear a detail of it out
_AS_GOOD = 0.1  # less coverage than the best at which words may still be those that a statement is nearest to
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

    Never for a quotation: whose words they are is decided by the sentences that the facts rest on. A text that is
    no wording of those must share more with a further sentence than names.
    """
    cited = {sentence.document_id for sentence in evidence}
    held = [*held_figures(text.details), *held_moments(text.details), *held_names(text.details)]
    wanted = [holds for _, holds in held if _documents_with(holds, evidence, index) < _ENOUGH]
    if not wanted:
        return []
    said = text.bag if _is_worded(text, evidence, index) else terms_beside(text, text.details.names)
    least = _ON_THE_MATTER * index.weight_of(said)
    return [
        hit.sentence
        for hit in index.search(text, _ON_THE_MATTER)
        if hit.sentence.document_id in cited
        and hit.sentence not in evidence
        and any(holds(index.of(hit.sentence)) for holds in wanted)
        and index.weight_of(said & index.of(hit.sentence).bag) >= least
    ]


def _is_worded(text: Analysis, evidence: Sequence[Sentence], index: Index) -> bool:
    """True if a text stands word for word in one of some sentences."""
    return any(stands_in(text, index.of(sentence)) for sentence in evidence)


def stands_in(text: Analysis, held: Analysis) -> bool:
    """True if a text stands word for word in another."""
    return text.plain.rstrip(" .") in held.plain


def terms_beside(text: Analysis, details: Sequence[Name | Figure]) -> frozenset[str]:
    """The terms of a text without those of some details of it."""
    spans = [(detail.start, detail.end) for detail in details]
    return frozenset(w.term for w in text.words if w.term and not any(low <= w.start < high for low, high in spans))


def share_beside_names(text: Analysis, held: Analysis, index: Index) -> float:
    """The share of a text's weight that another text holds, names left out: who is named in both does not tell."""
    said, total = index.once(("beside names", id(text), 0), lambda: _weigh_beside_names(text, index))
    return index.weight_of(said & held.bag) / total if total else 0.0


def _weigh_beside_names(text: Analysis, index: Index) -> tuple[frozenset[str], float]:
    """The terms of a text that are of no name (all, if there are no others), and their weight."""
    spans = [(name.start, name.end) for name in text.details.names]
    named = {index.alias(w.term) for w in text.words if any(low <= w.start < high for low, high in spans)}
    said = text.bag - named or text.bag
    return said, index.weight_of(said)


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


def held_quantities(text: Analysis) -> Iterator[tuple[str, Holds]]:
    """The words of number that no figure of a text takes up, nor a moment."""
    taken = [(figure.start, figure.end) for figure in text.details.figures]
    taken += [(moment.start, moment.end) for moment in text.details.moments]
    for word in text.words:
        said = word.folded
        if said in QUANTITIES and not any(start < word.end and word.start < end for start, end in taken):
            yield word.text, partial(_holds_word, said)


def _holds_word(said: str, analysis: Analysis) -> bool:
    return said in analysis.folded


def repeated_code(trial: Trial) -> str:
    """The number of a batch, a road, a flight that a statement has oftener than any sentence that it cites."""
    counts = ((code, n) for code, n in Counter(_codes_of(trial.text)).items())
    return next((code for code, n in counts if all(_codes_of(a).count(code) < n for a in trial.analyses)), "")


def _codes_of(text: Analysis) -> list[str]:
    """The words of a text that mix letters and digits: the number of a batch, a road, a flight."""
    return [word.text for word in text.words if _CODE.fullmatch(word.text)]


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
    """For each origin the share of the statement's weight that its evidence holds, taken together.

    Of a statement that is no wording of what its facts rest on, further sentences bear out details alone.
    """
    own = own_evidence(trial)
    worded = _is_worded(trial.text, own, trial.index)
    by_origin: dict[str, list[Analysis]] = {}
    for sentence in trial.evidence if worded else own:
        by_origin.setdefault(trial.origins[sentence.document_id], []).append(trial.index.of(sentence))
    return {origin: trial.index.coverage(trial.text, *analyses) for origin, analyses in by_origin.items()}


def own_evidence(trial: Trial) -> tuple[Sentence, ...]:
    """The evidence that the cited facts rest on; all of it where none are cited."""
    own = {sentence for fact in trial.facts for sentence in fact.evidence}
    return tuple(sentence for sentence in trial.evidence if not own or sentence in own)


def closest(trial: Trial) -> Analysis | None:
    """The words that a statement is nearest to: a sentence, a cut of one, two in a row, or a claim that it cites.

    They hold about as much of it as any, and say the least else.
    """
    index, text = trial.index, trial.text
    wordings = [*trial.analyses, *(index.of_claim(fact.claim) for fact in trial.facts)]
    for one, other in pairwise(trial.evidence):
        if one.document_id == other.document_id and other.index == one.index + 1:
            wordings.append(index.analyse(f"{one.text} {other.text}", index.documents[one.document_id].dated))
    least = max((index.coverage(text, words) for words in wordings), default=0.0) - _AS_GOOD
    for sentence, analysis in zip(trial.evidence, trial.analyses, strict=True):
        if index.coverage(text, analysis) >= least:
            wordings += _lighter(sentence, index)
    good = (words for words in wordings if index.coverage(text, words) >= least)
    return max(good, key=lambda words: index.coverage(words, text), default=None)


def _lighter(sentence: Sentence, index: Index) -> list[Analysis]:
    """The analyses of the cuts of a sentence, but of itself; made once for a run."""
    dated = index.documents[sentence.document_id].dated
    found: list[Analysis] = index.once(
        ("cuts", id(index.of(sentence)), 0), lambda: [index.analyse(cut, dated) for cut in cuts(sentence.text)[1:]]
    )
    return found
