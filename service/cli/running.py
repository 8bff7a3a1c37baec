"""Running: what commands share. Reads requests, works on them with the service's parts, ends on mistakes."""

from __future__ import annotations

import asyncio
import errno
import os
import sys
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from service.api.requests import SummaryRequest, VerificationRequest
    from service.api.schemas import SummaryResult, VerificationResult
    from service.api.summaries import Summaries

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
FAILED, BAD_USAGE = 1, 2
STANDARD_INPUT = "-"
_INTERRUPTED = 130
_NAMED = 5  # files that are not read, by name
_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
_PATIENCE = 1.0  # seconds before a progress bar appears


def read(paths: list[str], **asked: Any) -> SummaryRequest:
    """The request that paths and options make."""
    from service.core.errors import ConcordError, InvalidInput
    from service.inputs import read_paths, read_request

    options: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    try:
        if STANDARD_INPUT not in paths:
            request = read_paths([Path(path) for path in paths], **options)
            tell_unread([Path(path) for path in paths])
            return request
        if len(paths) > 1:
            raise InvalidInput("`-` stands alone, without files: the request on standard input holds its documents")
        return read_request(read_standard_input(), **options)
    except ConcordError as error:
        fail(error, BAD_USAGE)


def tell_unread(paths: Iterable[Path]) -> None:
    """Say what of folders is not read: a report that is missed is missed in every line of the result."""
    from service.inputs import list_unread

    for path in paths:
        if unread := list_unread(path):
            more = f" and {len(unread) - _NAMED} more" if len(unread) > _NAMED else ""
            typer.echo(f"concord: not read in {path}: {', '.join(unread[:_NAMED])}{more}", err=True)


def tell_falls(result: SummaryResult | VerificationResult) -> None:
    """Say on standard error what was done without the model."""
    for warning in result.warnings:
        if warning.code == "fell_back":
            typer.echo(f"concord: {result.status}: {warning.detail}", err=True)


def read_standard_input() -> str:
    from service.core.errors import InvalidInput

    if sys.stdin is None:
        raise InvalidInput("standard input is closed: a request or a text is read from it")
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"standard input is not UTF-8: {error.reason} at byte {error.start}") from error


def ask(
    request: SummaryRequest | VerificationRequest, work: Callable[[Summaries, Progress], Coroutine[Any, Any, T]]
) -> T:
    """What some work on a request returns; mistakes of the request or the settings end the command."""
    from service.building import create_summaries
    from service.core.errors import ConcordError, InvalidInput
    from service.settings import load_settings

    async def run(summaries: Summaries, progress: Progress) -> T:
        try:
            return await work(summaries, progress)
        finally:
            await summaries.backends.close()

    try:
        summaries = create_summaries(load_settings())
    except ConcordError as error:
        fail(error, BAD_USAGE)
    try:
        return with_progress(lambda progress: asyncio.run(run(summaries, progress)))
    except InvalidInput as error:
        fail(InvalidInput(f"{_place(request, error.pointer)}{error}"), FAILED)
    except ConcordError as error:
        fail(error, FAILED)


def _place(request: SummaryRequest | VerificationRequest, pointer: str) -> str:
    """The document that a JSON pointer points into, by its id."""
    part, _, rest = pointer.removeprefix("/").partition("/")
    position = rest.partition("/")[0]
    if part != "documents" or not position.isdigit():
        return ""
    return f"{request.documents[int(position)].id or f'd{int(position) + 1}'}: "


def with_progress(work: Callable[[Progress], T]) -> T:
    """What the work returns. After a second, a bar shows the stages that it reports, if there is a terminal."""
    state = ("read", 0, 1)

    def note(stage: str, done: int, total: int) -> None:
        nonlocal state
        state = (stage, done, total)

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work, note)
        try:
            if not wait([future], _PATIENCE).done:
                from rich.console import Console
                from rich.progress import Progress

                console = Console(stderr=True)
                with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
                    task = bar.add_task("starting", total=None)
                    while not wait([future], 0.1).done:
                        stage, done, total = state
                        bar.update(task, description=stage, completed=done, total=total)
            return future.result()
        except KeyboardInterrupt:  # the pool would wait for its thread, which may ask a model for minutes yet
            os._exit(_INTERRUPTED)


@contextmanager
def told(code: int = BAD_USAGE) -> Iterator[None]:
    """End the command on a mistake with a message and this exit code; with 1 where the database can't be had."""
    from service.core.errors import ConcordError, StorageUnavailable

    try:
        yield
    except StorageUnavailable as error:
        why = f": {error.reason}" if error.reason else ""
        where = "CONCORD_DATABASE_URL, or else CONCORD_DATA_DIR, says where the database of jobs is"
        fail(StorageUnavailable(f"{error}{why}; {where}"), FAILED)
    except ConcordError as error:
        fail(error, code)


def fail(error: Exception, code: int) -> NoReturn:
    typer.echo(f"concord: {error}", err=True)
    raise typer.Exit(code)


def end_unwritten(error: OSError) -> NoReturn:
    """End the process: standard output takes no more. What is left of it is thrown away, or its end would tell again.

    Files of ours that fail say so where they are opened; whoever reads by a pipe and goes away hears nothing. Any
    other error is raised again.
    """
    if error.filename is not None or error.errno not in _UNWRITABLE:
        raise error
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    with suppress(OSError):  # standard error may be on the same disk
        typer.echo(f"concord: the output can't be written: {error.strerror}; what was printed is not whole", err=True)
    sys.exit(FAILED)
