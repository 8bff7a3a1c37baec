"""Records the cassettes: `make record`. See cassettes/README.md.

Starts the small model's server (benchmarks/llama.py), unless OPENAI_BASE_URL names another. What is recorded
already and still asked is kept, so that a change of a late step is recorded in minutes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FOLDER = Path(__file__).parent
_COMMAND = [sys.executable, "-m", "pytest", "-p", "no:xdist", "-s", str(_FOLDER), "--record-mode=new_episodes"]


def main() -> None:
    """Record, and exit as pytest does."""
    with _server() as environment:
        raise SystemExit(subprocess.run(_COMMAND, env=environment, check=False).returncode)


@contextmanager
def _server() -> Iterator[dict[str, str]]:
    """The environment with a server to record from."""
    if "OPENAI_BASE_URL" in os.environ or "OPENAI_API_KEY" in os.environ:
        yield dict(os.environ)
        return
    from benchmarks.llama import NAME, running_llama

    with running_llama() as base_url:
        yield {**os.environ, "OPENAI_BASE_URL": base_url, "CONCORD_MODEL": NAME}


if __name__ == "__main__":
    main()
