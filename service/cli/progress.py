"""The progress of a batch on standard error: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from service.batch.tally import Tally

_PLAIN_SECONDS = 10.0  # between two lines where there is no terminal
_FRESH_SECONDS = 0.25  # between two looks of the bar


@asynccontextmanager
async def shown(tally: Tally) -> AsyncIterator[None]:
    """Show a tally while inside."""
    showing = asyncio.create_task(_draw(tally) if sys.stderr.isatty() else _print(tally))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.wait({showing})


async def _print(tally: Tally) -> None:
    while True:
        await asyncio.sleep(_PLAIN_SECONDS)
        typer.echo(f"concord: {tally.describe()}", err=True)


async def _draw(tally: Tally) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    said = TextColumn("{task.description}", markup=False)
    with Progress(SpinnerColumn(), BarColumn(), said, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(tally.describe(), total=tally.total, completed=tally.done)
        while True:
            bar.update(task, description=tally.describe(), total=tally.total, completed=tally.done)
            await asyncio.sleep(_FRESH_SECONDS)


def show_cursor() -> None:
    """Show the cursor again, which a bar hides, before the process ends at once."""
    if sys.stderr.isatty():
        sys.stderr.write("\x1b[?25h")
        sys.stderr.flush()
