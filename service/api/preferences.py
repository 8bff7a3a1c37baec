"""Preferences: what a client wants done with its request, by `Prefer` (RFC 7240) and `Idempotency-Key`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import Header, Request
from starlette.exceptions import HTTPException

RESPOND_ASYNC, WAIT = "respond-async", "wait"
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 (a token of RFC 9110)
_PREFERENCE = re.compile(rf'\s*({_TOKEN})(?:\s*=\s*({_TOKEN}|"(?:[^"\\]|\\.)*"))?\s*(?:;|$)')
_ENTRY = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*(?:"|$))+')  # up to a comma that is in no quotes
_SECONDS = re.compile(r"[0-9]{1,9}")
_KEY = re.compile(r"^[\x21-\x7e]{1,255}$")
MOST_PATIENCE = 600
"""Seconds that `wait` holds a connection, at most: what is asked for beyond is not applied."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the headers of a request for a summary ask. `wait` is in seconds, and counts with `respond_async`."""

    key: str | None = None
    respond_async: bool = False
    wait: int | None = None

    @property
    def is_job(self) -> bool:
        """True if the request is kept as a job, whatever becomes of its client."""
        return self.respond_async or self.key is not None


async def read_wish(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="1 to 255 visible ASCII characters, taken as they stand. The request becomes a job, "
            "though its client wait for it: the same key and request give the same job, another request 409.",
            json_schema_extra={"pattern": _KEY.pattern},
        ),
    ] = None,
    prefer: Annotated[  # noqa: ARG001 (for the document: the value here is of one line only)
        str | None,
        Header(
            alias="Prefer",
            description="RFC 7240. `respond-async`: 202 and a job; with `wait=N` 200 if it is over within N seconds, "
            f"of at most {MOST_PATIENCE}. Others are ignored.",
        ),
    ] = None,
) -> Wish:
    """The wish of a request. Raises 400 for a key that can't be one."""
    keys = request.headers.getlist("idempotency-key")
    if len(keys) > 1:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "Idempotency-Key was sent more than once")
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        detail = "Idempotency-Key holds 1 to 255 visible ASCII characters, and no space"
        raise HTTPException(HTTPStatus.BAD_REQUEST, detail)
    preferences = parse(request.headers.getlist("prefer"))
    wait = preferences.get(WAIT, "")
    patience = min(int(wait), MOST_PATIENCE) if _SECONDS.fullmatch(wait) else None
    return Wish(idempotency_key, RESPOND_ASYNC in preferences, patience)


def parse(lines: Sequence[str]) -> dict[str, str]:
    """Preferences by name, in lower case, with their values, which are empty where there are none.

    `lines` are the values of the header as they came. Of a preference that is given twice the first counts; what
    can't be read is ignored, as parameters of preferences are.
    """
    found: dict[str, str] = {}
    for entry in _ENTRY.findall(",".join(lines)):
        match = _PREFERENCE.match(entry)
        if match:
            found.setdefault(match[1].lower(), _unquote(match[2] or ""))
    return found


def _unquote(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word[1:-1]) if word.startswith('"') else word
