"""The commands that give verdicts on a text, and learn what a judge's are worth: verify, calibrate."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.running import (
    BAD_USAGE,
    FAILED,
    STANDARD_INPUT,
    ask,
    fail,
    read_standard_input,
    tell_falls,
    tell_unread,
)
from service.cli.summaries import MaxCost

if TYPE_CHECKING:
    from service.api.schemas import VerificationResult
    from service.backends.asking import Asker
    from service.backends.calibration import Calibration
    from service.backends.prompts import Prompts
    from service.calibrating import Judged, Row, Scores


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
    from service.api.requests import VerificationRequest
    from service.api.verifications import Verifications
    from service.backends.base import Terms
    from service.core.errors import ConcordError, InvalidInput
    from service.inputs import read_paths, read_text
    from service.settings import load_settings

    try:
        documents = read_paths([*against, *(files or [])]).documents
        tell_unread([*against, *(files or [])])
        given = str(text) == STANDARD_INPUT
        said = read_standard_input() if given else read_text(text)
        if not said.strip():
            raise InvalidInput(
                f"{'standard input' if given else text} is empty: the text to be checked is read from it"
            )
        request = VerificationRequest(text=said, documents=documents, max_cost_usd=max_cost_usd)
        most = load_settings().max_sentences
    except ConcordError as error:
        fail(error, BAD_USAGE)
    terms = Terms(require_model=require_model)
    result = ask(request, lambda parts, _: Verifications(parts, most).make(request, terms))
    _print_verdicts(result, output)
    if any(sentence.verdict != "supported" for sentence in result.sentences):
        raise typer.Exit(FAILED)


def _print_verdicts(result: VerificationResult, output: VerifyFormat) -> None:
    if output is VerifyFormat.JSON:
        tell_falls(result)
        typer.echo(result.model_dump_json(indent=2).encode())
        return
    from rich.console import Console

    from service.cli.terminal import show_verdicts

    show_verdicts(result, Console())


def calibrate(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help='.jsonl files of rows {"evidence": "…", "sentence": "…", "label": 1 or 0}.'
        ),
    ],
    rows: Annotated[int, typer.Option(min=10, help="Rows of each file to ask about.")] = 60,
) -> None:
    """Learn what the judge's log-probabilities are worth, from labelled rows, and keep it for this judge."""
    from service.backends.calibration import CALIBRATIONS, fit, save
    from service.backends.models import ChatBackends
    from service.building import create_summaries
    from service.calibrating import evaluate, read_rows
    from service.core.errors import ConcordError, InvalidInput
    from service.settings import load_settings

    try:
        asked, settings = read_rows(folder, rows), load_settings()
        backends = create_summaries(settings).backends
        if not isinstance(backends, ChatBackends):
            raise InvalidInput(
                "no judge is configured: set CONCORD_JUDGE_MODEL, or OPENAI_BASE_URL or OPENAI_API_KEY"
            )
    except ConcordError as error:
        fail(error, BAD_USAGE)
    judge = backends.open_judge()
    judged = asyncio.run(_judge_in_all_ways(asked, judge, backends.texts))
    calibrations = {}
    for way, found in judged.items():
        typer.echo(f"{way}, balanced accuracy")
        _print_scores(evaluate(found))
        with suppress(ValueError):
            calibrations[way] = fit([row.labelled for row in found if row.labelled])
            typer.echo(_describe(calibrations[way]))
    if not calibrations:
        fail(ConcordError("the judge told no log-probabilities of rows of both labels: its word counts"), FAILED)
    try:
        save(settings.data_dir / CALIBRATIONS, judge.model.name, calibrations)
    except OSError as error:
        fail(error, FAILED)
    typer.echo(f"kept for {judge.model.name}")


async def _judge_in_all_ways(rows: Sequence[Row], judge: Asker, prompts: Prompts) -> dict[str, list[Judged]]:
    from service.backends.calibration import WAYS
    from service.calibrating import judge_all

    return {way: await judge_all(rows, way, judge, prompts) for way in WAYS}


def _describe(found: Calibration) -> str:
    weights = f"judge {found.judge:.3f}, features {found.features:.3f}, bias {found.intercept:.3f}"
    return f"{weights}; supported from {found.open:.3f}, after the gates from {found.passed:.3f}\n"


def _print_scores(found: Sequence[Scores]) -> None:
    """A line for each set, and their means."""
    names = ("word", "odds", "features", "stacked", "gates", "together")
    if not found:
        return
    typer.echo(f"{'set':<28}{'rows':>6}" + "".join(f"{name:>10}" for name in names))
    lines = [(scores.set, scores.rows, [getattr(scores, name) for name in names]) for scores in found]
    means = [sum(column) / len(lines) for column in zip(*(values for _, _, values in lines), strict=True)]
    for name, rows, values in [*lines, ("mean", sum(rows for _, rows, _ in lines), means)]:
        typer.echo(f"{name:<28}{rows:>6}" + "".join(f"{value:>10.3f}" for value in values))
