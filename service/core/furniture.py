"""Furniture: page text that is no part of the report, found line by line.

furniture_lines.py knows what a line shows by itself. Here is what its place shows: names beside a byline,
headlines under "Related", the rest of a comment form, a masthead, a link repeated between paragraphs, and
the parts of a report's line (a dateline, a credit at its end). In doubt a line stays with the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.core.furniture_lines import cells_of, ends_sentence, is_bare_date, is_furniture_line, is_row
from service.core.furniture_parts import DATE, NAME, NAMES
from service.core.model import Span

_AUTHORS = re.compile(
    rf"{NAME}(?:\s+{NAME}){{1,3}}(?:(?:\s*,\s*|\s+and\s+|\s*&\s*){NAME}(?:\s+{NAME}){{1,3}}){{0,5}}"
    r"(?:\s+(?:\w+\s+){0,2}(?:correspondent|editor|reporter))?"
)
_INITIALLED = re.compile(rf"(?:[A-Z]\.\s?){{1,3}}{NAME}(?:,\s(?:[A-Z]\.\s?){{1,3}}{NAME})+")
_ROLE = re.compile(r"(?i:[\w’' -]{3,40}\b(?:correspondent|editor|reporter)(?:,\s*[\w ]{2,30})?)")
_REPORTED_FROM = re.compile(rf"(?P<name>{NAME})\s+(?:reported|contributed)\s+from\s+{NAMES}\.?")
_FORM = re.compile(
    r"leave a (?:comment|reply)|post a comment|your email address will not be published", re.IGNORECASE
)
_LIST_HEADING = re.compile(
    r"(?:related(?: \w+){0,2}|more (?:from|stories|news|on)\b.*|most (?:read|popular|viewed).*|trending.*"
    r"|read (?:more|next|also)|you (?:may|might) (?:also )?like.*|recommended.*|editor.?s.picks?|popular .*"
    r"|latest (?:news|stories|headlines)|(?:media|press) contacts?|also in .*)\s*:?",
    re.IGNORECASE,
)
_ACRONYM = r"(?:NATO|WHO|UN|EU|USA?|UK|BREAKING|UPDATED?|EXCLUSIVE|LIVE|WATCH|VIDEO|ALERT|WARNING|NEW|FACT CHECK)"
_AGENCY = r"(?:\((?P<agency>[A-Z][\w.&’' /-]{1,40})\)|/[A-Z]{2,10}/)"
_LONGEST_DATELINE = 160  # code points; beyond it white space alone would cost its length squared
_DATELINE = re.compile(
    rf"(?!{_ACRONYM}\b)(?P<city>[A-Z][A-Z.’'/ -]{{2,30}}[A-Z](?:,\s*[A-Z][\w.]+(?:\s[A-Z][\w.]+)?)?"
    r"|[A-Z][\w’'-]{2,20}(?:\s[A-Z][\w’'-]{2,20}){0,2}(?:,\s*[A-Z][\w.]{1,20}(?:\s[A-Z][\w.]{1,20})?)?)"
    rf"(?P<date>,\s*(?i:{DATE})\.?)?\s*(?P<source>{_AGENCY})?\s*(?:[—–]|--?|(?<=/)\.)\s+(?=[“\"‘'A-Z0-9])"
)
_TRAILING = re.compile(
    r"[(\[](?:(?:with )?(?:additional )?(?:reporting|writing|editing)(?: and (?:writing|editing))? by\b"
    r"|(?:photo|image|picture)s?(?: by| credit)?\s*[:/]|ap photo\b|(?:read more|see also|related|watch)\s*:"
    r"|advertisement\b|affiliate link)[^()\[\]]{0,200}[)\]]\.?$",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?<=[.”\"])\s(?:KCNA|AFP|AP|Reuters|Getty(?: Images)?|EPA|TASS|Xinhua|DPA|ANSA|PA|Handout"
    r"|(?:[A-Z]{2,12}|Getty|Reuters)/[A-Z][\w.’'-]+(?:[ /][A-Z][\w.’'-]+){0,8}"
    r"|(?:Photo|Picture|Image|Credit): [A-Z][\w.’'-]+(?: ?[ /] ?[A-Z][\w.’'-]+){0,5})$"
)
_SHORTEST_HEADLINE = 3  # words; fewer are a section's name
_LONGEST_CREDIT = 240  # code points
_LONGEST_CAPTION = 5  # words of a caption that goes with its credit; a longer one may state a fact


@dataclass(frozen=True, slots=True)
class _Page:
    """The lines of a text with what is known of each. `marked` is filled in from one rule to the next."""

    text: str
    lines: Sequence[Span]
    contents: Sequence[str]
    ended: Sequence[bool]  # the line ends a sentence
    marked: list[bool]

    def gap(self, index: int) -> int:
        """Line ends between a line and the one before it."""
        return self.text.count("\n", self.lines[index - 1].end, self.lines[index].start)

    def body(self) -> int:
        """The first line that is no furniture and ends a sentence."""
        lines = enumerate(zip(self.ended, self.marked, self.contents, strict=True))
        return next((i for i, (ended, m, c) in lines if ended and not m and " " in c), len(self.lines))


def find_furniture(text: str, lines: Sequence[Span], publisher: str | None = None) -> list[Span]:
    """The furniture among the lines of a text (spans without surrounding white space), in order."""
    contents = [text[line.start : line.end] for line in lines]
    ended = [ends_sentence(content) for content in contents]
    page = _Page(text, lines, contents, ended, [is_furniture_line(content) for content in contents])
    _spare_tables(page)
    _mark_masthead(page, (publisher or "").strip())
    _mark_repeated(page)
    _mark_lists(page)
    _mark_authors(page)
    _spare_chronicle(page)
    found: list[Span] = []
    for line, content, furniture in zip(lines, contents, page.marked, strict=True):
        if furniture:
            found.append(line)
        else:
            found.extend(_parts(line, content))
    return found


def _spare_tables(page: _Page) -> None:
    """A row of labels is a table's where the line above or below has as many cells that are no menu's."""
    kept = [i for i, content in enumerate(page.contents) if any(c.isalnum() for c in content)]  # no rules
    rows = [len(cells_of(c)) if "|" in c or "\t" in c or "  " in c else 0 for c in page.contents]
    for place, i in enumerate(kept):
        if rows[i] < 2 or not page.marked[i] or is_row(page.contents[i], known_only=True):
            continue
        beside = [kept[j] for j in (place - 1, place + 1) if 0 <= j < len(kept)]
        if any(rows[j] == rows[i] and not is_row(page.contents[j], known_only=True) for j in beside):
            page.marked[i] = False


def _mark_masthead(page: _Page, publisher: str) -> None:
    """The publisher's name by itself, or with its motto or menu above the headline."""
    name = _title(publisher)
    if not name:
        return
    body = page.body()
    for i, content in enumerate(page.contents):
        if page.marked[i]:
            continue
        line = _title(content)
        rest = line.removeprefix(name)
        above = i < 2 and any(not page.marked[j] for j in range(i + 1, body))
        if line == name or (
            rest != line
            and not page.ended[i]
            and (rest in (" homepage", " home") or (above and re.match(r"\s*[–—|]|\s{2}", rest)))
        ):
            page.marked[i] = True


