"""What durable jobs survive and cost: `python -m benchmarks.jobs [--database sqlite|postgres|both] [--only …]`.

A web node and workers run as processes of their own, on SQLite and on a PostgreSQL that is started for it, and ask a
stub model. `survival`: jobs whose workers are killed every second, with their web node and their database once.
`stop`: SIGTERM while jobs run and streams are open. `throughput`: jobs a second over 1, 2 and 4 workers. `overhead`:
what a job costs that does nothing. `load`: what one puts on PostgreSQL. `faults`: a database that is gone, a full
disk, a clock that is set back.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.command import create_parser, keep, offer_json
from benchmarks.jobs.faults import FAULTS, can, endure, stop_in_order
from benchmarks.jobs.paces import measure_overhead, measure_throughput
from benchmarks.jobs.survival import Plan, Survived, survive
from benchmarks.jobs.transactions import measure_load

Figures = Mapping[str, Any]
"""What a report found, as `--json` keeps it."""

_WORKERS = (1, 2, 4)
_GRACE = 5.0
_OUT = Console(width=140)


def report_survival(name: str, options: argparse.Namespace) -> Figures:
    """Jobs undisturbed, and with all kills: nothing lost, mixed up or doubled, and what was asked twice."""
    plan = Plan(options.jobs, seconds=options.seconds, latency=options.latency, documents=options.documents)
    calm, killed = survive(name, plan)
    table = _table(
        f"{name}: {plan.jobs} jobs, {plan.workers} workers", "run", "complete", "whole", "attempts", "s", "requests"
    )
    for title, run in (("undisturbed", calm), (f"{killed.kills} workers killed", killed)):
        table.add_row(title, _complete(run), _whole(run), _attempts(run), f"{run.seconds:.0f}", str(run.requests))
    _OUT.print(table)
    most = killed.kills * plan.model_concurrent
    print(
        f"Requests: {killed.requests / calm.requests:.4f} of an undisturbed run's. A kill costs what its worker was "
        f"asking, at most {plan.model_concurrent}: {killed.kills} kills at most {most} of {calm.requests} "
        f"({most / calm.requests:.4f}); they cost {killed.requests - calm.requests}.\n"
    )
    complete = {"complete": killed.statuses["complete"], "jobs": plan.jobs, "whole": killed.is_whole}
    return {"kills": killed.kills, "requests": killed.requests / calm.requests, **complete}


def report_stop(name: str, options: argparse.Namespace) -> Figures:
    """SIGTERM: how long processes took to end, and that jobs went on elsewhere."""
    found = stop_in_order(name, Plan(options.jobs // 4, latency=1.0, model_concurrent=16), _GRACE)
    table = _table(
        f"{name}: SIGTERM, grace {_GRACE:g} s", "web node ended", "workers ended", "streams", "complete", "whole"
    )
    workers = ", ".join(f"{seconds:.1f} s" for seconds in found.workers)
    table.add_row(
        f"{found.server:.1f} s", workers, str(found.streams), _complete(found.survived), _whole(found.survived)
    )
    _OUT.print(table)
    return {"seconds": max(found.server, *found.workers)}


def report_throughput(name: str, options: argparse.Namespace) -> Figures:
    """Jobs a second by more and more workers, while the model's latency is most of a job's time."""
    plan = Plan(options.jobs, latency=0.5, concurrent=2, model_concurrent=16)
    table = _table(
        f"{name}: {plan.jobs} jobs of 3 documents, {plan.concurrent} at once a worker, a model of {plan.latency} s",
        "workers", "jobs/s", "of linear", "workers' CPU ms/job", "web node's ms/job", f"of {os.cpu_count()} cores",
    )  # fmt: skip
    rates: dict[int, float] = {}
    for workers in _WORKERS:
        found = measure_throughput(name, plan, workers)
        rates[workers] = found.rate
        linear = rates[_WORKERS[0]] * workers
        cores = (found.worker_cpu + found.server_cpu) / found.seconds
        per_job = [f"{cpu / plan.jobs * 1000:.0f}" for cpu in (found.worker_cpu, found.server_cpu)]
        table.add_row(str(workers), f"{found.rate:.2f}", f"{found.rate / linear:.2f}", *per_job, f"{cores:.2f}")
    _OUT.print(table)
    return {"rates": rates}


def report_overhead(name: str, options: argparse.Namespace) -> Figures:
    """What the store and the engine take of a job."""
    found = measure_overhead(name, options.jobs)
    print(
        f"{name}: a job that does nothing: {found.alone:.0f} ms alone (looks every 100 and 200 ms included), "
        f"{found.together:.1f} ms among {options.jobs}, {found.processor:.1f} ms of the processor\n"
    )
    return {"alone": found.alone, "together": found.together, "processor": found.processor}


def report_load(name: str, options: argparse.Namespace) -> Figures:
    """What a job puts on the database, from the server's own counts."""
    if name != "postgres":
        return {}
    found = measure_load(options.jobs // 4)
    kept = ", ".join(f"{part} {size / 1000:.0f} kB" for part, size in found.kept.items())
    print(
        f"{name}: idle, a web node and a worker: {found.idle:.0f} transactions/s. A job of three short documents: "
        f"{found.transactions:.0f} transactions, {found.rows:.0f} rows, {found.log / 1000:.0f} kB of log. "
        f"Kept of a job for a sample cluster: {kept}. It used {found.usage}.\n"
    )
    return {"transactions": found.transactions, "rows": found.rows, "log": found.log}


def report_faults(name: str, options: argparse.Namespace) -> Figures:
    """What clients are told while the database can't be had, or the clock is wrong, and what becomes of jobs."""
    plan = Plan(options.jobs // 4, workers=2, latency=0.2, apart=0.2)
    table = _table(
        f"{name}: faults of {options.fault_seconds:g} s",
        "fault",
        "complete",
        "whole",
        "attempts",
        "clients were told",
    )
    for fault in FAULTS:
        reason = can(fault, name)
        if reason:
            table.add_row(fault, "-", "-", "-", f"not made: {reason}")
            continue
        found = endure(name, fault, plan, options.fault_seconds)
        table.add_row(fault, _complete(found.survived), _whole(found.survived), _attempts(found.survived), found.told)
    _OUT.print(table)
    return {}


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _complete(run: Survived) -> str:
    return f"{run.statuses['complete']} of {run.jobs}"


def _whole(run: Survived) -> str:
    return "yes" if run.is_whole else f"NO: {run.rows} {run.faults[:3]}"


def _attempts(run: Survived) -> str:
    return ", ".join(f"{count} in {number}" for number, count in sorted(run.attempts.items()))


REPORTS: dict[str, Callable[[str, argparse.Namespace], Figures]] = {
    "survival": report_survival,
    "stop": report_stop,
    "throughput": report_throughput,
    "overhead": report_overhead,
    "load": report_load,
    "faults": report_faults,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = create_parser(__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--only", choices=tuple(REPORTS), action="append", help="this alone; may be given again")
    parser.add_argument("--jobs", type=int, default=200, help="(default: %(default)s)")
    parser.add_argument("--documents", type=int, default=24, help="of a job of `survival` (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=20.0, help="of kills, one a second (default: %(default)s)")
    parser.add_argument("--latency", type=float, default=0.2, help="of the stub in `survival` (default: %(default)s)")
    parser.add_argument("--fault-seconds", type=float, default=30.0, help="(default: %(default)s)")
    offer_json(parser)
    options = parser.parse_args(arguments)
    if options.json is None:  # else whoever keeps the figures says what was run
        print(f"$ python -m benchmarks.jobs {shlex.join(sys.argv[1:])}\n", flush=True)
    names = ("sqlite", "postgres") if options.database == "both" else (options.database,)
    found: dict[str, dict[str, Figures]] = {}
    for report in options.only or REPORTS:
        for name in names:
            found.setdefault(report, {})[name] = REPORTS[report](name, options)
    keep(options.json, found)


if __name__ == "__main__":
    main()
