"""Pieces: where a sentence could be cut into clauses, and which of the cuts separate something.

Cuts are made outside quotations, at semicolons and before coordinated, relative, participial and subordinate
clauses that carry enough of their own. What the pieces say by themselves is left to clauses.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.core.lexicon import FINITE_VERBS, REPORTING_VERBS
from service.core.words import has_terms

_VERBS = sorted({*FINITE_VERBS, *(v for v in REPORTING_VERBS if not v.endswith("ing"))}, key=len, reverse=True)
FINITE = rf"(?:{'|'.join(_VERBS)}|\w{{2,}}[a-z]ed)"
_NO_NOUN = "".join(rf"(?<!\b{word}\s)" for word in "the The a A an An its their his of".split())
HAS_VERB = re.compile(rf"{_NO_NOUN}\b{FINITE}\b|\b(?:he|she|it|they)\s\w+s\b|\w[’'](?:s|re|ve|ll)\s\w+(?:ing|ed)\b")
_SPEECH_TAIL = r"(?:[\w’'-]+\s){0,6}?(?:say|says|said|added|told)\b[^,;]{0,40}$"
_CUT = re.compile(
    r"(?P<semicolon>;\s+)"
    r"|(?P<dash>\s+[—–]\s+)"
    r"|(?P<coordinate>,[”\"’]?\s+(?=(?:and|but|yet|so|while|whereas|although|though)\b))"
    r"|(?P<relative>,[”\"’]?\s+(?=(?:which|who|whom|whose|where)\b))"
    r"|(?P<subordinate>,[”\"’]?\s+(?=(?:as(?!\swell\sas\b)|after|before|because|since|despite|amid|following|until|unless|if|when)\b))"
    r"|(?P<absolute>,[”\"’]?\s+(?=with\s(?:[\w’'-]+\s){1,6}?\w+ing\b))"
    r"|(?P<participle>,[”\"’]?\s+(?=(?!including|according|following|starting|regarding|concerning)(?:\w+ly\s)?[a-z]{2,}ing\b|(?:\w+ly\s)?[a-z]{3,}ed\b))"
    r"|(?P<appositive>,\s+(?=(?:a|an|the|one)\s))"
    r"|(?P<bare>\s+(?=(?:and|but) that\s|while\s|whereas\s|although\s))"
    r"|(?P<predicate>\s+(?=and\s(?:has|have|had|is|are|was|were|will|would)\s))"
    rf"|(?P<clause>\s+(?=(?:and|but)\s(?:he|she|they|it|the|a|an|his|her|their|[A-Z][\w’'-]+)\s(?:(?!of\b|in\b|for\b)[\w’'-]+\s){{0,4}}?(?:{FINITE}\b(?=\s\w)|\w+ed\b)))"
)
INSERTED = ("relative", "participle", "appositive", "absolute")
_MAIN_AGAIN = re.compile(
    rf",[”\"’]?\s+(?=(?:(?:has|have|had|also|later|then)\s)?[a-z]{{3,}}(?:ed\b|s\b(?!,|\s(?:and|or)\b))|(?:said|{'|'.join(FINITE_VERBS)})\b)"
)
_GOES_ON = re.compile(r",\s+to\s[a-z]+")
_SUBORDINATE = re.compile(
    r"\b(?:who|whom|whose|which|that|where|when|while|if|unless|after|before|because|since|as)\s.*$",
    re.DOTALL | re.IGNORECASE,
)
_GERUND = re.compile(r"[a-z]{2,}ing\b")
_THAT = re.compile(r"(\w+)\sthat\s")
_TELLING = re.compile(rf"{FINITE}|out|say|note|show|clear|\w+ing")
_LIST = re.compile(r"[,:;]")
_OPAQUE = re.compile(r"“[^”]*”?|\"[^\"]*\"?|\([^)]*\)|\[[^\]]*\]")
_NAME_BEFORE = re.compile(r"[A-Z][\w’'-]*\s+$")
_AND_NAME = re.compile(r"and\s+[A-Z]")
_OPENING = re.compile(
    r"(?:\d+(?:\.\d+)*\s+)?(?:(?:in|at|on|for|by|from|during|after|before|since|under|with|near|off|over|of|to|among"
    r"|if|unless|until|when|while|as|because|although|though|despite|amid|following)|\w+ing)\s",
    re.IGNORECASE,
)
"""A phrase before the subject: what follows its comma is the main clause, no apposition."""
_CLAUSES = ("coordinate", "clause", "semicolon", "bare", "dash")
_LEAST_TERMS = 3
_LEAST = {"participle": 4, "relative": 2, "appositive": 2}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence between two cuts, by the kind of the cut before it; the first is its head."""

    start: int
    end: int
    kind: str


def closes_quotation(sentence: str) -> bool:
    """True if the sentence begins inside a quotation: its grammar began elsewhere."""
    close = sentence.find("”")
    return close >= 0 and "“" not in sentence[:close]


def interrupts(sentence: str, pieces: list[Piece]) -> bool:
    """True if what an insertion stands in goes on behind it, or is a `that` clause without a verb yet: no cut."""
    if pieces[1].kind in INSERTED and _GOES_ON.search(sentence, pieces[1].start, pieces[1].end):
        return True  # `the tank, which holds much, to fail`
    that = sentence.rfind(" that ", 0, pieces[0].end)
    return that >= 0 and pieces[1].kind in INSERTED and not HAS_VERB.search(sentence, that + 6, pieces[0].end)


