"""Clauses: the separable facts of one sentence, each as a span of it.

Where a sentence is cut pieces.py knows. A piece that can't stand alone is shown with what it hangs on before
it and the omission marked (`Rutte … urging Moscow to stop`), or as the whole sentence where that is unclear:
a claim never says more than its sentence does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.core.lexicon import CONDITIONS, NEGATIONS, REPORTING_VERBS
from service.core.pieces import (
    FINITE,
    HAS_VERB,
    INSERTED,
    Piece,
    closes_quotation,
    has_main_verb,
    interrupts,
    is_small,
    masked_text,
    pieces_of,
)
from service.core.words import has_terms

_VERB = re.compile(
    rf"\s(?:(?:has|have|had|also|later|earlier|previously|initially|reportedly|then|now)\s)*{FINITE}\b"
)
_SUBJECT = re.compile(rf".{{2,120}}?{_VERB.pattern}")
_RELATIVE = re.compile(r"\b(?:that|which|who)$")
_MOST_OF_SUBJECT = 120  # code points
_LEADING = re.compile(r"(?:[A-Z][\w’'-]*\s[^,“”\"]{2,80}),\s+(?=[A-Z“\"]|the\s|he\s|she\s)")
_DETERMINED = re.compile(
    r"\b(?:the|a|an|his|her|its|their|this|that|these|those|some|two|three)\s(?:[\w’'-]+\s){0,7}?[\w’'-]+$"
)
_CONNECTIVE = re.compile(
    r"(?:and|but|while|whereas|although|though|yet|so|as(?!\s(?:long|soon|well|far)\b)|because)\s+(?:that\s+)?"
)
_PREDICATE = re.compile(rf"(?:and|but|yet)\s(?:(?:also|later|then)\s)?{FINITE}\b")  # of the subject before it
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
_RESUMED = re.compile(rf"(?:(?:also|later|then)\s)?{FINITE}\b")
_EMPTY = re.compile(r"there|it|this|that|these|those|what|who", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a sentence: `[start, end)` in it, and the text that shows it by itself."""

    start: int
    end: int
    text: str
    whole: bool


def split(sentence: str) -> list[Clause]:
    """The separable facts of a sentence in order; the sentence itself where nothing separates."""
    pieces = [] if closes_quotation(sentence) else pieces_of(sentence)
    if len(pieces) < 2 or interrupts(sentence, pieces):
        return [Clause(0, len(sentence), sentence, whole=True)]
    head = pieces[0]
    headless = not HAS_VERB.search(masked_text(sentence)[head.start : head.end])
    shown = [_shown(sentence, pieces, i, headless) for i in range(len(pieces))]
    return [
        Clause(piece.start, piece.end, text, whole=False)
        for piece, text in zip(pieces, shown, strict=True)
        if text and not (headless and (piece is head or _says_little(sentence, piece)))
    ]


def _resumes(sentence: str, pieces: list[Piece]) -> bool:
    """True if the verb of a head that has none stands right behind what is inserted after it."""
    return len(pieces) > 2 and bool(_RESUMED.match(sentence, pieces[2].start))


def _says_little(sentence: str, piece: Piece) -> bool:
    """True for an insertion such as `citing reports`, which is no fact by itself."""
    return (
        piece.kind in INSERTED
        and piece.kind != "relative"
        and is_small(sentence, piece, 4)
        and piece.end < len(sentence)
    )


