"""Reading: one source to a document, its sentences and its furniture, as spans of the untouched text.

Lines are told apart into furniture and report; lines that a page or an e-mail broke inside a sentence are
joined; nupunkt finds the sentence ends, and what it leaves (scripts with other full stops, a missing space, a
quotation's end) is cut by rule. Whatever happens here, text[start:end] stays what was posted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from nupunkt import sent_spans

from service.core.details.dates import find_moments
from service.core.furniture import find_furniture
from service.core.hiding import find_hidden
from service.core.model import Document, Sentence, Source, Span

LONGEST_SENTENCE = 1_200
"""Code points; what runs on longer is cut at a clause, a space, or failing both right there."""

_LINE_END = re.compile(r"\r\n|[\n\r\f\v\x1c-\x1e\x85\u2028\u2029]")
_BULLET = re.compile(r"(?:[-*•‣▪◦–—·]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+\S|#{1,6}\s")
_TERMINAL = re.compile(r"[.!?…:;。！？؟।۔॥][\"'”’»」』)\]]*$")
_END_MARK = re.compile(r"[.!?…。！？؟।۔॥][\"'”’»」』)\]*_]*$")
_EXTRA_CUT = re.compile(
    r"[。！？｡]+[”’」』）)]*"  # no space follows these
    r"|[؟।۔॥]+[”’\"')]*\s*"
    r"|(?<=[a-z]{2})[.!?][\"”’)]?(?=[A-Z][a-z]+[\s,])"  # a space is missing: "conflict.The"
    r"|(?<=\w)[.!?…][”\"]\s+(?=[A-Z“\"])(?!(?:I|U\.))"
)
_AFTER_QUOTE = re.compile(r"[.!?…][”\"]\s+$")
_ATTRIBUTION = re.compile(r"(?:[A-Z][\w’'-]+\s){1,4}(?:said|says|asked|told|added|wrote|replied)\b")
_ASKED = re.compile(r"[!?…][”\"’]\s+$")
_TITLE = re.compile(
    r"\b(?:Lt|Capt|Col|Gen|Brig|Maj|Sgt|Cpl|Cmdr|Adm|Insp|Supt|Rep|Sen|Gov|Prof|Dr|Mr|Mrs|Ms|Rev|vs|cf|e\.g|i\.e)\.\s+$"
)
_ORDINAL = re.compile(r"(?:^|\s)\d{1,2}(?:st|nd|rd|th)?\.\s+$")
_AFTER_ORDINAL = re.compile(
    r"[^\W\d_A-Z]|(?:Jan|Feb|März|Mar|Apr|Mai|May|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec)[a-z]*\b"
)
_UNBROKEN = re.compile(rf"(?<!\S)\S{{{LONGEST_SENTENCE},}}")
_CLAUSE = re.compile(r"[;:,—–]\s+")
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\s+[A-Z](?:[^.!?;:]|\.(?=\S)){2,60}")  # "3. Punctuality, attendance"
_MIN_WIDTH, _MAX_WIDTH = 40, 120  # of lines that a program wrapped
_HEADLINE_WORDS, _SUBHEADING_WORDS = 30, 12


def read(source: Source) -> Document:
    """Segment a source whose text is already plain (see formats.py). Linear in its length."""
    text = source.text
    lines = _lines(text)
    furniture = _joined(find_furniture(text, lines, source.publisher), find_hidden(text))
    dated = source.published_at.date() if source.published_at else None
    if dated is None:
        dated = _date_in(text, furniture)
    return Document(source, tuple(_sentences(source.id, text, lines, furniture)), tuple(furniture), dated)


def _joined(furniture: list[Span], hidden: list[Span]) -> list[Span]:
    """The furniture with the runs of characters that show nothing, as far as it does not hold them, in order."""
    if not hidden:
        return furniture
    joined: list[Span] = []
    for span in sorted([*furniture, *hidden]):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _date_in(text: str, furniture: list[Span]) -> date | None:
    """The day that a page gives above or below its report, if it gives one in full."""
    moments = (m for span in furniture for m in find_moments(text[span.start : span.end]))
    return next((m.first for m in moments if m.first is not None and m.first == m.last), None)


def _lines(text: str) -> list[Span]:
    """The lines of a text that hold something, without the white space around them."""
    lines = []
    start = 0
    for end, following in [*((m.start(), m.end()) for m in _LINE_END.finditer(text)), (len(text), len(text))]:
        line = text[start:end]
        stripped = line.strip()
        if stripped:
            begin = start + len(line) - len(line.lstrip())
            lines.append(Span(begin, begin + len(stripped)))
        start = following
    return lines


def _sentences(document_id: str, text: str, lines: list[Span], furniture: list[Span]) -> Iterator[Sentence]:
    index = 0
    body_begun = False
    for paragraph, block in enumerate(_blocks(text, lines, furniture)):
        spans = list(_segment(text, block))
        for span in spans:
            content = text[span.start : span.end]
            if not any(character.isalnum() for character in content):
                continue
            heading = len(spans) == 1 and _is_heading(content, body_begun)
            body_begun = body_begun or not heading
            yield Sentence(document_id, index, span.start, span.end, content, paragraph, heading)
            index += 1


def _is_heading(content: str, body_begun: bool) -> bool:
    """A headline above the first sentence, or a short line without a full stop between paragraphs."""
    if content.startswith("#") or (body_begun and _NUMBERED.fullmatch(content)):
        return True
    if _END_MARK.search(content) or _BULLET.match(content):
        return False
    return len(content.split()) <= (_SUBHEADING_WORDS if body_begun else _HEADLINE_WORDS)


def _blocks(text: str, lines: list[Span], furniture: list[Span]) -> list[Span]:
    """Paragraphs of the report: its lines without furniture, joined where a line break cut a sentence."""
    report = list(_report_lines(lines, furniture))
    width = max((line.end - line.start for line in report), default=0)
    blocks: list[Span] = []
    for line in report:
        if blocks and _joins(text, blocks[-1], line, width):
            blocks[-1] = Span(blocks[-1].start, line.end)
        else:
            blocks.append(line)
    return blocks


def _report_lines(lines: list[Span], furniture: list[Span]) -> Iterator[Span]:
    remaining = iter(furniture)
    taken = next(remaining, None)
    for line in lines:
        start = line.start
        while taken and taken.start < line.end:
            if taken.start > start:
                yield Span(start, taken.start)
            start = max(start, taken.end)
            taken = next(remaining, None)
        if start < line.end:
            yield Span(start, line.end)


def _joins(text: str, block: Span, line: Span, width: int) -> bool:
    between = text[block.end : line.start]
    if between.strip():  # furniture lies between
        return False
    last = text[max(block.start, block.end - 200) : block.end]
    first = text[line.start : line.start + 80]
    if _BULLET.match(first):
        return False
    newlines = len(_LINE_END.findall(between))
    last_line = last[max(last.rfind("\n"), last.rfind("\r")) + 1 :]
    if first[0].islower():
        return not _TERMINAL.search(last) and len(last_line) >= 25
    wrapped = newlines == 1 and _MIN_WIDTH <= width <= _MAX_WIDTH and len(last_line) >= _MIN_WIDTH // 2
    return wrapped and len(last_line) + 1 + len(first.split()[0]) > width - 2


def _segment(text: str, block: Span) -> Iterator[Span]:
    content = text[block.start : block.end]
    for start, end in _ends_found(content):
        for low, high in _cut(content, start, end):
            yield from _bounded(text, _trim(text, block.start + low, block.start + high))


def _ends_found(content: str) -> Iterator[tuple[int, int]]:
    """nupunkt's spans, joined where it takes a title, an ordinal or a quoted question for an end."""
    start = 0
    for low, high in _spans(content):
        if high >= len(content) or not _runs_on(content, low, high):
            yield start, high
            start = high


