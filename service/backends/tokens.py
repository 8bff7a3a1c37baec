"""Tokens: exact o200k_base counts from ranks shipped with the package, or an honest estimate without them.

tiktoken would fetch the ranks over the network on first use; the copy in ranks/ makes that needless. It is
checked by its hash. Without it a token is taken to be three bytes of UTF-8, and `exact` is false.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

RANKS = "ranks/o200k_base.tiktoken.gz"
SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
_SLICE = 200_000  # code points; tiktoken panics on a run of a million spaces, and counts are near additive
_BYTES_PER_TOKEN = 3  # measured 1.57 times too many for English, about right for JSON, too few for base64

# The split pattern of o200k_base, from tiktoken_ext/openai_public.py of tiktoken 0.14 (MIT).
_PATTERN = "|".join(
    [
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)


def read_ranks() -> bytes:
    """The content of the ranks file. Raises OSError if it is missing or not what its hash says."""
    content = gzip.decompress(files("service.backends").joinpath(RANKS).read_bytes())
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise OSError(f"{RANKS} does not have the SHA-256 that it should")
    return content


class TokenCounter:
    """Counts tokens. The ranks are read when the first text is counted (0.3 s), not before."""

    def __init__(self, read: Callable[[], bytes] = read_ranks) -> None:
        self._read = read

    @property
    def exact(self) -> bool:
        """True if counts are of real o200k_base tokens."""
        return self._encoding is not None

    @property
    def name(self) -> str:
        return "o200k_base" if self.exact else f"utf8-bytes/{_BYTES_PER_TOKEN}"

    def count(self, text: str) -> int:
        """The number of tokens of a text; any text, of any length."""
        if self._encoding is None:
            return -(-len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN)
        slices = (text[i : i + _SLICE] for i in range(0, len(text), _SLICE))
        return sum(len(self._encoding.encode_ordinary(part)) for part in slices)

    @cached_property
    def _encoding(self) -> Encoding | None:
        return _encoding_of(self._read)


@cache  # 75 MB, which all counters of a process share
def _encoding_of(read: Callable[[], bytes]) -> Encoding | None:
    import tiktoken  # 0.1 s to import

    try:
        pairs = (line.split() for line in read().splitlines() if line)
        ranks = {base64.b64decode(token): int(rank) for token, rank in pairs}
    except (OSError, EOFError, ValueError, zlib.error):  # missing, cut short, changed
        return None
    return tiktoken.Encoding("o200k_base", pat_str=_PATTERN, mergeable_ranks=ranks, special_tokens={})


_PER_MESSAGE, _PER_REQUEST = 8, 32  # tokens that a chat template adds; OpenAI's adds 4 and 3, Qwen's 5 and 25


@dataclass(frozen=True, slots=True)
class ModelTokens:
    """How many tokens of a model texts are: exact for models of this vocabulary, else at most their bytes."""

    counter: TokenCounter
    model: str

    @property
    def exact(self) -> bool:
        """True if the model's vocabulary is the one that is counted by."""
        import tiktoken

        try:
            return self.counter.exact and tiktoken.encoding_name_for_model(self.model).startswith("o200k")
        except KeyError:
            return False

    def count(self, text: str) -> int:
        """About how many tokens a text is."""
        return self.counter.count(text)

    def at_most(self, text: str) -> int:
        """A bound that no text passes: every token of a byte-level vocabulary holds a byte at least."""
        return self.counter.count(text) if self.exact else len(text.encode("utf-8", "replace"))

    def of_prompt(self, contents: Sequence[str], schema: str) -> int:
        """At most how many tokens a prompt of some messages is, with the schema that some servers put into it."""
        return sum(self.at_most(text) + _PER_MESSAGE for text in contents) + self.at_most(schema) + _PER_REQUEST
