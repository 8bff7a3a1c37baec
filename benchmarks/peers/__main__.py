"""What the peers ask of a model: `python -m benchmarks.peers [--latency SECONDS] [--cache DIR] FOLDER`.

Runs each over the .txt files of FOLDER against the stub and prints the medians of the seconds and the counts.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import median

from benchmarks.environments import CACHE
from benchmarks.peers import PEERS, Run, measure
from benchmarks.stub import running_stub
from service.backends.tokens import TokenCounter

_ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--latency", type=float, default=0.2, help="seconds a request (default: %(default)s)")
    parser.add_argument("--cache", type=Path, default=CACHE, help="folder of the environments")
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    files = sorted(given.folder.glob("*.txt"))
    if not files:
        parser.error(f"{given.folder} holds no .txt")
    count = TokenCounter().count
    tokens = sum(count(file.read_text(encoding="utf-8")) for file in files)
    print(f"{len(files)} documents, {tokens} tokens, {given.latency} s a request, medians of {_ROUNDS}:")
    with running_stub(given.latency) as stub:
        for peer in PEERS:
            print(
                f"  {peer.name}: " + told([measure(peer, files, stub, given.cache) for _ in range(_ROUNDS)], tokens)
            )


def told(runs: list[Run], tokens: int) -> str:
    """The runs of one peer in a line; the counts are the same in each."""
    stats = runs[-1].stats
    process = median(run.process_seconds for run in runs)
    return (
        f"{median(run.seconds for run in runs):.2f} s ({process:.2f} s with its start and a run to warm up), "
        f"{stats.requests} requests in {stats.rounds} rounds, at most {stats.most_in_flight} at once, "
        f"{stats.prompt_tokens} prompt tokens ({stats.prompt_tokens / tokens:.2f} a source token), "
        f"{stats.completion_tokens} completion tokens"
    )


if __name__ == "__main__":
    main()
