"""Clauses: the separable facts of one sentence, each as a span of it.

Cuts are made outside quotations, at semicolons and before coordinated, relative, participial and subordinate
clauses that carry enough of their own. A piece that can't stand alone is shown with what it hangs on before
it and the omission marked (`Rutte … urging Moscow to stop`), or as the whole sentence where that is unclear:
a claim never says more than its sentence does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.core.lexicon import CONDITIONS, FINITE_VERBS, REPORTING_VERBS
from service.core.words import has_terms

_VERBS = sorted({*FINITE_VERBS, *(v for v in REPORTING_VERBS if not v.endswith("ing"))}, key=len, reverse=True)
_FINITE = rf"(?:{'|'.join(_VERBS)}|\w{{2,}}[a-z]ed)"
_HAS_VERB = re.compile(rf"\b{_FINITE}\b|\b(?:he|she|it|they)\s\w+s\b|\w[’'](?:s|re|ve|ll)\s\w+(?:ing|ed)\b")
_SPEECH_TAIL = r"(?:[\w’'-]+\s){0,6}?(?:say|says|said|added|told)\b[^,;]{0,40}$"
_CUT = re.compile(
    r"(?P<semicolon>;\s+)"
    r"|(?P<dash>\s+[—–]\s+)"
    r"|(?P<coordinate>,[”\"’]?\s+(?=(?:and|but|yet|so|while|whereas|although|though)\b))"
    r"|(?P<relative>,[”\"’]?\s+(?=(?:which|who|whom|whose|where)\b))"
    r"|(?P<subordinate>,[”\"’]?\s+(?=(?:as|after|before|because|since|despite|amid|following|until|unless|if|when)\b))"
    r"|(?P<absolute>,[”\"’]?\s+(?=with\s(?:[\w’'-]+\s){1,6}?\w+ing\b))"
    r"|(?P<participle>,[”\"’]?\s+(?=(?!including|according|following|starting|regarding|concerning)(?:\w+ly\s)?[a-z]{2,}ing\b|(?:\w+ly\s)?[a-z]{3,}ed\b))"
    r"|(?P<appositive>,\s+(?=(?:a|an|the|one)\s))"
    r"|(?P<bare>\s+(?=(?:and|but) that\s|while\s|whereas\s|although\s))"
    r"|(?P<predicate>\s+(?=and\s(?:has|have|had|is|are|was|were|will|would)\s))"
    rf"|(?P<clause>\s+(?=(?:and|but)\s(?:he|she|they|it|the|a|an|his|her|their|[A-Z][\w’'-]+)\s(?:(?!of\b|in\b|for\b)[\w’'-]+\s){{0,4}}?{_FINITE}\b))"
)
_INSERTED = ("relative", "participle", "appositive", "absolute")
_MAIN_AGAIN = re.compile(
    r",[”\"’]?\s+(?=(?:(?:has|have|had|also|later|then)\s)?[a-z]{3,}(?:ed|s)\b|said\b|told\b|(?:is|are|was|were|will|would)\b)"
)
_OPAQUE = re.compile(r"“[^”]*”?|\"[^\"]*\"?|\([^)]*\)|\[[^\]]*\]")
_SUBJECT = re.compile(
    rf"(?P<subject>.{{2,120}}?)\s(?:(?:has|have|had|also|later|earlier|previously|initially|reportedly|then|now)\s)*(?P<verb>{_FINITE})\b"
)
_LEADING = re.compile(r"(?:[A-Z][\w’'-]*\s[^,“”\"]{2,80}),\s+(?=[A-Z“\"]|the\s|he\s|she\s)")
_DETERMINED = re.compile(
    r"\b(?:the|a|an|his|her|its|their|this|that|these|those|some|two|three)\s(?:[\w’'-]+\s){0,7}?[\w’'-]+$"
)
_CONNECTIVE = re.compile(
    r"(?:and|but|while|whereas|although|though|yet|so|as(?!\s(?:long|soon|well|far)\b)|because)\s+(?:that\s+)?"
)
_PRONOUN = re.compile(r"(?:he|she|they|it|that|which|who|this|these|those|his|her|its|their)\b", re.IGNORECASE)
_CONDITION = re.compile(
    rf"\b(?:{'|'.join(sorted(CONDITIONS - {'without', 'contrary', 'unlike'}))})\b"
    r"|^(?:without|contrary|unlike|had|were|should|instead|rather)\b|\bas long as\b",
    re.IGNORECASE,
)
_OPENS_CONDITION = re.compile(r"(?:(?:only |even )?if|unless|until|except|provided|as long as|otherwise)\b")
_DOUBTED = re.compile(
    r"\b(?:deny|den(?:ies|ied|ying)|if|unless|doubts?|doubted|suspects?|suspected|alleges?|no evidence|false)\b",
    re.IGNORECASE,
)
_JOINED_NAMES = re.compile(r"[A-Z][\w’'-]*\s+and\s+[A-Z][\w’'-]*(?:\s[\w’'-]*)?$")
_EMPTY = re.compile(r"there|it|this|that|these|those|what|who", re.IGNORECASE)
_LEAST_TERMS = 3
_LEAST = {"participle": 4, "relative": 2, "appositive": 2}


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a sentence: `[start, end)` in it, and the text that shows it by itself."""

    start: int
    end: int
    text: str
    whole: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    kind: str


