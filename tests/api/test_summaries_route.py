"""`POST /v1/summaries` and its neighbours, as a client sees them."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.answers import assert_exact
from tests.api.kept import PATH

FIELDS = {
    "id", "status", "quorum", "offset_unit", "warnings", "summary", "consensus", "shared", "unique", "unjudged",
    "disputes", "dropped", "documents", "model", "usage", "timings_ms",
}  # fmt: skip
DOCUMENT_FIELDS = {
    "id", "title", "url", "publisher", "published_at", "characters", "tokens", "sentences", "sha256", "read",
    "used", "furniture", "origin", "text",
}  # fmt: skip


def summarize(client: TestClient, request: dict[str, Any]) -> dict[str, Any]:
    response = client.post(PATH, json=request)
    assert response.status_code == 200, response.text
    result: dict[str, Any] = response.json()
    return result


def test_a_result_has_the_fields_of_the_contract(client: TestClient, cluster: dict[str, Any]) -> None:
    """A result holds what the contract names, on every level."""
    result = summarize(client, cluster)
    assert set(result) == FIELDS
    assert re.fullmatch(r"sum_[0-9a-f]{32}", result["id"])
    assert (result["status"], result["quorum"], result["offset_unit"]) == ("complete", 2, "code_point")
    assert [set(document) for document in result["documents"]] == [DOCUMENT_FIELDS] * 3
    assert result["summary"]
    assert result["consensus"]
    for sentence in result["summary"]:
        assert set(sentence) == {"text", "citations", "documents", "claims", "written_by", "verification"}
        assert set(sentence["verification"]) == {"verdict", "corroborated", "score", "checks"}
        assert sentence["written_by"] == "source"
    for claim in result["consensus"]:
        assert set(claim) == {"id", "text", "attributed_to", "documents", "citations"}
    assert set(result["timings_ms"]) == {"read", "extract", "compare", "write", "verify"}
    assert set(result["usage"]) == {
        "requests", "memoised", "prompt_tokens", "cached_tokens", "completion_tokens", "cost_usd",
    }  # fmt: skip
    assert set(result["model"]) == {"backend", "name", "prompts", "tokenizer"}


def test_every_quote_is_exact(client: TestClient, cluster: dict[str, Any]) -> None:
    """Each citation quotes its span of the posted text, and none quotes furniture."""
    assert_exact(cluster, summarize(client, cluster))


def test_the_summary_is_corroborated(client: TestClient, cluster: dict[str, Any]) -> None:
    """Every sentence of the summary is supported and cites documents of at least the quorum of origins."""
    result = summarize(client, cluster)
    origins = {document["id"]: document["origin"] for document in result["documents"]}
    assert result["summary"]
    for sentence in result["summary"]:
        assert sentence["verification"]["verdict"] == "supported"
        assert sentence["verification"]["corroborated"]
        assert len({origins[citation["document_id"]] for citation in sentence["citations"]}) >= 2


def test_what_one_document_alone_says_is_listed_under_it(client: TestClient, cluster: dict[str, Any]) -> None:
    """A fact of one report is unique to it, and is in no summary."""
    result = summarize(client, cluster)
    unique = {entry["document_id"]: " ".join(c["text"] for c in entry["claims"]) for entry in result["unique"]}
    assert "ferry" in unique["gazette"]
    assert "2019" in unique["wire"]
    assert not any("ferry" in sentence["text"] for sentence in result["summary"])


def test_figures_that_exclude_each_other_are_a_dispute(client: TestClient, cluster: dict[str, Any]) -> None:
    """9,000 and 14,000 vehicles a day are two positions on one question, each with its document."""
    disputes = summarize(client, cluster)["disputes"]
    positions = [[(p["text"], p["documents"]) for p in dispute["positions"]] for dispute in disputes]
    shown = [entry for entry in positions if any("9,000" in text for text, _ in entry)]
    assert shown
    assert {tuple(documents) for _, documents in shown[0]} == {("gazette",), ("wire",)}


def test_documents_are_echoed_with_counts(client: TestClient, cluster: dict[str, Any]) -> None:
    """Of each document the result gives what was posted of it, its size, its hash, and its furniture."""
    posted, shown = cluster["documents"][0], summarize(client, cluster)["documents"][0]
    for field in ("id", "title", "url", "publisher", "published_at"):
        assert shown[field] == posted[field]
    assert shown["characters"] == len(posted["text"])
    assert shown["sha256"] == hashlib.sha256(posted["text"].encode()).hexdigest()
    assert shown["tokens"] > 0
    assert 0 < shown["used"] <= shown["read"] == 1.0
    furniture = [posted["text"][span["start"] : span["end"]] for span in shown["furniture"]]
    assert any("Share this article" in text for text in furniture)
    assert shown["text"] is None


def test_text_is_given_for_markup(client: TestClient, cluster: dict[str, Any]) -> None:
    """Spans of HTML and Markdown index `documents[].text`, which is then given."""
    first, second, _ = cluster["documents"]
    first |= {"format": "html", "text": f"<html><body><p>{first['text']}</p></body></html>"}
    second |= {"format": "markdown", "text": second["text"].replace("Orrin Bridge", "**Orrin** Bridge")}
    result = summarize(client, cluster)
    assert "<p>" not in result["documents"][0]["text"]
    assert "**" not in result["documents"][1]["text"]
    assert result["documents"][2]["text"] is None
    assert_exact(cluster, result)


def test_ids_are_given_where_there_are_none(client: TestClient, cluster: dict[str, Any]) -> None:
    """A document without an id is called d and its position, or the next number that is free."""
    for document, chosen in zip(cluster["documents"], (None, "d1", None), strict=True):
        document["id"] = chosen
    shown = [document["id"] for document in summarize(client, cluster)["documents"]]
    assert shown == ["d2", "d1", "d3"]


@pytest.mark.parametrize("limit", [1, 2])
def test_max_sentences_bounds_the_summary(client: TestClient, cluster: dict[str, Any], limit: int) -> None:
    """No summary is longer than was asked for."""
    assert 1 <= len(summarize(client, cluster | {"max_sentences": limit})["summary"]) <= limit


def test_a_quorum_that_cannot_be_reached_leaves_the_summary_empty(
    client: TestClient, cluster: dict[str, Any]
) -> None:
    """With fewer origins than the quorum there is no summary, and a warning says why."""
    result = summarize(client, cluster | {"quorum": 4})
    assert result["summary"] == result["consensus"] == []
    assert [warning["code"] for warning in result["warnings"]] == ["too_few_origins"]


def test_one_document_alone_is_all_unique(client: TestClient, cluster: dict[str, Any]) -> None:
    """All claims of a single document are unique, and the summary is empty with a warning."""
    result = summarize(client, {"documents": cluster["documents"][:1]})
    assert result["summary"] == result["consensus"] == result["shared"] == result["disputes"] == []
    assert [entry["document_id"] for entry in result["unique"]] == ["gazette"]
    assert [warning["code"] for warning in result["warnings"]] == ["too_few_origins"]


def test_a_language_that_cannot_be_written_is_a_warning(client: TestClient, cluster: dict[str, Any]) -> None:
    """Asked for a language, the embedded backend keeps the documents' own and says so."""
    codes = [warning["code"] for warning in summarize(client, cluster | {"language": "fr"})["warnings"]]
    assert codes == ["language_ignored"]


