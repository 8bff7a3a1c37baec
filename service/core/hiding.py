"""Hiding: what a page or a text holds that no reader sees: hidden elements, and characters without a shape.

What is hidden is no part of the report. An element is hidden by its own attributes or by a rule of the page's own
style sheets for its class or id; a style sheet elsewhere is not fetched, and a script is not run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from service.core.model import Span

_FLAG = r"\U0001F3F4[\U000E0030-\U000E007A]{2,7}\U000E007F"  # of England, say: a black flag with tags
_SHAPELESS = (
    r"[\U000E0000-\U000E007F]+"  # tags: each stands for an ASCII character
    r"|[\uFE00-\uFE0F\U000E0100-\U000E01EF]{3,}"  # variation selectors: one, for each byte
    r"|[\u00AD\u034F\u061C\u115F\u1160\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2069\u3164\uFEFF\uFFA0]{6,}"
)
_INVISIBLE = re.compile(rf"{_FLAG}|(?P<run>(?:{_SHAPELESS})+)")
_LEAST = 6  # characters of a run that is furniture; a few are a slip of whoever wrote the page
_MAY_HIDE = re.compile(
    r"hidden|display|opacity|font-size|position|text-indent|color|clip|<template|<noscript", re.IGNORECASE
)
_HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:opacity|font-size)\s*:\s*0*\.?0*(?:px|r?em|pt|%)?\s*(?:[;!]|$)"
    r"|(?:left|top|right|bottom|text-indent|margin-left|margin-top)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%"
    r"|color\s*:\s*transparent",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]{1,40})", re.IGNORECASE)
_GROUND = re.compile(r"(?:^|;)\s*background(?:-color)?\s*:\s*([^;!]{1,40})", re.IGNORECASE)
_SHEET = re.compile(r"<style\b[^<>]{0,500}>([^<]*+)", re.IGNORECASE)
_CONDITIONAL = re.compile(r"@[^{};@]{0,200}+\{(?:[^{}@]*+\{[^{}]*+\})*+[^{}]*+\}")  # @media print { … }
_RULE = re.compile(r"([^{}]{1,500}+)\{([^{}]*+)\}")
_SELECTOR = re.compile(r"\w*([.#][\w-]+)")
_NEVER = frozenset(("html", "body", "main", "article"))  # these hide while they load
_ALWAYS = frozenset(("template", "noscript", "script", "style"))
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_WHITE = {"#ffffff": "white", "#fff": "white", "#000": "black", "#000000": "black"}


def invisible(text: str) -> Iterator[Span]:
    """The runs of characters that show nothing and may hold a text all the same."""
    return (Span(*found.span("run")) for found in _INVISIBLE.finditer(text) if found["run"])


def find_hidden(text: str) -> list[Span]:
    """The runs of invisible characters that are no part of a report, in order."""
    return [span for span in invisible(text) if span.end - span.start >= _LEAST]


def seen(text: str) -> str:
    """A text as its reader sees it, as far as characters without a shape spell something."""
    return text if text.isascii() else _INVISIBLE.sub(lambda found: "" if found["run"] else found.group(), text)


def may_hide(markup: str) -> bool:
    """False where nothing in some markup can hide an element of it."""
    return bool(_MAY_HIDE.search(markup))


def without_hidden(html: str) -> Any:
    """A page as posted where it hides no text, else its tree without the elements that do."""
    if not may_hide(html):
        return html
    from trafilatura import load_html

    page = load_html(html)
    if page is None:  # no page but a piece of one
        page = load_html(f"<html><body>{html}</body></html>")
    hidden = _hidden_in(page, hider(html)) if page is not None else []
    for element in hidden:
        element.drop_tree()
    return page if hidden else html


def _hidden_in(page: Any, is_hidden: Callable[[str, Mapping[str, str | None]], bool]) -> list[Any]:
    """The elements of a page that hide a text. Those without any cost a page nothing."""
    elements = (element for element in page.iter() if isinstance(element.tag, str))
    found = [element for element in elements if element.tag not in ("script", "style")]
    found = [element for element in found if is_hidden(element.tag, element.attrib)]
    return [element for element in found if any(text.strip() for text in element.itertext())]


def hider(html: str) -> Callable[[str, Mapping[str, str | None]], bool]:
    """Whether an element of a page is hidden, by its tag and attributes."""
    hiding = {
        selector
        for sheet in _SHEET.findall(html)
        for selectors, declarations in _RULE.findall(_CONDITIONAL.sub("", sheet))
        if _conceals(declarations)
        for part in selectors.split(",")
        if (found := _SELECTOR.fullmatch(part.strip()))
        for selector in found.groups()
    }

    def is_hidden(tag: str, attributes: Mapping[str, str | None]) -> bool:
        if tag in _ALWAYS:
            return True
        if tag in _NEVER:
            return False
        marked = "hidden" in attributes and attributes["hidden"] != "until-found"
        names = {f".{name}" for name in (attributes.get("class") or "").split()} | {f"#{attributes.get('id')}"}
        return marked or not hiding.isdisjoint(names) or _conceals(attributes.get("style") or "")

    return is_hidden


def _conceals(declarations: str) -> bool:
    if _HIDES.search(declarations):
        return True
    colour, ground = _COLOUR.search(declarations), _GROUND.search(declarations)
    return bool(colour and ground) and _plain(colour) == _plain(ground)


def _plain(found: re.Match[str] | None) -> str:
    name = found[1].strip().lower() if found else ""
    return _WHITE.get(name, name)


class Veil(HTMLParser):
    """Follows the markup inside a Markdown text, piece by piece, and says whether what comes next is hidden.

    Where an element that hides is never closed, all that follows is hidden, as a browser has it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[str] = []
        self._is_hidden = hider("")
        self._under: list[str] = []  # open elements from the outermost hidden one on

    @property
    def hides(self) -> bool:
        return bool(self._under)

    def read(self, markup: str) -> str:
        """The shown text of a piece of markup."""
        self._shown = []
        self.feed(markup)
        return "".join(self._shown)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID and (self._under or self._is_hidden(tag, dict(attrs))):
            self._under.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that holds nothing."""

    def handle_endtag(self, tag: str) -> None:
        if tag in self._under:
            while self._under.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._under:
            self._shown.append(data)
