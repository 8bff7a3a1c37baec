"""The terminal's view: readable at any width, and nothing that a document holds steers the terminal."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from service.api.schemas import CheckOut, DroppedOut, SummaryResult, WarningOut
from service.cli.terminal import show


def seen(result: SummaryResult, width: int = 100) -> str:
    """What `show` prints on a terminal of some width."""
    file = io.StringIO()
    show(result, Console(file=file, width=width))
    return file.getvalue()


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_lines_fit_the_width_and_nothing_is_cut(result: SummaryResult, width: int) -> None:
    """No line is wider than the terminal, and ids and sentences are folded, not shortened."""
    text = seen(result, width)
    assert max(len(line) for line in text.splitlines()) <= width
    cells = re.sub(r"[\s│┃]+", "", text)
    assert "…" not in cells.replace("…", "", result.model_dump_json().count("…"))
    assert all(document.id in cells for document in result.documents) or width < 40


def test_every_citation_is_numbered_and_quoted(result: SummaryResult) -> None:
    """A number beside a document leads to the span and the words."""
    text = seen(result, 200)
    first = result.summary[0].citations[0]
    assert f"{first.document_id} [1]" in text
    assert f"{first.document_id} {first.start}–{first.end}" in text
    assert first.quote in text


def test_markup_and_escapes_are_shown_not_obeyed(result: SummaryResult) -> None:
    """Text in square brackets stays, control and direction characters are replaced."""
    sentence = result.summary[0].model_copy(update={"text": "[red]x[/red] \x1b[2J \0 \u202e y \x9b31m [/]"})
    text = seen(result.model_copy(update={"summary": [sentence]}))
    assert "[red]x[/red]" in text
    assert "[/]" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_what_was_dropped_and_warned_of_is_shown(result: SummaryResult) -> None:
    """Dropped sentences come with their reasons, warnings with their document, and no table is empty."""
    check = CheckOut(check="figures", passed=False, detail="'12' stands in no cited span")
    text = seen(
        result.model_copy(
            update={
                "summary": [],
                "dropped": [DroppedOut(text="Twelve ships [sank].", reasons=[check])],
                "warnings": [WarningOut(code="same_origin", detail="it is a copy", document_id="wire")],
            }
        )
    )
    assert "What the sources agree on" not in text
    assert "dropped Twelve ships [sank]. ('12' stands in no cited span)" in text
    assert "warning wire: it is a copy" in text
