"""Every measure in one run: `make bench [DATA=labelled-sets SEEDS=reports CLUSTERS=labelled-clusters]`.

Runs the benchmarks one after another, each in a process of its own, and writes what they print into
docs/evaluation.md, between the marks that name them, with the command and the day; then draws the charts of
docs/images (charts.py). What needs a folder that is not given is left as it stands there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.command import create_parser

PAGE = Path("docs") / "evaluation.md"
IMAGES = Path("docs") / "images"


@dataclass(frozen=True, slots=True)
class Part:
    """A benchmark's name, its arguments, and how they are shown where they name somebody's folders."""

    name: str
    arguments: tuple[str, ...] = ()
    shown: str = ""


def parts(data: Path | None, seeds: Path | None, clusters: Path | None) -> Iterator[Part]:
    """What can be measured with the folders that are given, the quickest first."""
    states = ("--states", str(clusters)) if clusters else ()
    yield Part("quality", ("data", *states), "data" + (" --states CLUSTERS" if clusters else ""))
    yield Part("speed", ("--folder", str(seeds)) if seeds else (), "--folder SEEDS" if seeds else "")
    yield Part("model", ("--peers",), "--peers")
    if data:
        yield Part("verification", (str(data),), "DATA")
    if data and seeds:
        yield Part("alterations", (str(data), "--seeds", str(seeds)), "DATA --seeds SEEDS")
    quick = ("--only", "survival", "--only", "throughput", "--only", "overhead", "--jobs", "60", "--seconds", "10")
    yield Part("jobs", quick, " ".join(quick))


def run(part: Part, folder: Path) -> tuple[str, Any]:
    """What a benchmark printed, and its figures. Raises CalledProcessError if it fails."""
    file = folder / f"{part.name}.json"
    command = [sys.executable, "-m", f"benchmarks.{part.name}", *part.arguments, "--json", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines = []
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line.rstrip())
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return "\n".join(lines), json.loads(file.read_text(encoding="utf-8"))


def put(page: str, name: str, text: str) -> str:
    """The page with a text between the marks of a name. Raises ValueError if it has none."""
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    changed, count = marked.subn(lambda found: f"{found[1]}{text}\n{found[2]}", page)
    if count != 1:
        raise ValueError(f"{PAGE} has no place for {name!r}: put <!-- {name} --> and <!-- /{name} --> there")
    return changed


def main() -> None:
    parser = create_parser(__doc__)
    parser.add_argument("--data", type=Path, help="folder of labelled sets (verification, alterations)")
    parser.add_argument("--seeds", type=Path, help="folder of reports of one event (alterations, speed)")
    parser.add_argument("--clusters", type=Path, help="folder of labelled clusters (who states what)")
    given = parser.parse_args()
    began, today, found = perf_counter(), datetime.now(UTC).date(), {}
    with TemporaryDirectory() as folder:
        for part in parts(given.data, given.seeds, given.clusters):
            command = f"python -m benchmarks.{part.name} {part.shown}".rstrip()
            print(f"\n$ {command}", flush=True)
            printed, found[part.name] = run(part, Path(folder))
            shown = f"```\n$ {command}    # {today}\n{printed.strip()}\n```"
            PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), part.name, shown), encoding="utf-8")
    from benchmarks.charts import draw  # matplotlib is no package of the gate

    draw(found, IMAGES)
    print(f"\nall of it took {(perf_counter() - began) / 60:.1f} minutes")


if __name__ == "__main__":
    main()
