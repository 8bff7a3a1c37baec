"""Names: what is one, where it ends, and when two are of one thing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.details.names import Name, find_names, same_word
from service.core.model import Span


def name_of(text: str) -> Name:
    """The only name of a text, which stands inside a sentence."""
    (name,) = find_names(f"it is {text}")
    return name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("he met Mark Rutte in Brussels", ["Mark Rutte", "Brussels"]),  # two words, one word
        ("according to Rutte's office", ["Rutte"]),  # a possessive
        ("the Netherlands’ army", ["Netherlands"]),  # without an s
        ("in Putin's Russia", ["Putin", "Russia"]),  # what is owned is another
        ("in Putin’s Russia", ["Putin", "Russia"]),
        ("he met O'Brien", ["O'Brien"]),  # an apostrophe inside
        ("he met O’Brien’s wife", ["O’Brien"]),  # curly, with a possessive
        ("with Ursula von der Leyen", ["Ursula von der Leyen"]),  # particles
        ("in Côte d’Ivoire", ["Côte d’Ivoire"]),  # a particle with an apostrophe
        ("the Ministry of National Defence said", ["Ministry of National Defence"]),  # an office inside a name
        ("Defence Minister Kim Yong-hyun said", ["Kim Yong-hyun"]),  # an office before a title
        ("Secretary-General Mark Rutte said", ["Mark Rutte"]),  # a title with a hyphen
        ("NATO Secretary General Mark Rutte", ["NATO", "Mark Rutte"]),  # a title between names
        ("Apple CEO Tim Cook", ["Apple", "Tim Cook"]),  # a title in capitals
        ("Mr. Smith left", ["Smith"]),  # a title with a full stop opens no sentence
        ("Dr. J. Smith left", ["J. Smith"]),  # an initial
        ("then George W. Bush said", ["George W. Bush"]),  # an initial between
        ("by J.K. Rowling", ["J.K. Rowling"]),  # initials without a space
        ("in St. Petersburg", ["St. Petersburg"]),  # an abbreviation
        ("President Vladimir Putin and President Xi Jinping", ["Vladimir Putin", "Xi Jinping"]),  # `and` cuts
        ("then Russia and Ukraine signed", ["Russia", "Ukraine"]),
        ("the Bank of England", ["Bank of England"]),  # `of` joins
        ("by Johnson & Johnson", ["Johnson & Johnson"]),  # `&` joins
        ("by AT&T too", ["AT&T"]),  # without spaces
        ("the U.S. Army", ["U.S. Army"]),  # initials
        ("the iPhone and eBay", ["iPhone", "eBay"]),  # a small letter first
        ("by Theresa May on the day", ["Theresa May"]),  # a month as a surname
        ("on Monday the Kremlin", ["Kremlin"]),  # a weekday
        ("an F-16 and the M25 and COVID-19", ["F-16", "M25", "COVID-19"]),  # codes
        ("a SARS-COV-2 case on 5G", ["SARS-COV-2", "5G"]),  # longer and shorter codes
        ("a $3B deal and 100KM", []),  # figures are no codes
        ("Thousands of North Koreans", ["North Koreans"]),  # what only opens a sentence
        ("He said. Flooding followed. Then he left", []),
        ("Charles de Gaulle airport", ["Charles de Gaulle"]),  # particles prove a name at the start
        ("Procter & Gamble said", ["Procter & Gamble"]),
        ("USA and Germany agree", ["USA", "Germany"]),  # so do acronyms and countries
        ("NATO agreed", ["NATO"]),
        ("Later Mark Rutte left", ["Mark Rutte"]),  # before a name too
        ("Workers of Banco de Mexico left", ["Banco de Mexico"]),
        ("“Officials said", []),  # a quotation's start is a sentence's
        ("Vladimir Putin said", ["Vladimir Putin"]),  # so do two capitals
        ("Владимир Путин сказал", ["Владимир Путин"]),  # other alphabets
        ("then 北京 said", []),  # scripts without capitals show no names
        ("a b c", []),  # nothing
        ("he is X", []),  # one letter names nothing
        ("vitamin A. The end", []),
        ("the US and the WHO and IT", ["US", "WHO", "IT"]),  # function words but for their capitals
        ("he said Yes and All", []),  # function words
        ("the film A Quiet Place", ["Quiet Place"]),  # an article, which is no acronym
    ],
)
def test_a_name_is_a_run_of_capitals_and_particles(text: str, found: list[str]) -> None:
    """Names end at titles, days, function words and possessives, and need proof at a sentence's start."""
    names = find_names(text)
    assert [name.text for name in names] == found
    assert [text[name.start : name.end] for name in names] == found


