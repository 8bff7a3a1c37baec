"""Words: terms, in which two texts that say the same share what they say."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.words import Word, fold, has_terms, remember, term_of, words_of


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Kyiv", "kyiv"),  # case
        ("Straße", "strasse"),  # case folded in full
        ("São", "sao"),  # accents
        ("Rutte's", "rutte"),  # a possessive
        ("Rutte’s", "rutte"),  # curly
        ("soldiers’", "soldiers"),  # without an s
        ("O’Brien", "o'brien"),  # an apostrophe inside
        ("北京", "北京"),  # nothing to fold
        ("\u0301", "\u0301"),  # an accent alone stays, so that nothing folds to nothing
    ],
)
def test_folding_leaves_what_tells_words_apart(word: str, folded: str) -> None:
    """Case, accents and possessive endings go."""
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("soldier", "soldiers"),  # a stem
        ("Russian", "Russia"),  # a nationality
        ("Kremlin", "Russia"),  # a government
        ("killed", "died"),  # a synonym
        ("U.S.", "American"),  # initials
        ("US", "America"),  # capitals make it no function word
        ("Ukraine's", "Ukraine"),  # a possessive
        ("States", "America"),  # what is left of a country's name
    ],
)
def test_what_means_one_thing_is_one_term(one: str, other: str) -> None:
    """Inflections, nationalities and the synonyms of news prose share a term."""
    assert term_of(one) == term_of(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rose", "fell"),  # antonyms
        ("north", "south"),
        ("US", "us"),  # a country and a pronoun
    ],
)
def test_what_means_another_is_another_term(one: str, other: str) -> None:
    """Antonyms and homographs in capitals never share a term."""
    assert term_of(one) != term_of(other)


@pytest.mark.parametrize(
    "word", ["the", "The", "isn't", "Mr", "United"]
)  # small, at a start, with an apostrophe, titles
def test_function_words_are_no_terms(word: str) -> None:
    """A function word tells nothing and has no term."""
    assert term_of(word) == ""


def test_a_word_without_end_is_cut() -> None:
    """What is longer than any word has a term of bounded length."""
    assert len(term_of("x" * 100_000)) <= 64


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The soldiers left.", [("The", ""), ("soldiers", "soldier"), ("left", "leav")]),  # words without stops
        ("600,000 and 600000", [("600,000", "600000"), ("and", ""), ("600000", "600000")]),  # one number
        ("1.5 and 1,5", [("1.5", "1.5"), ("and", ""), ("1,5", "1,5")]),  # decimals are left alone
        ("U.S. troops", [("U.S.", "america"), ("troops", "soldier")]),  # initials
        ("O’Brien’s", [("O’Brien’s", "o'brien")]),  # apostrophes inside
        ("Café", [("Café", "cafe")]),  # an accent
        ("Cafe\u0301", [("Cafe\u0301", "cafe")]),  # as a combining character
        ("東京都", [("東京", "東京"), ("京都", "京都")]),  # pairs
        ("火", [("火", "火")]),  # a character alone
        ("NATO東京", [("NATO", "nato"), ("東京", "東京")]),  # scripts told apart
        ("", []),  # nothing
        ("— “”!", []),  # no words
    ],
)
def test_tokens_are_words_with_their_terms(text: str, found: list[tuple[str, str]]) -> None:
    """Words, numbers and initials come in order; scripts without spaces as overlapping pairs."""
    assert [(token.text, token.term) for token in words_of(text)] == found


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The bridge at Wexmouth is shut.", 3),  # function words are none
        ("Over 600,000 left.", 2),  # a number is one
        ("桥关闭了", 3),  # of a script without spaces each pair
        ("京", 1),  # a sign alone
    ],
)
def test_terms_are_counted_as_tokens_have_them(text: str, terms: int) -> None:
    """A text has so many terms, and no more."""
    assert sum(1 for token in words_of(text) if token.term) == terms
    assert has_terms(text, terms)
    assert not has_terms(text, terms + 1)


def test_a_long_number_has_a_bounded_term() -> None:
    """A number of any length has a term of bounded length."""
    assert len(words_of("9" * 1000)[0].term) <= 64


def test_a_token_moves_with_its_text() -> None:
    """Moving a token changes where it stands and nothing else."""
    assert Word(3, 7, "Left", "leav", "left").moved(-3) == Word(0, 4, "Left", "leav", "left")


@given(st.text(alphabet="aZé1,.' ’\u0301京都U-the ", max_size=60))
def test_tokens_quote_the_text_and_are_counted(text: str) -> None:
    """Whatever the text, tokens are exact and in order, and it has just as many terms as they do."""
    found = words_of(text)
    assert all(text[token.start : token.end] == token.text for token in found)
    assert all(a.start < b.start for a, b in pairwise(found))
    terms = sum(1 for token in found if token.term)
    assert has_terms(text, terms)
    assert not has_terms(text, terms + 1)


def test_answers_on_short_words_are_kept_until_there_are_many() -> None:
    """A word is looked at once; beyond the most that may be kept all are looked at anew, and a long one each time."""
    looked: list[str] = []

    @remember(2)
    def size(word: str) -> int:
        looked.append(word)
        return len(word)

    assert [size(word) for word in ("ab", "ab", "abc", "ab")] == [2, 2, 3, 2]
    assert looked == ["ab", "abc"]
    assert [size(word) for word in ("abcd", "ab")] == [4, 2]
    assert looked == ["ab", "abc", "abcd", "ab"]
    assert [size("x" * 200) for _ in range(2)] == [200, 200]
    assert looked[4:] == ["x" * 200] * 2
