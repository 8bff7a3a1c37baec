"""What an installation brings, and what starting it costs: `python -m benchmarks.weight`.

Packages and megabytes are those that `pip install concord` brings, with nothing of pip's own, those of them that are
there for one library alone, and what each extra adds: the closures of the requirements in pyproject.toml, in
environments made of the locks (`local` has none, and takes the newest). Seconds are of a processor, the median of
five processes, after one that compiles.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import tomllib
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from benchmarks.environments import CACHE, prepare

ROOT = Path(__file__).parent.parent
LOCKS = {"files": "shipping/run.txt", "telemetry": "shipping/run.txt", "bench": "benchmarks/constraints.txt"}
_TIMES = 5
_HEAVY = 5.0  # megabytes from which a library's share is shown
_OF_JOBS = ("dbos", "sqlalchemy", "alembic", "psycopg")
"""Durable jobs, on SQLite and PostgreSQL: they require each other, so what they bring is no single one's."""
_WHOLE_CORE = (
    "import pkgutil, service.core as core; from importlib import import_module as load; "
    "[load(found.name) for found in pkgutil.walk_packages(core.__path__, 'service.core.')]"
)
STARTS = {
    "python -c pass": ("-c", "pass"),
    "concord --help": ("-m", "service", "--help"),
    "import service.core": ("-c", "import service.core"),
    "import every module of service.core": ("-c", _WHOLE_CORE),
}

Packages = dict[str, Distribution]


def installed(python: Path) -> Packages:
    """The packages of an environment by their names."""
    (site,) = python.parent.parent.glob("lib/python*/site-packages")
    return {canonicalize_name(found.name): found for found in distributions(path=[str(site)])}


def closure(wanted: Iterable[str], among: Packages) -> set[str]:
    """The names of what some requirements bring. Raises KeyError if something of it is not installed."""
    found: set[str] = set()
    asked = [(Requirement(text), "") for text in wanted]
    seen: set[tuple[str, str]] = set()
    while asked:
        requirement, extra = asked.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        found.add(name)
        for further in {"", *requirement.extras} - {extra for known, extra in seen if known == name}:
            seen.add((name, further))
            asked += [(Requirement(text), further) for text in among[name].requires or ()]
    return found


def alone(wanted: list[str], among: Packages) -> dict[str, set[str]]:
    """What each requirement brings that no other of them does."""
    whole = closure(wanted, among)
    return {Requirement(one).name: whole - closure([o for o in wanted if o != one], among) for one in wanted}


def megabytes(names: Iterable[str], among: Packages) -> float:
    """What packages take on the disk, their compiled modules included."""
    files = {Path(str(file.locate())).resolve() for name in names for file in among[name].files or ()}
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def seconds(python: Path, arguments: Iterable[str]) -> float:
    """Seconds of a processor that a process takes, from its start to its end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    taken = []
    for _ in range(_TIMES + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([str(python), *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(taken[1:])  # the first compiles


def main() -> None:
    """Print the table."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    plain, extras = project["dependencies"], project["optional-dependencies"]
    python = prepare(ROOT / LOCKS["files"])
    packages = installed(python)
    brought = closure(plain, packages)
    print("| what | packages | MB |\n| --- | ---: | ---: |")
    print(f"| `concord` | {len(brought)} | {megabytes(brought, packages):.0f} |")
    for name, names in alone(plain, packages).items():
        if megabytes(names, packages) >= _HEAVY:
            print(f"| of it only for `{name}` | {len(names)} | {megabytes(names, packages):.0f} |")
    of_jobs = brought - closure([one for one in plain if Requirement(one).name not in _OF_JOBS], packages)
    listed = "`, `".join(_OF_JOBS[:-1]) + f"` and `{_OF_JOBS[-1]}"
    print(f"| of it only for `{listed}` | {len(of_jobs)} | {megabytes(of_jobs, packages):.0f} |")
    for extra in ("files", "telemetry", "local", "bench"):
        its = installed(prepare(ROOT / LOCKS[extra] if extra in LOCKS else _list(extra, extras[extra])))
        added = closure(extras[extra], its) - brought
        print(f"| `[{extra}]` adds | {len(added)} | {megabytes(added, its):.0f} |")
    print("\n| start | CPU s |\n| --- | ---: |")
    for name, arguments in STARTS.items():
        print(f"| `{name}` | {seconds(python, arguments):.2f} |", flush=True)


def _list(extra: str, requirements: list[str]) -> Path:
    """The requirements of an extra that no lock has, as a file."""
    CACHE.mkdir(exist_ok=True)
    path = CACHE / f"{extra}.txt"
    path.write_text("\n".join(requirements), encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
