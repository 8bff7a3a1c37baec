"""The commands that run the service and show its settings: serve, worker, settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.running import BAD_USAGE, FAILED, fail, told

if TYPE_CHECKING:
    from service.metrics import Metrics


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    worker: Annotated[bool, typer.Option(help="Run jobs in this process too, or leave them to others.")] = True,
) -> None:
    """Serve the HTTP API, until SIGTERM or SIGINT. Its page is at /, its API's at /docs.

    With --no-worker, jobs wait for `concord worker` on the same database (CONCORD_DATABASE_URL), on any machine.
    """
    import socket

    from service.app import create_app, serve_app
    from service.logging import configure
    from service.settings import load_settings

    configure()
    with told():
        settings = load_settings()
        application = create_app(settings, works=worker)
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        fail(OSError(f"can't listen on {host}:{port}: {error.strerror}; --host and --port choose another"), FAILED)
    with told(FAILED):
        started = serve_app(application, host, port, settings.grace_seconds)
    if not started:
        raise typer.Exit(FAILED)


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

    from service.logging import configure, log_fields
    from service.node import create_node, work
    from service.settings import load_settings

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
    """List every setting: its variable, what it holds now, its default and what it means."""
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
        typer.echo(f"{variable_of(name)}={value}  (default {default}) {field.description}")
    if mistake:
        fail(mistake, BAD_USAGE)
