"""Fuzz every target, or those named, for some seconds each, and tell what was found.

    python -m benchmarks.fuzzing [TARGET …] --seconds 600

Inputs that reach something new are kept in .fuzzing/TARGET, and the next run goes on from them; what was found is in
.fuzzing/found. It ends with 1 if anything was.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from benchmarks.command import create_parser
from benchmarks.fuzzing.inputs import WORDS, seeds_of
from benchmarks.fuzzing.targets import TARGETS

FOLDER = Path(__file__).parents[2] / ".fuzzing"
_RUNS = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_COVERED = re.compile(r"cov: (\d+)")
_LONGEST = 4_096  # bytes of an input, before it is pumped
_OPTIONS = (
    "-timeout=60",
    "-report_slow_units=60",
    "-rss_limit_mb=3000",
    f"-max_len={_LONGEST}",
    "-print_final_stats=1",
)


@dataclass
class Tally:
    """What came of one target: inputs tried, edges of the code reached, and what was found."""

    runs: int = 0
    covered: int = 0
    found: int = 0


def fuzz(target: str, seconds: int) -> Tally:
    """Run a target, again after each find, until the seconds are over."""
    corpus, found = _prepare(target)
    before = len(list(found.iterdir()))
    tally = Tally()
    end = monotonic() + seconds
    while (left := int(end - monotonic())) > 0:
        options = (*_OPTIONS, f"-max_total_time={left}", f"-artifact_prefix={found}/", f"-dict={FOLDER / 'words'}")
        command = [sys.executable, "-m", "benchmarks.fuzzing.running", target, str(corpus), *options]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        said = done.stdout.decode("utf-8", "replace")
        if "INITED" not in said:
            raise SystemExit(f"{target} did not run:\n{said[-2_000:]}")
        tally.runs += sum(int(number) for number in _RUNS.findall(said))
        tally.covered = max([tally.covered, *(int(number) for number in _COVERED.findall(said))])
    tally.found = len(list(found.iterdir())) - before
    return tally


def _prepare(target: str) -> tuple[Path, Path]:
    """The folders of a target: its inputs, with the seeds among them, and its finds."""
    corpus, found = FOLDER / target, FOLDER / "found" / target
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds_of(target)):
        (corpus / f"seed-{number}").write_bytes(b"\x01" + seed[: _LONGEST - 1])
    quoted = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in WORDS)
    (FOLDER / "words").write_text("".join(f'"{word}"\n' for word in quoted), encoding="ascii")
    return corpus, found


def main() -> None:
    parser = create_parser(__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60, help="of each target")
    given = parser.parse_args()
    print(f"{'target':14}{'seconds':>8}{'inputs':>10}{'edges':>8}{'found':>7}")
    found = 0
    for target in given.targets or list(TARGETS):
        tally = fuzz(target, given.seconds)
        found += tally.found
        print(f"{target:14}{given.seconds:8}{tally.runs:10}{tally.covered:8}{tally.found:7}", flush=True)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
