"""How many small alterations of the code that decides some test notices: `make mutants [FILES=…]`.

mutmut alters one thing in one function (a comparison, a number, an argument) and runs the tests of tests/core that
come through that function. A mutant that no test fails on survived: its diff goes to mutants/survivors.diff.
A run of all files writes its table into docs/evaluation.md. What stands outside of functions is not altered.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.bench import PAGE, put

LEAST = 0.85
"""The share of the mutants of a file that tests must notice."""

FILES = (
    "service/core/verification.py",
    "service/core/corroboration.py",
    *sorted(path.as_posix() for path in Path("service/core/details").glob("*.py")),
)
FOLDER = Path("mutants")  # mutmut's own
SURVIVORS = FOLDER / "survivors.diff"
_KILLED, _SURVIVED, _TIMED_OUT = "killed", "survived", "timed out"
_BY_EXIT = {
    1: _KILLED,
    3: _KILLED,  # pytest itself broke on it
    0: _SURVIVED,
    33: _SURVIVED,  # no test comes through it
    -9: _TIMED_OUT,
    -24: _TIMED_OUT,
}
"""How the process of a mutant's tests ended, and what that means. Any other end is a fault of the set-up."""


class Tally(NamedTuple):
    """What became of the mutants of a file. One that ran out of time was noticed."""

    file: str
    killed: int
    survived: int
    timed_out: int

    @property
    def mutants(self) -> int:
        return self.killed + self.survived + self.timed_out

    @property
    def share(self) -> float:
        return 1 - self.survived / self.mutants if self.mutants else 1.0


def module_of(file: str) -> str:
    """The name under which a file is imported."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def run(files: Sequence[str], processes: int) -> None:
    """Alter files anew, as mutmut keeps what it found when tests change. Raises CalledProcessError if tests fail."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    names = [f"{module_of(file)}.x*" for file in files]
    command = [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", str(processes), *names]
    subprocess.run(command, check=True, stdout=sys.stderr)


def exits(file: str) -> dict[str, int]:
    """The mutants of a file, and how the process of each one's tests ended."""
    kept = json.loads((FOLDER / f"{file}.meta").read_text(encoding="utf-8"))
    return dict(kept["exit_code_by_key"])


def tally(file: str, ends: Mapping[str, int]) -> Tally:
    """What the ends of a file's mutants come to. Raises ValueError for one that says nothing of the tests."""
    odd = [f"{name}: {end}" for name, end in ends.items() if end not in _BY_EXIT]
    if odd:
        raise ValueError(f"these mutants were not judged: {', '.join(odd)}")
    counts = Counter(_BY_EXIT[end] for end in ends.values())
    return Tally(file, counts[_KILLED], counts[_SURVIVED], counts[_TIMED_OUT])


def table(tallies: Sequence[Tally]) -> Iterator[str]:
    """A line for each file, and one for all."""
    yield f"{'file':38}{'mutants':>8}{'killed':>8}{'survived':>10}{'timed out':>11}{'share':>7}"
    whole = Tally("all", *(sum(column) for column in zip(*(t[1:] for t in tallies), strict=True)))
    for t in (*tallies, whole):
        yield f"{t.file:38}{t.mutants:8}{t.killed:8}{t.survived:10}{t.timed_out:11}{t.share:7.3f}"


def show(survivors: Sequence[str]) -> None:
    """Write the diff of each mutant that survived."""
    mutmut = Path(sys.executable).with_name("mutmut")
    with SURVIVORS.open("wb") as file:
        for name in survivors:
            file.write(subprocess.run([mutmut, "show", name], check=True, capture_output=True).stdout)


def main() -> int:
    """Print the table; 1 if the tests notice too few mutants of a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE", help=f"of {', '.join(FILES)}; all unless given")
    parser.add_argument("--processes", type=int, default=2, help="how many mutants are tried at once")
    given = parser.parse_args()
    files = given.files or FILES
    run(files, given.processes)
    ends = {file: exits(file) for file in files}
    tallies = [tally(file, ends[file]) for file in files]
    lines = list(table(tallies))
    print("\n".join(lines))
    show([name for found in ends.values() for name, end in found.items() if _BY_EXIT[end] == _SURVIVED])
    if not given.files:
        shown = "\n".join(["```", f"$ make mutants    # {datetime.now(UTC).date()}", *lines, "```"])
        PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), "mutants", shown), encoding="utf-8")
    few = [t.file for t in tallies if t.share < LEAST]
    if few:
        print(f"less than {LEAST:.0%} noticed: {', '.join(few)}. Those left are in {SURVIVORS}", file=sys.stderr)
    return bool(few)


if __name__ == "__main__":
    sys.exit(main())