def _title(name: str) -> str:
    return name.casefold().removeprefix("the ")


def _mark_repeated(page: _Page) -> None:
    """A line without a full stop that comes again between long paragraphs (a link, an advertisement)."""
    places: dict[str, list[int]] = {}
    for i, content in enumerate(page.contents):
        if not page.ended[i] and not page.marked[i] and len(content) <= 200 and any(c.isalpha() for c in content):
            places.setdefault(content, []).append(i)
    for indices in places.values():
        if len([i for i in indices if i and page.ended[i - 1] and len(page.contents[i - 1]) >= 100]) > 1:
            for i in indices:
                page.marked[i] = True


def _mark_lists(page: _Page) -> None:
    """Headlines under "More stories", the people under "Press contact", the fields of a comment form."""
    form = False
    body = page.body()
    for i, content in enumerate(page.contents):
        if not page.marked[i]:
            continue
        if _LIST_HEADING.fullmatch(content.strip("*_#> ")):
            _mark_following(page, i, above=i < body)
        if not form and _FORM.match(content):
            form = True
            _mark_form(page, i)


def _mark_following(page: _Page, heading: int, *, above: bool) -> None:
    """Short lines without a full stop under a heading are links; above the report, all but the last."""
    taken: list[int] = []
    for j in range(heading + 1, min(heading + 8, len(page.contents))):
        loose = taken and page.gap(j) > page.gap(heading + 1)
        if loose or len(page.contents[j]) > 120 or (page.ended[j] and not page.contents[j].endswith(("?", "!"))):
            break
        taken.append(j)
    if above and taken and not any(page.marked[j] for j in taken[-1:]):
        taken.pop()
    for j in taken:
        page.marked[j] = True


