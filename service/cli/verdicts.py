"""The commands that give verdicts on a text, and learn what a judge's are worth: verify, calibrate."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.running import BAD_USAGE, FAILED, STANDARD_INPUT, ask, fail, read_standard_input
from service.cli.summaries import MaxCost

if TYPE_CHECKING:
    from service.api.schemas import VerificationResult


class VerifyFormat(StrEnum):
    TABLE = "table"
    JSON = "json"


def verify(
    text: Annotated[
        Path, typer.Argument(metavar="TEXT", help="The file whose sentences are checked; `-` for standard input.")
    ],
    against: Annotated[
        list[Path],
        typer.Option("--against", "-a", metavar="FILE|FOLDER", help="What it is held against; may be given often."),
    ],
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILES...", help="More of what it is held against.")
    ] = None,
    output: Annotated[
        VerifyFormat, typer.Option("--format", "-f", help="How to print the verdicts.")
    ] = VerifyFormat.TABLE,
    max_cost_usd: MaxCost = None,
    require_model: Annotated[
        bool, typer.Option("--require-model", help="Fail rather than judge without the model.")
    ] = False,
) -> None:
    """Check a text against documents, sentence by sentence. Exit code 1 if anything in it is not supported."""
    from service.api.schemas import VerificationRequest
    from service.api.verifications import Verifications
    from service.core.errors import InvalidInput
    from service.inputs import read_paths, read_text
    from service.settings import load_settings

    try:
        documents = read_paths([*against, *(files or [])]).documents
        said = read_standard_input() if str(text) == STANDARD_INPUT else read_text(text)
        if not said.strip():
            raise InvalidInput(f"{text} is empty")
        request = VerificationRequest(text=said, documents=documents, max_cost_usd=max_cost_usd)
    except InvalidInput as error:
        fail(error, BAD_USAGE)
    most = load_settings().max_sentences
    result = ask(request, lambda parts, _: Verifications(parts, most).make(request, require_model=require_model))
    _print_verdicts(result, output)
    if any(sentence.verdict != "supported" for sentence in result.sentences):
        raise typer.Exit(FAILED)


def _print_verdicts(result: VerificationResult, output: VerifyFormat) -> None:
    if output is VerifyFormat.JSON:
        typer.echo(result.model_dump_json(indent=2).encode())
        return
    from rich.console import Console

    from service.terminal import show_verdicts

    show_verdicts(result, Console())


def calibrate(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Labelled rows: .jsonl of evidence, sentence, label.")
    ],
    rows: Annotated[int, typer.Option(min=10, help="Rows of each file to ask about.")] = 60,
) -> None:
    """Learn what the judge's log-probabilities are worth, from labelled rows, and keep it for this judge."""
    from service.backends.calibration import CALIBRATIONS, fit, save
    from service.backends.models import ChatBackends
    from service.calibrating import evaluate, judge_all, read_rows
    from service.core.errors import ConcordError, InvalidInput
    from service.node import create_summaries
    from service.settings import load_settings

    try:
        asked, settings = read_rows(folder, rows), load_settings()
        backends = create_summaries(settings).backends
        if not isinstance(backends, ChatBackends):
            raise InvalidInput("no judge is configured: set OPENAI_BASE_URL or OPENAI_API_KEY")
    except ConcordError as error:
        fail(error, BAD_USAGE)
    judged = asyncio.run(judge_all(asked, backends.open_judge(), backends.texts))
    for scores in evaluate(judged):
        odds = "unknown" if scores.by_odds is None else f"{scores.by_odds:.3f}"
        typer.echo(
            f"{scores.set}: {scores.rows} rows, balanced accuracy {scores.by_word:.3f} by word, {odds} by odds"
        )
    sure = [(found.odds, found.row.label) for found in judged if found.odds is not None]
    try:
        calibration = fit([odds for odds, _ in sure], [label for _, label in sure])
        save(settings.data_dir / CALIBRATIONS, backends.judge.name, calibration)
    except (ValueError, OSError) as error:
        fail(error, FAILED)
    typer.echo(f"{backends.judge.name}: slope {calibration.slope}, intercept {calibration.intercept}, kept")
