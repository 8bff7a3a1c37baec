"""Two paragraphs of a report, between which a page puts things, and what is found to be furniture of a text."""

from __future__ import annotations

from service.core.model import Source
from service.core.reading import read

BEFORE = "The river rose by two metres overnight and flooded most of the lower town, the mayor of Dubrin said."
AFTER = "Schools stay closed until Monday while engineers examine the bridge, according to the county council."


def furniture(text: str, publisher: str | None = None) -> list[str]:
    """The texts of the furniture."""
    document = read(Source("d", text, publisher=publisher))
    return [text[span.start : span.end] for span in document.furniture]
