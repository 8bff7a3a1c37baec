"""Prompts: loads prompts/*.md, validates their placeholders, renders them to messages.

A prompt is a static part, the same in every request so that providers can cache it, and below a line `---` the
data. What is put in is one line each, and can't close the tags that delimit it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from service.core.errors import ConcordError
from service.core.hiding import seen
from service.shipped import find_folder

PLACEHOLDERS = {
    "claims": {"sentences"},
    "groups": {"claims"},
    "summary": {"max_sentences", "focus", "facts", "wrong"},
    "verdicts": {"evidence", "statements"},
    "word": {"evidence", "statement"},
}
"""What the data part of each request is filled with."""
_SEAM = "\n---\n"
_TAG = re.compile(r"<\s*/?\s*(?=(?:sentences|claims|facts|wrong|evidence|statements?)\b)", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*(?=\[?[sfvc]\d+[\]:(\s])")

Message = dict[str, str]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request's wording: `static` for the system message, `data` for the user's."""

    name: str
    static: str
    data: Template

    def render(self, **values: str) -> list[Message]:
        """The messages. Raises KeyError for a placeholder that is not given."""
        return [
            {"role": "system", "content": self.static},
            {"role": "user", "content": self.data.substitute(values)},
        ]


@dataclass(frozen=True, slots=True)
class Prompts:
    """The five prompts, and the hash of their content by which a result names them."""

    claims: Prompt
    groups: Prompt
    summary: Prompt
    verdicts: Prompt
    word: Prompt
    version: str


def load_prompts(folder: Path | None = None) -> Prompts:
    """The prompts of a folder, by default those that come with Concord.

    Raises ConcordError for a file that is missing or has other placeholders than its request fills.
    """
    folder = folder or find_prompts()
    texts = {name: _read(folder / f"{name}.md") for name in PLACEHOLDERS}
    version = hashlib.sha256("\0".join(texts[name] for name in sorted(texts)).encode()).hexdigest()
    return Prompts(**{name: _parse(name, text) for name, text in texts.items()}, version=f"sha256:{version[:16]}")


def find_prompts() -> Path:
    """The folder with the prompts that come with Concord."""
    return find_folder("prompts")


def line(text: str) -> str:
    """A text of a document as one line, as its reader sees it, that neither closes a tag nor begins like a number."""
    return _NUMBER.sub("· ", _TAG.sub("‹", " ".join(seen(text).split())))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConcordError(f"the prompt {path.name} can't be read: {error}") from error


def _parse(name: str, text: str) -> Prompt:
    static, seam, data = text.partition(_SEAM)
    template = Template(data.strip())
    if not seam or "$" in static:
        raise ConcordError(f"the prompt {name}.md needs a static part without `$`, a line `---`, and the data")
    if not template.is_valid() or set(template.get_identifiers()) != PLACEHOLDERS[name]:
        wanted = ", ".join(f"${placeholder}" for placeholder in sorted(PLACEHOLDERS[name]))
        raise ConcordError(f"the data of the prompt {name}.md must be filled with {wanted} and nothing else")
    return Prompt(name, static.strip(), template)
