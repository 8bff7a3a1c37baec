"""Odds: how sure a judge is of each verdict, read from the log-probabilities of the tokens that it wrote.

A model's word is a poor threshold on what it knows: what it held for likely at the place of the word is read
instead, as log-odds of `supported` against the other two verdicts, or of `yes` against `no`, and calibrated
(calibration.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any

LIKELIEST = 20
"""Tokens to ask for at the place of a word: it may begin with a capital, a space or a quotation mark."""
_VERDICT = re.compile(r'"verdict"\s*:\s*"')
_SUPPORTED, _OTHERS = "supported", ("contradicted", "not_found")
_LEAST = 1e-6  # probability of what is not among the likeliest


@dataclass(frozen=True, slots=True)
class Token:
    """A token of an answer, with the likeliest ones at its place and their natural log-probabilities."""

    text: str
    likeliest: tuple[tuple[str, float], ...]


def read_tokens(logprobs: Any, text: Any) -> tuple[Token, ...]:
    """The tokens of an answer's text; none if the server does not tell, or tells what does not hold the text.

    llama.cpp takes the fence off an answer in a block of Markdown, but not off its tokens.
    """
    told = getattr(logprobs, "content", None)
    try:
        tokens = tuple(Token(t.token, tuple((o.token, float(o.logprob)) for o in t.top_logprobs)) for t in told or ())
        return tokens if str(text or "").strip() in "".join(token.text for token in tokens) else ()
    except (AttributeError, TypeError, ValueError):
        return ()


def read_odds(tokens: Sequence[Token]) -> list[float | None]:
    """Log-odds of `supported` for each verdict of an answer, in order; None where they can't be told."""
    starts: dict[int, Token] = {}
    text = ""
    for token in tokens:
        starts[len(text)] = token
        text += token.text
    return [_odds_at(match.end(), starts) for match in _VERDICT.finditer(text)]


def read_word(tokens: Sequence[Token]) -> float | None:
    """Log-odds of yes against no at the first token of an answer; None if neither is among the likeliest."""
    shares = {"yes": 0.0, "no": 0.0}
    for text, logprob in tokens[0].likeliest if tokens else ():
        word = text.strip(" \"'.*_").casefold()
        if word in shares:
            shares[word] += exp(logprob)
    if not any(shares.values()):
        return None
    return log(max(shares["yes"], _LEAST)) - log(max(shares["no"], _LEAST))


def _odds_at(place: int, starts: dict[int, Token]) -> float | None:
    """The odds at the token that begins a verdict, which may begin with the quotation mark before it."""
    for start, lead in ((place, ""), (place - 1, '"'), (place - 2, ' "')):
        token = starts.get(start)
        if token is not None and token.text.startswith(lead):
            return _odds(token, lead)
    return None


def _odds(token: Token, lead: str) -> float | None:
    likely = {text.removeprefix(lead): exp(logprob) for text, logprob in token.likeliest if text.startswith(lead)}
    supported = sum(p for text, p in likely.items() if _begins(text, _SUPPORTED))
    others = sum(p for text, p in likely.items() if any(_begins(text, other) for other in _OTHERS))
    if not supported and not others:
        return None
    return log(max(supported, _LEAST)) - log(max(others, _LEAST))


def _begins(token: str, verdict: str) -> bool:
    bare = token.strip()
    return bool(bare) and (verdict.startswith(bare) or bare.startswith(verdict))
