"""Rendering: what the report holds, without a browser."""

from __future__ import annotations

import base64
import hashlib
import re
from copy import deepcopy
from html.parser import HTMLParser
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.api.schemas import SummaryResult
from service.web import notes
from service.web.markdown import to_markdown
from service.web.matrix import CONTRADICTS, NOT_JUDGED, SILENT, STATES, lay_out
from service.web.rendering import render_report, texts_of
from tests.web.browsing import EVIL, SCRIPTS, large, request_of


class Elements(HTMLParser):
    """The elements of a page, with their attributes, and what stands in styles and scripts."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.content: dict[str, str] = {}
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = tag if tag in ("style", "script") else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.content[self._inside] = self.content.get(self._inside, "") + data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def made(client: TestClient, content: dict[str, Any]) -> tuple[SummaryResult, dict[str, str]]:
    """A result and its texts."""
    response = client.post("/v1/summaries", json=content)
    assert response.status_code == 200, response.text
    result = SummaryResult.model_validate(response.json())
    return result, texts_of(request_of(content).documents, result.documents)


def test_the_report_allows_itself_only_its_own_script_and_style(client: TestClient, cluster: dict[str, Any]) -> None:
    """Its policy names the hash of the one script and of the one style, and nothing may be fetched."""
    page = Elements(render_report(*made(client, cluster)))
    (policy,) = [m["content"] or "" for m in page.named("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    for kind in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(page.content[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
        assert len(page.named(kind)) == 1
    assert not page.named("link") + page.named("img") + page.named("iframe")
    assert not [a for _, a in page.found if a.keys() & {"src", "style", "onclick", "onerror", "onload"}]


def test_links_lead_to_the_web_or_into_the_page(client: TestClient, cluster: dict[str, Any]) -> None:
    """A URL of another kind than http is shown as no link; every anchor has its place."""
    cluster["documents"][1]["url"] = "javascript:window.pwned=1"
    cluster["documents"][2]["url"] = "http://[broken"
    page = Elements(render_report(*made(client, cluster)))
    links = [a["href"] or "" for a in page.named("a")]
    assert [link for link in links if not link.startswith("#")] == ["https://gazette.example/bridge"]
    places = {attributes.get("id") for _, attributes in page.found}
    assert {link[1:] for link in links if link.startswith("#")} <= places


def test_ids_are_unique(client: TestClient, cluster: dict[str, Any]) -> None:
    """No two elements of the report share an id."""
    page = Elements(render_report(*made(client, cluster)))
    ids = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("field", ["title", "publisher", "url", "text", "id"])
def test_markup_in_a_field_is_text(client: TestClient, cluster: dict[str, Any], field: str) -> None:
    """Whatever field of a document holds markup: the report has no element more than without it."""
    plain = Elements(render_report(*made(client, deepcopy(cluster))))
    evil = EVIL.replace(" ", "/") if field == "id" else EVIL
    cluster["documents"][0][field] = f"{cluster['documents'][0][field]} {evil}." if field == "text" else evil
    page = Elements(render_report(*made(client, cluster)))
    assert len(page.named("script")) == len(plain.named("script")) == 1
    assert not page.named("img")


def test_numbers_are_those_of_markdown(client: TestClient, cluster: dict[str, Any]) -> None:
    """`[7]` is the same span in the report and in the Markdown."""
    result, _ = made(client, cluster)
    numbered = notes.of_summary(result)
    listed = dict(re.findall(r"^(\d+)\. .*?\((\S+, \d+–\d+)\):", to_markdown(result), re.MULTILINE))
    assert listed
    cited = [c for s in result.summary for c in s.citations] + [c for k in result.consensus for c in k.citations]
    for c in cited:
        assert listed[str(numbered.number(c))] == f"{c.document_id}, {c.start}–{c.end}"


def test_line_ends_survive(client: TestClient) -> None:
    """A carriage return is written so that parsing HTML keeps it."""
    report = render_report(*made(client, SCRIPTS))
    assert "&#13;\n&#13;\n" in report
    assert "\r" not in report


def test_the_matrix_tells_states_contradicts_and_silent(client: TestClient, cluster: dict[str, Any]) -> None:
    """Who gives another answer to a disputed question contradicts; who has no part in a claim is silent."""
    result, _ = made(client, cluster)
    matrix = lay_out(result)
    rows = {row.claim.text: row for block in matrix.blocks for row in block.rows}
    (row,) = [row for text, row in rows.items() if "9,000 vehicles" in text]
    stances = {stance: [column.document_id for column in columns] for stance, columns in row.stances.items()}
    assert stances == {STATES: ["gazette"], CONTRADICTS: ["wire"], NOT_JUDGED: [], SILENT: ["radio"]}
    assert matrix.claims == len(result.consensus) + sum(len(group.claims) for group in result.unique)


def test_what_could_not_be_judged_is_not_called_silent() -> None:
    """Of a claim that is not judged, the documents that do not state it are drawn as not judged."""
    result, _ = large(4, 8)
    moved = result.model_copy(update={"consensus": [], "unjudged": result.consensus})
    (block,) = lay_out(moved).blocks
    assert block.heading == "Not judged"
    for row in block.rows:
        assert not row.stances[SILENT]
        assert len(row.stances[STATES]) + len(row.stances[NOT_JUDGED]) == 4


def test_copies_stand_side_by_side_under_a_bracket() -> None:
    """Documents of one origin are neighbours in the matrix, and only they are bracketed."""
    result, _ = large(6, 6)
    origins = ["o1", "o2", "o1", "o3", "o2", "o1"]
    documents = [d.model_copy(update={"origin": o}) for d, o in zip(result.documents, origins, strict=True)]
    matrix = lay_out(result.model_copy(update={"documents": documents}))
    assert [column.document_id for column in matrix.columns] == ["d0", "d2", "d5", "d1", "d4", "d3"]
    assert [(b.x, b.width) for b in matrix.brackets] == [(0, 3 * matrix.step), (3 * matrix.step, 2 * matrix.step)]
