"""The terminal's view of a result: rich tables and numbered citations."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from service.api.schemas import ClaimOut, SummaryResult


def show(result: SummaryResult, console: Console) -> None:
    """Print a result: the summary with its sources, what each says alone, disputes, warnings."""
    console.print(_headline(result))
    _show_summary(result, console)
    _show_disputes(result, console)
    _show_claims("Shared", result.shared, console)
    for group in result.unique:
        _show_claims(f"Only in {group.document_id}", group.claims, console)
    for dropped in result.dropped:
        reasons = "; ".join(reason.detail or reason.check for reason in dropped.reasons)
        console.print(f"[red]dropped[/red] {escape(_line(dropped.text))} [dim]({escape(reasons)})[/dim]")
    for warning in result.warnings:
        where = f"{warning.document_id}: " if warning.document_id else ""
        console.print(f"[yellow]warning[/yellow] {escape(where + warning.detail)}")


def _headline(result: SummaryResult) -> Text:
    origins = len({document.origin for document in result.documents})
    facts = len(result.consensus) + len(result.shared) + sum(len(group.claims) for group in result.unique)
    elapsed = sum(result.timings_ms.values())
    return Text(
        f"{len(result.documents)} documents of {origins} origins, {facts} facts, "
        f"{len(result.consensus)} of them stated by {result.quorum} origins or more ({elapsed:.0f} ms)",
        style="dim",
    )


def _show_summary(result: SummaryResult, console: Console) -> None:
    table = Table(title="What the sources agree on", title_justify="left", show_lines=True, expand=True)
    table.add_column("sentence", ratio=4)
    table.add_column("stated by", ratio=1)
    for sentence in result.summary:
        table.add_row(escape(_line(sentence.text)), escape("\n".join(sentence.documents)))
    if result.summary:
        console.print(table)


def _show_disputes(result: SummaryResult, console: Console) -> None:
    for dispute in result.disputes:
        table = Table(title=f"Disputed: {escape(dispute.question)}", title_justify="left", expand=True)
        table.add_column("answer", ratio=1)
        table.add_column("stated by", ratio=1)
        table.add_column("in the words", ratio=3)
        for position in dispute.positions:
            quote = _line(position.citations[0].quote) if position.citations else ""
            table.add_row(escape(_line(position.text)), escape("\n".join(position.documents)), escape(quote))
        console.print(table)


def _show_claims(title: str, claims: Iterable[ClaimOut], console: Console) -> None:
    rows = list(claims)
    if not rows:
        return
    table = Table(title=escape(title), title_justify="left", show_header=False, expand=True)
    table.add_column("claim", ratio=4)
    table.add_column("by", ratio=1, style="dim")
    for claim in rows:
        table.add_row(escape(_line(claim.text)), escape(claim.attributed_to or ""))
    console.print(table)


def _line(text: str) -> str:
    return " ".join(text.split())
