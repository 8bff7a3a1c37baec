"""`Prefer` and `Idempotency-Key`: what is read from them, and what is ignored."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from service.api.preferences import MOST_PATIENCE, Wish, parse, read_wish

LINES: Sequence[tuple[Sequence[str], dict[str, str]]] = [
    # the lines of the header, what is read
    ([], {}),
    ([""], {}),
    ([" , ,, "], {}),
    (["respond-async"], {"respond-async": ""}),
    (["Respond-ASYNC"], {"respond-async": ""}),
    (["respond-async, wait=10"], {"respond-async": "", "wait": "10"}),
    (["respond-async", "wait=10"], {"respond-async": "", "wait": "10"}),
    (["wait = 10 , respond-async"], {"wait": "10", "respond-async": ""}),
    (['wait="10"'], {"wait": "10"}),
    (["wait=10, WAIT=20"], {"wait": "10"}),  # the first counts
    (['respond-async; foo="some, value"; bar, wait=1'], {"respond-async": "", "wait": "1"}),
    (['foo="a, respond-async; b"'], {"foo": "a, respond-async; b"}),
    (['foo="say \\"respond-async\\", please", wait=3'], {"foo": 'say "respond-async", please', "wait": "3"}),
    (['respond-async=""'], {"respond-async": ""}),  # an empty value is none
    (["handling=lenient; respond-async"], {"handling": "lenient"}),  # a parameter is no preference
    (["return=minimal, x-own=1"], {"return": "minimal", "x-own": "1"}),
    (["respond async, (respond-async), =respond-async, wait=3"], {"wait": "3"}),
    (['foo="never ends, respond-async'], {}),
    (["wait=5;"], {"wait": "5"}),
]


@pytest.mark.parametrize(("lines", "found"), LINES)
def test_preferences_are_read_as_rfc_7240_has_them(lines: Sequence[str], found: dict[str, str]) -> None:
    """Names in any case, on one line or several, quoted or not; parameters and what can't be read are ignored."""
    assert parse(lines) == found


def wish_of(*headers: tuple[str, str]) -> Wish:
    """The wish that a request with these headers is."""
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    request = Request({"type": "http", "method": "POST", "headers": raw})
    return asyncio.run(read_wish(request, request.headers.get("idempotency-key"), request.headers.get("prefer")))


WISHES: Sequence[tuple[Sequence[tuple[str, str]], Wish]] = [
    ([], Wish()),
    ([("prefer", "respond-async")], Wish(respond_async=True)),
    ([("prefer", "wait=3"), ("prefer", "respond-async")], Wish(respond_async=True, wait=3)),
    ([("prefer", "respond-async, wait=0")], Wish(respond_async=True, wait=0)),
    ([("prefer", "respond-async, wait=-1")], Wish(respond_async=True)),
    ([("prefer", "respond-async, wait=soon")], Wish(respond_async=True)),
    ([("prefer", "respond-async, wait=1.5")], Wish(respond_async=True)),
    ([("prefer", "respond-async, wait=99999")], Wish(respond_async=True, wait=MOST_PATIENCE)),
    ([("prefer", f"respond-async, wait={'9' * 5_000}")], Wish(respond_async=True)),
    ([("idempotency-key", "a")], Wish("a")),
    ([("idempotency-key", '"a~!"')], Wish('"a~!"')),
    ([("idempotency-key", "k" * 255)], Wish("k" * 255)),
]


@pytest.mark.parametrize(("headers", "wish"), WISHES)
def test_a_wish_is_what_the_headers_ask(headers: Sequence[tuple[str, str]], wish: Wish) -> None:
    """A wait that is no number of seconds is ignored, one that is too long shortened."""
    assert wish_of(*headers) == wish
    assert wish.is_job == bool(headers and (wish.key or wish.respond_async))


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "a\tb", "\x7f", "k" * 256])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    """A key is 1 to 255 visible ASCII characters: 400 says so."""
    with pytest.raises(HTTPException, match="1 to 255 visible ASCII") as caught:
        wish_of(("idempotency-key", key))
    assert caught.value.status_code == 400


def test_two_keys_are_refused() -> None:
    """Which of two keys is meant is not guessed, though they be equal."""
    with pytest.raises(HTTPException, match="more than once"):
        wish_of(("idempotency-key", "a"), ("idempotency-key", "a"))
