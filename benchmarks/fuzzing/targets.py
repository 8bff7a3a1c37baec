"""Targets: what must be true of any input, one function a kind of input. Each raises AssertionError where it is not.

An input is a client's: what it may raise is InvalidInput, which is its own fault and told so. Nothing here knows
what makes the inputs up: running.py does, and the tests hand in what was found once.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise, product

from service.core.checking import check_text
from service.core.details import Details, Figure, Moment, Name, Quotation, compare, find_details
from service.core.formats import to_text
from service.core.hiding import seen
from service.core.matching import Index
from service.core.model import Document, Format, Source, Span
from service.core.reading import LONGEST_SENTENCE, read
from service.core.suspicion import find_passages
from service.files import reader
from service.verifying import split

Detail = Figure | Moment | Name | Quotation

PARTS = "\n=====\n"
"""What parts the texts of one input."""
UNSHOWN = "Qzxhidden"
_HIDDEN = f"<p hidden>{UNSHOWN} words stand here.</p>"
_MOMENT = datetime(2024, 10, 28, 18, 0, tzinfo=UTC)
_DAY = date(2024, 10, 28)
_MOST_CHARACTERS = 1_000_000


def reading(text: str) -> None:
    """Sentences and furniture are exact spans, in order and apart; a text that is checked is split without loss."""
    document = read(Source("d", text, published_at=_MOMENT))
    check_document(document)
    passages = [passage.span for passage in find_passages(text)]
    assert all(0 <= p.start < p.end <= len(text) for p in passages), "a passage is no span"
    assert all(a.end <= b.start for a, b in pairwise(passages)), "passages overlap"
    spans = [span for span, _ in split(text)]
    assert all(a.end <= b.start for a, b in pairwise(spans)), "what a text is split into overlaps"
    assert "".join("".join(text[s.start : s.end].split()) for s in spans) == "".join(text.split()), "a sign is lost"


def check_document(document: Document) -> None:
    text, sentences = document.text, document.sentences
    assert all(text[s.start : s.end] == s.text for s in sentences), "a sentence is no exact quote"
    assert all(0 < len(s.text) <= LONGEST_SENTENCE and s.text == s.text.strip() for s in sentences), "a bad length"
    assert [s.index for s in sentences] == list(range(len(sentences))), "sentences are not numbered"
    assert all(a.end <= b.start for a, b in pairwise(sentences)), "sentences are not in order"
    spans = sorted([Span(s.start, s.end) for s in sentences] + list(document.furniture))
    assert all(0 <= s.start < s.end <= len(text) for s in spans), "a span is out of range"
    assert all(a.end <= b.start for a, b in pairwise(spans)), "spans overlap"


def details(text: str) -> None:
    """Details are spans in order, the same wherever they are asked for, and comparing them has no direction."""
    first, _, second = text.partition(PARTS)
    found = [_details_of(first), _details_of(second)]
    for kind in ("figures", "moments", "names", "quotations"):
        one, other = (list(getattr(details, kind))[:12] for details in found)
        for a, b in [*product(one, other), *((a, a) for a in one)]:
            assert compare(a, b) is compare(b, a), f"comparing has a direction: {a} and {b}"
        assert all(compare(a, a) == "equal" for a in one), "a detail is not its own equal"


def _details_of(text: str) -> Details:
    found = find_details(text, _DAY)
    kinds: list[tuple[Detail, ...]] = [found.figures, found.moments, found.names, found.quotations]
    for kind in kinds:
        assert all(0 <= d.start < d.end <= len(text) for d in kind), f"a detail is no span: {kind}"
        assert all(a.start <= b.start for a, b in pairwise(kind)), f"details are out of order: {kind}"
    exact: list[tuple[Detail, ...]] = [found.figures, found.moments]
    for kind in exact:
        assert all(text[d.start : d.end] == d.text for d in kind), f"a detail is no exact quote: {kind}"
    return found


def html(text: str) -> None:
    """Any page becomes a text that is read soundly, and what it hides is not told."""
    check_document(read(Source("d", to_text(text, Format.HTML))))
    shown = to_text(f"<!DOCTYPE html><html><body>{_HIDDEN}<p>Shown.</p>{text}</body></html>", Format.HTML)
    assert UNSHOWN not in seen(shown) or UNSHOWN in text, "what is hidden is told"


def markdown(text: str) -> None:
    """The same of Markdown."""
    check_document(read(Source("d", to_text(text, Format.MARKDOWN))))
    shown = to_text(f"{_HIDDEN}\n\nShown.\n\n{text}", Format.MARKDOWN)
    assert UNSHOWN not in seen(shown) or UNSHOWN in text, "what is hidden is told"


def verification(text: str) -> None:
    """Whatever is held against whatever has a verdict, and cites exact spans of what it was held against."""
    said, *reports = text.split(PARTS)[:4]
    documents = [read(Source(f"d{i}", report, published_at=_MOMENT)) for i, report in enumerate(reports or [said])]
    index = Index(documents)
    for span, is_said in split(said)[:5]:
        if is_said:
            _check_against(said[span.start : span.end], index)


def _check_against(said: str, index: Index) -> None:
    found = check_text(said, index)
    assert 0 <= found.score <= 1, f"a score of {found.score}"
    for sentence in (*found.supporting, *found.opposing):
        text = index.documents[sentence.document_id].text
        assert text[sentence.start : sentence.end] == sentence.text, "a citation is no exact quote"


def pdf(data: bytes) -> None:
    """Reading any bytes as a PDF gives a text or says why not."""
    _check_answer(reader.answer("pdf", data, _MOST_CHARACTERS))


def docx(data: bytes) -> None:
    """The same of a Word document whose parts are these, one after another."""
    _check_answer(reader.answer("docx", packed(data), _MOST_CHARACTERS))


def _check_answer(said: dict[str, object]) -> None:
    assert isinstance(json.loads(json.dumps(said)), dict)
    keys = set(said)
    assert keys in ({"text", "title", "warnings"}, {"problem"}, {"large"}, {"missing"}), f"it says {sorted(keys)}"


PART_NAMES = ("word/document.xml", "word/_rels/document.xml.rels", "docProps/core.xml", "word/styles.xml")


def packed(data: bytes) -> bytes:
    """A Word document with these bytes as its parts, which PARTS tells apart; what is missing is left empty."""
    from docx import Document

    plain = io.BytesIO()
    Document().save(plain)
    parts = dict(zip(PART_NAMES, data.split(PARTS.encode()), strict=False))
    target = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name) or old.read(name))
    return target.getvalue()


def _of_text(target: Callable[[str], None]) -> Callable[[bytes], None]:
    return lambda data: target(data.decode("utf-8", "ignore"))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "reading": _of_text(reading), "details": _of_text(details), "html": _of_text(html),
    "markdown": _of_text(markdown), "verification": _of_text(verification), "pdf": pdf, "docx": docx,
}  # fmt: skip
"""By name, each as it takes an input: bytes, of which those that are no UTF-8 are left out where it wants a text."""
