"""Notes: the number of every cited span, and what each source is called, the same on a page and in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlsplit

from service.api.schemas import CitationOut, DocumentOut, SummaryResult, VerificationResult
from service.web.marking import Citing, Segment, cut


@dataclass(frozen=True, slots=True)
class SourceView:
    """A document as it is shown: its place (from 1), its name, its text in segments, and where it is used."""

    place: int
    document: DocumentOut
    label: str
    link: str | None
    segments: Sequence[Segment]
    quotes: int
    used: str
    furniture: str


class Notes:
    """Numbers each cited span once, in the order in which a reader meets it."""

    def __init__(self, documents: Sequence[DocumentOut], citations: Iterable[CitationOut]) -> None:
        self._documents = documents
        self._labels = {d.id: d.publisher or d.title or d.id for d in documents}
        self._places = {d.id: place for place, d in enumerate(documents, start=1)}
        self._origins = {d.id: d.origin for d in documents}
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.cited: list[CitationOut] = []
        """The first citation of each span, in the order of their numbers."""
        for c in citations:
            if self._numbers.setdefault((c.document_id, c.start, c.end), len(self._numbers) + 1) > len(self.cited):
                self.cited.append(c)

    def number(self, citation: CitationOut) -> int:
        return self._numbers[citation.document_id, citation.start, citation.end]

    def label(self, document_id: str) -> str:
        """What a source is called: its publisher, else its title, else its id."""
        return self._labels[document_id]

    def place(self, document_id: str) -> int:
        return self._places[document_id]

    def origins(self, document_ids: Iterable[str]) -> int:
        """How many origins these documents have."""
        return len({self._origins[document_id] for document_id in document_ids})

    def sources(self, texts: Mapping[str, str]) -> list[SourceView]:
        """Every document with its text, marked. `texts` has the text that each document's spans index."""
        cited: dict[str, list[Citing]] = {d.id: [] for d in self._documents}
        for (document_id, start, end), number in self._numbers.items():
            cited[document_id].append(Citing(start, end, number))
        return [self._source(d, texts[d.id], cited[d.id]) for d in self._documents]

    def _source(self, document: DocumentOut, text: str, cited: Sequence[Citing]) -> SourceView:
        furniture = [(span.start, span.end) for span in document.furniture]
        spans = [(span.start, span.end) for span in cited]
        return SourceView(
            place=self._places[document.id],
            document=document,
            label=self._labels[document.id],
            link=_web_link(document.url),
            segments=list(cut(text, cited, furniture)),
            quotes=len(cited),
            used=_strip(spans, len(text)),
            furniture=_strip(furniture, len(text)),
        )


def of_summary(result: SummaryResult) -> Notes:
    """The notes of a summary, numbered as its parts are read from the top."""
    claims = chain(result.consensus, result.shared, *(group.claims for group in result.unique), result.unjudged)
    positions = chain.from_iterable(dispute.positions for dispute in result.disputes)
    parts = chain(
        (sentence.citations for sentence in result.summary),
        (claim.citations for claim in claims),
        (position.citations for position in positions),
    )
    return Notes(result.documents, chain.from_iterable(parts))


def of_verification(result: VerificationResult) -> Notes:
    """The notes of verdicts: for each sentence what speaks for it, then what speaks against it."""
    return Notes(result.documents, chain.from_iterable((*s.citations, *s.against) for s in result.sentences))


def _web_link(url: str | None) -> str | None:
    """A URL that may be followed: one of the web, never one that holds a script."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def _strip(spans: Iterable[tuple[int, int]], length: int) -> str:
    """Spans as the path of bars along a line of 1000 units, 10 high."""
    scale = 1000 / max(1, length)
    bars = ((start * scale, max(1.0, (end - start) * scale)) for start, end in spans)
    return "".join(f"M{x:.1f} 0h{width:.1f}v10h-{width:.1f}z" for x, width in bars)
