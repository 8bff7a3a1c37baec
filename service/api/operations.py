"""Operations: routes for whoever runs the service. Is it ready, and if not, what of it is not; what it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Response

from service.api.schemas import Result
from service.api.statements import TEXT

_PATIENCE = 2.0  # seconds that a part has to say whether it is ready


class Part(Result):
    """A part of the process. One that is not needed can fail, and requests are answered all the same."""

    ready: bool
    needed: bool
    detail: str


class Readiness(Result):
    """`degraded`: it answers, though not with all its parts; `not_ready`: send requests elsewhere."""

    status: Literal["ready", "degraded", "not_ready"]
    parts: dict[str, Part]


Probe = Callable[[], Awaitable[Part]]
Scrape = Callable[[], Awaitable[bytes]]


async def probe_all(probes: Mapping[str, Probe]) -> Readiness:
    """What the parts say, all asked at once. One that does not answer in time is not ready."""
    parts = dict(zip(probes, await asyncio.gather(*(_ask(probe) for probe in probes.values())), strict=True))
    lacking = [part for part in parts.values() if not part.ready]
    if not lacking:
        return Readiness(status="ready", parts=parts)
    needed = any(part.needed for part in lacking)
    return Readiness(status="not_ready" if needed else "degraded", parts=parts)


async def _ask(probe: Probe) -> Part:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await probe()
    except TimeoutError:
        return Part(ready=False, needed=True, detail=f"no answer within {_PATIENCE:g} s")


def create_operations(probes: Mapping[str, Probe], scrape: Scrape, media_type: str) -> APIRouter:
    """The routes over the parts that are asked, and what renders the metrics."""
    router = APIRouter(tags=["operations"])

    @router.get(
        "/readyz",
        response_model=Readiness,
        responses={503: {"model": Readiness, "description": "A part that is needed is not ready."}},
    )
    async def readyz(response: Response) -> Readiness:
        """Whether requests can be answered, and which part is not ready."""
        found = await probe_all(probes)
        if found.status == "not_ready":
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return found

    @router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": TEXT}}})
    async def metrics() -> Response:
        """What is counted, for Prometheus."""
        return Response(await scrape(), media_type=media_type)

    return router