ACCEPTED = [
    ("application/json", "application/json"),
    ("text/markdown", "text/markdown"),
    ("*/*", "application/json"),
    ("", "application/json"),  # says nothing
    ("application/*", "application/json"),
    ("text/*", "text/markdown"),
    ("text/event-stream;q=0.5, text/markdown", "text/markdown"),  # events only where nothing is wanted more
    ("TEXT/Markdown; charset=utf-8", "text/markdown"),  # case and parameters do not matter
    ("text/html, application/xhtml+xml, */*;q=0.8", "text/html"),  # a browser
    ("application/json;q=0.5, text/markdown", "text/markdown"),  # the higher weight, wherever it stands
    ("text/markdown;q=0.4, application/json;q=0.5", "application/json"),
    ("text/markdown, application/json", "application/json"),  # equal: what is preferred here
    ("text/markdown, */*", "text/markdown"),  # equal: what is named
    ("application/json;q=0, */*", "text/markdown"),  # zero refuses, the exact range over the wide one
    ("text/markdown;q=0.9;level=1, application/json;q=0.1", "text/markdown"),
    ("text/markdown;q=nonsense, application/json;q=0.1", "application/json"),  # a weight that can't be read
    ("text/markdown;q=NaN, application/json;q=0.001", "application/json"),
]


@pytest.mark.parametrize(("accept", "media_type"), ACCEPTED)
def test_accept_chooses_the_form(client: TestClient, cluster: dict[str, Any], accept: str, media_type: str) -> None:
    """The answer has the offered type of the highest weight."""
    response = client.post(PATH, json=cluster, headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"].split(";")[0] == media_type


@pytest.mark.parametrize(
    "accept",
    ["text/css", "image/*", "application/json;q=0", "*/*;q=0", "application/xml, text/plain;q=0.5", "nonsense"],
)
def test_what_is_not_offered_is_not_acceptable(client: TestClient, cluster: dict[str, Any], accept: str) -> None:
    """406 names the forms that there are."""
    response = client.post(PATH, json=cluster, headers={"accept": accept})
    assert response.status_code == 406
    forms = "application/json or text/markdown or text/html or text/event-stream"
    assert response.json()["detail"] == f"the answer comes as {forms}"


def test_markdown_is_the_same_result(client: TestClient, cluster: dict[str, Any]) -> None:
    """The Markdown answer is UTF-8 text with the summary's sentences."""
    response = client.post(PATH, json=cluster, headers={"accept": "text/markdown"})
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    assert response.text.startswith("## Summary\n")
    told = [sentence["text"] for sentence in summarize(client, cluster)["summary"]]
    assert told
    assert all(text in response.text for text in told)


def test_healthz_says_what_runs(client: TestClient) -> None:
    """The process is alive and says its version, backend and tokenizer."""
    health = client.get("/healthz")
    assert health.status_code == 200
    assert health.json() | {"version": ""} == {
        "status": "ok", "version": "", "backend": "embedded", "tokenizer": "o200k_base",
    }  # fmt: skip


def test_docs_shows_the_openapi_document(client: TestClient) -> None:
    """`/docs` is a page over `/openapi.json`."""
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "/openapi.json" in page.text
    assert client.get("/openapi.json").json()["info"]["title"] == "Concord"


def test_every_answer_has_an_id_of_its_own(client: TestClient, cluster: dict[str, Any]) -> None:
    """`X-Request-ID` is on good and bad answers, never twice the same."""
    answers = [client.get("/healthz"), client.post(PATH, json=cluster), client.post(PATH, json={})]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert len(set(ids)) == 3
    assert answers[2].json()["request_id"] == ids[2]
