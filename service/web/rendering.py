"""Rendering: results to HTML. Every text is escaped; the report holds all that it needs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from service import __version__
from service.api.requests import DocumentIn
from service.api.schemas import DocumentOut, SummaryResult, VerificationResult
from service.api.summaries import to_sources
from service.web import notes
from service.web.matrix import lay_out

STATIC = Path(__file__).parent / "static"
_STYLES = ("ink.css", "result.css", "report.css")
_SCRIPT_START = "\nenhance(document.querySelector('.result'));\n"


def texts_of(posted: Iterable[DocumentIn], documents: Iterable[DocumentOut]) -> dict[str, str]:
    """The text that each document's spans index: as posted, or as it was extracted where the result says so."""
    plain = {source.id: source.text for source in to_sources(list(posted))}
    return {d.id: plain[d.id] if d.text is None else d.text for d in documents}


def render_summary(result: SummaryResult, texts: Mapping[str, str], job: str | None = None) -> str:
    """A summary as a part of a page. `job` is the id under which it is kept, if it is."""
    numbered = notes.of_summary(result)
    return _environment().get_template("summary.html").render(
        result=result, notes=numbered, sources=numbered.sources(texts), matrix=lay_out(result), job=job, prefix="q"
    )  # fmt: skip


def render_verification(result: VerificationResult, texts: Mapping[str, str]) -> str:
    """Verdicts as a part of a page."""
    numbered = notes.of_verification(result)
    return _environment().get_template("verification.html").render(
        result=result, notes=numbered, sources=numbered.sources(texts), prefix="v"
    )  # fmt: skip


def render_report(result: SummaryResult, texts: Mapping[str, str]) -> str:
    """A summary as a page of its own that needs no other file, no network and no script."""
    style = "".join(_read(name) for name in _STYLES)
    script = _read("reading.js") + _SCRIPT_START
    own = f"style-src {_hash(style)}; script-src {_hash(script)}"
    policy = f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"
    return _environment().get_template("report.html").render(
        policy=policy, style=Markup(style), script=Markup(script), count=len(result.documents),  # noqa: S704 (our own)
        content=Markup(render_summary(result, texts)),  # noqa: S704 (escaped by its template)
    )  # fmt: skip


@cache
def render_page() -> str:
    """The page that takes documents and shows results."""
    return _environment().get_template("page.html").render(version=__version__)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"exact": _exact, "count": _count, "percent": _percent, "spelled": _spelled}
    return environment


def _exact(text: str) -> Markup:
    """Escaped so that a browser shows the very text: parsing HTML would make a line feed of a carriage return."""
    return Markup(str(escape(text)).replace("\r", "&#13;").replace("\0", "\ufffd"))  # noqa: S704 (escaped)


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def _spelled(number: int, noun: str) -> str:
    """A number in words, up to twelve, with its noun."""
    word = _WORDS[number] if number < len(_WORDS) else f"{number:,}"
    return f"{word} {noun}" if number == 1 else f"{word} {noun}s"


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