def split(sentence: str) -> list[Clause]:
    """The separable facts of a sentence in order; the sentence itself where nothing separates."""
    pieces = [] if _closes_quotation(sentence) else _pieces(sentence)
    if len(pieces) < 2 or _interrupts(sentence, pieces):
        return [Clause(0, len(sentence), sentence, whole=True)]
    head = pieces[0]
    headless = not _HAS_VERB.search(_masked(sentence)[head.start : head.end])
    shown = [_shown(sentence, pieces, i, headless) for i in range(len(pieces))]
    return [
        Clause(piece.start, piece.end, text, whole=False)
        for piece, text in zip(pieces, shown, strict=True)
        if text and not (headless and (piece is head or _says_little(sentence, piece)))
    ]


def _says_little(sentence: str, piece: _Piece) -> bool:
    """True for an insertion such as `citing reports`, which is no fact by itself."""
    return (
        piece.kind in _INSERTED
        and piece.kind != "relative"
        and _is_small(sentence, piece, 4)
        and piece.end < len(sentence)
    )


def _closes_quotation(sentence: str) -> bool:
    """True if the sentence begins inside a quotation: its grammar began elsewhere."""
    close = sentence.find("”")
    return close >= 0 and "“" not in sentence[:close]


def _interrupts(sentence: str, pieces: list[_Piece]) -> bool:
    """True if an insertion stands inside a `that` clause that has had no verb yet: nothing to cut off."""
    that = sentence.rfind(" that ", 0, pieces[0].end)
    return that >= 0 and pieces[1].kind in _INSERTED and not _HAS_VERB.search(sentence, that + 6, pieces[0].end)


def _masked(sentence: str) -> str:
    return _OPAQUE.sub(lambda m: "\x00" * len(m.group()), sentence)


def _pieces(sentence: str) -> list[_Piece]:
    """Spans between cuts; what is too small, or no clause, stays with the piece before it."""
    masked = _masked(sentence)
    bounds = [
        (0, 0, "head"),
        *((m.start(), m.end(), str(m.lastgroup)) for m in _CUT.finditer(masked) if m.start()),
    ]
    pieces: list[_Piece] = []
    for i, (_, start, kind) in enumerate(bounds):
        end = bounds[i + 1][0] if i + 1 < len(bounds) else len(sentence)
        if pieces and not _separates(sentence, masked, pieces[-1], _Piece(start, end, kind)):
            pieces[-1] = _Piece(pieces[-1].start, end, pieces[-1].kind)
        else:
            pieces.append(_Piece(start, end, kind))
    return _resume_main(masked, pieces)