def _spans(content: str) -> Iterator[tuple[int, int]]:
    """nupunkt's spans, but a run of LONGEST_SENTENCE signs without a space, where it is quadratic, as one."""
    start = 0
    for run in _UNBROKEN.finditer(content):
        yield from ((start + low, start + high) for low, high in sent_spans(content[start : run.start()]))
        yield run.span()
        start = run.end()
    yield from ((start + low, start + high) for low, high in sent_spans(content[start:]))


def _runs_on(content: str, start: int, end: int) -> bool:
    last = content[max(start, end - 24) : end]
    if _TITLE.search(last):
        return True
    if _ORDINAL.search(last):
        return bool(_AFTER_ORDINAL.match(content, end))
    return bool(_ASKED.search(last)) and _attribution_follows(content, end)


def _cut(content: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut where nupunkt sees no end: other scripts' full stops, a missing space, a closed quotation."""
    begin = start
    for match in _EXTRA_CUT.finditer(content, start, end):
        if match.end() >= end:
            break
        if _AFTER_QUOTE.match(match.group()) and _attribution_follows(content, match.end()):
            continue
        yield begin, match.end()
        begin = match.end()
    yield begin, end


def _attribution_follows(content: str, position: int) -> bool:
    """`“Really?” Rutte said.` is one sentence."""
    following = content[position : position + 60]
    return bool(_ATTRIBUTION.match(following))


def _trim(text: str, start: int, end: int) -> Span:
    content = text[start:end]
    left = len(content) - len(content.lstrip())
    return Span(start + left, max(start + left, start + len(content.rstrip())))


def _bounded(text: str, span: Span) -> Iterator[Span]:
    """The span itself, or pieces of at most LONGEST_SENTENCE code points, cut at the last clause or space."""
    start = span.start
    while span.end - start > LONGEST_SENTENCE:
        window = text[start : start + LONGEST_SENTENCE]
        clauses = [m.end() for m in _CLAUSE.finditer(window, LONGEST_SENTENCE // 4)]
        cut = clauses[-1] if clauses else window.rfind(" ", LONGEST_SENTENCE // 4) + 1 or LONGEST_SENTENCE
        piece = _trim(text, start, start + cut)
        if piece.start < piece.end:
            yield piece
        start += cut
    yield _trim(text, start, span.end)
