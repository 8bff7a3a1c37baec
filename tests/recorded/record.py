"""Records the cassettes: `make record`. See cassettes/README.md.

    python -m tests.recorded.record [CLUSTER …]

Starts the small model's server (benchmarks/llama.py), unless OPENAI_BASE_URL names another. What is recorded
already and still asked is kept, so that a change of a late step is recorded in minutes. Then all of it is played,
of the clusters that are named, or of all.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.recorded.replay import CLUSTERS

_FOLDER = Path(__file__).parent
_PYTEST = [sys.executable, "-m", "pytest", "-p", "no:xdist"]
_RECORD = [*_PYTEST, "-s", str(_FOLDER / "test_clusters.py"), "--record-mode=new_episodes"]
_PLAY = [*_PYTEST, str(_FOLDER)]


def main() -> None:
    """Record, then play what was recorded, and exit as pytest does of that."""
    asked = argparse.ArgumentParser(prog="make record", usage="make record [CLUSTERS=…]")
    asked.add_argument("clusters", nargs="*", metavar="CLUSTER", help=f"of {', '.join(CLUSTERS)}; all by default")
    only = choose(asked.parse_args().clusters)
    with _server() as environment:
        subprocess.run([*_RECORD, *only], env=environment, check=False)
    played = subprocess.run([*_PLAY, *only], env=environment, check=False).returncode
    if only:
        sys.stdout.write("That was a part of the recordings: `pytest tests/recorded` says whether all play.\n")
    raise SystemExit(played)


def choose(clusters: Sequence[str]) -> list[str]:
    """What pytest is told so that it takes these clusters alone: nothing for all. Exits at an unknown one."""
    unknown = set(clusters) - set(CLUSTERS)
    if unknown:
        raise SystemExit(f"there is no sample {', '.join(sorted(unknown))}; there are {', '.join(CLUSTERS)}")
    return ["-k", " or ".join(clusters)] if clusters else []


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
