"""Variables of the environment and of `.env`: read, shown, and what one may hold beyond a word or a number."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode

from service.backends.prices import Price
from service.core.errors import InvalidInput

_SERVER = re.compile(r"https?://[^/?#\s]+(/[^?#\s]*)?")
_ORIGIN = re.compile(r"\*|https?://[^/\s,]+")
_ALIKE = 0.75  # of difflib, from which a name may be another one misspelt
_ASKED = "/chat/completions"  # what is put after a base URL
_KEY = re.compile(r"[\x21-\x7e]+")
_PASSWORD = re.compile(r"(://[^:/@\s]*):[^@\s]*@")


def read_environment(file: Path) -> dict[str, str | None]:
    """The variables of a `.env` file, if there is one, and of the process, which go first. Raises InvalidInput."""
    try:
        if file.is_file():
            _check_lines(file)
        return {**dotenv_values(file), **os.environ}
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file} is not UTF-8: {error.reason} at byte {error.start}") from error
    except OSError as error:
        raise InvalidInput(f"{file} can't be read: {error.strerror}") from error


def _check_lines(file: Path) -> None:
    """Raises InvalidInput for a line that would be left out. What it holds may be a key, and is not repeated."""
    with file.open(encoding="utf-8") as lines:
        for entry in parse_stream(lines):
            if entry.error or (entry.key and entry.value is None):
                raise InvalidInput(f"{file}, line {entry.original.line}, can't be read: a line is NAME=VALUE")


def describe_unknown(names: Sequence[str], known: Collection[str], prefix: str) -> str:
    """Names with a prefix that are none of those known, each with the one that may be meant."""
    endings = {name.removeprefix(prefix): name for name in known}
    nearest = {name: get_close_matches(name.upper().removeprefix(prefix), endings, 1, _ALIKE) for name in names}
    return ", ".join(f"{name} (is {endings[near[0]]} meant?)" if near else name for name, near in nearest.items())


def hide_password(value: str) -> str:
    """A value as it may be shown: a URL without its password."""
    return _PASSWORD.sub(r"\1:***@", value)


def _parse_prices(value: object) -> object:
    """The JSON of a variable. Raises ValueError, which shows how it is written, for what is none."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError(f'must be JSON such as {{"MODEL": {{"prompt": 1, "completion": 4}}}}: {error}') from error


def _check_server(value: str) -> str:
    """Raises ValueError for what is no base URL of a server."""
    if not _SERVER.fullmatch(value):
        raise ValueError("must be the URL of a server: http://HOST:PORT/v1 or https://HOST/v1")
    if value.rstrip("/").endswith(_ASKED):
        raise ValueError(f"must be the URL that {_ASKED} is put after, and end before it")
    return value


def _check_key(value: SecretStr) -> SecretStr:
    """Raises ValueError for what no header can hold."""
    if not _KEY.fullmatch(value.get_secret_value()):
        raise ValueError("must be visible ASCII characters, without spaces or line ends")
    return value


def _parse_origins(value: object) -> object:
    """Origins from a list with commas. Raises ValueError for what no browser sends as one."""
    if not isinstance(value, str):
        return value
    origins = tuple(origin for part in value.split(",") if (origin := part.strip()))
    wrong = [origin for origin in origins if not _ORIGIN.fullmatch(origin)]
    if wrong:
        raise ValueError(f"must be origins, https://HOST without a path, with commas between: {wrong[0]} is none")
    return origins


ServerUrl = Annotated[str, AfterValidator(_check_server)]
"""The base URL of a server."""

ModelKey = Annotated[SecretStr, AfterValidator(_check_key)]
"""The key that a model server asks for."""

Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parse_origins)]
"""Origins as browsers send them, with commas between."""

Prices = Annotated[dict[str, Price], NoDecode, BeforeValidator(_parse_prices)]
"""Prices by model, as JSON."""
