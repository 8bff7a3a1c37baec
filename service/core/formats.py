"""Formats: HTML and Markdown to the plain text that spans index. Plain text is passed through untouched."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from service.core.hiding import Veil, may_hide, without_hidden
from service.core.model import Format

Turn = Callable[[str, Format], str]
"""What makes text of a page, and leaves plain text as it was: `to_text` here, or the same within bounds."""

_TAG = re.compile(r"<[^<>]*>")
_CAPTION = re.compile(r"<(/?)figcaption\b[^<>]*>", re.IGNORECASE)
_FIGURE = re.compile(r"<(/?)figure\b[^<>]*>", re.IGNORECASE)
_HIDDEN = re.compile(r"\s*<(?:script|style|!--|template|svg|iframe)", re.IGNORECASE)


def to_text(text: str, format: Format) -> str:  # noqa: A002 (the contract's word)
    """The text that a document's spans index: as posted for plain text, extracted for the others."""
    if format is Format.HTML:
        return _html(text)
    if format is Format.MARKDOWN:
        return _markdown(text)
    return text


def _html(text: str) -> str:
    """The page's main text; of a page without any, all its text; of no page, the text without tags."""
    from trafilatura import extract, html2txt

    page = _FIGURE.sub(r"<\1div>", _CAPTION.sub(r"<\1p>", text))  # a caption may state a fact, and would be lost
    shown, all_shown = without_hidden(page), without_hidden(text)
    extracted: str | None = extract(shown, include_comments=False, include_tables=True)
    return extracted or html2txt(all_shown) or unescape(_TAG.sub(" ", _text_of(all_shown))).strip()


def _text_of(page: Any) -> str:
    return page if isinstance(page, str) else str(page.text_content())


def _markdown(text: str) -> str:
    """Paragraphs apart, list items after their bullet or number, a table's row on one line between bars."""
    from markdown_it import MarkdownIt

    lines: list[str] = []
    bullet = ""
    row: list[str] | None = None
    veil = Veil()
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "list_item_open":
            bullet = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            lines.append(" | ".join(row))
            row = None
        elif token.type == "inline":
            content = "".join(_inline(child.type, child.content, veil) for child in token.children or [])
            if row is not None:
                row.append(content)
            else:
                lines.append(bullet + content)
                bullet = ""
        elif token.type in ("fence", "code_block") and not veil.hides:
            lines.append(token.content.rstrip("\n"))
        elif token.type == "html_block":
            lines.append(_block(token.content, veil))
    return "\n\n".join(line for line in lines if line)


def _block(content: str, veil: Veil) -> str:
    """The text of a block of HTML; what is hidden may begin in one block and end in another."""
    if _HIDDEN.match(content):
        return ""
    if not veil.hides and not may_hide(content):
        return unescape(_TAG.sub("", content)).strip()
    return veil.read(content).strip()


def _inline(kind: str, content: str, veil: Veil) -> str:
    if kind == "html_inline" and (veil.hides or may_hide(content)):
        return veil.read(content)
    if veil.hides:
        return ""
    if kind in ("text", "code_inline"):
        return content
    return "\n" if kind in ("softbreak", "hardbreak") else ""
