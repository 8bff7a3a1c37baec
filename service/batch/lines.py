"""The lines of a batch: one request a line, read as a stream. A line that can't be worked on says why."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from pydantic import ValidationError

from service.api import problems
from service.api.requests import SummaryRequest
from service.api.schemas import Problem
from service.api.summaries import Limits, to_sources
from service.api.working import Order
from service.core.errors import ConcordError, InvalidInput, TooLarge

_BOM = b"\xef\xbb\xbf"
_LONGEST_ID = 512  # characters of a custom_id


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as it stands: its number in the file from 1, its bytes (None if too many), and their SHA-256."""

    number: int
    body: bytes | None
    digest: str


def read_lines(file: BinaryIO, most_bytes: int) -> Iterator[RawLine]:
    """The lines that are not blank. Of one line no more than `most_bytes` are held at once. Raises OSError."""
    number = 0
    while piece := file.readline(most_bytes + 1):
        number += 1
        digest, whole = hashlib.sha256(piece.removesuffix(b"\n")), len(piece) <= most_bytes or piece.endswith(b"\n")
        if whole and not piece.strip():
            continue
        while not piece.endswith(b"\n") and (piece_more := file.readline(most_bytes + 1)):
            digest.update(piece_more.removesuffix(b"\n"))
            piece = piece_more
        yield RawLine(number, piece if whole else None, digest.hexdigest())


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read: what is to be done (the JSON of an Order), or the problem with it.

    `most_usd` is what it may cost, if that is bounded.
    """

    number: int
    digest: str
    custom_id: str | None = None
    order: str | None = None
    problem: Problem | None = None
    most_usd: float | None = None


@dataclass(frozen=True, slots=True)
class LineReader:
    """What holds for every line: what a request may hold, what it may cost, and whether it must have the model."""

    limits: Limits
    most_bytes: int
    max_cost_usd: float | None = None
    require_model: bool = False

    def read(self, raw: RawLine) -> Line:
        """What a line asks for. Raises nothing: what is wrong with it is its problem."""
        line = Line(raw.number, raw.digest)
        request_id = f"line-{raw.number}"
        try:
            fields = _parse(self._body(raw))
            line = replace(line, custom_id=_pop_id(fields))
            request = self._bound(SummaryRequest.model_validate(fields))
            self.limits.check(request.documents)
            to_sources(request.documents)
        except ValidationError as error:
            found = [{**entry, "loc": ("line", *entry["loc"])} for entry in error.errors(include_url=False)]
            return replace(line, problem=problems.explain_invalid(request_id, found))
        except ConcordError as error:
            return replace(line, problem=problems.explain(request_id, error))
        order = Order(request=request, require_model=self.require_model)
        return replace(line, order=order.to_json(), most_usd=request.max_cost_usd)

    def _body(self, raw: RawLine) -> bytes:
        if raw.body is None:
            raise TooLarge(
                f"the line has more than {self.most_bytes} bytes, the most that it may have (CONCORD_MAX_BODY_BYTES)"
            )
        return raw.body.removeprefix(_BOM) if raw.number == 1 else raw.body

    def _bound(self, request: SummaryRequest) -> SummaryRequest:
        """The request with the lower of its own budget and that of every line."""
        budgets = [budget for budget in (request.max_cost_usd, self.max_cost_usd) if budget is not None]
        return request.model_copy(update={"max_cost_usd": min(budgets)}) if budgets else request


def _parse(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body.decode())
    except UnicodeDecodeError as error:
        raise InvalidInput(f"the line is not UTF-8: {error.reason} at byte {error.start}") from error
    except RecursionError as error:
        raise InvalidInput("the line is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise InvalidInput(f"the line is not JSON: {error.msg} at character {error.pos}") from error
    except ValueError as error:  # of int(): its digits are limited
        raise InvalidInput("the line holds a number of too many digits") from error
    if not isinstance(fields, dict):
        raise InvalidInput('the line is no request: a request is an object, {"documents": [{"text": "…"}]}')
    return fields


def _pop_id(fields: dict[str, Any]) -> str | None:
    """The client's own name of the line, which is no part of the request."""
    custom_id = fields.pop("custom_id", None)
    if custom_id is None:
        return None
    if not isinstance(custom_id, str) or len(custom_id) > _LONGEST_ID:
        raise InvalidInput(f"custom_id must be a string of {_LONGEST_ID} characters at most", "/custom_id")
    try:
        custom_id.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput("custom_id holds half a surrogate pair, which is no character", "/custom_id") from error
    return custom_id
