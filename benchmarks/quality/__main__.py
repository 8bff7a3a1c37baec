"""What is found in clusters, against their gold: `python -m benchmarks.quality FOLDER… [--states CLUSTERS]`.

FOLDER is a cluster (documents, documents.json, gold.json) or a folder of them. CLUSTERS is a folder of
human-labelled `*.jsonl` (shared/data/clusters), for who-states-what: balanced accuracy, precision (less of it is
false consensus) and recall of `stated`. Measures, per cluster:

recall       share of the facts that one origin alone states that some claim under `unique` of it tells
wrong        share of the claims under `unique` all of whose facts other origins state, too
main         share of the main consensus facts that the summary (8 sentences) says
disputes     share of the gold disputes shown, every position of theirs as one; `shown` counts all that are shown
furniture    share of the gold furniture (by code points) found; `touched` counts citations that touch any
exact        share of citations whose quote is text[start:end]
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from itertools import permutations
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.command import create_parser, keep, offer_json
from benchmarks.quality.gold import Gold, GoldFact, read_gold, read_request_of, texts
from benchmarks.quality.states import told
from service.api.schemas import CitationOut, ClaimOut, PositionOut, SummaryResult
from service.building import create_summaries
from service.core.details.figures import find_figures
from service.core.words import words_of
from service.settings import Settings

_MOST_POSITIONS = 6  # of a dispute that is compared with the gold's in every order
_TOLD = 0.5  # share of a fact's words that a text must hold to tell it


@dataclass(frozen=True, slots=True)
class Scores:
    """The measures of one cluster, as the module's docstring defines them."""

    name: str
    recall: float
    wrong: float
    main: float
    disputes: float
    shown: int
    furniture: float
    touched: int
    exact: float


def score(folder: Path) -> Scores:
    request, gold = read_request_of(folder), read_gold(folder)
    result = asyncio.run(create_summaries(Settings()).make(request))
    text = texts(request, result)
    unique = [(group.document_id, claim) for group in result.unique for claim in group.claims]
    alone = [fact for fact in gold.facts if gold.origins(fact) == 1]
    found = [
        _told_by(fact, [c for d, c in unique if _origin(gold, d) == _origin_of(gold, fact)], text) for fact in alone
    ]
    judged = [told for _, claim in unique if (told := _facts_of(claim, gold, text))]
    wrong = [all(gold.origins(fact) > 1 for fact in told) for told in judged]
    main = [_said(fact, result) for fact in gold.facts if fact.main]
    citations = _citations(result)
    return Scores(
        folder.name,
        mean(found) if found else 1.0,
        mean(wrong) if wrong else 0.0,
        mean(main) if main else 1.0,
        mean(_shown(d, result) for d in gold.disputes) if gold.disputes else 1.0,
        len(result.disputes),
        _furniture_found(gold, result, text),
        sum(_touches_furniture(c, gold, text) for c in citations),
        mean(text[c.document_id][c.start : c.end] == c.quote for c in citations) if citations else 1.0,
    )


def _origin(gold: Gold, document_id: str) -> str:
    return gold.origin.get(document_id, document_id)


def _origin_of(gold: Gold, fact: GoldFact) -> str:
    return _origin(gold, next(iter(fact.documents)))


def _words(text: str) -> set[str]:
    return {token.term for token in words_of(text) if token.term}


def _holds(text: str, fact: str) -> bool:
    """True if a text holds half of a fact's words and all of its figures."""
    wanted = _words(fact)
    figures = find_figures(fact)
    held = find_figures(text)
    return len(wanted & _words(text)) >= _TOLD * len(wanted) and all(
        any(f.same_value(g) for g in held) for f in figures
    )


def _told_by(fact: GoldFact, claims: list[ClaimOut], text: dict[str, str]) -> bool:
    """True if a claim cites where the gold quote stands and holds the words of that quote."""
    for claim in claims:
        for citation in claim.citations:
            quotes = fact.documents.get(citation.document_id, [])
            for quote in quotes:
                start = text[citation.document_id].find(quote)
                overlaps = 0 <= start < citation.end and citation.start < start + len(quote)
                if overlaps and _holds(claim.text, quote):
                    return True
    return False