def _separates(sentence: str, masked: str, before: _Piece, piece: _Piece) -> bool:
    if re.search(r"\b(?:and|but|or|that|which|who)$", sentence[: piece.start].rstrip(" ,")):
        return False
    if _is_small(sentence, piece, _LEAST.get(piece.kind, _LEAST_TERMS)) or re.match(
        _SPEECH_TAIL, sentence[piece.start :]
    ):
        return False
    small = _is_small(sentence, before)
    if before.kind == "head" and small and piece.kind not in _INSERTED:
        return False
    if piece.kind == "clause" and _JOINED_NAMES.search(sentence[: piece.start + 24]):
        return False
    if piece.kind in ("coordinate", "clause", "predicate"):
        has_verb = bool(_HAS_VERB.search(masked, piece.start, piece.end)) or bool(
            re.match(r"(?:but|while|whereas|although|though)\b", sentence[piece.start :])
        )
        left = bool(_HAS_VERB.search(masked, before.start, before.end)) or before.kind != "head"
        return has_verb and left
    return not (piece.kind == "appositive" and small and before.kind != "head")


def _resume_main(masked: str, pieces: list[_Piece]) -> list[_Piece]:
    """Where the head has no verb and an insertion follows, cut where the main clause goes on after it."""
    if len(pieces) < 2 or pieces[1].kind not in _INSERTED or _HAS_VERB.search(masked, pieces[0].start, pieces[0].end):
        return pieces
    inserted = pieces[1]
    again = list(_MAIN_AGAIN.finditer(masked, inserted.start, inserted.end))
    if not again:
        return pieces
    cut = again[-1]
    return [
        pieces[0],
        _Piece(inserted.start, cut.start(), inserted.kind),
        _Piece(cut.end(), inserted.end, "participle"),
        *pieces[2:],
    ]


def _is_small(sentence: str, piece: _Piece, least: int = _LEAST_TERMS) -> bool:
    return not has_terms(sentence[piece.start : piece.end], least)


def _shown(sentence: str, pieces: list[_Piece], index: int, headless: bool) -> str:
    """The text that shows one piece by itself; the whole sentence where what it hangs on is unclear."""
    piece, head = pieces[index], pieces[0]
    text = _closed(sentence[piece.start : piece.end])
    if any(_OPENS_CONDITION.match(sentence, later.start) for later in pieces[index + 1 :]):
        return sentence
    if index == 0:
        return text
    if headless:
        joint = ", " if index == 1 else " … "
        return f"{sentence[head.start : head.end].rstrip(' ,')}{joint}{text}"
    if piece.kind in ("relative", "appositive"):
        antecedent = _antecedent(sentence[: piece.start])
        return f"… {antecedent}, {text}" if antecedent else sentence
    if piece.kind in ("participle", "predicate", "absolute"):
        clause = next((p for p in reversed(pieces[1:index]) if p.kind in ("coordinate", "clause", "bare")), head)
        subject = subject_of(_CONNECTIVE.sub("", sentence[clause.start : clause.end], count=1))
        return f"{subject} … {text}" if subject and not _EMPTY.fullmatch(subject) else sentence
    doubted = bool(_DOUBTED.search(sentence[: piece.start]))
    return _by_itself(text, piece.kind, doubted=doubted) or sentence


def _by_itself(text: str, kind: str, *, doubted: bool) -> str:
    """A coordinated or subordinate clause without its connective, or nothing if it can't do without."""
    if kind == "subordinate" and not text.startswith(("as ", "because ")):
        return ""
    bare = text[connective.end() :] if (connective := _CONNECTIVE.match(text)) else text
    if doubted and not text.startswith("but "):
        return ""  # what is denied or supposed before "and" may be denied or supposed after it
    if _PRONOUN.match(bare) or (kind in ("subordinate", "dash") and not _HAS_VERB.search(bare)):
        return ""
    return _capital(bare)


def _closed(piece: str) -> str:
    stripped = piece.strip(" ,;—–\n")
    return stripped if stripped.endswith((".", "!", "?", "”", '"', "。")) else f"{stripped}."


