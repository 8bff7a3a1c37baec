"""What tests read from an answer: its citations, all that is promised of it, and what is wrong if it is a problem."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.api.schemas import SummaryResult
from service.core.evidence import held_details
from service.core.matching import Index
from service.core.model import Source
from service.core.reading import read


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


def assert_valid(request: dict[str, Any], result: dict[str, Any]) -> None:
    """What the contract says is always true of a result, whatever the model answered."""
    SummaryResult.model_validate(result)
    assert_exact(request, result)
    origins = {document["id"]: document["origin"] for document in result["documents"]}
    consensus = {claim["id"] for claim in result["consensus"]}
    index = index_of(request, result)
    for sentence in result["summary"]:
        cited = {origins[citation["document_id"]] for citation in sentence["citations"]}
        assert len(cited) >= result["quorum"]
        assert set(sentence["claims"]) <= consensus
        assert sentence["verification"]["verdict"] == "supported"
        assert all(check["passed"] for check in sentence["verification"]["checks"])
        assert_corroborated(sentence, index, origins, result["quorum"])
    for group in result["unique"]:
        assert all(len({origins[d] for d in claim["documents"]}) == 1 for claim in group["claims"])
    for claim in result["consensus"]:
        assert len({origins[d] for d in claim["documents"]}) >= result["quorum"]
    ids = [claim["id"] for claim in claims_of(result)]
    assert len(ids) == len(set(ids))
    fell_back = [warning for warning in result["warnings"] if warning["code"] == "fell_back"]
    assert (result["status"] == "degraded") == bool(fell_back)


def assert_problem(response: Any, status: int) -> dict[str, Any]:
    """The problem of an answer, which has the form of RFC 9457."""
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert {*problem} - {"errors"} == {"type", "title", "status", "detail", "request_id"}
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["x-request-id"] != ""
    return problem


def claims_of(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Every claim of a result, wherever it is listed."""
    unique = [claim for group in result["unique"] for claim in group["claims"]]
    return [*result["consensus"], *result["shared"], *unique, *result["unjudged"]]


def index_of(request: dict[str, Any], result: dict[str, Any]) -> Index:
    """The documents of a result, read anew."""
    shown = SummaryResult.model_validate(result).documents
    sources = [
        Source(document.id, document.text or posted["text"], published_at=document.published_at)
        for posted, document in zip(request["documents"], shown, strict=True)
    ]
    return Index([read(source) for source in sources])


def assert_corroborated(sentence: dict[str, Any], index: Index, origins: dict[str, str], quorum: int) -> None:
    """Every figure, date, name and quotation of a sentence stands in its citations from a quorum of origins."""
    cited = [(c["document_id"], c["quote"]) for c in sentence["citations"]]
    dates = {index.documents[document_id].dated for document_id, _ in cited}
    for text, holds in held_details(
        index.analyse(sentence["text"], dates.pop() if len(dates) == 1 else None).details
    ):
        bearing = {origins[d] for d, quote in cited if holds(index.analyse(quote, index.documents[d].dated))}
        assert len(bearing) >= quorum, (sentence["text"], text)
