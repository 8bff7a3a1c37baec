"""Settings: one frozen object, read once from the environment (`CONCORD_…`) and from `.env`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.api.schemas import MOST_DOCUMENTS
from service.core.errors import InvalidInput

PREFIX = "CONCORD_"


class Settings(BaseSettings):
    """Every setting with its default. The description gives the unit; `concord settings` prints them."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    backend: Literal["auto", "embedded"] = Field(
        default="auto",
        description="who proposes claims and sentences: embedded needs no model; auto takes the best that is there",
    )
    max_documents: int = Field(default=500, ge=1, le=MOST_DOCUMENTS, description="documents in one request")
    max_document_characters: int = Field(default=1_000_000, ge=1, description="code points in one document")
    max_total_characters: int = Field(
        default=2_000_000, ge=1, description="code points in all documents of one request"
    )
    max_body_bytes: int = Field(default=32_000_000, ge=1, description="bytes of one request body")
    max_concurrent: int = Field(
        default=os.cpu_count() or 1, ge=1, description="summaries worked on at once; further ones wait"
    )
    chunk_tokens: int = Field(default=4_000, ge=100, description="tokens of document text in one extraction request")


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings. Raises InvalidInput for a variable that is unknown or has a value that can't be."""
    variables = _read_environment() if environment is None else dict(environment)
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    unknown = sorted(name for name in variables if name.upper().startswith(PREFIX) and name.upper() not in known)
    if unknown:
        raise InvalidInput(f"unknown setting {', '.join(unknown)}; `concord settings` lists those there are")
    try:
        return Settings() if environment is None else _from_mapping(variables)
    except ValueError as error:
        raise InvalidInput(_explain(error)) from error


def _read_environment() -> dict[str, str | None]:
    try:
        return {**dotenv_values(".env"), **os.environ}
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f".env can't be read: {error}") from error


def _from_mapping(variables: Mapping[str, str | None]) -> Settings:
    values = {
        name.upper().removeprefix(PREFIX).lower(): value
        for name, value in variables.items()
        if name.upper().startswith(PREFIX)
    }
    return Settings.model_validate(values)


def _explain(error: ValueError) -> str:
    problems = error.errors() if hasattr(error, "errors") else []
    lines = [f"{PREFIX}{str(p['loc'][0]).upper()}: {p['msg']} (it is {p['input']!r})" for p in problems]
    return "; ".join(lines) or str(error)


def find_data() -> Path:
    """The folder with the sample clusters: in the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"
