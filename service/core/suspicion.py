"""Suspicion: passages of a document that speak to a model, not to a reader, and text that no reader sees.

They are warned of and change nothing: a report on such passages quotes them, and is a report all the same. A
pattern needs a form that reports do not have: an order to the reader of this very text, a role, a mark-up of prompts.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode
from binascii import Error
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.core.hiding import invisible
from service.core.model import Document, Format, Source, Span
from service.core.outcome import Notice
from service.core.suspicion_phrases import MARKUP, PHRASES, TEMPLATES

_ORDER = "an instruction to a model"
_TEMPLATE = "a mark of a model's prompt"
_REQUEST = "a mark of Concord's own requests"
_INVISIBLE = "characters that show nothing"
_OVERRIDE = "letters whose order is overridden"
_ENCODED = "an instruction to a model, encoded"
_MARKUP = "an instruction to a model in its markup, which no reader sees and which was left out"
_LEAST_INVISIBLE = 4
_DIRECTION = re.compile("[\u202d\u202e]")
_BASE64 = re.compile(r"(?<![\w+/])[A-Za-z0-9+/]{24,4000}={0,2}(?![\w+/])")
_IGNORED = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
_DISGUISED = re.compile(f"[{_IGNORED}\u2000-\u200a\u3000\uff01-\uff5e\U000e0000-\U000e007f\U0001d400-\U0001d7ff]")
_BEFORE = re.compile(r"[\W_]*")
_WARNING = "passages that a model might obey, and this service does not: "
_MOST = 5  # passages of one document that are told one by one


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A suspicious span of a text, in code points, and what it looks like."""

    span: Span
    kind: str


def find_passages(text: str) -> list[Passage]:
    """The suspicious passages of a text, in order, none inside another."""
    found = [*_written(text), *_shapeless(text), *_encoded(text)]
    kept: list[Passage] = []
    for passage in sorted(found, key=lambda p: (p.span.start, -p.span.end)):
        if not kept or passage.span.start >= kept[-1].span.end:
            kept.append(passage)
    return kept


def find_notices(sources: Iterable[Source], documents: Sequence[Document]) -> list[Notice]:
    """A notice for each document that holds suspicious passages: where, and what kind, never their words."""
    notices = []
    for source, document in zip(sources, documents, strict=True):
        told = [*_tell(document.text), *_in_markup(source, document)]
        if told:
            notices.append(Notice("suspicious", _WARNING + _join(told), document.id))
    return notices


def find_notices_of_text(text: str) -> list[Notice]:
    """The same of a text that is no document."""
    told = _tell(text)
    return [Notice("suspicious", f"in the text to be checked, {_WARNING}{_join(told)}")] if told else []


def _tell(text: str) -> list[str]:
    return [f"characters {p.span.start} to {p.span.end}: {p.kind}" for p in find_passages(text)]


def _join(told: Sequence[str]) -> str:
    more = f"; and {len(told) - _MOST} more" if len(told) > _MOST else ""
    return "; ".join(told[:_MOST]) + more


def _written(text: str) -> Iterator[Passage]:
    plain, places = _undisguised(text)
    lowered = plain.lower()
    found = [(_ORDER, phrase.pattern) for phrase in PHRASES if phrase.may_stand_in(lowered)]
    found += [(_TEMPLATE, pattern) for pattern in TEMPLATES]
    found += [(_REQUEST, pattern) for pattern in MARKUP]
    for kind, pattern in found:
        for match in pattern.finditer(plain):
            start, end = _trimmed(kind, match)
            yield Passage(Span(places[start], places[end - 1] + 1), kind)


def _trimmed(kind: str, match: re.Match[str]) -> tuple[int, int]:
    """The match without white space around it; an order without the signs that came before it, either."""
    said = match.group()
    opened = _BEFORE.match(said) if kind == _ORDER else None
    start = match.start() + (opened.end() if opened else len(said) - len(said.lstrip()))
    return start, max(start + 1, match.start() + len(said.rstrip()))


def _undisguised(text: str) -> tuple[str, Sequence[int]]:
    """The text without invisible characters, with plain letters for look-alikes, and where each stood."""
    if text.isascii() or not _DISGUISED.search(text):
        return text, range(len(text))
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if sign in _IGNORED:
            continue
        tag = 0xE0020 <= ord(sign) <= 0xE007E
        plain = chr(ord(sign) - 0xE0000) if tag else unicodedata.normalize("NFKC", sign)
        signs.append(plain)
        places += [place] * len(plain)
    return "".join(signs), places


def _shapeless(text: str) -> Iterator[Passage]:
    if text.isascii():
        return
    for span in invisible(text):
        if span.end - span.start >= _LEAST_INVISIBLE:
            yield Passage(span, _INVISIBLE)
    for match in _DIRECTION.finditer(text):
        yield Passage(Span(*match.span()), _OVERRIDE)


def _encoded(text: str) -> Iterator[Passage]:
    for match in _BASE64.finditer(text):
        try:
            said = b64decode(match.group() + "=" * (-len(match.group()) % 4)).decode()
        except (Error, ValueError):
            continue
        if any(phrase.pattern.search(said) for phrase in PHRASES):
            yield Passage(Span(*match.span()), _ENCODED)


def _in_markup(source: Source, document: Document) -> Iterator[str]:
    """What the markup of a page says to a model, and the text that was made of it does not."""
    if source.format is Format.TEXT or source.text == document.text:
        return
    read = {_key(document.text, p.span) for p in find_passages(document.text)}
    for passage in find_passages(source.text):
        if passage.kind == _ORDER and _key(source.text, passage.span) not in read:
            yield f"characters {passage.span.start} to {passage.span.end} as posted: {_MARKUP}"


def _key(text: str, span: Span) -> str:
    return " ".join(text[span.start : span.end].split())
