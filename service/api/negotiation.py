"""Negotiation: the media type to answer with, by `Accept` (RFC 9110, 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import Header
from starlette.exceptions import HTTPException

JSON, MARKDOWN, HTML, EVENTS = "application/json", "text/markdown", "text/html", "text/event-stream"
OFFERED = (JSON, MARKDOWN, HTML, EVENTS)
"""What a summary comes as, the preferred one first."""
_WEIGHT = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


async def negotiate(accept: Annotated[list[str] | None, Header(include_in_schema=False)] = None) -> str:
    """The offered type of the highest weight; of equals the one named most exactly, then the first offered.

    Raises 406 if none is acceptable. Parameters other than `q` are ignored; a range whose `q` can't be read
    counts as not there.
    """
    return choose(accept or [])


async def negotiate_kept(accept: Annotated[list[str] | None, Header(include_in_schema=False)] = None) -> str:
    """The same for a job, which comes as JSON, Markdown or HTML; its events have a place of their own."""
    return choose(accept or [], OFFERED[:3])


def choose(accept: Sequence[str], offered: Sequence[str] = OFFERED) -> str:
    """The same, from the values of the header."""
    ranges = dict(_ranges(",".join(accept) or "*/*"))
    ranked = [(*_weigh(media_type, ranges), -position) for position, media_type in enumerate(offered)]
    weight, _, position = max(ranked)
    if not weight:
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, f"the answer comes as {' or '.join(offered)}")
    return offered[-position]


def _ranges(accept: str) -> Iterable[tuple[str, float]]:
    for entry in accept.split(","):
        media_range, *parameters = (part.strip().lower() for part in entry.split(";"))
        weights = [parameter for parameter in parameters if parameter.startswith("q=")]
        readable = _WEIGHT.fullmatch(weights[0] if weights else "q=1")
        if readable:
            yield media_range, float(readable[1])


def _weigh(offered: str, ranges: dict[str, float]) -> tuple[float, int]:
    """The weight of a type by the most exact range that holds it, and how exact that is: 2, 1, 0."""
    candidates = (offered, f"{offered.partition('/')[0]}/*", "*/*")
    return next(((ranges[c], 2 - i) for i, c in enumerate(candidates) if c in ranges), (0.0, 0))
