"""Probing: the parts of a process that can fail by themselves, and how each is asked whether it is ready."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from math import nan
from typing import TYPE_CHECKING

from service.api.operations import Part, Probe, probe_all
from service.core.errors import StorageUnavailable

if TYPE_CHECKING:
    from service.node import Node
    from service.telemetry.metrics import Metrics

_LEAST_ROOM = 32_000_000  # bytes on the disk of an SQLite file: as much as one request may have by default


def probes_of(node: Node, *, works: bool) -> Mapping[str, Probe]:
    """The parts of a process, which runs jobs itself if it `works`."""
    backends = node.summaries.backends

    async def database() -> Part:
        try:
            waiting = await asyncio.to_thread(node.store.waiting)
        except StorageUnavailable as error:
            return Part(ready=False, needed=True, detail=str(error))
        room = await asyncio.to_thread(node.database.room)
        if room is not None and room < _LEAST_ROOM:
            detail = f"its disk has room for {room:,} bytes more: jobs may not be kept"
            return Part(ready=False, needed=False, detail=detail)
        return Part(ready=True, needed=True, detail=f"{waiting} jobs wait")

    async def worker() -> Part:
        state = ("runs jobs here" if works else "takes jobs in, which others run") if node.jobs.open else "stopped"
        return Part(ready=node.jobs.open, needed=True, detail=state)

    async def model() -> Part:
        if backends.down:
            return Part(
                ready=False, needed=False, detail="the model server is left alone for a while: done without it"
            )
        return Part(
            ready=True, needed=False, detail="none is configured" if backends.prompts is None else "one is configured"
        )

    async def tokenizer() -> Part:
        tokens = node.summaries.tokens
        return Part(ready=tokens.exact, needed=False, detail=f"counts by {tokens.name}")

    return {"database": database, "worker": worker, "model": model, "tokenizer": tokenizer}


async def scrape(node: Node, metrics: Metrics, probes: Mapping[str, Probe]) -> bytes:
    """The metrics, with the queue and the readiness as they are now."""
    for name, part in (await probe_all(probes)).parts.items():
        metrics.ready(name, is_ready=part.ready)
    try:
        metrics.queue(*await asyncio.to_thread(lambda: (node.store.waiting(), node.store.running())))
    except StorageUnavailable:
        metrics.queue(nan, nan)
    return await asyncio.to_thread(metrics.render)
