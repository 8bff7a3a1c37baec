"""What clients post, as docs/contract.md has it. Shapes only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from service.core.model import Format

MOST_DOCUMENTS = 10_000
"""What no setting can raise: it bounds the work of validation itself."""
_MOST_UNKNOWN = 20
_ID = r"^[^\s\x00-\x1f\x7f-\x9f]+$"


def _check_id(value: str) -> str:
    if not re.fullmatch(_ID, value):
        raise PydanticCustomError("id", "an id holds no white space and no control characters")
    return value


def _check_text(text: str) -> str:
    if text.isspace():
        raise PydanticCustomError("blank", "the text is white space alone")
    return text


def _check_written_out(value: object) -> object:
    """A number is not guessed to be seconds since 1970, in a string or not."""
    if isinstance(value, datetime) or (isinstance(value, str) and re.match(r"\d{4}-", value)):
        return value
    raise PydanticCustomError("date", "must be a date and time as in RFC 3339, such as 2024-10-28T14:00:00Z")


def _check_whole(value: object) -> object:
    """13.0 is an integer in JSON, as 13 is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_WORDS = {
    "dict_type": "must be a JSON object",
    "extra_forbidden": "no such field",
    "list_type": "must be a JSON list",
    "missing": "is required",
    "model_attributes_type": "must be a JSON object",
    "model_type": "must be a JSON object",
    "string_too_short": "is empty",
    "string_unicode": "holds half a surrogate pair, which is no character",
    "too_short": "is empty",
}
"""Messages by the kind of error, where pydantic's own speak of Python."""


def reason_of(entry: Mapping[str, Any]) -> str:
    """What one of pydantic's errors says, to whoever wrote the JSON."""
    reason: str = _WORDS.get(entry["type"], entry["msg"])
    return reason


_Line = Annotated[str, StringConstraints(max_length=2_000)]
_Language = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$")]
_Id = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(_check_id),
    Field(json_schema_extra={"pattern": _ID}),
]
_Text = Annotated[str, StringConstraints(min_length=1), AfterValidator(_check_text)]
_Budget = Annotated[
    float | None,
    Field(
        ge=0,
        strict=True,
        allow_inf_nan=False,
        description="US dollars; a request that could exceed them is not sent, and the call fails with 402.",
    ),
]
_Whole = Annotated[int, BeforeValidator(_check_whole)]
_Moment = Annotated[
    datetime,
    BeforeValidator(_check_written_out),
    AfterValidator(lambda moment: moment if moment.tzinfo else moment.replace(tzinfo=UTC)),
]


class Posted(BaseModel):
    """Base of everything a client posts: unknown fields are an error, types are not guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _bound_unknown(cls, value: Any) -> Any:
        """An object of a million unknown fields is one error, not a million."""
        if isinstance(value, dict) and len(value) > len(cls.model_fields) + _MOST_UNKNOWN:
            known = ", ".join(cls.model_fields)
            raise PydanticCustomError(
                "fields", "has {count} fields; there are {known}", {"count": len(value), "known": known}
            )
        return value


class DocumentIn(Posted):
    """One source. URLs are never fetched."""

    id: _Id | None = Field(default=None, description="Unique in the request; `d1`, `d2`, … by default.")
    text: _Text
    title: _Line | None = None
    format: Format = Format.TEXT
    url: _Line | None = None
    publisher: _Line | None = None
    published_at: _Moment | None = Field(
        default=None, description="What relative dates in the text count from; in UTC if it names no zone."
    )


class SummaryRequest(Posted):
    """Documents on one event, and what is wanted of them."""

    documents: Annotated[list[DocumentIn], FailFast()] = Field(min_length=1, max_length=MOST_DOCUMENTS)
    focus: _Line | None = Field(default=None, description="What the summary is to dwell on.")
    language: _Language | None = Field(
        default=None, description="BCP 47; null for the documents' own, the only one of the embedded backend."
    )
    max_sentences: _Whole = Field(default=8, ge=1, le=50, strict=True)
    quorum: _Whole = Field(
        default=2, ge=2, le=100, strict=True, description="Origins that must state what the summary says."
    )
    max_cost_usd: _Budget = None


class VerificationRequest(Posted):
    """A text by any writer, and the documents that it is held against."""

    text: _Text
    documents: Annotated[list[DocumentIn], FailFast()] = Field(min_length=1, max_length=MOST_DOCUMENTS)
    max_cost_usd: _Budget = None
