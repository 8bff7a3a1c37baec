"""Problems: every error as RFC 9457 `application/problem+json`. One table maps ours to statuses."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from math import ceil
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from service.api.methods import allowed
from service.api.requests import reason_of
from service.api.schemas import InvalidField, Problem
from service.core.errors import (
    BackendFailed,
    BudgetExceeded,
    ConcordError,
    DeadlineExceeded,
    InvalidInput,
    KeyTaken,
    ModelUnavailable,
    NotFound,
    NotInstalled,
    Overloaded,
    RateLimited,
    StorageUnavailable,
    TooLarge,
)

MEDIA_TYPE = "application/problem+json"
STATUSES: dict[type[ConcordError], HTTPStatus] = {
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    ModelUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    BackendFailed: HTTPStatus.BAD_GATEWAY,
    BudgetExceeded: HTTPStatus.PAYMENT_REQUIRED,
    DeadlineExceeded: HTTPStatus.GATEWAY_TIMEOUT,
    NotFound: HTTPStatus.NOT_FOUND,
    KeyTaken: HTTPStatus.CONFLICT,
    NotInstalled: HTTPStatus.NOT_IMPLEMENTED,
    RateLimited: HTTPStatus.TOO_MANY_REQUESTS,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    StorageUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    ConcordError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""The first class that an error is an instance of decides; subclasses come first."""

_LONGEST = 100  # characters of a field's name that are repeated to the client
_LOG = logging.getLogger("concord")


def install(app: FastAPI) -> None:
    """Have an app answer every error with a problem."""
    app.add_exception_handler(ConcordError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


def respond(
    request: Request,
    status: HTTPStatus,
    detail: str,
    errors: Sequence[InvalidField] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem as the answer; it repeats the request's id."""
    problem = _problem(id_of(request), status, detail, errors)
    return send(problem, {**(headers or {}), "X-Request-ID": problem.request_id})


def send(problem: Problem, headers: Mapping[str, str]) -> JSONResponse:
    """A problem that is known as the answer."""
    return JSONResponse(problem.model_dump(exclude_none=True), problem.status, headers, MEDIA_TYPE)


def _problem(
    request_id: str, status: HTTPStatus, detail: str, errors: Sequence[InvalidField] | None = None
) -> Problem:
    return Problem(
        type="about:blank",
        title=status.phrase,
        status=status,
        detail=detail,
        request_id=request_id,
        errors=list(errors) if errors else None,
    )


def id_of(request: Request) -> str:
    """The id that the request's answer repeats."""
    return getattr(request.state, "request_id", "")


def explain(request_id: str, error: Exception) -> Problem:
    """The problem that an exception is, under the id of a request or a job; what nobody foresaw is logged."""
    if not isinstance(error, ConcordError):
        return _problem(request_id, HTTPStatus.INTERNAL_SERVER_ERROR, _log(request_id, error))
    status = next(status for kind, status in STATUSES.items() if isinstance(error, kind))
    pointer = getattr(error, "pointer", "")
    errors = [InvalidField(pointer=pointer, detail=str(error))] if pointer else None
    return _problem(request_id, status, str(error), errors)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    return answer(request, error)


def answer(request: Request, error: Exception) -> JSONResponse:
    """The answer that an error is."""
    problem = explain(id_of(request), error)
    wait = getattr(error, "retry_after", None)
    headers = {"Retry-After": str(ceil(wait))} if wait else None
    return respond(request, HTTPStatus(problem.status), problem.detail, problem.errors, headers)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    found: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else ()
    if any(entry["type"] == "json_invalid" for entry in found):
        reason = found[0].get("ctx", {}).get("error", found[0]["msg"])
        where = f"{reason.removesuffix(' at')} at character {found[0]['loc'][-1]}"
        return respond(request, HTTPStatus.BAD_REQUEST, f"the body is not JSON: {where}")
    if any(entry["type"] == "missing" and tuple(entry["loc"]) == ("body",) for entry in found):
        return respond(request, HTTPStatus.BAD_REQUEST, "the body is empty: a JSON object is required")
    problem = explain_invalid(id_of(request), found)
    return respond(request, HTTPStatus(problem.status), problem.detail, problem.errors)


def explain_invalid(request_id: str, found: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem that pydantic's errors are; the first part of each one's `loc` says where the fields came from."""
    errors = [_explain_field(entry) for entry in found]
    too_many = all(entry["type"] == "too_long" for entry in found)
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_many else HTTPStatus.UNPROCESSABLE_ENTITY
    detail = "; ".join(f"{e.pointer}: {e.detail}" if e.pointer else e.detail for e in errors[:3])
    return _problem(request_id, status, detail, errors)


def _explain_field(entry: Mapping[str, Any]) -> InvalidField:
    """What is wrong with a field of the body, or with what has no place in it: a header, or the whole."""
    (source, *place), reason = entry["loc"], reason_of(entry)
    if source == "header":
        return InvalidField(pointer="", detail=f"the header {place[-1]} {reason}")
    return InvalidField(pointer=_pointer(place), detail=reason if place else f"the {source} {reason}")


def _pointer(location: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901) into the body from pydantic's location in it."""
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in location]
    return "".join(f"/{part[:_LONGEST]}" for part in parts)


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return await _unforeseen(request, error)
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.NO_CONTENT:  # no problem, but a way out of a dependency, as Starlette has it
        return Response(status_code=status, headers=error.headers)
    detail = _unreadable(error.__cause__) or str(error.detail)
    told = detail if detail != status.phrase else status.description or detail
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        takes = allowed(request)
        return respond(request, status, f"this path takes {takes}", headers={"Allow": takes})
    if told == HTTPStatus.NOT_FOUND.description:
        told = "there is nothing at this path; /docs shows those there are"
    return respond(request, status, told, headers=error.headers)


def _unreadable(cause: BaseException | None) -> str:
    """Why a body could not be read as JSON, from what reading it raised; empty if it was not that."""
    if isinstance(cause, UnicodeDecodeError):
        return f"the body is not {cause.encoding.upper()}: {cause.reason} at byte {cause.start}"
    if isinstance(cause, RecursionError):
        return "the body is nested too deeply"
    if isinstance(cause, ValueError):  # of int(): its digits are limited
        return "the body holds a number of too many digits"
    return ""


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    return respond(request, HTTPStatus.INTERNAL_SERVER_ERROR, _log(id_of(request), error))


def _log(request_id: str, error: Exception) -> str:
    """What nobody foresaw: the log holds the trace, the client learns the request id."""
    _LOG.error("request %s failed", request_id, exc_info=error)
    return "the service failed; the request id finds the cause in its log"
