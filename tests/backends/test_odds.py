"""Odds: how sure a judge is, from what it held for likely at the places of its verdicts."""

from __future__ import annotations

from math import exp, log

import pytest

from service.backends.odds import Token, read_odds, read_word


def token(text: str, **likely: float) -> Token:
    """A token with the probabilities of those at its place; without any, it was certain."""
    return Token(text, tuple((other, log(p)) for other, p in (likely or {text: 1.0}).items()))


def tokens(*parts: str | Token) -> list[Token]:
    return [part if isinstance(part, Token) else token(part) for part in parts]


BEFORE, AFTER = ('{"verdicts":[{"id":"v1",', '"sentences":["s1"],', '"verdict":"'), ('"', "}]}")
LONGEST = log(1e6)  # what is not among the likeliest counts as one in a million
READ = [
    # the token that begins a verdict, and the log-odds of support
    (token("supported", supported=0.9, contradicted=0.05, not_found=0.05), log(9)),
    (token("supported", supported=0.5, not_found=0.5), 0.0),
    (token("contradicted", supported=0.2, contradicted=0.8), log(1 / 4)),
    # a verdict in several tokens is told by its first
    (token("support", support=0.6, contrad=0.3, **{"not": 0.1}), log(1.5)),
    (token("s", s=0.75, n=0.25), log(3)),
    # what is no verdict counts for neither
    (token("supported", supported=0.4, maybe=0.5, contradicted=0.1), log(4)),
    # several tokens may begin one verdict
    (token("supported", supported=0.5, support=0.3, not_found=0.2), log(4)),
    # what is not told is nearly impossible, not impossible
    (token("supported", supported=1.0), LONGEST),
    (token("not_found", not_found=1.0), -LONGEST),
]


@pytest.mark.parametrize(("verdict", "odds"), READ)
def test_odds_are_those_of_support_against_the_rest(verdict: Token, odds: float) -> None:
    """The log-odds at the place where the verdict begins, whatever the model then wrote."""
    (found,) = read_odds(tokens(*BEFORE, verdict, "…", *AFTER))
    assert found == pytest.approx(odds, abs=1e-6)


def test_each_verdict_has_its_odds_in_order() -> None:
    """An answer on several statements gives as many."""
    yes, no = token("supported", supported=0.8, not_found=0.2), token("not", supported=0.2, **{"not": 0.8})
    parts: list[str | Token] = [
        *BEFORE,
        yes,
        '"},{"id":"v2","sentences":[],',
        '"verdict"',
        ': "',
        no,
        "_found",
        *AFTER,
    ]
    assert read_odds(tokens(*parts)) == [pytest.approx(log(4)), pytest.approx(-log(4))]


JOINED = [
    # the tokens around a verdict, where it does not begin with a token of its own
    ('"verdict":', token('"supported', **{'"supported': 0.9, '"not_found': 0.1})),
    ('"verdict":', token(' "supported', **{' "supported': 0.9, ' "not_found': 0.1})),
    ('"verdict": ', token('"s', **{'"s': 0.9, '"n': 0.1})),
]


@pytest.mark.parametrize(("before", "verdict"), JOINED)
def test_a_verdict_may_begin_with_its_quotation_mark(before: str, verdict: Token) -> None:
    """Vocabularies join the mark to the word; rivals are then those with the mark."""
    assert read_odds(tokens('{"verdicts":[{', before, verdict, *AFTER)) == [pytest.approx(log(9))]


UNTOLD = [
    # tokens of which the odds can't be told
    ["supported"],
    ['{"verdicts":[{"verdict":"supported"}]}'],  # all in one token
    ['{"verdict":"sup', token("ported"), '"}'],  # begins inside a token
    ['{"verdict":"', token("perhaps", perhaps=0.5, maybe=0.5), '"}'],  # neither is likely
    ['{"verdict":"', Token("supported", ()), '"}'],  # the server tells no rivals
]


@pytest.mark.parametrize("parts", UNTOLD)
def test_odds_that_cannot_be_told_are_none(parts: list[str | Token]) -> None:
    """Nothing is guessed where the tokens do not tell."""
    assert [odds for odds in read_odds(tokens(*parts)) if odds is not None] == []
    assert read_odds([]) == []


def test_odds_are_a_probability_of_what_was_likely() -> None:
    """Turned back they are the share of support among the verdicts."""
    (odds,) = read_odds(tokens(*BEFORE, token("supported", supported=0.63, not_found=0.27), *AFTER))
    assert odds is not None
    assert 1 / (1 + exp(-odds)) == pytest.approx(0.7)


WORDS = [
    # the likeliest first tokens, and the log-odds of yes
    ({"yes": 0.8, "no": 0.2}, log(4)),
    ({"Yes": 0.5, " yes": 0.3, "No": 0.2}, log(4)),
    ({'"yes': 0.3, "NO": 0.3, "The": 0.4}, 0.0),
    ({"no": 1.0}, -log(1e6)),
    ({"The": 1.0}, None),
    ({"yesterday": 0.5, "none": 0.5}, None),
]


@pytest.mark.parametrize(("likely", "odds"), WORDS)
def test_one_word_is_read_in_whatever_form(likely: dict[str, float], odds: float | None) -> None:
    """Yes against no, with capitals, spaces and quotation marks; anything else is neither."""
    found = read_word([token(next(iter(likely)), **likely), token(".", yes=1.0)])
    assert found == (None if odds is None else pytest.approx(odds, abs=1e-6))
    assert read_word([]) is None
