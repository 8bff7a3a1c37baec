"""Quoting: whose words a quotation is, in a statement and in its sources.

Two ways of naming a speaker are one person where they share a name or a telling word, or where a document uses
both of one person; two names that share nothing are two people.
"""

from __future__ import annotations

import re

from service.core.details import Quotation
from service.core.details.quotations import plain
from service.core.evidence import Trial
from service.core.lexicon import METONYMS, TITLES
from service.core.matching import Index
from service.core.model import Document, Sentence
from service.core.words import fold, term_of

_NAMED = re.compile(r"(?:^|\s)[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)*$")
_TITLE_TERMS = frozenset(map(term_of, TITLES))


def misattribution(quotation: Quotation, trial: Trial) -> str:
    """What is wrong with whom a statement gives a quotation to, in words; nothing where nothing is."""
    holding = [
        sentence
        for sentence, analysis in zip(trial.evidence, trial.analyses, strict=True)
        if quotation.stands_in(analysis.plain)
    ]
    said_by = ""
    for sentence in holding:
        told, known = trial.index.speaker_in(trial.draft.text, sentence), trial.index.speaker(sentence)
        if not told or not known or same_speaker(told, known, sentence, trial.index):
            return ""
        said_by = said_by or f"misattributed, {known} said it"
    return said_by


def same_speaker(one: str, other: str, sentence: Sentence, index: Index) -> bool:
    """True if two ways of naming a speaker may mean one, as far as a sentence's document tells."""
    a, b = (set(index.terms_of_name(name)) - _TITLE_TERMS or set(index.terms_of_name(name)) for name in (one, other))
    if not a or not b or a & b:
        return True
    if bool(_NAMED.search(one)) == bool(_NAMED.search(other)):
        return False
    described = set(index.terms_of_name(one)) | set(index.terms_of_name(other))
    document = index.documents[sentence.document_id]
    return any(described <= index.of(s).bag and names_it(one, s, index) for s in document.sentences)


def names_it(speaker: str, sentence: Sentence, index: Index) -> bool:
    """True unless a speaker is named by a capital or a seat of government, and a sentence has only the country."""
    last = fold(speaker.rsplit(maxsplit=1)[-1])
    return last not in METONYMS or last in index.of(sentence).folded


def where_quoted(quotation: Quotation, trial: Trial) -> str | None:
    """The document in which a quotation stands, though in no cited span; the cited ones last."""
    cited = {sentence.document_id for sentence in trial.evidence}
    ordered: list[Document] = sorted(trial.index.documents.values(), key=lambda document: document.id in cited)
    return next((d.id for d in ordered if quotation.stands_in(plain(d.text))), None)
