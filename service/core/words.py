"""Words to terms: what two texts must share for one to bear out the other.

A term is a stem, folded over accents and possessives, with nationalities mapped to their country and the
synonyms of news prose (lexicon.py) to one of them. Function words are no terms. Scripts written without
spaces give pairs of characters. This file decides nothing about meaning beyond that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar, cast

import Stemmer

from service.core.lexicon import COUNTRIES, FUNCTION_WORDS, METONYMS, PROPER_TERMS, SYNONYMS

UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f\u1000-\u109f\u1780-\u17ff"
WORD = re.compile(
    rf"(?P<unspaced>[{UNSPACED}]+)"
    rf"|(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<initials>(?:[A-Z]\.){2,})"
    r"|(?P<ascii>[A-Za-z]+(?:['’][A-Za-z]+)*(?![\w'’\u0300-\u036f\u200c\u200d]))"  # nearly all words, told fast
    rf"|(?P<word>(?:(?![{UNSPACED}])[^\W\d_])(?:(?![{UNSPACED}])\w|[\u0300-\u036f\u064b-\u065f\u200c\u200d]|['’](?=\w))*)"
)
_MAX_WORD = 64  # code points; what is longer is no word, and stemming it would cost its length squared
_LONGEST_REMEMBERED = 100  # code points of all that one answer is about
F = TypeVar("F", bound=Callable[..., Any])
_stemmer = Stemmer.Stemmer("english")


class Word(NamedTuple):
    """One word with its span in the text it was found in. `term` is empty for function words; `folded` see fold."""

    start: int
    end: int
    text: str
    term: str
    folded: str

    def moved(self, by: int) -> Word:
        return Word(self.start + by, self.end + by, self.text, self.term, self.folded)


def remember(most: int) -> Callable[[F], F]:
    """Keep answers about short words or runs, until there are `most`: then it begins anew.

    Long ones, of hostile text, would fill the memory: functools' cache would keep them, too.
    """

    def decorate(function: F) -> F:
        known: dict[tuple[Any, ...], Any] = {}

        @wraps(function)
        def answer(*args: Any) -> Any:
            try:
                return known[args]
            except KeyError:
                found = function(*args)
            if all(_is_short(words) for words in args):
                if len(known) >= most:
                    known.clear()
                known[args] = found
            return found

        return cast("F", answer)

    return decorate


def _is_short(words: str | tuple[str, ...]) -> bool:
    return (len(words) if isinstance(words, str) else sum(map(len, words))) <= _LONGEST_REMEMBERED


@remember(65_536)
def fold(word: str) -> str:
    """Lower case without accents, possessive ending or typographic variants of the apostrophe."""
    lowered = word.casefold().replace("’", "'")
    lowered = lowered.removesuffix("'s").rstrip("'")
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in decomposed if not unicodedata.combining(c)) or lowered


@remember(65_536)
def term_of(word: str) -> str:
    """The term of one word, or an empty string for a function word."""
    if word in PROPER_TERMS:
        return PROPER_TERMS[word]
    folded = fold(word[:_MAX_WORD]).replace(".", "")
    if folded in FUNCTION_WORDS and not (word.isupper() and len(word) > 1):
        return ""
    country = COUNTRIES.get(folded) or METONYMS.get(folded, "").rpartition(" ")[2]
    if country:
        return country
    stem = _stemmer.stemWord(folded) if folded.isascii() else folded
    return SYNONYMS.get(stem, stem)


def words_of(text: str) -> list[Word]:
    """The words of a text in order. Characters of unspaced scripts come as overlapping pairs."""
    found: list[Word] = []
    for match in WORD.finditer(text):
        start, end = match.span()
        word = match.group()
        kind = match.lastgroup
        if kind == "ascii":
            found.append(Word(start, end, word, term_of(word), fold(word)))
        elif kind == "unspaced":
            found.extend(_pairs(word, start))
        else:
            term = _number_term(word) if kind == "number" else term_of(word)
            found.append(Word(start, end, word, term, fold(word)))
    return found


def has_terms(text: str, least: int) -> bool:
    """True if a text has at least so many terms; cheaper than making its tokens."""
    count = 0
    for match in WORD.finditer(text):
        if match.lastgroup == "unspaced":
            count += max(1, match.end() - match.start() - 1)
        elif match.lastgroup == "number" or term_of(match.group()):
            count += 1
        if count >= least:
            return True
    return count >= least


def _pairs(run: str, offset: int) -> list[Word]:
    if len(run) == 1:
        return [Word(offset, offset + 1, run, run, fold(run))]
    pairs = ((offset + i, run[i : i + 2]) for i in range(len(run) - 1))
    return [Word(start, start + 2, pair, pair, fold(pair)) for start, pair in pairs]


def _number_term(word: str) -> str:
    """`600,000` and `600000` are one term; a decimal keeps its point."""
    digits = word.replace(",", "") if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", word) else word
    return digits[:_MAX_WORD]
