"""The commands that make summaries: summarize, estimate, demo."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.running import BAD_USAGE, ask, fail, read, tell_falls

if TYPE_CHECKING:
    from service.api.requests import SummaryRequest
    from service.api.schemas import EstimateResult, SummaryResult


class OutputFormat(StrEnum):
    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


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
        help="Files (.txt, .md, .html, .pdf, .docx), folders of them, or `-`: a request as JSON on standard input.",
    ),
]
MaxCost = Annotated[
    float | None, typer.Option(min=0, help="US dollars that it may cost at most; stops before it costs more.")
]
Focus = Annotated[str | None, typer.Option(help="What the summary is to dwell on.")]


def summarize(
    paths: Paths,
    output: Output = OutputFormat.TABLE,
    quorum: Quorum = None,
    max_sentences: MaxSentences = None,
    focus: Focus = None,
    max_cost_usd: MaxCost = None,
    require_model: Annotated[
        bool, typer.Option("--require-model", help="Fail rather than do a step without the model.")
    ] = False,
) -> None:
    """Compare documents and print what they agree on, with citations."""
    request = read(paths, quorum=quorum, max_sentences=max_sentences, focus=focus, max_cost_usd=max_cost_usd)
    _print(_make(request, require_model=require_model), request, output)


def estimate(
    paths: Paths,
    max_sentences: MaxSentences = None,
    focus: Focus = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the most that a summary of these documents can cost. No model is asked."""
    request = read(paths, max_sentences=max_sentences, focus=focus)
    found: EstimateResult = ask(request, lambda summaries, _: summaries.estimate(request))
    if json:
        typer.echo(found.model_dump_json(indent=2))
        return
    cost = "CONCORD_PRICES has no price of it" if found.cost_usd is None else f"${found.cost_usd:.6f}"
    counted = "counted" if found.exact else "bounded by bytes"
    typer.echo(
        f"{found.model.name}: at most {found.requests} requests, {found.prompt_tokens} prompt tokens and "
        f"{found.completion_tokens} completion tokens ({counted}); {cost}"
    )


def demo(
    name: Annotated[str | None, typer.Argument(help="A sample cluster; the first one by default.")] = None,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Summarize a sample cluster that comes with Concord."""
    from service.core.errors import InvalidInput
    from service.inputs import list_samples, read_sample

    samples = [sample["name"] for sample in list_samples()]
    chosen = name or samples[0]
    request = read_sample(chosen)
    if request is None:
        fail(InvalidInput(f"there is no sample '{chosen}'; there are {', '.join(samples)}"), BAD_USAGE)
    _print(_make(request), request, output)
    if output is OutputFormat.TABLE:
        others = ", ".join(sample for sample in samples if sample != chosen)
        typer.echo(f"This was the sample '{chosen}'; the others are {others} (concord demo NAME).")
        typer.echo("Your own documents: concord summarize FILE|FOLDER…")
        typer.echo("In a browser: concord serve, then http://127.0.0.1:8000/")


def _make(request: SummaryRequest, *, require_model: bool = False) -> SummaryResult:
    """The result for a request, with a progress bar once it takes longer than a second."""
    from service.api.summaries import Listener
    from service.backends.base import Terms

    terms = Terms(require_model=require_model)
    return ask(request, lambda summaries, progress: summaries.make(request, Listener(progress), terms))


def _print(result: SummaryResult, request: SummaryRequest, output: OutputFormat) -> None:
    if output is not OutputFormat.TABLE:  # which goes to a file or a program: whoever waits for it is told, too
        tell_falls(result)
    if output is OutputFormat.JSON:
        typer.echo(result.model_dump_json(indent=2).encode())  # UTF-8 whatever the terminal's encoding
    elif output is OutputFormat.MARKDOWN:
        from service.web.markdown import to_markdown

        typer.echo(to_markdown(result), nl=False)
    elif output is OutputFormat.HTML:
        from service.web.rendering import render_report, texts_of

        typer.echo(render_report(result, texts_of(request.documents, result.documents)).encode())
    else:
        from rich.console import Console

        from service.cli.terminal import show

        show(result, Console())
