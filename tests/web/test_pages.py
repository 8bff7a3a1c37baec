"""What a browser is given, as a client sees it: the page, its files, its parts, and reports by `Accept`."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from service.cli import app
from tests.api.kept import begin, finished

_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_the_page_may_load_only_its_own_files(client: TestClient) -> None:
    """The policy allows scripts and styles of this service alone, and the page holds none inline."""
    answer = client.get("/")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<style|style=|<script(?![^>]*\ssrc=)|\son\w+=", answer.text)
    for file in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.text)):
        assert client.get(file).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/static/../rendering.py", "/static/%2e%2e/rendering.py", "/static/none.js"])
def test_only_its_own_files_are_served(client: TestClient, path: str) -> None:
    """Nothing beside the page's folder is to be had."""
    assert client.get(path).status_code == 404


def test_samples_are_listed_and_given(client: TestClient) -> None:
    """Each sample comes as a request that can be posted; another name is a 404."""
    samples = client.get("/page/samples").json()
    assert {sample["name"] for sample in samples} >= {"harbour-fire", "school-start-study", "sesame-recall"}
    for sample in samples:
        content = client.get(f"/page/samples/{sample['name']}").json()
        assert len(content["documents"]) == sample["documents"]
        assert client.post("/v1/estimates", json=content).json()["document_tokens"] > 1_000
    assert client.get("/page/samples/..%2f..").status_code == 404
    assert client.get("/page/samples/none").status_code == 404


def test_a_summary_comes_as_a_report(client: TestClient, cluster: dict[str, Any]) -> None:
    """`Accept: text/html`, as a browser sends it, gives the report; `*/*` still gives JSON."""
    answer = client.post("/v1/summaries", json=cluster, headers={"accept": _BROWSER})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1" in answer.text
    assert "What three reports say" in answer.text
    assert client.post("/v1/summaries", json=cluster, headers={"accept": "*/*"}).json()["summary"]


def test_a_job_comes_as_a_report_and_as_a_part(client: TestClient, cluster: dict[str, Any]) -> None:
    """One URL is a job's JSON for a program and its report for a browser; the page asks for the part."""
    place = begin(client, cluster)
    job = finished(client, place)
    report = client.get(place, headers={"accept": _BROWSER})
    assert report.text.startswith("<!doctype html>")
    part = client.get(f"/page/summaries/{job['id']}").text
    assert part.startswith('<article class="result"')
    assert f'data-job="{job["id"]}"' in part
    request = client.get(f"/page/summaries/{job['id']}/request").json()
    assert [d["text"] for d in request["documents"]] == [d["text"] for d in cluster["documents"]]


def test_what_is_not_there_is_told(client: TestClient) -> None:
    """An unknown job has no report, no part and no request."""
    unknown = f"sum_{'0' * 32}"
    assert client.get(f"/v1/summaries/{unknown}", headers={"accept": "text/html"}).status_code == 404
    for path in (f"/page/summaries/{unknown}", f"/page/summaries/{unknown}/request"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


def test_verdicts_come_as_a_part(client: TestClient, cluster: dict[str, Any]) -> None:
    """The page gets verdicts rendered by the same templates."""
    body = {"text": "The bridge carries 9,000 vehicles a day.", "documents": cluster["documents"]}
    answer = client.post("/page/verifications", json=body)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert 'data-prefix="v"' in answer.text
    assert "<mark" in answer.text
    assert client.post("/page/verifications", json={}).status_code == 422


def test_only_what_is_supported_is_said_to_be_likely(client: TestClient, cluster: dict[str, Any]) -> None:
    """The score is the probability that a sentence is supported: beside "contradicted" it would tell the opposite."""
    stated = cluster["documents"][0]["text"].split(". ")[0] + "."
    body = {"text": f"{stated}\n\nNobody ate seven lions.\n\nBy Jane Doe\n", "documents": cluster["documents"]}
    verdicts = [s["verdict"] for s in client.post("/v1/verifications", json=body).json()["sentences"]]
    assert len(set(verdicts)) > 1
    assert client.post("/page/verifications", json=body).text.count("% likely") == verdicts.count("supported")


def test_the_command_line_prints_the_report() -> None:
    """`concord demo --format html` prints a page that can be saved and sent."""
    done = CliRunner().invoke(app, ["demo", "sesame-recall", "--format", "html"])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("<!doctype html>")
    assert done.stdout.rstrip().endswith("</html>")
