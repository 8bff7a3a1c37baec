"""The commands that run the service and show its settings: serve, worker, settings."""

from __future__ import annotations

import json
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.running import BAD_USAGE, FAILED, fail, told

if TYPE_CHECKING:
    from service.settings import Settings
    from service.telemetry.metrics import Metrics


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    worker: Annotated[bool, typer.Option(help="Run jobs in this process too, or leave them to others.")] = True,
    auth: Annotated[
        bool | None, typer.Option(help="Ask callers for a key, or nobody; as CONCORD_AUTH says if not given.")
    ] = None,
) -> None:
    """Serve the HTTP API, until SIGTERM or SIGINT. Its page is at /, its API's at /docs.

    Beyond loopback callers need a key: without any (`concord keys create NAME`) it does not start, unless --no-auth.
    With --no-worker, jobs wait for `concord worker` on the same database (CONCORD_DATABASE_URL), on any machine.
    """
    import socket

    from service.app import create_app, serve_app
    from service.settings import load_settings
    from service.telemetry.logging import configure

    configure()
    with told():
        settings = _secure(load_settings(), host, auth)
        application = create_app(settings, works=worker)
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        fail(OSError(f"can't listen on {host}:{port}: {error.strerror}; --host and --port choose another"), FAILED)
    with told(FAILED):
        started = serve_app(application, host, port, settings)
    if not started:
        raise typer.Exit(FAILED)


def _secure(settings: Settings, host: str, auth: bool | None) -> Settings:
    """Settings that say whether a key is asked for. Raises InvalidInput where there is none to ask for."""
    from service.core.errors import InvalidInput
    from service.node import open_keys

    if auth is not None:
        return settings.model_copy(update={"auth": "on" if auth else "off"})
    if settings.auth != "auto" or is_loopback(host):
        return settings
    with open_keys(settings) as keys:
        if not any(key.revoked_at is None for key in keys.all()):
            raise InvalidInput(
                f"on {host} others can reach this, and there is no key to ask them for: `concord keys create NAME` "
                "makes one, --host 127.0.0.1 listens to this machine alone, --no-auth lets anybody in"
            )
    return settings.model_copy(update={"auth": "on"})


def is_loopback(host: str) -> bool:
    """True for an address that this machine alone can reach. A name other than localhost may be any."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def worker(
    metrics_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port of /metrics for Prometheus; none by default.")
    ] = None,
    metrics_host: Annotated[str, typer.Option(help="Address that it listens on.")] = "127.0.0.1",
) -> None:
    """Run jobs that any process on the same database (CONCORD_DATABASE_URL) took in, until SIGTERM or SIGINT.

    Those that run then get CONCORD_GRACE_SECONDS to end; what does not is begun anew by another worker, or later.
    """
    import asyncio

    from service.node import create_node, work
    from service.settings import load_settings
    from service.telemetry.logging import configure, log_fields

    configure()
    with told():
        settings = load_settings()
        node = create_node(settings)
    if metrics_port is not None:
        _serve_metrics(node.metrics, metrics_host, metrics_port)
    ready = f"worker ready, {settings.job_concurrent} jobs at once, on {node.database.name}"
    with told(FAILED):
        asyncio.run(work(node, lambda: log_fields(ready)))


def _serve_metrics(metrics: Metrics, host: str, port: int) -> None:
    try:
        metrics.serve(host, port)
    except OSError as error:
        fail(OSError(f"can't listen on {host}:{port}: {error.strerror}; --metrics-port takes another"), FAILED)


def settings() -> None:
    """List every setting: its variable, what it holds now, its default and what it means.

    They are read from the environment, then from a file .env in this folder.
    """
    from service.core.errors import ConcordError
    from service.settings import Settings, load_settings, variable_of

    mistake: ConcordError | None = None
    current = Settings.model_construct()  # the defaults, for whoever looks a wrong variable up
    try:
        current = load_settings()
    except ConcordError as error:
        mistake = error
    for name, field in Settings.model_fields.items():
        value = getattr(current, name)
        default = field.get_default(call_default_factory=True)
        typer.echo(f"{variable_of(name)}={_written(value)}  (default {_written(default)}) {field.description}")
    if mistake:
        fail(mistake, BAD_USAGE)


def _written(value: object) -> str:
    """A setting's value as its variable would hold it, without what is secret; "not set" for none."""
    from service.variables import hide_password

    if value is None or value == ():
        return "not set"
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, dict):
        return json.dumps({name: price.model_dump(exclude_none=True) for name, price in value.items()})
    return hide_password(str(value))
