"""How large functions and files are: what a reader must hold in mind at once. Part of the gate.

    python -m benchmarks.sizes

A row for each folder, in lines; it ends with 1 if something of service/ is larger than it may be.
"""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOLDERS = ("service", "tests", "benchmarks", "shipping")
STRICT = "service"  # whose files and functions are bounded
MEDIAN, NINE_IN_TEN, LONGEST = 8, 27, 50  # lines of a function, its signature and docstring included
FILE = 300  # lines


class Size(NamedTuple):
    """Lines of a function or a file, and where it is."""

    lines: int
    place: str


def functions(folder: Path) -> Iterator[Size]:
    """Every function and method of the files below a folder, inner ones too."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Size((node.end_lineno or node.lineno) - node.lineno + 1, f"{path}:{node.lineno} {node.name}")


def files(folder: Path) -> list[Size]:
    """The files of code below a folder."""
    paths = sorted(folder.rglob("*.py"))
    return [Size(len(path.read_text(encoding="utf-8").splitlines()), str(path)) for path in paths]


def faults(sizes: list[Size], whole: list[Size]) -> Iterator[str]:
    """What is larger than it may be."""
    lines = sorted(size.lines for size in sizes)
    if statistics.median(lines) > MEDIAN:
        yield f"half of the functions have more than {MEDIAN} lines"
    if lines[len(lines) * 9 // 10] > NINE_IN_TEN:
        yield f"one function in ten has more than {NINE_IN_TEN} lines"
    yield from (f"{place}: a function of {n} lines (at most {LONGEST})" for n, place in sizes if n > LONGEST)
    yield from (f"{place}: a file of {n} lines (at most {FILE})" for n, place in whole if n > FILE)


def main() -> int:
    """Print a row for each folder; 1 if something of the service is larger than it may be."""
    print(f"{'':<12}{'files':>6}{'lines':>8}{'longest':>9}{'functions':>11}{'median':>8}{'9 in 10':>9}{'longest':>9}")
    for name in FOLDERS:
        sizes, whole = list(functions(Path(name))), files(Path(name))
        lines = sorted(size.lines for size in sizes)
        total, longest = sum(size.lines for size in whole), max(whole).lines
        print(f"{name:<12}{len(whole):>6}{total:>8}{longest:>9}{len(lines):>11}", end="")
        print(f"{statistics.median(lines):>8.0f}{lines[len(lines) * 9 // 10]:>9}{lines[-1]:>9}")
    found = list(faults(list(functions(Path(STRICT))), files(Path(STRICT))))
    for fault in found:
        print(fault, file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