def _shown(sentence: str, pieces: list[Piece], index: int, headless: bool) -> str:
    """The text that shows one piece by itself; the whole sentence where what it hangs on is unclear."""
    piece, head = pieces[index], pieces[0]
    kind = "predicate" if _PREDICATE.match(sentence, piece.start) else piece.kind
    text = _closed(sentence[piece.start : piece.end])
    if any(_OPENS_CONDITION.match(sentence, later.start) for later in pieces[index + 1 :]):
        return sentence
    if index == 0:
        return text
    if headless:
        return _behind(sentence, pieces, index, text)
    if piece.kind in ("relative", "appositive"):
        antecedent = _antecedent(sentence[: piece.start])
        return f"… {antecedent}, {text}" if antecedent else sentence
    if kind in ("participle", "predicate", "absolute"):
        clause = next((p for p in reversed(pieces[1:index]) if p.kind in ("coordinate", "clause", "bare")), head)
        said = sentence[clause.start : clause.end]
        subject = subject_of(said[connective.end() :] if (connective := _CONNECTIVE.match(said)) else said)
        return f"{subject} … {text}" if subject and not _EMPTY.fullmatch(subject) else sentence
    doubted = bool(_DOUBTED.search(sentence[: piece.start]))
    return _by_itself(text, piece.kind, doubted=doubted) or sentence


def _behind(sentence: str, pieces: list[Piece], index: int, text: str) -> str:
    """A piece behind the head that it hangs on, which has no verb, with what is omitted marked."""
    head = sentence[: pieces[0].end].rstrip(" ,")
    if index > 1:
        return f"{head} … {text}"
    return f"{head}, {text.removesuffix('.')} …" if _resumes(sentence, pieces) else f"{head}, {text}"


def _by_itself(text: str, kind: str, *, doubted: bool) -> str:
    """A coordinated or subordinate clause without its connective, or nothing if it can't do without."""
    if kind == "subordinate" and not text.startswith(("as ", "because ")):
        return ""
    bare = text[connective.end() :] if (connective := _CONNECTIVE.match(text)) else text
    if doubted and not text.startswith("but "):
        return ""  # what is denied or supposed before "and" may be denied or supposed after it
    if _PRONOUN.match(bare) or (kind in ("subordinate", "dash") and not HAS_VERB.search(bare)):
        return ""
    return _capital(bare)


def _closed(piece: str) -> str:
    stripped = piece.strip(" ,;—–\n").rstrip(" -")
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
    before = (clause[: verb.start()] for verb in _VERB.finditer(clause, 2))
    subject = next((words for words in before if not _RELATIVE.search(words)), "")
    return "" if "“" in subject or '"' in subject or len(subject) > _MOST_OF_SUBJECT else subject.strip(" ,")


_LEAST_TERMS = 3  # of a cut: `he said` is none
_TAIL = re.compile(
    r",?\s(?:since|after|before|when|while|amid|ahead of|following|despite|as part of|in addition to"
    r"|in response to|in what)\s[^,;\x00]{8,160}\.?$"
)
_DAY = re.compile(
    r",?\s(?:(?:on|last|late|early|this)\s)+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"(?:\s(?:morning|afternoon|evening|night)\b|(?!\s(?:morning|afternoon|evening|night)))"
    r"(?=[\s.,])(?!,?\s\d)(?!,\s(?:when|the|a|which|after|before)\b)"
)
_MEASURED = re.compile(
    r"\b(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|shortly|soon|just|long|even|time|moments?)$"
)
_AUXILIARY = re.compile(r"\b(?:have|has|had|is|are|was|were|be|will|would|to|that|and|or)$")
_OPEN_QUESTION = re.compile(
    r"\b(?:say|says|said|know|knew|known|tell|told|ask|asked|decide|decided|see|explain|clear)$"
)
_NAMED_AGAIN = re.compile(
    rf"[^,;]{{2,60}},\s(?:(?:also|later|then|now)\s)?{FINITE}\b|(?:[\w’'-]+\s){{1,4}}(?:{'|'.join(REPORTING_VERBS)}),\s"
)
_OPENING = re.compile(
    r"(?:However|Meanwhile|Also|Moreover|In addition|Still|Separately|For example|Instead|Indeed),\s+"
)


