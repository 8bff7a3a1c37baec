"""The command line: `concord`. Reads input, asks the same parts as the HTTP service, prints.

Exit codes: 0, 1 for a job that failed, 2 for bad usage. Imports wait until a command needs them: `--help` and
`--version` answer at once.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from service import __version__

if TYPE_CHECKING:
    from service.api.schemas import SummaryRequest, SummaryResult

T = TypeVar("T")

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="What several reports of one event agree on, say alone, and dispute. Try: concord demo",
)
FAILED, BAD_USAGE = 1, 2
_PATIENCE = 1.0  # seconds before a progress bar appears
_STANDARD_INPUT = "-"


class OutputFormat(StrEnum):
    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


Output = Annotated[OutputFormat, typer.Option("--format", "-f", help="How to print the result.")]
Quorum = Annotated[
    int | None,
    typer.Option(min=2, max=100, help="Origins that must state what the summary says; 2 by default."),
]
MaxSentences = Annotated[
    int | None, typer.Option(min=1, max=50, help="Sentences of the summary, at most; 8 by default.")
]
Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE|FOLDER...",
        help="Files (.txt, .md, .html), folders of them, or `-`: a request as JSON on standard input.",
    ),
]
Focus = Annotated[str | None, typer.Option(help="What the summary is to dwell on.")]


@app.command()
def summarize(
    paths: Paths,
    output: Output = OutputFormat.TABLE,
    quorum: Quorum = None,
    max_sentences: MaxSentences = None,
    focus: Focus = None,
) -> None:
    """Compare documents and print what they agree on, with citations."""
    from service.core.errors import InvalidInput
    from service.inputs import read_paths, read_request

    asked = {"quorum": quorum, "max_sentences": max_sentences, "focus": focus}
    options: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    try:
        if _STANDARD_INPUT in paths:
            if len(paths) > 1:
                raise InvalidInput("`-` stands alone: a request on standard input holds its documents")
            request = read_request(_read_standard_input(), **options)
        else:
            request = read_paths([Path(path) for path in paths], **options)
    except InvalidInput as error:
        _fail(error, BAD_USAGE)
    _print(_summarize(request), output)


@app.command()
def demo(
    name: Annotated[str | None, typer.Argument(help="A sample cluster; the first one by default.")] = None,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Summarize a sample cluster that comes with Concord."""
    from service.core.errors import InvalidInput
    from service.inputs import read_paths
    from service.settings import find_data

    samples = sorted(folder.name for folder in find_data().iterdir() if (folder / "documents.json").is_file())
    chosen = name or samples[0]
    if chosen not in samples:
        _fail(InvalidInput(f"there is no sample '{chosen}', but {', '.join(samples)}"), BAD_USAGE)
    _print(_summarize(read_paths([find_data() / chosen])), output)
    if output is OutputFormat.TABLE:
        others = ", ".join(sample for sample in samples if sample != chosen)
        typer.echo(f"This was the sample '{chosen}'; the others are {others} (concord demo NAME).")
        typer.echo("Your own documents: concord summarize FILE|FOLDER…")
        typer.echo("As a service: concord serve, then POST /v1/summaries (http://127.0.0.1:8000/docs)")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
) -> None:
    """Serve the HTTP API; its page is at /docs."""
    import socket

    import uvicorn

    from service.app import create_app
    from service.core.errors import ConcordError

    try:
        application = create_app()
    except ConcordError as error:
        _fail(error, BAD_USAGE)
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        _fail(OSError(f"can't listen on {host}:{port}: {error.strerror}; --host and --port choose another"), FAILED)
    uvicorn.run(application, host=host, port=port, timeout_graceful_shutdown=10)


@app.command()
def settings() -> None:
    """List every setting: its variable, what it holds now, its default and what it means."""
    from service.core.errors import ConcordError
    from service.settings import PREFIX, Settings, load_settings

    mistake: ConcordError | None = None
    current = Settings.model_construct()  # the defaults, for whoever looks a wrong variable up
    try:
        current = load_settings()
    except ConcordError as error:
        mistake = error
    for name, field in Settings.model_fields.items():
        value = getattr(current, name)
        typer.echo(f"{PREFIX}{name.upper()}={value}  (default {field.default}) {field.description}")
    if mistake:
        _fail(mistake, BAD_USAGE)


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


def _read_standard_input() -> str:
    from service.core.errors import InvalidInput

    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"standard input is not UTF-8: {error.reason} at byte {error.start}") from error


def _summarize(request: SummaryRequest) -> SummaryResult:
    """The result for a request, with a progress bar once it takes longer than a second."""
    from service.app import create_summaries
    from service.core.errors import ConcordError, InvalidInput
    from service.settings import load_settings

    try:
        summaries = create_summaries(load_settings())
    except ConcordError as error:
        _fail(error, BAD_USAGE)
    try:
        return with_progress(lambda progress: asyncio.run(summaries.make(request, progress)))
    except InvalidInput as error:
        _fail(InvalidInput(f"{_place(request, error.pointer)}{error}"), FAILED)
    except ConcordError as error:
        _fail(error, FAILED)


def _place(request: SummaryRequest, pointer: str) -> str:
    """The document that a JSON pointer points into, by its id."""
    part, _, rest = pointer.removeprefix("/").partition("/")
    position = rest.partition("/")[0]
    if part != "documents" or not position.isdigit():
        return ""
    return f"{request.documents[int(position)].id or f'd{int(position) + 1}'}: "


def with_progress(work: Callable[[Callable[[str, int, int], None]], T]) -> T:
    """What the work returns. After a second, a bar shows the stages that it reports, if there is a terminal."""
    state = ("read", 0, 1)

    def note(stage: str, done: int, total: int) -> None:
        nonlocal state
        state = (stage, done, total)

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work, note)
        if not wait([future], _PATIENCE).done:
            from rich.console import Console
            from rich.progress import Progress

            console = Console(stderr=True)
            with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
                task = bar.add_task("starting", total=None)
                while not wait([future], 0.1).done:
                    stage, done, total = state
                    bar.update(task, description=f"after {stage}", completed=done, total=total)
        return future.result()


def _print(result: SummaryResult, output: OutputFormat) -> None:
    if output is OutputFormat.JSON:
        typer.echo(result.model_dump_json(indent=2).encode())  # UTF-8 whatever the terminal's encoding
    elif output is OutputFormat.MARKDOWN:
        from service.api.markdown import to_markdown

        typer.echo(to_markdown(result), nl=False)
    else:
        from rich.console import Console

        from service.terminal import show

        show(result, Console())


def _fail(error: Exception, code: int) -> NoReturn:
    typer.echo(f"concord: {error}", err=True)
    raise typer.Exit(code)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows `?`
    app()
