"""People: the full names of a document, and whom its titles stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.core.details.names import Name
from service.core.lexicon import TITLES
from service.core.model import Document
from service.core.words import fold

_NOT_PEOPLE = frozenset(
    "new korea republic kingdom states nations union council university ministry service agency street road region "
    "group company inc ltd plc co corp institute centre center department office committee party court house park "
    "river bay port airport county city school hospital sea ocean island news times post press desk team security "
    "new treaty alliance commission association authority foundation bank fund board bureau force forces army east "
    "west north south atlantic pacific war act bill kursk".split()
)


@dataclass(frozen=True, slots=True)
class People:
    """The names of a document: the fullest form for each surname, and the people that titles stand for."""

    fullest: dict[str, str]
    titled: dict[str, str]

    def canonical(self, phrase: str) -> str:
        """The fullest name of the person that a noun phrase ends with; else the phrase itself."""
        last = phrase.rstrip(",. ").rpartition(" ")[2]
        if last[:1].isupper() and not last.endswith(("’s", "'s")) and " and " not in phrase:
            known = self.fullest.get(fold(last))
            if known:
                return known
        title = fold(re.sub(r"^(?:the|The)\s+", "", phrase)).replace("-", " ")
        return self.titled.get(title) or re.sub(r"^The ", "the ", phrase)


def people_of(document: Document, names: Sequence[Sequence[Name]]) -> People:
    """Full names (two words and more) by surname, and `secretary general` -> the one person so titled."""
    fullest: dict[str, str] = {}
    titled: dict[str, set[str]] = {}
    for sentence, found in zip(document.sentences, names, strict=True):
        for name in found:
            if len(name.words) < 2 or not _is_person(sentence.text, name):
                continue
            surname = name.words[-1]
            if len(name.text) > len(fullest.get(surname, "")):
                fullest[surname] = name.text
            for title in _titles_before(sentence.text, name):
                titled.setdefault(title, set()).add(surname)
    single = {title: fullest[next(iter(who))] for title, who in titled.items() if len(who) == 1}
    return People(fullest, single)


def _is_person(text: str, name: Name) -> bool:
    if len(name.words) > 4 or any(word in _NOT_PEOPLE for word in name.words) or not name.text[-1].isalpha():
        return False
    return not re.search(r"\b(?:of|the|in|for)\s$", text[: name.start]) or bool(_titles_before(text, name))


def _titles_before(text: str, name: Name) -> list[str]:
    """Runs of title words right before a name: `Secretary-General`, folded, and the last word alone."""
    words = re.findall(r"[\w’'-]+", text[max(0, name.start - 60) : name.start])
    run: list[str] = []
    for word in reversed(words):
        parts = fold(word).split("-")
        if not all(part in TITLES for part in parts):
            break
        run = [*parts, *run]
    return [" ".join(run)] if len(run) > 1 else []
