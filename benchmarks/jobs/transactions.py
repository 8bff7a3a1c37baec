"""What one job puts on the database: transactions, rows, and bytes that stay (docs/scale.md)."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass

import psycopg

from benchmarks.jobs.client import Client
from benchmarks.jobs.fleet import Fleet, Place, create_places
from benchmarks.processes import stubbed
from service.inputs import find_data, read_paths

_IDLE = 10.0  # seconds
_SETTLED = 2.0  # seconds after which the server has counted what sessions did
_COUNTS = (
    "SELECT xact_commit, tup_inserted + tup_updated + tup_deleted, pg_current_wal_insert_lsn() - '0/0'::pg_lsn"
    " FROM pg_stat_database WHERE datname = current_database()"
)
_KEPT = {
    "request": "SELECT avg(length(body)) FROM request",
    "result": "SELECT avg(length(body)) FROM result",
    "events": "SELECT sum(length(data)) / count(DISTINCT job_id) FROM event",
}


@dataclass(frozen=True, slots=True)
class Load:
    """Transactions a second of an idle web node and worker; transactions, rows and bytes of log of one small job."""

    idle: float
    transactions: float
    rows: float
    log: float
    kept: dict[str, float]
    usage: dict[str, float]


def measure_load(jobs: int) -> Load:
    """On PostgreSQL, which counts what it does. `kept` is in bytes, of a job for a sample cluster of six articles."""
    with create_places("postgres") as create, stubbed(0.2) as stub:
        place = create()
        with Fleet(place, stub.base_url, 1, {}) as fleet, Client(fleet.base_url) as client:
            _finish(client, range(8))
            time.sleep(_SETTLED)
            before = _count(place)
            time.sleep(_IDLE)
            idle = (_count(place)[0] - before[0]) / _IDLE
            before, began = _count(place), time.monotonic()
            _finish(client, range(100, 100 + jobs))
            time.sleep(_SETTLED)
            seconds = time.monotonic() - began
            transactions, rows, log = (a - b for a, b in zip(_count(place), before, strict=True))
        with Fleet(create(), stub.base_url, 1, {}) as fleet, Client(fleet.base_url) as client:
            usage, kept = _keep_sample(fleet.place, client)
    return Load(idle, (transactions - idle * seconds) / jobs, rows / jobs, log / jobs, kept, usage)


def _finish(client: Client, numbers: range) -> None:
    for job_id in client.submit_all(numbers).values():
        client.wait(job_id)


def _count(place: Place) -> tuple[float, ...]:
    with closing(psycopg.connect(place.url, autocommit=True)) as connection:
        return tuple(float(value) for value in connection.execute(_COUNTS).fetchone() or ())


def _keep_sample(place: Place, client: Client) -> tuple[dict[str, float], dict[str, float]]:
    job = client.wait(client.post(read_paths([find_data() / "harbour-fire"]).model_dump(mode="json"), "sample"))
    with closing(psycopg.connect(place.url, autocommit=True)) as connection:
        rows = {name: connection.execute(query).fetchone() for name, query in _KEPT.items()}
    return job["usage"], {name: float(row[0]) if row else 0.0 for name, row in rows.items()}
