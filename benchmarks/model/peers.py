"""The peers that ask a model: LangChain's map-reduce and LlamaIndex's tree_summarize, each in its own environment.

They want other versions of the libraries that Concord uses, so each runs in a new process of an environment
that is made of its list of requirements on first use, in the folder `.venv-peers/`.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.environments import CACHE, prepare
from benchmarks.stub import Stats, Stub, running_stub
from service.backends.tokens import read_ranks

FOLDER = Path(__file__).parent
_RANKS_URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"  # names tiktoken's copy
_LONGEST = 600  # seconds for one run


@dataclass(frozen=True, slots=True)
class Peer:
    """A script, what it runs on, and the options that it is always given."""

    name: str
    script: str
    requirements: str
    options: tuple[str, ...] = ()


PEERS = (
    Peer("LangChain map-reduce", "langchain_peer.py", "langchain.txt"),
    Peer("LlamaIndex tree_summarize", "llamaindex_peer.py", "llamaindex.txt"),
    Peer(
        "LlamaIndex tree_summarize, window 128,000",
        "llamaindex_peer.py",
        "llamaindex.txt",
        ("--context-window", "128000"),
    ),
)


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds of the work, imports not counted, and what the stub was asked."""

    seconds: float
    stats: Stats


def measure(peer: Peer, files: Sequence[Path], stub: Stub) -> Run:
    """Run the peer over the files against the stub, which is reset first; a run on another stub warms it up.

    Raises CalledProcessError if it fails.
    """
    python = prepare(FOLDER / peer.requirements)
    with running_stub() as other:
        urls = ["--base-url", stub.base_url, "--warm-up-url", other.base_url]
        return _run([str(python), str(FOLDER / peer.script), *urls, *peer.options, *map(str, files)], stub)


def _run(command: list[str], stub: Stub) -> Run:
    stub.reset()
    done = subprocess.run(
        command,
        env=_environment(),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        timeout=_LONGEST,
    )
    answer = json.loads(done.stdout.splitlines()[-1])
    return Run(answer["seconds"], stub.stats())


def _environment() -> dict[str, str]:
    """The variables of a peer's process: it finds the ranks on the disk, and asks nobody but the stub."""
    ranks = CACHE / "ranks" / hashlib.sha1(_RANKS_URL.encode(), usedforsecurity=False).hexdigest()
    if not ranks.is_file():
        ranks.parent.mkdir(parents=True, exist_ok=True)
        ranks.write_bytes(read_ranks())
    unwanted = ("PYTHON", "LANGCHAIN_", "LANGSMITH_", "OPENAI_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    alone = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "LANGSMITH_TRACING": "false"}
    return kept | alone | {"TIKTOKEN_CACHE_DIR": str(ranks.parent), "PYTHONUTF8": "1"}
