"""The command line: `concord`. Reads input, asks the same parts as the HTTP service, prints.

Exit codes: 0, 1 for a job that failed, a text that is not supported or output that can't be written, 2 for bad
usage. Imports wait until a command needs them: `--help` and `--version` answer at once.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from service import __version__
from service.cli.batch import batch
from service.cli.keys import app as keys
from service.cli.operations import serve, settings, worker
from service.cli.running import end_unwritten
from service.cli.summaries import demo, estimate, summarize
from service.cli.verdicts import calibrate, verify


class _Commands(TyperGroup):
    """All commands. One that can't write what it prints says so: a disk is full, or standard output is closed."""

    def main(self, *arguments: Any, **named: Any) -> Any:
        try:
            return super().main(*arguments, **named)
        except OSError as error:
            end_unwritten(error)


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    help="What several reports of one event agree on, say alone, and dispute. Try: concord demo",
)
for command in (summarize, estimate, verify, demo, calibrate, batch, serve, worker, settings):
    app.command()(command)
app.add_typer(keys, name="keys")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"concord {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Applies to every command."""


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows `?`
    app()
