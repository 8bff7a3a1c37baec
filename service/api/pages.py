"""Pages: what a browser is given. The page, its files, and results as parts of it.

What lies under `/page` is the page's own and changes with it; programs use `/v1`.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Path, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import Scope

from service.api.bodies import JsonRoute
from service.api.edge import PAGE_HEADERS
from service.api.reports import read_kept
from service.api.requests import SummaryRequest, VerificationRequest
from service.api.routes import verify
from service.api.verifications import Verifications
from service.api.working import Order
from service.inputs import list_samples, read_sample
from service.jobs.jobs import Jobs
from service.web.rendering import STATIC, render_page, render_summary, render_verification, texts_of

JobId = Annotated[str, Path(alias="id")]


def add_pages(app: FastAPI, jobs: Jobs, verifications: Verifications) -> None:
    """The page at `/`, its files, and its own routes."""
    app.mount("/static", _Static(directory=STATIC), name="static")
    router = APIRouter(include_in_schema=False, route_class=JsonRoute)

    @router.get("/")
    async def page() -> Response:
        return HTMLResponse(render_page(), headers=PAGE_HEADERS)

    _add_samples(router)
    _add_results(router, jobs, verifications)
    app.include_router(router)


def _add_samples(router: APIRouter) -> None:
    @router.get("/page/samples")
    async def samples() -> list[dict[str, Any]]:
        """The sample clusters: their names, titles, and how many documents each has."""
        return await asyncio.to_thread(list_samples)

    @router.get("/page/samples/{name}")
    async def sample(name: str) -> Response:
        """A sample cluster as a request."""
        request = await asyncio.to_thread(read_sample, name)
        if request is None:
            raise HTTPException(404, "there is no such sample")
        return _as_json(request)


def _add_results(router: APIRouter, jobs: Jobs, verifications: Verifications) -> None:
    offload = verifications.parts.offload

    @router.get("/page/summaries/{id}")
    async def summary(job_id: JobId) -> Response:
        """The result of a job as a part of the page."""
        result, order = await jobs.result(job_id), await jobs.request(job_id)
        if result is None or order is None:
            raise _missing()
        return HTMLResponse(await offload(_render, result, order, job_id), headers=PAGE_HEADERS)

    @router.get("/page/summaries/{id}/request")
    async def request_of(job_id: JobId) -> Response:
        """What a job was asked, so that the page can ask it again."""
        kept = await jobs.request(job_id)
        if kept is None:
            raise _missing()
        return _as_json(Order.model_validate_json(kept).request)

    @router.post("/page/verifications")
    async def verification(request: Request, body: VerificationRequest) -> Response:
        """Verdicts on a text as a part of the page."""
        result = await verify(request, verifications, body)
        if isinstance(result, Response):
            return result
        texts = texts_of(body.documents, result.documents)
        return HTMLResponse(await offload(render_verification, result, texts), headers=PAGE_HEADERS)


def _render(result: str, order: str, job_id: str) -> str:
    return render_summary(*read_kept(result, order), job_id)


def _missing() -> HTTPException:
    return HTTPException(404, "there is no such summary, or it has no result")


def _as_json(request: SummaryRequest) -> Response:
    return Response(request.model_dump_json(exclude_none=True), media_type="application/json")


class _Static(StaticFiles):
    """The page's files. A browser asks each time whether they are still the same, so that a new version shows."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response
