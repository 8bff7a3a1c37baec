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
_TAG = r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$"


def _check_id(value: str) -> str:
    if not re.fullmatch(_ID, value):
        raise PydanticCustomError("id", "must hold no white space and no control characters")
    return value


def _check_language(value: str) -> str:
    if not re.fullmatch(_TAG, value):
        raise PydanticCustomError("language", "must be a language tag as in BCP 47, such as en or pt-BR")
    return value


def _check_text(text: str) -> str:
    if text.isspace():
        raise PydanticCustomError("blank", "is white space alone")
    return text


def _check_written_out(value: object) -> object:
    """A number is not guessed to be seconds since 1970, in a string or not."""
    if isinstance(value, datetime) or (isinstance(value, str) and re.match(r"\d{4}-", value)):
        return value
    raise PydanticCustomError("date", _MOMENT)


def _check_whole(value: object) -> object:
    """13.0 is an integer in JSON, as 13 is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_MOMENT = "must be a date and time as in RFC 3339, such as 2024-10-28T14:00:00Z"
_WORDS = {
    "bool_parsing": "must be true or false",
    "datetime_from_date_parsing": _MOMENT,
    "datetime_parsing": _MOMENT,
    "dict_type": "must be a JSON object",
    "enum": "must be {expected}",
    "extra_forbidden": "no such field",
    "finite_number": "must be a finite number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "less_than_equal": "must be {le} or less",
    "list_type": "must be a JSON list",
    "literal_error": "must be {expected}",
    "missing": "is required",
    "model_attributes_type": "must be a JSON object",
    "model_type": "must be a JSON object",
    "string_too_long": "has more than {max_length} characters",
    "string_too_short": "is empty",
    "string_type": "must be a string",
    "string_unicode": "holds half a surrogate pair, which is no character",
    "too_long": "has more than {max_length} entries",
    "too_short": "is empty",
}
"""Messages by the kind of error, where pydantic's own speak of Python, with what it tells of the bounds."""


def reason_of(entry: Mapping[str, Any]) -> str:
    """What one of pydantic's errors says, to whoever wrote the JSON or set the variable."""
    words = _WORDS.get(entry["type"])
    return words.format(**entry.get("ctx", {})) if words else str(entry["msg"])


_Line = Annotated[str, StringConstraints(max_length=2_000)]
_Language = Annotated[str, AfterValidator(_check_language), Field(json_schema_extra={"pattern": _TAG})]
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
