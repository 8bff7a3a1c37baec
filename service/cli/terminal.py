"""The terminal's view of a result: rich tables and numbered citations. The summary comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from service.api.schemas import CitationOut, ClaimOut, SummaryResult, VerificationResult

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters and those that turn the reading direction: a document must not steer the terminal."""


def show(result: SummaryResult, console: Console) -> None:
    """Print a result: the summary with what it cites, disputes, what is shared, what each says alone."""
    _show_summary(result, console)
    _show_disputes(result, console)
    _show_claims(f"Stated by {result.quorum} origins or more", result.consensus, console)
    _show_claims("Shared", result.shared, console)
    for group in result.unique:
        _show_claims(f"Only in {group.document_id}", group.claims, console)
    _show_claims("Not judged", result.unjudged, console)
    for dropped in result.dropped:
        reasons = "; ".join(reason.detail or reason.check for reason in dropped.reasons)
        console.print(f"[red]dropped[/red] {_line(dropped.text)} [dim]({_line(reasons)})[/dim]")
    for warning in result.warnings:
        where = f"{warning.document_id}: " if warning.document_id else ""
        console.print(f"[yellow]warning[/yellow] {_line(where + warning.detail)}")
    console.print(_headline(result))


_COLOURS = {"supported": "green", "contradicted": "red", "unsupported": "yellow", "not_checked": "magenta"}


def show_verdicts(result: VerificationResult, console: Console) -> None:
    """Print verdicts: each sentence, what was found, and the best span for it or against it."""
    table = _table("The text against its sources", show_lines=True)
    table.add_column("sentence", ratio=3, overflow="fold")
    table.add_column("verdict", ratio=2, overflow="fold")
    table.add_column("in the sources", ratio=3, overflow="fold")
    for sentence in result.sentences:
        failed = "; ".join(_line(check.detail or check.check) for check in sentence.checks if not check.passed)
        verdict = f"[{_COLOURS[sentence.verdict]}]{sentence.verdict}[/] {sentence.score:.2f}\n[dim]{failed}[/dim]"
        spans = [*sentence.citations, *sentence.against][:1]
        shown = "\n".join(f"[dim]{_line(c.document_id)} {c.start}–{c.end}[/dim] {_line(c.quote)}" for c in spans)
        table.add_row(_line(sentence.text), verdict, shown)
    console.print(table)
    for warning in result.warnings:
        console.print(f"[yellow]warning[/yellow] {_line(warning.detail)}")
    supported = sum(sentence.verdict == "supported" for sentence in result.sentences)
    console.print(Text(f"supported: {supported} of {len(result.sentences)} sentences", style="dim"))


def _headline(result: SummaryResult) -> Text:
    origins = len({document.origin for document in result.documents})
    facts = len(result.consensus) + len(result.shared) + sum(len(group.claims) for group in result.unique)
    elapsed = sum(result.timings_ms.values())
    return Text(
        f"documents: {len(result.documents)}, of origins: {origins}; facts: {facts}, "
        f"stated by {result.quorum} origins or more: {len(result.consensus)} ({elapsed:.0f} ms)",
        style="dim",
    )


def _show_summary(result: SummaryResult, console: Console) -> None:
    if not result.summary:
        return
    numbers: dict[CitationOut, int] = {}
    table = _table("What the sources agree on", show_lines=True)
    table.add_column("sentence", ratio=2, overflow="fold")
    table.add_column("stated by", ratio=1, overflow="fold")
    for sentence in result.summary:
        for citation in sentence.citations:
            numbers.setdefault(citation, len(numbers) + 1)
        cited: dict[str, str] = {}
        for citation in sentence.citations:
            cited[citation.document_id] = cited.get(citation.document_id, "") + f"\\[{numbers[citation]}]"
        table.add_row(_line(sentence.text), "\n".join(f"{_line(name)} {marks}" for name, marks in cited.items()))
    console.print(table)
    _show_citations(list(numbers), console)


def _show_citations(citations: Sequence[CitationOut], console: Console) -> None:
    """What each number stands for: the document, the span in code points, the words."""
    table = _table("In the sources' words", show_header=False)
    table.add_column("number", justify="right", no_wrap=True)
    table.add_column("where", ratio=1, overflow="fold", style="dim")
    table.add_column("quote", ratio=2, overflow="fold")
    for number, c in enumerate(citations, start=1):
        table.add_row(str(number), f"{_line(c.document_id)} {c.start}–{c.end}", _line(c.quote))
    console.print(table)


def _show_disputes(result: SummaryResult, console: Console) -> None:
    for dispute in result.disputes:
        table = _table(f"Disputed: {_line(dispute.question)}")
        table.add_column("answer", ratio=1, overflow="fold")
        table.add_column("stated by", ratio=1, overflow="fold")
        table.add_column("in the words", ratio=3, overflow="fold")
        for position in dispute.positions:
            quote = _line(position.citations[0].quote) if position.citations else ""
            documents = "\n".join(_line(document) for document in position.documents)
            table.add_row(_line(position.text), documents, quote)
        console.print(table)


def _show_claims(title: str, claims: Iterable[ClaimOut], console: Console) -> None:
    rows = list(claims)
    if not rows:
        return
    table = _table(_line(title), show_header=False)
    table.add_column("claim", ratio=4, overflow="fold")
    table.add_column("by", ratio=1, overflow="fold", style="dim")
    for claim in rows:
        table.add_row(_line(claim.text), _line(claim.attributed_to or ""))
    console.print(table)


def _table(title: str, *, show_lines: bool = False, show_header: bool = True) -> Table:
    return Table(title=title, title_justify="left", expand=True, show_lines=show_lines, show_header=show_header)


def _line(text: str) -> str:
    """A text from a document on one line, harmless to the terminal and to rich's markup."""
    return escape(_CONTROL.sub("\ufffd", " ".join(text.split())))
