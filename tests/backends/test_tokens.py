"""Tokens: exact where the ranks are at hand, an estimate that says so where they are not."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from importlib.resources import files
from time import process_time

import pytest

from service.backends.tokens import RANKS, SHA256, TokenCounter, read_ranks

COUNTED = [
    # a text, its tokens in o200k_base
    ("", 0),
    ("a", 1),
    ("hello world", 2),
    ("tiktoken is great!", 6),  # t-ikt-oken- is- great-!, of OpenAI's cookbook
    ("お誕生日おめでとう", 8),  # of the cookbook
    ("2 + 2 = 4", 7),
    ("antidisestablishmentarianism", 6),
    (" " * 10, 1),
    ("1234567", 3),  # digits by threes
    ("<|endoftext|>", 7),  # text like any other, no mark of the end
]


@pytest.fixture(scope="module")
def tokens() -> TokenCounter:
    """A counter with the ranks that the package holds."""
    return TokenCounter()


@pytest.mark.parametrize(("text", "count"), COUNTED)
def test_counts_are_those_of_o200k_base(tokens: TokenCounter, text: str, count: int) -> None:
    """Counts are exact, and special tokens are counted as what they are written with."""
    assert tokens.count(text) == count


def test_a_counter_with_ranks_is_exact(tokens: TokenCounter) -> None:
    """With the ranks of the package, counts are of real tokens."""
    assert tokens.exact
    assert tokens.name == "o200k_base"


HARD: list[tuple[str, str]] = [
    ("a million spaces", " " * 1_000_000),  # in one piece, tiktoken panics
    ("a word of a megabyte", "a" * 1_000_000),
    ("line ends", "\r\n" * 300_000),
    ("combining marks", "\u0301" * 300_000),
    ("half surrogates", "\ud800" * 1_000),
    ("NUL", "\0" * 100_000),
]


@pytest.mark.parametrize("text", [text for _, text in HARD], ids=[name for name, _ in HARD])
def test_any_text_is_counted_in_bounded_time(tokens: TokenCounter, text: str) -> None:
    """No text makes the counter fail, or take long."""
    started = process_time()
    assert 0 < tokens.count(text) <= 4 * len(text)
    assert process_time() - started < 10


def _missing() -> bytes:
    raise FileNotFoundError("no such file")


def _changed() -> bytes:
    return b"bm90 MQ\xff\n?? x\n"


def _cut_short() -> bytes:
    return gzip.decompress(gzip.compress(b"IQ== 0\n" * 1_000)[:-20])


def _broken_inside() -> bytes:
    content = bytearray(gzip.compress(bytes(range(256)) * 100))
    content[20:40] = b"\xff" * 20
    return gzip.decompress(bytes(content))


def _not_compressed() -> bytes:
    return gzip.decompress(b"IQ== 0\n")


@pytest.mark.parametrize("read", [_missing, _changed, _cut_short, _broken_inside, _not_compressed])
def test_without_ranks_counts_are_estimated(read: Callable[[], bytes]) -> None:
    """Where the ranks can't be used a token is three bytes of UTF-8, and the counter says that it estimates."""
    counter = TokenCounter(read)
    assert not counter.exact
    assert counter.name == "utf8-bytes/3"
    assert [counter.count(text) for text in ("", "a", "abc", "abcd", "港", "🚢🚢", "\ud800")] == [0, 1, 1, 2, 1, 3, 1]


def test_ranks_are_what_their_hash_says() -> None:
    """The file in the package is the one that OpenAI publishes: 199,998 ranks."""
    content = read_ranks()
    assert hashlib.sha256(content).hexdigest() == SHA256
    assert len(content.splitlines()) == 199_998
    assert files("service.backends").joinpath(RANKS).is_file()


def test_ranks_are_read_when_they_are_needed() -> None:
    """A counter that counts nothing reads nothing, and one that counts reads once."""
    reads: list[int] = []

    def read() -> bytes:
        reads.append(1)
        return read_ranks()

    counter = TokenCounter(read)
    assert not reads
    assert counter.count("a b") == counter.count("c d") == 2
    assert len(reads) == 1
