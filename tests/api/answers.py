"""What tests read from an answer: every citation in it, and whether its spans are exact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def citations(value: Any) -> Iterator[dict[str, Any]]:
    """Every citation anywhere in an answer."""
    if isinstance(value, dict):
        if "quote" in value:
            yield value
        for entry in value.values():
            yield from citations(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from citations(entry)


def assert_exact(request: dict[str, Any], result: dict[str, Any]) -> None:
    """Every quote is the text at its span, and no span of furniture is quoted."""
    posted = zip(request["documents"], result["documents"], strict=True)
    texts = {shown["id"]: shown["text"] or document["text"] for document, shown in posted}
    found = list(citations(result))
    assert found, "an answer without a citation shows nothing"
    for citation in found:
        text = texts[citation["document_id"]]
        assert citation["quote"] == text[citation["start"] : citation["end"]]
    for document in result["documents"]:
        for span in document["furniture"]:
            assert 0 <= span["start"] < span["end"] <= document["characters"]
            assert not any(_overlap(citation, span, document["id"]) for citation in found)


def _overlap(citation: dict[str, Any], span: dict[str, int], document_id: str) -> bool:
    start, end = int(citation["start"]), int(citation["end"])
    return citation["document_id"] == document_id and start < span["end"] and span["start"] < end
