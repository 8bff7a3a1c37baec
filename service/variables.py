"""What a variable of the environment may hold where it is more than a word or a number: parsed and checked."""

from __future__ import annotations

import json
import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

from service.backends.prices import Price

_SERVER = re.compile(r"https?://[^/?#\s]+(/[^?#\s]*)?")
_ORIGIN = re.compile(r"\*|https?://[^/\s,]+")


def _parse_prices(value: object) -> object:
    """The JSON of a variable. Raises ValueError, which shows how it is written, for what is none."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError(f'it is no JSON such as {{"MODEL": {{"prompt": 1, "completion": 4}}}}: {error}') from error


def _check_server(value: str) -> str:
    """Raises ValueError for what is no base URL of a server."""
    if not _SERVER.fullmatch(value):
        raise ValueError("it is no URL of a server: http://HOST:PORT/v1 or https://HOST/v1")
    return value


def _parse_origins(value: object) -> object:
    """Origins from a list with commas. Raises ValueError for what no browser sends as one."""
    if not isinstance(value, str):
        return value
    origins = tuple(origin for part in value.split(",") if (origin := part.strip()))
    wrong = [origin for origin in origins if not _ORIGIN.fullmatch(origin)]
    if wrong:
        raise ValueError(f"{wrong[0]} is no origin: https://HOST, without a path")
    return origins


ServerUrl = Annotated[str, AfterValidator(_check_server)]
"""The base URL of a server."""

Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parse_origins)]
"""Origins as browsers send them, with commas between."""

Prices = Annotated[dict[str, Price], NoDecode, BeforeValidator(_parse_prices)]
"""Prices by model, as JSON."""