def test_a_known_word_is_a_name_at_the_start_of_a_sentence() -> None:
    """A word that the documents write with a capital elsewhere is a name where it opens a sentence."""
    assert find_names("Rutte said so") == ()
    assert [n.text for n in find_names("Rutte said so", proper=frozenset({"rutte"}))] == ["Rutte"]


def test_what_dates_hold_is_left_to_them() -> None:
    """A capital or a code inside a span that is taken is no name, and cuts the run around it."""
    text = "see Kim April Lee at 7PMX"
    assert [n.text for n in find_names(text, [Span(8, 13), Span(21, 25)])] == ["Kim", "Lee"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ursula von der Leyen", ("ursula", "leyen")),  # particles left out
        ("São Paulo", ("sao", "paulo")),  # accents folded
        ("U.S. Army", ("america", "army")),  # countries in one form
        ("United States", ("america",)),  # of two words too
        ("United Kingdom", ("britain",)),
        ("UN Security Council", ("un", "security", "council")),
        ("United Nations Security Council", ("un", "security", "council")),
        ("North Koreans", ("north", "korea")),  # nationalities
        ("Moscow", ("russia",)),  # a capital stands for its government
        ("Kim Yong‑hyun", ("kim", "yong-hyun")),  # a hyphen that doesn't break
        ("COVID-19", ("covid-19",)),
    ],
)
def test_a_names_words_are_folded_and_unified(text: str, words: tuple[str, ...]) -> None:
    """What names are compared by is free of case, accents, particles and forms of a country."""
    assert name_of(text).words == words


@pytest.mark.parametrize(
    "text",
    [
        "it happened in Moscow",
        "it happened in Moscow and elsewhere",  # with more behind it
        "it happened in Moscow and Berlin",
        "it happened in Moscow's Red Square",
    ],
)
def test_a_capital_is_a_place_where_something_happens_in_it(text: str) -> None:
    """`Moscow` is the city, not the government, behind `in`."""
    assert find_names(text)[0].words == ("moscow",)


@pytest.mark.parametrize(
    ("one", "other", "matches"),
    [
        ("Rutte", "Mark Rutte", True),  # the surname alone
        ("Mark Rutte", "Mark Smith", False),  # another surname
        ("John Smith", "Jane Smith", False),  # another given name
        ("J. Smith", "John Smith", True),  # an initial
        ("J. Smith", "Karen Smith", False),
        ("Smith", "S. Jones", False),  # of a given name, not of a surname
        ("George W. Bush", "George Bush", True),
        ("Charles V", "Charles VI", False),  # no initial
        ("Zelenskyy", "Zelensky", True),  # spellings
        ("António Guterres", "Antonio Guterres", True),
        ("Kim Jong Un", "Kim Jong-un", True),
        ("Smith", "Smyth", False),  # short words are never alike
        ("Austria", "Australia", False),
        ("UN", "United Nations", True),  # acronyms
        ("NATO", "North Atlantic Treaty Organization", True),
        ("FBI", "Federal Bureau of Investigation", True),
        ("DW", "Deutsche Welle", True),  # of two words
        ("U.S.", "United States", True),
        ("UK", "Britain", True),
        ("North Korea", "South Korea", False),
        ("Ministry of Defence", "Defence Ministry", True),  # the order of words
        ("New York", "New York-based", True),
        ("F-16", "F-35", False),
        ("Robert Roberts", "Robert Smith", False),  # as many words: each must be one of the other's
        ("Sofia Salvan", "S-20", False),
        ("Pyongyang", "South Korea", False),  # a capital stands for its own country
        ("Pyongyang", "North Korea", True),
        ("Seoul", "South Korean", True),
    ],
)
def test_names_match_up_to_variants(one: str, other: str, matches: bool) -> None:
    """Two names may be of one thing where every word of the shorter stands in the longer, or they abbreviate."""
    a, b = name_of(one), name_of(other)
    assert (a.matches(b), b.matches(a)) == (matches, matches)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("rutte", "rutte", True),  # equal
        ("gonzalez", "gonzales", True),  # a letter at the end
        ("zelensky", "zelenskyy", True),
        ("peters", "pieter", False),  # too far
        ("anna", "anne", False),  # too short
        ("gregory", "grigory", False),  # another beginning
        ("maria", "sarah", False),
        ("mauritius", "mauritania", False),  # a country of its own
    ],
)
def test_words_are_one_where_they_are_all_but_equal(one: str, other: str, same: bool) -> None:
    """Only long words with one beginning count as spellings of one."""
    assert (same_word(one, other), same_word(other, one)) == (same, same)


@given(st.text(alphabet="AbÉdeof .-’'&1北“,\nMrSt", max_size=60))
def test_names_quote_the_text_in_order(text: str) -> None:
    """Whatever the text, names quote it exactly, in order, apart, each with a word to compare it by."""
    found = find_names(text)
    assert all(text[n.start : n.end] == n.text and n.words for n in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