def _facts_of(claim: ClaimOut, gold: Gold, text: dict[str, str]) -> list[GoldFact]:
    """The gold facts that a claim tells."""
    return [fact for fact in gold.facts if _told_by(fact, [claim], text)]


def _said(fact: GoldFact, result: SummaryResult) -> bool:
    """True if one summary sentence holds the fact, in the gold's words or in those of a document."""
    wordings = [fact.text, *(quote for quotes in fact.documents.values() for quote in quotes)]
    return any(_holds(sentence.text, wording) for sentence in result.summary for wording in wordings)


def _shown(dispute: dict[str, Any], result: SummaryResult) -> bool:
    """True if a dispute shows each gold position as one of its own, by citations of its quotes."""
    gold = [position["documents"] for position in dispute["positions"]]
    return any(
        any(
            all(_is_position(g, p) for g, p in zip(gold, order, strict=True))
            for order in permutations(s.positions, len(gold))
        )
        for s in result.disputes
        if len(gold) <= len(s.positions) <= _MOST_POSITIONS
    )


def _is_position(gold: dict[str, list[str]], shown: PositionOut) -> bool:
    """True if one of a position's citations stands where one of the gold's quotes does."""
    return any(
        quote in citation.quote or citation.quote in quote
        for citation in shown.citations
        for quote in gold.get(citation.document_id, [])
    )


def _citations(result: SummaryResult) -> list[CitationOut]:
    claims = [*result.consensus, *result.shared, *(c for group in result.unique for c in group.claims)]
    cited = [claim.citations for claim in claims] + [sentence.citations for sentence in result.summary]
    cited += [position.citations for dispute in result.disputes for position in dispute.positions]
    return [citation for citations in cited for citation in citations]


def _furniture_spans(gold: Gold, document_id: str, text: str) -> list[tuple[int, int]]:
    spans = []
    for line in gold.furniture.get(document_id, []):
        start = text.find(line)
        while start >= 0:
            spans.append((start, start + len(line)))
            start = text.find(line, start + len(line))
    return spans


def _furniture_found(gold: Gold, result: SummaryResult, text: dict[str, str]) -> float:
    found = total = 0
    for document in result.documents:
        for start, end in _furniture_spans(gold, document.id, text[document.id]):
            total += end - start
            found += sum(max(0, min(end, f.end) - max(start, f.start)) for f in document.furniture)
    return min(1.0, found / total) if total else 1.0


def _touches_furniture(citation: CitationOut, gold: Gold, text: dict[str, str]) -> bool:
    spans = _furniture_spans(gold, citation.document_id, text[citation.document_id])
    return any(start < citation.end and citation.start < end for start, end in spans)


def main() -> None:
    parser = create_parser(__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--states", type=Path, help="folder of labelled clusters (*.jsonl)")
    offer_json(parser)
    arguments = parser.parse_args()
    folders = [f for folder in arguments.folders for f in sorted(folder.rglob("gold.json"))]
    print(
        f"{'cluster':<22}{'recall':>8}{'wrong':>8}{'main':>8}{'disputes':>10}{'shown':>7}{'furniture':>11}{'touched':>9}{'exact':>7}"
    )
    scores = [score(gold.parent) for gold in folders]
    keep(arguments.json, {"clusters": [asdict(s) for s in scores]})
    for s in scores:
        print(
            f"{s.name:<22}{s.recall:>8.2f}{s.wrong:>8.2f}{s.main:>8.2f}{s.disputes:>10.2f}{s.shown:>7}"
            f"{s.furniture:>11.2f}{s.touched:>9}{s.exact:>7.2f}"
        )
    if arguments.states is None:
        print("who states what: not measured, no folder was given with --states")
        return
    for file in sorted(arguments.states.glob("*.jsonl")):
        found = told(file)
        print(
            f"who states what, {file.stem}: balanced accuracy {found.balanced_accuracy:.3f} over {found.pairs} pairs"
            f", precision {found.precision:.3f}, recall {found.recall:.3f}"
        )


if __name__ == "__main__":
    main()
