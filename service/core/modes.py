"""Modes: whether a text denies, hedges and conditions what it says as the clause that says it does.

A sentence of several clauses may deny in one and hedge in another: what is told of one of them is held to that one.
A clause is free of what the sentence says elsewhere only where it has a subject of its own, and nothing before it
(`officials doubt that …, and …`) or behind it (`…, unless …`, `…, but the army denied it`) reaches over to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.core.alignment import align
from service.core.clauses import Clause, split
from service.core.lexicon import CONDITIONS, HEDGES
from service.core.matching import Analysis, Index, Mode
from service.core.model import Sentence

_WHOLLY = 0.9  # of what a sentence holds of a text that a clause must hold for the text to be told of it alone
_CONDITION = re.compile(
    r"[\"“]?(?:if|unless|until|except|provided|without|had|were|should|otherwise|only if|even if|as long as)\b",
    re.IGNORECASE,
)
_REACHES_ON = re.compile(r"\b(?:that|whether|if)\b", re.IGNORECASE)
_TAKEN_BACK = re.compile(
    r"\b(?:den(?:y|ies|ied)|disput(?:es|ed)|reject(?:s|ed)|dismiss(?:es|ed)|refut(?:es|ed)|contradict(?:s|ed))\b"
    r"[^,;]{0,40}\b(?:it|this|that|the (?:claims?|reports?|allegations?))\b"
    r"|\b(?:false|untrue|unfounded|unconfirmed)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r",?\s(?:after|because|since|amid|following|despite|which|who|whose|while|and)\b")
_OMISSION = "…"
_ABLE = frozenset("can could able".split())  # of which one is the other in reported speech


def clauses_of(sentence: Sentence, index: Index) -> list[Analysis]:
    """The analyses of a sentence, and of those of its clauses that hold by themselves; made once for a run."""
    found: list[Analysis] = index.once(("clauses", id(index.of(sentence)), 0), lambda: _clauses_of(sentence, index))
    return found


def _clauses_of(sentence: Sentence, index: Index) -> list[Analysis]:
    clauses = split(sentence.text)
    return [
        index.of(sentence),
        *(
            index.excerpt(sentence, clause.start, clause.end)
            for i, clause in enumerate(clauses)
            if clause.text != sentence.text  # shown as a whole: it leans on what stands before it
            and not _is_conditioned(sentence.text, clauses, i)
            and not _is_governed(sentence, clauses[:i], clause, index)
        ),
    ]


def _is_conditioned(text: str, clauses: Sequence[Clause], i: int) -> bool:
    """True if a condition opens the sentence or follows a clause, or what it says is taken back behind it."""
    after = clauses[i + 1 :]
    return any(_CONDITION.match(text, clause.start) for clause in (clauses[0], *after)) or any(
        _TAKEN_BACK.search(text, clause.start, clause.end) for clause in after
    )


def _is_governed(sentence: Sentence, before: Sequence[Clause], clause: Clause, index: Index) -> bool:
    """True if what is denied, hedged or conditioned before a clause may be so in it: it shares a subject or verb."""
    if not before:
        return False
    lead = index.excerpt(sentence, 0, clause.start)
    return bool(lead.modes) and (_OMISSION in clause.text or bool(_REACHES_ON.search(sentence.text, 0, clause.start)))


def loses(text: Analysis, sentence: Sentence, index: Index) -> frozenset[Mode]:
    """The modes in which a sentence says what a text says without them; none if a clause that says it has none."""
    whole = index.of(sentence)
    lost = whole.modes - text.modes
    if not lost:
        return lost
    least = _WHOLLY * index.coverage(text, whole)
    saying = [clause for clause in clauses_of(sentence, index) if index.coverage(text, clause) >= least]
    return min((clause.modes - text.modes for clause in saying), key=len)


def is_told_so(text: Analysis, sentence: Sentence, index: Index) -> bool:
    """True if a sentence, or a clause of it that says what a text says, has the modes of the text."""
    if index.of(sentence).modes == text.modes:
        return True
    if _is_whole_before(text, sentence, index):
        return True
    least = _WHOLLY * index.coverage(text, index.of(sentence))
    return any(
        clause.modes == text.modes and index.coverage(text, clause) >= least for clause in clauses_of(sentence, index)
    )


def _is_whole_before(text: Analysis, sentence: Sentence, index: Index) -> bool:
    """True if a sentence begins with a text word for word, and goes on with nothing that takes it back."""
    said = text.text.strip().rstrip(".")
    rest = sentence.text[len(said) :]
    if not sentence.text.startswith(said) or not _GOES_ON.match(rest) or _TAKEN_BACK.search(rest):
        return False
    return CONDITIONS.isdisjoint(word.folded for word in index.of(sentence).words if word.start >= len(said))


def hedged_apart(text: Analysis, other: Analysis, index: Index) -> str:
    """How one of two texts that run alike hedges in one place what the other says outright."""
    aligned = align(text, other, index)
    hedged = Mode.HEDGED in text.modes & other.modes  # `considering` is no less than `considering whether`
    hedges = HEDGES - {"whether"} if hedged else HEDGES
    for left, right in aligned.gaps() if aligned.alike else ():
        own, found = ({unit.word for unit in units} for units in (left, right))
        if not (own & _ABLE and found & _ABLE) and bool(own & hedges) != bool(found & hedges):
            return "the source hedges it there, the sentence does not" if found & hedges else "the sentence hedges it"
    return ""