def cuts(sentence: str) -> list[str]:
    """The sentence, and lighter forms of it that only leave out whole clauses, longest first.

    Left out are opening adverbials, insertions, and clauses from the end; no word is added or changed but the
    capital and the full stop.
    """
    if sentence.rstrip().endswith("?"):
        return [sentence]
    forms = [sentence]
    pieces = [] if closes_quotation(sentence) else pieces_of(sentence)
    if len(pieces) > 1 and not interrupts(sentence, pieces):
        head = sentence[pieces[0].start : pieces[0].end].rstrip(" ,")
        headless = not HAS_VERB.search(masked_text(sentence)[pieces[0].start : pieces[0].end])
        if headless and _resumes(sentence, pieces):
            forms.append(_closed(f"{head} {sentence[pieces[2].start : pieces[2].end]}"))
        if not headless:
            forms += [_closed(sentence[: piece.end]) for piece in reversed(pieces[:-1])]
            forms += [
                _alone(sentence[piece.start : piece.end])
                for piece in pieces[1:]
                if piece.kind in ("coordinate", "clause", "bare")
            ]
    for form in list(forms):
        shorter = _TAIL.search(masked_text(form))
        if shorter and _SUBJECT.match(form[: shorter.start()]) and not _hangs_on(form, shorter):
            forms.append(_closed(form[: shorter.start()]))
            if len(pieces) > 1 and form == sentence[: pieces[0].end].rstrip(" ,") + ".":
                forms.append(_closed(form[: shorter.start()] + sentence[pieces[0].end :]))
    forms += [_without_days(form) for form in list(forms) if _DAY.search(masked_text(form))]
    for form in list(forms):
        opening = _OPENING.match(form) or _LEADING.match(form)
        rest = form[opening.end() :] if opening else ""
        if opening and _SUBJECT.match(rest) and _is_adverbial(opening.group(), rest):
            forms.append(_capital(rest))
    return [form for form in dict.fromkeys(forms) if form and not _loses_condition(sentence, form)]


def _hangs_on(form: str, tail: re.Match[str]) -> bool:
    """True if what stands before a tail can't do without it: `a week before …`, `not … until …`, `asked when …`."""
    before, joins = form[: tail.start()], tail.group().startswith(",")
    if _MEASURED.search(before) or _AUXILIARY.search(before):
        return True
    if tail.group().split()[0] == "when" and not joins and _OPEN_QUESTION.search(before):
        return True
    denied = not NEGATIONS.isdisjoint(word.strip(".,").casefold() for word in before.split())
    return denied and not joins


def _without_days(form: str) -> str:
    """A sentence without its weekdays, but for those in quotations."""
    for day in reversed(list(_DAY.finditer(masked_text(form)))):
        form = form[: day.start()] + form[day.end() :]
    return form


def _is_adverbial(opening: str, rest: str) -> bool:
    """True if what opens a sentence up to a comma is no clause that governs the rest, nor what the rest is in
    apposition to: `Their chief, Ann Lee, resigned`.
    """
    if _NAMED_AGAIN.match(masked_text(rest)) or "according to" in opening or not has_terms(rest, _LEAST_TERMS):
        return False
    return not has_main_verb(masked_text(opening))


def _loses_condition(sentence: str, form: str) -> bool:
    """True if a cut leaves out a word on which the truth of the rest hangs."""
    kept = form.casefold()
    return any(
        match.group().casefold() not in kept.split() and match.group().casefold() + "," not in kept.split()
        for match in _CONDITION.finditer(masked_text(sentence))
    )


def _alone(piece: str) -> str:
    """A coordinated clause as a sentence, or nothing if it leans on the one before it."""
    connective = _CONNECTIVE.match(piece)
    if connective and connective.group().endswith("that "):
        return ""  # somebody said that, too
    bare = piece[connective.end() :] if connective else piece
    subject = _SUBJECT.match(bare)
    stands = subject and not _PRONOUN.match(bare) and not re.match(rf"{FINITE}\b", bare)
    return _capital(_closed(bare)) if stands else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
