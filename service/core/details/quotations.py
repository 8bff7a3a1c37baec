"""Quotations: what stands between quotation marks, and whether it stands verbatim in a source.

Equal up to quotation marks, dashes, white space, case, bracketed insertions and marked ellipses; nothing
else. A quotation left open runs to the end of the text, as reports do from paragraph to paragraph.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from service.core.words import UNSPACED

_PAIRS = {"“": "”", "„": "“”", "«": "»", "‹": "›", "「": "」", "『": "』", "‘": "’", '"': '"'}
# A straight mark opens only where none could close: not behind a word or a stop, not before a space.
_MARK = re.compile(r"[“„«‹「『]|(?<![\w.,!?…%'’])\"(?=\S)|(?<!\w)‘(?=\w)")
_LONGEST_SINGLE = 300  # code points between single marks; what runs on longer began with an apostrophe
_STRAIGHT_SINGLE = re.compile(
    r"(?<![\w'])'(?=[^\W\d]|\[)(?P<inner>(?:[^'\n\"“”]|(?<=\w)'(?=\w)){2,300})(?<!\s)'(?!\w)"
)
_DROPPED = re.compile(r"\[[^\[\]]{0,300}\]|\(?…\)?|\(?\.\s?\.\s?\.\)?")
_UNIFORM = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "‚": "'",
        "‛": "'",
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "\u00a0": " ",
        "\u202f": " ",
    }
    | dict.fromkeys('"“”„‟«»‹›「」『』[]')
)
_SINGLE_MARK = re.compile(r"(?<!\w)'|'(?!\w)")
_EDGE = " \t\n\r.,;:!?-'\""
_UNSPACED_CHARACTER = re.compile(f"[{UNSPACED}\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Quoted words with the span between the marks. `parts` are the pieces that must stand verbatim."""

    start: int
    end: int
    text: str

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(part for piece in _DROPPED.split(self.text) if (part := plain(piece).strip(_EDGE)))

    def stands_in(self, haystack: str) -> bool:
        """True if every part stands, in order, in a text that went through `plain`."""
        where = 0
        for part in self.parts:
            found = haystack.find(part, where)
            while found >= 0 and not _whole_words(haystack, found, found + len(part)):
                found = haystack.find(part, found + 1)
            if found < 0:
                return False
            where = found + len(part)
        return True


def plain(text: str) -> str:
    """The text without quotation marks and bracket signs, dashes and white space in one form, in lower case."""
    uniform = unicodedata.normalize("NFC", text).translate(_UNIFORM).casefold()
    if "'" in uniform:
        uniform = _SINGLE_MARK.sub("", uniform)
    return " ".join(uniform.split())


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """The quotations of a text in order; one inside another is not listed."""
    found: list[Quotation] = []
    position = 0
    while match := _MARK.search(text, position):
        opening, start = match.group(), match.end()
        single = opening == "‘"
        end = _closing(text, start, _PAIRS[opening], start + _LONGEST_SINGLE if single else len(text))
        if end < 0 and single:
            position = start
            continue
        stop = end if end >= 0 else len(text)
        if text[start:stop].strip():
            found.append(Quotation(start, stop, text[start:stop]))
        position = stop + 1
    if not found and "'" in text:
        found = [Quotation(m.start("inner"), m.end("inner"), m["inner"]) for m in _STRAIGHT_SINGLE.finditer(text)]
    return tuple(found)


def _closing(text: str, start: int, marks: str, limit: int) -> int:
    """Where the first of `marks` closes what begins at `start`, or -1. An apostrophe inside a word closes nothing."""
    places = [place for mark in marks if (place := text.find(mark, start, limit)) >= 0]
    place = min(places, default=-1)
    while place >= 0 and text[place] == "’" and text[place - 1].isalpha() and text[place + 1 : place + 2].isalpha():
        place = text.find("’", place + 1, limit)
    return place


def _whole_words(text: str, start: int, end: int) -> bool:
    return not _cuts(text[start - 1 : start], text[start]) and not _cuts(text[end - 1], text[end : end + 1])


def _cuts(before: str, after: str) -> bool:
    """True if a word runs on between two characters; scripts without spaces tell nothing of that."""
    return before.isalnum() and after.isalnum() and not _UNSPACED_CHARACTER.search(before + after)
