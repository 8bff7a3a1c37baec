"""The command that works through a file of requests: batch."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from service.cli.progress import show_cursor, shown
from service.cli.running import FAILED, told

if TYPE_CHECKING:
    from service.batch.lines import LineReader, RawLine
    from service.batch.output import Output
    from service.batch.running import Bounds
    from service.batch.tally import End, Tally
    from service.node import Node
    from service.settings import Settings

_WINDOW_FOR_EACH = 8  # lines under way for each that is worked on at once


def batch(
    input_file: Annotated[
        Path, typer.Argument(metavar="IN", help="JSON Lines: a request on each, as POST /v1/summaries takes it.")
    ],
    output_file: Annotated[
        Path, typer.Argument(metavar="OUT", help="JSON Lines: a result or a problem for each, in order.")
    ],
    concurrency: Annotated[
        int | None,
        typer.Option(min=1, help="Lines worked on at once in this process; CONCORD_JOB_CONCURRENT by default."),
    ] = None,
    window: Annotated[
        int | None,
        typer.Option(min=1, help="Lines under way at once, on all machines; by default 8 for each worked on here."),
    ] = None,
    max_cost_usd: Annotated[
        float | None, typer.Option(min=0, help="US dollars that each line may cost at most.")
    ] = None,
    max_total_cost_usd: Annotated[
        float | None, typer.Option(min=0, help="US dollars for all lines: no more are begun once they are spent.")
    ] = None,
    require_model: Annotated[
        bool, typer.Option("--require-model", help="Fail a line rather than do a step of it without the model.")
    ] = False,
    worker: Annotated[bool, typer.Option(help="Work in this process too, or leave it to others.")] = True,
    restart: Annotated[bool, typer.Option("--restart", help="Throw away what OUT holds and begin anew.")] = False,
) -> None:
    """Summarize many clusters, one request a line; however it ends, the same command goes on where it ended.

    A line may have a `custom_id`, which its line of OUT repeats. A line that fails is reported in its place.
    With --max-cost-usd, --max-total-cost-usd is never passed; without, it may be by what is under way.

    Exit codes: 0 all lines are complete or degraded, 1 some failed or the money is spent,
    2 bad usage, 130 or 143 stopped by a signal.
    """
    from service.batch.lines import LineReader
    from service.batch.running import Bounds
    from service.telemetry.logging import configure

    configure(logging.WARNING)  # a line for each line would be in the bar's way
    with told(), _opened(input_file, output_file) as source:
        settings, node = _create_node(concurrency, priced=(max_cost_usd, max_total_cost_usd) != (None, None))
        reader = LineReader(node.summaries.limits, settings.max_body_bytes, max_cost_usd, require_model)
        bounds = Bounds(window or _WINDOW_FOR_EACH * settings.job_concurrent, max_total_cost_usd)
        run = _Run(node, reader, bounds, works=worker, restart=restart)
        code = asyncio.run(run.work(source, output_file))
    raise typer.Exit(code)


def _create_node(concurrency: int | None, *, priced: bool) -> tuple[Settings, Node]:
    """The parts of this process, with so many jobs at once. Raises InvalidInput where a needed price is not set."""
    from service.node import create_node
    from service.settings import load_settings

    settings = load_settings()
    if concurrency:
        settings = settings.model_copy(update={"job_concurrent": concurrency})
    node = create_node(settings)
    if priced:
        _check_price(node)
    return settings, node


@contextmanager
def _opened(source: Path, output: Path) -> Iterator[BinaryIO]:
    """The input, if it is one. Raises InvalidInput."""
    from service.core.errors import InvalidInput

    try:
        if not source.is_file():
            raise InvalidInput(f"{source} is no file" if source.exists() else f"{source} does not exist")
        if output.exists() and output.samefile(source):
            raise InvalidInput("IN and OUT are one file: name another OUT")
        opened = source.open("rb")
    except OSError as error:
        raise InvalidInput(f"{error.filename} can't be read: {error.strerror}") from error
    with opened:
        yield opened


def _check_price(node: Node) -> None:
    """Raises InvalidInput if no budget can be kept, for the model has no price."""
    from service.backends.base import Scope
    from service.core.errors import InvalidInput

    if node.summaries.backends.estimate([], [], Scope(1, "")).cost_usd is None:
        model = node.summaries.backends.model
        raise InvalidInput(f"CONCORD_PRICES has no price of {model}: no budget can be kept without it")


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of the command."""

    node: Node
    reader: LineReader
    bounds: Bounds
    works: bool
    restart: bool

    async def work(self, source: BinaryIO, path: Path) -> int:
        """The exit code, once all that can be done is done. Raises InvalidInput for files that can't be."""
        from service.batch.output import Output
        from service.batch.tally import End

        signals = _Signals()
        output = Output(path)
        try:
            tally, lines = await asyncio.to_thread(self._resume, source, output)
            if tally.done == tally.total and not output.begun:
                output.finish()
                return _finish(End.DONE, tally, signals)
            with told(FAILED):
                end = await self._go_on(lines, output, tally, signals)
            return _finish(end, tally, signals)
        finally:
            output.close()

    def _resume(self, source: BinaryIO, output: Output) -> tuple[Tally, Iterator[RawLine]]:
        """What is done, and the lines that are left."""
        from service.batch.lines import read_lines
        from service.batch.tally import Tally

        if self.restart:
            output.clear()
        tally = Tally(sum(1 for _ in read_lines(source, self.reader.most_bytes)))
        source.seek(0)
        lines = read_lines(source, self.reader.most_bytes)
        output.resume(lines, tally)
        return tally, lines

    async def _go_on(self, lines: Iterator[RawLine], output: Output, tally: Tally, signals: _Signals) -> End:
        from service.batch.running import Batch
        from service.batch.tally import End

        async with self.node.open(works=self.works):
            batch = Batch(self.node.jobs, self.reader, self.bounds, output, tally)
            if self.restart:
                await batch.forget()
            if not self.works:
                typer.echo(f"concord: the lines wait for workers on {self.node.database.name}", err=True)
            tally.begin()
            async with shown(tally):
                end = await batch.run(lines, signals.stop)
            if end is not End.DONE and self.works:
                typer.echo(f"concord: what runs has {self.node.grace:g} s to end", err=True)
            return end


class _Signals:
    """The signals to stop: the first ends the batch in order, the second at once, for nothing can be lost."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.code = 0
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, self._heard, sign)

    def _heard(self, sign: signal.Signals) -> None:
        if self.stop.is_set():
            show_cursor()
            os._exit(128 + sign)
        self.code = 128 + sign
        self.stop.set()


def _finish(end: End, tally: Tally, signals: _Signals) -> int:
    """Say how it ended. The exit code."""
    from service.batch.tally import End

    typer.echo(f"concord: {tally.describe_run()}")
    if end is End.STOPPED:
        typer.echo("concord: stopped; the same command goes on from here", err=True)
        return signals.code
    if end is End.SPENT:
        reason = "the next line could cost more than is left of --max-total-cost-usd"
        typer.echo(f"concord: {reason}; the same command with a higher one goes on from here", err=True)
        return FAILED
    if tally.failed:
        typer.echo("concord: OUT says why of each that failed; to try these again, make another IN of them", err=True)
    return FAILED if tally.failed else 0
