"""Hiding: what a page or a Markdown text holds and does not show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from service.core.hiding import Veil, without_hidden
from service.core.model import Source
from service.core.reading import read
from service.core.suspicion import find_passages

PAGES = [
    # what is hidden in a whole page, and in a piece of one
    ("<html><body><p>Shown.</p><p hidden>Secret.</p></body></html>", "Shown."),
    ("<b hidden>Secret.</b>", ""),
    # hidden in what is hidden
    ("<body><div hidden>Secret <p hidden>and more.</p></div><p>Shown.</p></body>", "Shown."),
]


@pytest.mark.parametrize(("html", "shown"), PAGES)
def test_what_a_page_hides_is_left_out(html: str, shown: str) -> None:
    """The elements that hide their text are gone with it, the others stay."""
    page: Any = without_hidden(html)
    assert page.text_content().strip() == shown


def test_a_page_that_can_not_be_read_hides_nothing() -> None:
    """What only looks as if it hid something is given back as it was posted."""
    for html in ("hidden style=", "<html hidden><body>Shown.</body></html>"):
        assert without_hidden(html) == html


PIECES: Sequence[tuple[Sequence[str], Sequence[str]]] = [
    # markup of a Markdown text, piece by piece, and what of each is shown
    (["<br>a <b>b</b>", "c"], ["a b", "c"]),
    (["a</p>b"], ["ab"]),  # an end that ends nothing
    (["<div hidden>secret <i>more", "still</div>shown"], ["", "shown"]),  # an end closes what stands open inside
    (["<img hidden>shown"], ["shown"]),  # what holds nothing hides nothing
]


@pytest.mark.parametrize(("pieces", "shown"), PIECES)
def test_a_veil_hides_until_its_element_ends(pieces: Sequence[str], shown: Sequence[str]) -> None:
    """What comes after an element that hides is shown again."""
    veil = Veil()
    assert [veil.read(piece) for piece in pieces] == shown


@pytest.mark.parametrize(
    "text",
    [
        "The file is called c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0 on every disk.",  # words, but no order
        "The key is AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/9/9 in the report.",  # no text at all
        f"A flag{chr(0xE0041) * 2} of a region.",  # two signs that show nothing
    ],
)
def test_what_is_encoded_or_unseen_is_not_suspicious_by_itself(text: str) -> None:
    """Codes and soft breaks stand in honest reports."""
    assert find_passages(text) == []


def test_unseen_signs_inside_furniture_are_one_span_with_it() -> None:
    """Furniture and what shows nothing in it are not told twice."""
    text = f"The bridge was closed on Monday.\n\n© 2025 Reuters{chr(0x200B) * 8}. All rights reserved.\n"
    spans = read(Source("a", text)).furniture
    assert len(spans) == 1
    assert text[spans[0].start : spans[0].end].endswith("reserved.")