def _mark_form(page: _Page, start: int) -> None:
    for j in range(start + 1, len(page.contents)):
        if not page.marked[j] and (page.ended[j] or len(page.contents[j]) >= 60):
            return
        page.marked[j] = True


def _mark_authors(page: _Page) -> None:
    """Names and roles that only their neighbours show to be the authors'."""
    contents, marked, body = page.contents, page.marked, page.body()
    known = " ".join(c for c, m in zip(contents, marked, strict=True) if m and len(c) < 200).casefold()
    headline = False
    for i, content in enumerate(contents):
        if marked[i]:
            if i and content.lower().startswith(("contributed to", "follow")) and _AUTHORS.fullmatch(contents[i - 1]):
                marked[i - 1] = True
            continue
        if len(content) > 120:
            continue
        before, after = i > 0 and marked[i - 1], i + 1 < len(contents) and marked[i + 1]
        if i and _ROLE.fullmatch(content) and _AUTHORS.fullmatch(contents[i - 1]):
            marked[i - 1] = marked[i] = True
        elif before and i < body and _INITIALLED.fullmatch(content):
            marked[i] = True
        elif _AUTHORS.fullmatch(content):
            marked[i] = after and headline and (before or i < body)
        elif reporter := _REPORTED_FROM.fullmatch(content):
            marked[i] = reporter["name"].casefold() in known
        headline = headline or (not marked[i] and len(content.split()) > _SHORTEST_HEADLINE)


def _spare_chronicle(page: _Page) -> None:
    """Bare dates between the report's own lines head a chronicle's entries; the page's own date is one."""
    entries = [
        i
        for i in range(page.body() + 1, len(page.contents) - 1)
        if page.marked[i] and not page.marked[i - 1] and not page.marked[i + 1] and is_bare_date(page.contents[i])
    ]
    if len(entries) > 1:
        for i in entries:
            page.marked[i] = False


def _parts(line: Span, content: str) -> Iterator[Span]:
    """The furniture inside a line of the report: its dateline, and a credit at its end."""
    credit = _credit_start(content)
    statement = content[:credit].rstrip()
    dateline = _DATELINE.match(statement[:_LONGEST_DATELINE])
    begin = 0
    if dateline and _is_dateline(dateline, statement):
        begin = len(content[: dateline.end()].rstrip())
        yield Span(line.start, line.start + begin)
    if credit < len(content):
        short = not begin and len(statement.split()) <= _LONGEST_CAPTION
        yield Span(line.start if short else line.start + credit, line.end)


def _credit_start(content: str) -> int:
    """Where the credit at a line's end begins; the line's length without one."""
    window = max(0, len(content) - _LONGEST_CREDIT)
    match = _TRAILING.search(content, window) or _CREDIT.search(content, window)
    if match is None:
        return len(content)
    return match.start() + len(match.group()) - len(match.group().lstrip())


def _is_dateline(match: re.Match[str], content: str) -> bool:
    """A place with a date, in capitals, or with an agency in capitals; before a sentence, not a headline."""
    if not ends_sentence(content) and len(content) < 120:
        return False
    upper = match["city"].split(",")[0].isupper()
    if upper or match["date"]:
        return True
    agency = match["agency"] or ""
    return bool(match["source"]) and (agency.isupper() or not agency) and not content[match.end()].isdigit()
