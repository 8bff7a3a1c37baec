"""Hostile: what the worst document that may be posted costs, each in a process of its own: seconds and memory.

    python -m benchmarks.hostile [--characters 1000000] [--kind html] [--only WORD]

A row gives the seconds of a processor that turning the page into text takes where nothing bounds it, those of reading
that text, of looking for passages that speak to a model, and of indexing it, and the peak of memory beyond what an
empty process has. A page on which turning takes more than it may is turned once more as the service does it, and is
refused there. It ends with 1 if a step that nothing bounds took more than a minute.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from time import process_time
from typing import TypeVar

from benchmarks.command import create_parser
from benchmarks.hostile.documents import KINDS
from service.core.errors import InvalidInput
from service.core.formats import to_text
from service.core.matching import Index
from service.core.model import Format, Source
from service.core.reading import read
from service.core.suspicion import find_notices
from service.files.pages import PageBounds, Pages

T = TypeVar("T")

GIVEN_UP = 60  # seconds of a processor for one document
_MEMORY = 6_000_000_000
_STEPS = {"text": 8, "read": 7, "passages": 9, "index": 7}
"""What is timed of a document, each with the width of its column."""


def measure(kind: Format, name: str, size: int) -> None:
    """Print what one document costs here after each step: its seconds, and the peak of memory in megabytes."""
    text = KINDS[kind][name](size)
    to_text("<p>It fell.</p>", kind)  # what is imported on first use
    before = _peak()
    took: dict[str, float] = {}

    def timed(step: str, work: Callable[[], T]) -> T:
        began = process_time()
        done = work()
        took[step] = process_time() - began
        print(json.dumps({**took, "memory": _peak() - before}), flush=True)
        return done

    source = Source("d", text, format=kind)
    plain = Source("d", timed("text", lambda: to_text(text, kind)))
    document = timed("read", lambda: read(plain))
    timed("passages", lambda: find_notices([source], [document]))
    timed("index", lambda: Index([document]))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000


def measure_apart(kind: Format, name: str, size: int) -> dict[str, float]:
    """The same in a process of its own, which is ended when it takes too much."""
    command = [sys.executable, "-m", "benchmarks.hostile", "--one", kind.value, name, "--characters", str(size)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    lines = done.stdout.splitlines()
    found: dict[str, float] = json.loads(lines[-1]) if lines else {}
    return found


def outcome(kind: Format, name: str, size: int, found: dict[str, float]) -> str:
    """What the service does with the document, where that is not simply to read it; `ENDLESS` if nothing ends it."""
    if found.get("text", GIVEN_UP) > PageBounds().seconds / 2:
        try:
            Pages().to_text(KINDS[kind][name](size), kind)
        except InvalidInput:
            return "refused"
    return "" if found.keys() >= {*_STEPS} else "ENDLESS"


def main() -> None:
    parser = create_parser(__doc__)
    parser.add_argument("--characters", type=int, default=1_000_000)
    parser.add_argument("--only", default="", help="of the names, those that hold this word")
    parser.add_argument("--kind", default="", help="html, markdown or text")
    parser.add_argument("--one", nargs=2, metavar=("KIND", "NAME"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        resource.setrlimit(resource.RLIMIT_CPU, (GIVEN_UP, GIVEN_UP))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        measure(Format(given.one[0]), given.one[1], given.characters)
        return
    print(f"{'kind':10}{'document':34}{''.join(step.rjust(width) for step, width in _STEPS.items())}{'MB':>7}")
    outcomes = set()
    for kind, name in ((kind, name) for kind, pages in KINDS.items() for name in pages):
        if given.only in name and given.kind in kind.value:
            found = measure_apart(kind, name, given.characters)
            steps = "".join(f"{found[s]:{w}.1f}" if s in found else "-".rjust(w) for s, w in _STEPS.items())
            outcomes.add(told := outcome(kind, name, given.characters, found))
            print(f"{kind.value:10}{name:34}{steps}{found.get('memory', 0):7.0f}  {told}", flush=True)
    sys.exit("ENDLESS" in outcomes)


if __name__ == "__main__":
    main()
