"""Settings: one frozen object, read once from the environment (`CONCORD_…`) and from `.env`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from service.api.requests import MOST_DOCUMENTS, reason_of
from service.core.errors import InvalidInput
from service.variables import (
    ModelKey,
    Origins,
    Prices,
    ServerUrl,
    describe_unknown,
    hide_password,
    read_environment,
)

PREFIX = "CONCORD_"
_OURS = "Value error, "  # pydantic's words before those of our own checks


def find_data_dir() -> Path:
    """Where what is kept lies by default: the user's cache folder, as the XDG base directory specification has it."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "concord"


class Settings(BaseSettings):
    """Every setting with its default. The description gives the unit; `concord settings` prints them."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    backend: Literal["auto", "embedded", "chat"] = Field(
        default="auto",
        description="who proposes: chat asks a model, embedded none; auto is chat where a key or a base URL is set",
    )
    model: str = Field(default="gpt-5-mini", min_length=1, description="the model that is asked")
    judge_model: str | None = Field(
        default=None,
        description="the model asked for verdicts, or a .gguf file to run here; CONCORD_MODEL if not set",
    )
    judge_base_url: ServerUrl | None = Field(default=None, description="the judge's; OPENAI_BASE_URL if not set")
    openai_api_key: ModelKey | None = Field(
        default=None, validation_alias="OPENAI_API_KEY", description="the key that the model server asks for"
    )
    openai_base_url: ServerUrl | None = Field(
        default=None, validation_alias="OPENAI_BASE_URL", description="any OpenAI-compatible server, up to /v1"
    )
    judge_api_key: ModelKey | None = Field(default=None, description="the judge's; OPENAI_API_KEY on one server")
    prices: Prices = Field(
        default_factory=dict,
        description='US dollars per million tokens: {"MODEL": {"prompt": 1, "cached": 0.1, "completion": 4}}',
    )
    memo: Literal["on", "off"] = Field(default="on", description="whether model replies are kept and used again")
    memo_bytes: int = Field(default=256_000_000, ge=1, description="bytes of kept replies; the least used go")
    data_dir: Path = Field(default_factory=find_data_dir, description="folder of what is kept")

    auth: Literal["auto", "on", "off"] = Field(
        default="auto",
        description="whether callers need a key: auto asks for one once there is any, and beyond loopback",
    )
    database_url: str | None = Field(
        default=None,
        description="of jobs and keys: postgresql://… or sqlite:///FILE; concord.sqlite in CONCORD_DATA_DIR if unset",
    )
    job_concurrent: int = Field(
        default=4,
        ge=1,
        description="jobs that one worker runs at once; of several on one database the last to start sets it for all",
    )
    job_concurrent_overall: int | None = Field(default=None, ge=1, description="jobs that all workers run at once")
    job_attempts: int = Field(default=10, ge=1, description="attempts at one job until it counts as failed")
    job_kept_hours: float = Field(default=168.0, gt=0, description="hours that a job is kept once it is over")
    max_waiting: int = Field(default=10_000, ge=1, description="jobs that may wait; beyond, the answer is 503")
    sync_tokens: int = Field(
        default=100_000, ge=0, description="tokens of documents beyond which a summary is made as a job"
    )
    sync_seconds: float = Field(
        default=60.0, gt=0, description="seconds a summary may be expected to take before it is made as a job"
    )
    grace_seconds: float = Field(
        default=10.0, ge=0, description="seconds that jobs and connections get to end when the process is to stop"
    )

    cors_origins: Origins = Field(
        default=(),
        description="origins whose pages may ask, such as https://a.example,https://b.example; none if unset",
    )

    max_documents: int = Field(default=500, ge=1, le=MOST_DOCUMENTS, description="documents in one request")
    max_document_characters: int = Field(default=1_000_000, ge=1, description="code points in one document")
    max_total_characters: int = Field(
        default=2_000_000, ge=1, description="code points in all documents of one request"
    )
    max_sentences: int = Field(default=2_000, ge=1, description="sentences of one text to be verified")
    max_body_bytes: int = Field(default=32_000_000, ge=1, description="bytes of one request body")
    max_requests: int = Field(
        default=200, ge=1, description="requests under way at once, of those that bring work and of others, each"
    )
    max_requests_bytes: int = Field(default=256_000_000, ge=1, description="bytes of all bodies under way")
    max_connections: int = Field(
        default=10_000, ge=1, description="connections open at once; fewer where the process may open fewer files"
    )
    patience_seconds: float = Field(
        default=20.0,
        gt=0,
        description="seconds a client gets to send a request's head, its body (and one more for each 10 kB of it), "
        "and to read on in an answer",
    )
    max_concurrent: int = Field(
        default=os.cpu_count() or 1, ge=1, description="summaries computed at once; further ones wait"
    )
    deadline_seconds: float = Field(
        default=600.0, gt=0, description="seconds that one summary, verification or estimate may take"
    )

    chunk_tokens: int = Field(default=4_000, ge=100, description="tokens of document text in one extraction request")
    context_tokens: int = Field(
        default=32_768, ge=1_024, description="tokens of prompt and answer that the model holds"
    )
    output_tokens: int = Field(default=8_192, ge=256, description="tokens of one answer, at most")
    reasoning_tokens: int = Field(default=0, ge=0, description="tokens of one answer that the model may think with")
    request_attempts: int = Field(default=4, ge=1, le=20, description="tries of one model request")
    request_timeout_seconds: float = Field(default=60.0, gt=0, description="seconds of one try")
    request_deadline_seconds: float = Field(default=120.0, gt=0, description="seconds of all tries of one request")
    model_concurrent: int = Field(default=16, ge=1, description="model requests under way at once, of all summaries")
    requests_per_minute: int | None = Field(
        default=None, ge=1, description="model requests a minute, of all summaries"
    )
    tokens_per_minute: int | None = Field(default=None, ge=1, description="tokens of model requests a minute")
    breaker_failures: int = Field(default=5, ge=1, description="failures in a row from which a model counts as down")
    breaker_seconds: float = Field(
        default=30.0, gt=0, description="seconds until a model that is down is tried again"
    )

    otel_endpoint: str | None = Field(
        default=None,
        validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="where traces are sent by OTLP over HTTP, such as http://localhost:4318; nowhere if not set",
    )
    otel_traces_endpoint: str | None = Field(
        default=None,
        validation_alias="OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        description="the same with its path, in place of OTEL_EXPORTER_OTLP_ENDPOINT",
    )
    otel_protocol: str | None = Field(
        default=None, validation_alias="OTEL_EXPORTER_OTLP_PROTOCOL", description="http/protobuf is the only one"
    )
    otel_exporter: str | None = Field(
        default=None, validation_alias="OTEL_TRACES_EXPORTER", description="none sends no traces, whatever is set"
    )
    otel_disabled: str | None = Field(
        default=None, validation_alias="OTEL_SDK_DISABLED", description="true makes no traces, whatever is set"
    )
    otel_service_name: str | None = Field(
        default=None,
        validation_alias="OTEL_SERVICE_NAME",
        description="what traces name as their sender; concord if not set",
    )

    @property
    def traces_to(self) -> str | None:
        """The URL that traces are sent to, if they are."""
        if self.otel_exporter == "none" or (self.otel_disabled or "").lower() == "true":
            return None
        base = f"{self.otel_endpoint.rstrip('/')}/v1/traces" if self.otel_endpoint else None
        return self.otel_traces_endpoint or base

    @property
    def uses_judge(self) -> bool:
        """True if a judge is to be asked though no model writes: one of its own server, or in this process."""
        return self.backend == "auto" and (self.judge_base_url is not None or self.local_judge is not None)

    @property
    def local_judge(self) -> Path | None:
        """The weights of a judge that runs in this process, if one is named in place of a model's name."""
        named = self.judge_model if self.judge_base_url is None else None
        return Path(named) if named and named.endswith(".gguf") else None

    @property
    def jobs_url(self) -> str:
        """The URL of the database of jobs."""
        return self.database_url or f"sqlite:///{self.data_dir / 'concord.sqlite'}"

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: object, info: ValidationInfo) -> object:
        """Of what need not be set, an empty variable sets nothing."""
        optional = cls.model_fields[info.field_name or ""].default is None
        return None if value == "" and optional else value

    @property
    def uses_chat(self) -> bool:
        """True if a model is to be asked: named so, or configured."""
        return self.backend == "chat" or (self.backend == "auto" and self.has_server)

    @property
    def has_server(self) -> bool:
        """True if it is known which server to ask: the vendor's, whose key is set, or another one."""
        return self.openai_api_key is not None or self.openai_base_url is not None


