"""Quotations: what stands between quotation marks, and whether it stands verbatim in a source.

Equal up to quotation marks, dashes, white space, case, bracketed insertions and marked ellipses; nothing
else. A quotation left open runs to the end of the text, as reports do from paragraph to paragraph.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_PAIRS = {"“": "”", "„": "“”", "«": "»", "「": "」", "『": "』", "‘": "’", '"': '"'}
_MARK = re.compile(r"[“„«「『\"]|(?<!\w)‘(?=\w)")
_STRAIGHT_SINGLE = re.compile(
    r"(?<![\w'])'(?=[\w\[])(?P<inner>[^'\n\"“”]{2,300}(?:'(?=\w)[^'\n\"“”]*)*)'(?!\w)"
)
_DROPPED = re.compile(r"\[[^\]]*\]|\(?…\)?|\(?\.\s?\.\s?\.\)?")
_UNIFORM = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "\u00a0": " ",
        "\u202f": " ",
    }
)
_EDGE = " \t\n\r.,;:!?-'\""


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
    """The text with marks, dashes and white space in one form, in lower case and without bracket signs."""
    uniform = unicodedata.normalize("NFC", text).translate(_UNIFORM).casefold()
    return " ".join(uniform.replace('"', "").replace("[", "").replace("]", "").split())


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """The quotations of a text in order; one inside another is not listed."""
    found: list[Quotation] = []
    position = 0
    while match := _MARK.search(text, position):
        opening = match.group()
        start = match.end()
        end = _closing(text, start, _PAIRS[opening])
        if opening == "‘" and (end < 0 or end - start > 300):
            position = start
            continue
        stop = end if end >= 0 else len(text)
        if text[start:stop].strip():
            found.append(Quotation(start, stop, text[start:stop]))
        position = stop + 1
    if not found:
        found = [
            Quotation(m.start("inner"), m.end("inner"), m["inner"]) for m in _STRAIGHT_SINGLE.finditer(text)
        ]
    return tuple(found)


def _closing(text: str, start: int, marks: str) -> int:
    for position in range(start, len(text)):
        character = text[position]
        if character in marks:
            apostrophe = (
                character == "’"
                and text[position - 1 : position].isalpha()
                and text[position + 1 : position + 2].isalpha()
            )
            if not apostrophe:
                return position
    return -1


def _whole_words(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() and text[start].isalnum()) and not (
        after.isalnum() and text[end - 1].isalnum()
    )
