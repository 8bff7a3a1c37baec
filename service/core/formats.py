"""Formats: HTML and Markdown to the plain text that spans index. Plain text is passed through untouched."""

from __future__ import annotations

from service.core.model import Format


def to_text(text: str, format: Format) -> str:  # noqa: A002 (the contract's word)
    """The text that a document's spans index: as posted for plain text, extracted for the others."""
    if format is Format.HTML:
        return _html(text)
    if format is Format.MARKDOWN:
        return _markdown(text)
    return text


def _html(text: str) -> str:
    from trafilatura import extract, html2txt  # 0.1 s to import, and most requests are plain text

    extracted: str | None = extract(text, include_comments=False, include_tables=True, include_formatting=False)
    return extracted or html2txt(text) or ""


def _markdown(text: str) -> str:
    from markdown_it import MarkdownIt

    lines: list[str] = []
    in_item = False
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "list_item_open":
            in_item = True
        elif token.type == "inline":
            content = "".join(_inline(child.type, child.content) for child in token.children or [])
            lines.append(f"- {content}" if in_item else content)
            in_item = False
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip("\n"))
    return "\n\n".join(lines)


def _inline(kind: str, content: str) -> str:
    if kind in ("text", "code_inline"):
        return content
    return "\n" if kind in ("softbreak", "hardbreak") else ""
