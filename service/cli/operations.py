"""The commands that run the service and show its settings: serve, worker, settings."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.running import BAD_USAGE, FAILED, fail


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    worker: Annotated[bool, typer.Option(help="Run jobs in this process too.")] = True,
) -> None:
    """Serve the HTTP API; its page is at /docs."""
    import socket

    from service.app import create_app, serve_app
    from service.core.errors import ConcordError
    from service.settings import load_settings

    try:
        settings = load_settings()
        application = create_app(settings, works=worker)
    except ConcordError as error:
        fail(error, BAD_USAGE)
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        fail(OSError(f"can't listen on {host}:{port}: {error.strerror}; --host and --port choose another"), FAILED)
    if not serve_app(application, host, port, settings.grace_seconds):
        raise typer.Exit(FAILED)


def worker() -> None:
    """Run jobs that were taken in by any process on the same database, until SIGTERM or SIGINT."""
    import asyncio

    from service.app import create_node, work
    from service.core.errors import ConcordError
    from service.settings import load_settings

    try:
        node = create_node(load_settings())
    except ConcordError as error:
        fail(error, BAD_USAGE)
    try:
        asyncio.run(work(node, lambda: typer.echo("concord: worker ready", err=True)))
    except ConcordError as error:
        fail(error, FAILED)


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
