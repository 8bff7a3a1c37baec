"""Records the cassettes: `make record`. See cassettes/README.md.

Starts the small model's server (benchmarks/llama.py), unless OPENAI_BASE_URL names another. What is recorded
already and still asked is kept, so that a change of a late step is recorded in minutes. Then all of it is played.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FOLDER = Path(__file__).parent
_PYTEST = [sys.executable, "-m", "pytest", "-p", "no:xdist"]
_RECORD = [*_PYTEST, "-s", str(_FOLDER / "test_clusters.py"), "--record-mode=new_episodes"]
_PLAY = [*_PYTEST, str(_FOLDER)]


def main() -> None:
    """Record, then play what was recorded, and exit as pytest does of that."""
    with _server() as environment:
        subprocess.run(_RECORD, env=environment, check=False)
    raise SystemExit(subprocess.run(_PLAY, env=environment, check=False).returncode)


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
