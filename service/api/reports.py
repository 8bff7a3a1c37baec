"""Reports: results as pages that stand alone."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi.responses import HTMLResponse

from service.api.requests import SummaryRequest
from service.api.schemas import SummaryResult
from service.api.working import Order
from service.web.rendering import render_report, texts_of

_POLICY = {"Content-Security-Policy": "frame-ancestors 'none'"}  # the rest of it is a part of the report


def report(result: SummaryResult, texts: Mapping[str, str], headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """The report of a result, whose policy is a part of it."""
    return HTMLResponse(render_report(result, texts), headers={**(headers or {}), **_POLICY})


def report_posted(result: SummaryResult, request: SummaryRequest) -> HTMLResponse:
    """The report of a result that was just made."""
    return report(result, texts_of(request.documents, result.documents))


def read_kept(result: str, order: str) -> tuple[SummaryResult, dict[str, str]]:
    """A result that a job keeps, and the texts that its spans index."""
    found = SummaryResult.model_validate_json(result)
    return found, texts_of(Order.model_validate_json(order).request.documents, found.documents)
