"""Problems: every error as RFC 9457 `application/problem+json`. One table maps ours to statuses."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from service.api.schemas import InvalidField, Problem
from service.core.errors import BackendFailed, ConcordError, InvalidInput, TooLarge

MEDIA_TYPE = "application/problem+json"
STATUSES: dict[type[ConcordError], HTTPStatus] = {
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    BackendFailed: HTTPStatus.BAD_GATEWAY,
    ConcordError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""The first class that an error is an instance of decides; subclasses come first."""


def install(app: FastAPI) -> None:
    """Have an app answer every error with a problem."""
    app.add_exception_handler(ConcordError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


def respond(
    request: Request, status: HTTPStatus, detail: str, errors: Sequence[InvalidField] | None = None
) -> JSONResponse:
    problem = Problem(
        type="about:blank",
        title=status.phrase,
        status=status,
        detail=detail,
        request_id=getattr(request.state, "request_id", ""),
        errors=list(errors) if errors else None,
    )
    return JSONResponse(problem.model_dump(exclude_none=True), status, media_type=MEDIA_TYPE)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    status = next(status for kind, status in STATUSES.items() if isinstance(error, kind))
    pointer = getattr(error, "pointer", "")
    errors = [InvalidField(pointer=pointer, detail=str(error))] if pointer else None
    return respond(request, status, str(error), errors)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    found: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else ()
    if any(entry["type"] == "json_invalid" for entry in found):
        reason = found[0].get("ctx", {}).get("error", found[0]["msg"])
        return respond(request, HTTPStatus.BAD_REQUEST, f"the body is not JSON: {reason}")
    errors = [InvalidField(pointer=_pointer(entry["loc"]), detail=entry["msg"]) for entry in found]
    detail = "; ".join(f"{e.pointer or '/'}: {e.detail}" for e in errors[:3])
    return respond(request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors)


def _pointer(location: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901) into the body from pydantic's location."""
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in location if part != "body"]
    return "".join(f"/{part}" for part in parts)


async def _http(request: Request, error: Exception) -> JSONResponse:
    status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    detail = str(error.detail) if isinstance(error, HTTPException) else status.phrase
    return respond(request, status, detail if detail != status.phrase else status.description or detail)


async def _unforeseen(request: Request, _: Exception) -> JSONResponse:
    """What nobody foresaw: the client learns the request id, the log holds the trace."""
    detail = "the service failed; the request id finds the cause in its log"
    return respond(request, HTTPStatus.INTERNAL_SERVER_ERROR, detail)
