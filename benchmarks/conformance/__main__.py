"""Conformance: whether every answer is as the OpenAPI document says, whatever is sent, with keys and without.

    python -m benchmarks.conformance [--examples N] [--seed N]

schemathesis (schemathesis.toml, hooks.py) goes through the document by its rules, at random, and from answer to
request by its links, against a service in a process of its own on a fresh database, until 10,000 cases were tried.
Prints how many, and the answers of each operation by status; ends with 1 for a failure.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2

from benchmarks.command import create_parser
from benchmarks.conformance import CONFIG
from benchmarks.processes import ROOT, Service
from service.callers import Quota
from service.storage.database import Database
from service.storage.keys import SqlKeys

ENOUGH = 10_000
"""Cases in all, at least: half of them with keys. Runs are made until there are as many, or a failure."""
_COUNTED = re.compile(r'concord_http_requests_total\{method="(\w+)",route="([^"]+)",status="(\d+)"\} (\d+)')


def main() -> int:
    """All runs; the status to end with."""
    parser = create_parser(__doc__)
    parser.add_argument("--examples", type=int, default=400, help="random cases of an operation in one run")
    parser.add_argument("--seed", type=int, default=1, help="of the first run")
    options = parser.parse_args()
    cases = failures = 0
    for auth, enough in (("on", ENOUGH // 2), ("off", ENOUGH)):
        for seed in count(options.seed):
            with TemporaryDirectory(prefix="concord-conformance-") as folder:
                found = run(Path(folder), auth, options.examples, seed)
            cases += found["test_cases"]["generated"]
            failures += found["test_cases"]["unique_failures"] + found["test_cases"]["errored"]
            if failures or cases >= enough:
                break
    print(f"{cases} cases, {failures} failures")
    return 1 if failures else 0


def run(folder: Path, auth: str, examples: int, seed: int) -> dict[str, Any]:
    """What schemathesis reports of a service that asks for keys, or does not. Prints what the service counted."""
    token = _make_key(folder) if auth == "on" else ""
    server = Service(folder, {"CONCORD_AUTH": auth, "CONCORD_BACKEND": "embedded"})
    try:
        print(f"keys {auth}, seed {seed}:", flush=True)
        base, headers = server.address, {"Authorization": f"Bearer {token}"} if token else {}
        document = _describe(base, auth)
        (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
        found = _test(folder, base, token, ["--max-examples", str(examples), "--seed", str(seed)])
        _print_counted(httpx2.get(f"{base}/metrics", headers=headers).text, document)
    finally:
        server.end()
    return found


def _make_key(folder: Path) -> str:
    database = Database(f"sqlite:///{folder / 'concord.sqlite'}")
    database.open()
    _, secret = SqlKeys(database).create("conformance", Quota())
    database.close()
    return secret


def _describe(base: str, auth: str) -> dict[str, Any]:
    """The document, where keys are asked for without the way around them: what needs one must then say 401."""
    document: dict[str, Any] = httpx2.get(f"{base}/openapi.json").json()
    for path in document["paths"].values():
        for operation in path.values():
            if "security" in operation:
                operation["security"] = [{"key": []}] if auth == "on" else []
    return document


def _test(folder: Path, base: str, token: str, options: list[str]) -> dict[str, Any]:
    report = folder / "report.json"
    config = folder / "conformance.toml"
    keys = '\n[auth.openapi]\nkey = { bearer = "${CONCORD_KEY}" }\n' if token else ""
    config.write_text(CONFIG.read_text(encoding="utf-8") + keys, encoding="utf-8")
    command = [str(Path(sys.executable).with_name("st")), "--no-color", "--config-file", str(config), "run"]
    command += [str(folder / "openapi.json"), "--url", base, *options]
    command += ["--report", "json", "--report-json-path", str(report), "--generation-database", "none"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CONCORD_KEY": token}
    subprocess.run(command, cwd=folder, env=environment, check=False)  # its report says how it ended
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def _print_counted(metrics: str, document: dict[str, Any]) -> None:
    """The requests that the service counted, by operation and status; what is no operation together."""
    described = {
        f"{method.upper()} {path}" for path, operations in document["paths"].items() for method in operations
    }
    counted: dict[str, Counter[str]] = {}
    for method, route, status, number in _COUNTED.findall(metrics):
        operation = f"{method} {route}" if f"{method} {route}" in described else "other methods and paths"
        counted.setdefault(operation, Counter())[status] += int(number)
    for operation, statuses in sorted(counted.items()):
        shown = ", ".join(f"{status}: {number}" for status, number in sorted(statuses.items()))
        print(f"  {operation:30} {statuses.total():6}  {shown}")


if __name__ == "__main__":
    sys.exit(main())