def _antecedent(before: str) -> str:
    """The noun phrase that a relative clause or an apposition hangs on: the last determined one, or name."""
    text = before.rstrip(' ,”"’')
    found = _DETERMINED.search(text[-90:])
    if found:
        return found.group()
    name = re.search(r"(?:[\w’'-]+\s)?(?:[A-Z][\w’'.-]*\s?)+$", text)
    return name.group().strip() if name else ""


def subject_of(clause: str) -> str:
    """What a clause is about: the words before its first finite verb, or an empty string."""
    leading = _LEADING.match(clause)
    if leading and _SUBJECT.match(clause[leading.end() :]):
        clause = clause[leading.end() :]
    match = _SUBJECT.match(clause)
    if not match or "“" in match["subject"] or '"' in match["subject"]:
        return ""
    return match["subject"].strip(" ,")


_TAIL = re.compile(
    r",?\s(?:since|after|before|when|while|amid|ahead of|following|despite|as part of|in addition to"
    r"|in response to|in what)\s[^,;\x00]{8,160}\.?$"
)
_DAY = re.compile(
    r",?\s(?:(?:on|last|late|early|this)\s)+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"(?:\s(?:morning|afternoon|evening|night))?(?=[\s.,])(?!,?\s\d)"
)
_OPENING = re.compile(
    r"(?:However|Meanwhile|Also|Moreover|In addition|Still|Separately|For example|Instead|Indeed),\s+"
)


def cuts(sentence: str) -> list[str]:
    """The sentence, and lighter forms of it that only leave out whole clauses, longest first.

    Left out are opening adverbials, insertions, and clauses from the end; no word is added or changed but the
    capital and the full stop.
    """
    forms = [sentence]
    pieces = [] if _closes_quotation(sentence) else _pieces(sentence)
    if len(pieces) > 1 and not _interrupts(sentence, pieces):
        head = sentence[pieces[0].start : pieces[0].end].rstrip(" ,")
        headless = not _HAS_VERB.search(_masked(sentence)[pieces[0].start : pieces[0].end])
        if headless and len(pieces) > 2:
            resumed = sentence[pieces[2].start : pieces[2].end]
            if re.match(rf"(?:(?:also|later|then)\s)?{_FINITE}\b", resumed):
                forms.append(_closed(f"{head} {resumed}"))
        if not headless:
            forms += [_closed(sentence[: piece.end]) for piece in reversed(pieces[:-1])]
            forms += [
                _alone(sentence[piece.start : piece.end])
                for piece in pieces[1:]
                if piece.kind in ("coordinate", "clause", "bare")
            ]
    for form in list(forms):
        shorter = _TAIL.search(_masked(form))
        if shorter and _SUBJECT.match(form[: shorter.start()]):
            forms.append(_closed(form[: shorter.start()]))
            if len(pieces) > 1 and form == sentence[: pieces[0].end].rstrip(" ,") + ".":
                forms.append(_closed(form[: shorter.start()] + sentence[pieces[0].end :]))
    forms += [_DAY.sub("", form) for form in list(forms) if _DAY.search(form)]
    for form in list(forms):
        opening = _OPENING.match(form) or _LEADING.match(form)
        if opening and _SUBJECT.match(form[opening.end() :]):
            forms.append(_capital(form[opening.end() :]))
    return [form for form in dict.fromkeys(forms) if form and not _loses_condition(sentence, form)]


def _loses_condition(sentence: str, form: str) -> bool:
    """True if a cut leaves out a word on which the truth of the rest hangs."""
    kept = form.casefold()
    return any(
        match.group().casefold() not in kept.split() and match.group().casefold() + "," not in kept.split()
        for match in _CONDITION.finditer(_masked(sentence))
    )


def _alone(piece: str) -> str:
    """A coordinated clause as a sentence, or nothing if it leans on the one before it."""
    connective = _CONNECTIVE.match(piece)
    bare = piece[connective.end() :] if connective else piece
    subject = _SUBJECT.match(bare)
    stands = subject and not _PRONOUN.match(bare) and not re.match(rf"{_FINITE}\b", bare)
    return _capital(_closed(bare)) if stands else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
