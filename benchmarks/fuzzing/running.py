"""Running: one target under atheris in this process, until something is found or the seconds are over.

    python -m benchmarks.fuzzing.running TARGET FOLDER [libFuzzer's options]

What a target runs is imported where it is instrumented. Found is also an input that takes too long for its length.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from time import thread_time

import atheris

from benchmarks.fuzzing.pumping import unfolded

_CORE = "service.core"
_PAGES = [f"{_CORE}.formats", f"{_CORE}.hiding", f"{_CORE}.reading"]
INSTRUMENTED = {
    "reading": [
        f"{_CORE}.reading",
        f"{_CORE}.furniture",
        f"{_CORE}.hiding",
        f"{_CORE}.suspicion",
        f"{_CORE}.details",
    ],
    "details": [f"{_CORE}.details", f"{_CORE}.words"],
    "html": [*_PAGES, f"{_CORE}.furniture", "trafilatura"],
    "markdown": [*_PAGES, "markdown_it"],
    "verification": [_CORE, "service.verifying"],
    "pdf": ["service.files.reader", "pypdf"],
    "docx": ["service.files.reader", "docx"],
}
"""Modules of which each branch taken counts as something new; to instrument them takes seconds at the start."""
SECONDS = 2.0
"""Of a processor, for an input of ten thousand bytes at most, where counting branches slows all."""


class Slow(AssertionError):
    """An input took longer than one of its length may."""


def try_one(run: Callable[[bytes], None], data: bytes) -> None:
    """Run a target on an input. Raises what it raises, and Slow."""
    content = unfolded(data)
    began = thread_time()
    run(content)
    taken = thread_time() - began
    if taken > SECONDS:
        raise Slow(f"{taken:.1f} s for {len(content)} bytes")


def main() -> None:
    target = sys.argv[1]
    with atheris.instrument_imports(include=INSTRUMENTED[target]):
        for module in INSTRUMENTED[target]:
            import_module(module)
        from benchmarks.fuzzing import targets
    atheris.Setup([sys.argv[0], *sys.argv[2:]], partial(try_one, targets.TARGETS[target]))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
