"""Bounds: what the words around a figure leave open of its value, and where those words stand."""

from __future__ import annotations

import re
from enum import StrEnum


class Bound(StrEnum):
    """What a figure leaves open."""

    EXACT = "exact"
    ABOUT = "about"
    NEARLY = "nearly"
    AT_LEAST = "at least"
    AT_MOST = "at most"


_AT_LEAST = (
    r"at least|(?:no|not) (?:fewer|less) than|more than|greater than|exceed(?:ing|s|ed)?|surpass(?:ing|es|ed)?"
    r"|topp(?:ed|ing)"
    r"|(?:(?:just|well|slightly|a little|far)\s+)?(?:over|above)|upwards? of|in excess of|(?:a )?minimum of"
    r"|as (?:few|little|low) as"
)
_AT_MOST = (
    r"at most|(?:no|not) more than|up to|less than|fewer than|under|below|(?:a )?maximum of|as (?:many|much|high) as"
)
_NEARLY = r"nearly|almost|close to|just under|just short of"
_ABOUT = r"about|around|approximately|approx\.?|some|roughly|(?:an )?estimated|circa|ca\.?|in the region of"
_BEFORE = re.compile(
    rf"(?<!\w)(?:(?P<at_least>{_AT_LEAST})|(?P<at_most>{_AT_MOST})|(?P<nearly>{_NEARLY})|(?P<about>{_ABOUT}))"
    r"\s+(?:(?:an?|estimated|another)\s+){0,2}$|(?P<sign>[~≈><≥≤])\s?$",
    re.IGNORECASE,
)
_SIGNS = {
    "~": Bound.ABOUT, "≈": Bound.ABOUT, ">": Bound.AT_LEAST, "≥": Bound.AT_LEAST, "<": Bound.AT_MOST,
    "≤": Bound.AT_MOST,
}  # fmt: skip
# The last words of what _BEFORE matches: looked up first, which is much faster than searching.
_LAST_WORDS = frozenset(
    """
    least than exceed exceeding exceeds exceeded surpass surpassing surpasses surpassed topped topping over above
    of as most to under below nearly almost about around approximately approx approx. some roughly estimated circa
    ca ca. a an another
    """.split()
)
_AFTER = re.compile(
    r"\s+(?:(?P<more>(?:or|and) (?:more|above|over|higher|greater))|(?P<less>or (?:less|fewer|under|below))"
    r"|(?P<so>or (?:so|thereabouts)))\b|-(?:(?P<plus>plus)|(?P<odd>odd))\b|(?P<sum>\+)(?!\w)",
    re.IGNORECASE,
)
_OF_AFTER = {"less": Bound.AT_MOST, "so": Bound.ABOUT, "odd": Bound.ABOUT}
_WINDOW = 32  # code points before a figure that its bound is looked for in


def bound_of(text: str, start: int, end: int) -> tuple[Bound, int, int]:
    """The bound of the figure `[start, end)`, and where the figure begins and ends with the words for it."""
    window = max(0, start - _WINDOW)
    words = text[window:start].split()
    if words and (words[-1].lstrip("(“\"‘'[—–-").lower() in _LAST_WORDS or words[-1][-1] in _SIGNS):
        before = _BEFORE.search(text[window:start])
        if before and before["sign"]:
            return _SIGNS[before["sign"]], window + before.start(), end
        if before:
            return Bound(str(before.lastgroup).replace("_", " ")), window + before.start(), end
    after = _AFTER.match(text, end)
    if after is None:
        return Bound.EXACT, start, end
    return _OF_AFTER.get(str(after.lastgroup), Bound.AT_LEAST), start, after.end()
