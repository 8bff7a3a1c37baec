"""Audits what is shipped, and what builds it, for known vulnerabilities: fails for one that is found.

    .venv-audit/bin/python shipping/audit.py

Two databases are asked, the second where the first can't be. Where neither can, on a machine without a network or
behind a mirror of packages alone, nothing is known: that is said, and is no failure.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FILES = ("shipping/run.txt", "shipping/build.txt")
SERVICES = ("pypi", "osv")
_SECONDS = 120.0  # for one database
_UNREACHED = ("requests.exceptions.", "ConnectionError", "ServiceError", "Could not connect")
"""What pip-audit says of a database that it can't ask; of locks that it can't read it says something else."""
Run = Callable[[str], "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a database knows: how many packages, which of them it does not know, and the vulnerabilities."""

    known: int
    unknown: Sequence[str]
    vulnerable: Sequence[str]


def understand(done: subprocess.CompletedProcess[str]) -> Found | None:
    """What a run of pip-audit found; None if its database could not be asked. Raises ValueError for another fault."""
    if not done.stdout.strip():
        if any(words in done.stderr for words in _UNREACHED):
            return None
        raise ValueError(f"pip-audit can't read the locks: {done.stderr.strip()[-500:]}")
    packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    vulnerable = [
        f"{package['name']} {package['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions'])}"
        for package in packages
        for fault in package.get("vulns", ())
    ]
    return Found(len(packages) - len(unknown), unknown, vulnerable)


def audit(run: Run) -> tuple[int, str]:
    """The exit code, and what to say. `run` asks one database."""
    for service in SERVICES:
        found = understand(run(service))
        if found and found.vulnerable:
            return 1, "\n".join([f"{len(found.vulnerable)} known vulnerabilities ({service}):", *found.vulnerable])
        if found and found.known:
            left = f"; {len(found.unknown)} it does not know: {', '.join(found.unknown)}" if found.unknown else ""
            return 0, f"{found.known} packages, no known vulnerability ({service}){left}"
    return 0, f"NOT AUDITED: no database of vulnerabilities can be asked from here ({', '.join(SERVICES)})"


def _ask(service: str) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).with_name("pip-audit")),
        "--vulnerability-service",
        service,
        "--format",
        "json",
    ]
    command += ["--progress-spinner", "off", "--disable-pip", "--require-hashes"]
    command += [part for file in FILES for part in ("-r", file)]
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=_SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", "Could not connect in time")


if __name__ == "__main__":
    code, said = audit(_ask)
    print(said)  # noqa: T201
    sys.exit(code)