class _Given(Settings):
    """Settings from what is handed in alone: the environment of the process adds nothing."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        *others: PydanticBaseSettingsSource,  # noqa: ARG003
        **named: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


_FIELDS = tuple(Settings.model_fields.items())
_SECRETS = {"openai_api_key", "OPENAI_API_KEY", "judge_api_key"}  # as pydantic names them


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"{PREFIX}{name.upper()}"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings. Raises InvalidInput for a variable that is unknown or missing, or has a value that can't be."""
    variables = read_environment(Path(".env")) if environment is None else dict(environment)
    known = {variable_of(name) for name in Settings.model_fields}
    unknown = sorted(name for name in variables if name.upper().startswith(PREFIX) and name.upper() not in known)
    if unknown:
        raise InvalidInput(
            f"unknown setting {describe_unknown(unknown, known, PREFIX)}; `concord settings` lists those there are"
        )
    try:
        settings = Settings() if environment is None else _from_mapping(variables)
    except ValueError as error:
        raise InvalidInput(_explain(error)) from error
    _check_server(settings, {name.upper() for name, value in variables.items() if value})
    return settings


def _check_server(settings: Settings, given: set[str]) -> None:
    """Raises InvalidInput where a model is named and there is no server to ask for it."""
    if settings.has_server or settings.uses_judge or settings.backend == "embedded":
        return
    named = sorted(given & {"CONCORD_MODEL", "CONCORD_JUDGE_MODEL"})
    if named or settings.uses_chat:
        wish = " and ".join(named) or "CONCORD_BACKEND=chat"
        raise InvalidInput(
            f"{wish}: no server is named that could be asked; set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of "
            "your own, or CONCORD_BACKEND=embedded to ask none"
        )


def _from_mapping(variables: Mapping[str, str | None]) -> Settings:
    given = {name.upper(): value for name, value in variables.items()}
    names = {(alias if isinstance(alias := f.validation_alias, str) else n): variable_of(n) for n, f in _FIELDS}
    values = {name: given[v] for name, v in names.items() if v in given}
    return Settings.model_construct(**dict(_Given.model_validate(values)))


def _explain(error: ValueError) -> str:
    problems = error.errors() if hasattr(error, "errors") else []
    lines = [f"{_name_of(p['loc'])}: {reason_of(p).removeprefix(_OURS)}{_show(p)}" for p in problems]
    return "; ".join(lines) or str(error)


def _show(mistake: Mapping[str, Any]) -> str:
    """What a variable holds that can't be, unless it is a secret."""
    if mistake["loc"][0] in _SECRETS:
        return ""
    return f" (it is {hide_password(repr(mistake['input']))})"


def _name_of(location: Sequence[str | int]) -> str:
    """The variable that a mistake stands in, with the place inside a JSON value."""
    name, *inside = (str(part) for part in location)
    variable = variable_of(name) if name in Settings.model_fields else name
    return "/".join([variable, *inside])