def masked_text(sentence: str) -> str:
    """The sentence with what is quoted or in brackets blanked, same length."""
    return _OPAQUE.sub(lambda m: "\x00" * len(m.group()), sentence)


def pieces_of(sentence: str) -> list[Piece]:
    """Spans between cuts; what is too small, or no clause, stays with the piece before it."""
    masked = masked_text(sentence)
    bounds = _bounds(masked)
    pieces: list[Piece] = []
    for i, (_, start, kind) in enumerate(bounds):
        end = bounds[i + 1][0] if i + 1 < len(bounds) else len(sentence)
        if pieces and not _separates(sentence, masked, pieces[-1], Piece(start, end, kind)):
            pieces[-1] = Piece(pieces[-1].start, end, pieces[-1].kind)
        else:
            pieces.append(Piece(start, end, kind))
    return _resume_main(masked, pieces)


def _bounds(masked: str) -> list[tuple[int, int, str]]:
    """Where a cut could be made, and its kind; none at what is inserted in a clause without a verb yet."""
    bounds = [(0, 0, "head")]
    found = [(m.start(), m.end(), str(m.lastgroup)) for m in _CUT.finditer(masked) if m.start()]
    for at, start, kind in found:
        _, began, before = bounds[-1]
        waits = before in _CLAUSES and kind in INSERTED and not HAS_VERB.search(masked, began, at)
        if not waits and not _goes_on(masked, began, at, kind):
            bounds.append((at, start, kind))
    return bounds


def _goes_on(masked: str, began: int, at: int, kind: str) -> bool:
    """True if an `and` joins no clause: one of a list, or more that is said of `cases that are known and that …`."""
    if kind == "bare":
        told = _THAT.search(masked, began, at) if masked.startswith("and that", at + 1) else None
        return told is not None and not _TELLING.fullmatch(told[1])
    return kind == "clause" and _lists(masked, began, at)


def _lists(masked: str, start: int, end: int) -> bool:
    """True if what stands before an `and` is one of a list: `her ring, her coat and a dog called Bo`."""
    marks = [mark.end() for mark in _LIST.finditer(masked, start, end)]
    return bool(marks) and not HAS_VERB.search(masked, marks[-1], end)


def _separates(sentence: str, masked: str, before: Piece, piece: Piece) -> bool:
    if re.search(r"\b(?:and|but|or|that|which|who)$", sentence[: piece.start].rstrip(" ,")):
        return False
    verbless = before.kind == "head" and not HAS_VERB.search(masked, before.start, before.end)
    least = 1 if verbless and _GERUND.match(masked, piece.start) else _LEAST.get(piece.kind, _LEAST_TERMS)
    if is_small(sentence, piece, least) or re.match(_SPEECH_TAIL, sentence[piece.start :]):
        return False
    small = is_small(sentence, before)
    if before.kind == "head" and small and piece.kind not in INSERTED:
        return False
    if _joins_names(sentence, piece) or _is_main(masked, before, piece):
        return False
    if piece.kind in ("coordinate", "clause", "predicate"):
        has_verb = bool(HAS_VERB.search(masked, piece.start, piece.end)) or bool(
            re.match(r"(?:but|while|whereas|although|though)\b", sentence[piece.start :])
        )
        left = bool(HAS_VERB.search(masked, before.start, before.end)) or before.kind != "head"
        return has_verb and left
    return not (piece.kind == "appositive" and small and before.kind != "head")


def _joins_names(sentence: str, piece: Piece) -> bool:
    """True if the cut would part two names that may be one subject: "the mayors of Oldport and Hamby said"."""
    named = _NAME_BEFORE.search(sentence, 0, piece.start) and _AND_NAME.match(sentence, piece.start)
    return piece.kind == "clause" and bool(named)


def _is_main(masked: str, head: Piece, piece: Piece) -> bool:
    """True if what looks like an apposition is the main clause: "In the port, the harbourmaster closed …"."""
    opens = _OPENING.match(masked, head.start) and not has_main_verb(masked[head.start : head.end])
    return piece.kind == "appositive" and head.kind == "head" and bool(opens)


def has_main_verb(text: str) -> bool:
    """True if a verb stands in a text that is no part of a subordinate clause of it: not in `Days after she left`."""
    return bool(HAS_VERB.search(_SUBORDINATE.sub("", text)))


def _resume_main(masked: str, pieces: list[Piece]) -> list[Piece]:
    """Where the head has no verb and an insertion follows, cut where the main clause goes on after it."""
    if len(pieces) < 2 or pieces[1].kind not in INSERTED or HAS_VERB.search(masked, pieces[0].start, pieces[0].end):
        return pieces
    inserted = pieces[1]
    again = list(_MAIN_AGAIN.finditer(masked, inserted.start, inserted.end))
    if not again:
        return pieces
    cut = again[-1]
    return [
        pieces[0],
        Piece(inserted.start, cut.start(), inserted.kind),
        Piece(cut.end(), inserted.end, "participle"),
        *pieces[2:],
    ]


def is_small(sentence: str, piece: Piece, least: int = _LEAST_TERMS) -> bool:
    """True if a piece has fewer terms than a fact needs."""
    return not has_terms(sentence[piece.start : piece.end], least)
