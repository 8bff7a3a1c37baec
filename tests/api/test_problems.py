"""Bad requests: each is told what is wrong and where, in bounded time, and none is a failure of the service."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from time import process_time
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.api.problems import STATUSES
from service.core.errors import BackendFailed, ConcordError
from tests.api.answers import assert_problem
from tests.api.kept import PATH, Failing
from tests.builders import Opens, create_app_of

REPORT = "The port was closed on Monday. Two tugs towed the ship to the yard."
SECONDS = 20.0  # of CPU


def documents(*fields: dict[str, Any], **options: Any) -> bytes:
    return json.dumps({"documents": [{"text": REPORT} | given for given in fields], **options}).encode()


def raw(text: str) -> bytes:
    """A request whose only document has this text, which is JSON already."""
    return b'{"documents": [{"text": ' + text.encode() + b"}]}"


def chunks() -> Iterator[bytes]:
    """A body beyond the limit whose length nobody declares."""
    yield b'{"documents": [{"text": "'
    for _ in range(40):
        yield b"a" * 1_000_000
    yield b'"}]}'


def fields() -> bytes:
    """An object with a million fields that there are not."""
    return json.dumps({f"f{i}": 1 for i in range(1_000_000)}).encode()


Body = bytes | Callable[[], bytes | Iterator[bytes]]  # what is large is made when it is sent

INVALID: Sequence[tuple[str, Body, int, str | None, str]] = [
    # what is wrong, the body, the status, the pointer (None: to nowhere), a word of the explanation
    ("no documents", b'{"documents": []}', 422, "/documents", "is empty"),
    ("nothing", b"{}", 422, "/documents", "required"),
    ("an empty text", documents({"text": ""}), 422, "/documents/0/text", "empty"),
    ("white space", documents({}, {"text": " \n\t\u3000\f"}), 422, "/documents/1/text", "white space"),
    ("furniture", documents({}, {"text": "Share on Facebook\nAdvertisement"}), 422, "/documents/1/text", "furniture"),
    ("signs alone", documents({"text": "… — !!! ***"}), 422, "/documents/0/text", "no sentence"),
    ("an empty page", documents({"text": "<p></p>", "format": "html"}), 422, "/documents/0/text", "no sentence"),
    ("an id twice", documents({"id": "a"}, {}, {"id": "a"}), 422, "/documents/2/id", "/documents/0"),
    ("an empty id", documents({"id": ""}), 422, "/documents/0/id", "empty"),
    ("an id with a space", documents({"id": "a b"}), 422, "/documents/0/id", "white space"),
    ("an id with NUL", documents({"id": "a\0b"}), 422, "/documents/0/id", "control"),
    ("an unknown field", documents({}, focuss="x"), 422, "/focuss", "no such field"),
    ("an unknown field inside", documents({"body": "x"}), 422, "/documents/0/body", "no such field"),
    ("a field to be escaped", documents({"a/b~c": 1}), 422, "/documents/0/a~1b~0c", "no such field"),
    ("a text that is a number", documents({"text": 3}), 422, "/documents/0/text", "string"),
    ("a text that is null", documents({"text": None}), 422, "/documents/0/text", "string"),
    ("a text that is a list", documents({"text": ["a"]}), 422, "/documents/0/text", "string"),
    ("a document that is text", b'{"documents": ["a"]}', 422, "/documents/0", "object"),
    ("documents that are none", b'{"documents": {"text": "a"}}', 422, "/documents", "list"),
    ("an unknown format", documents({"format": "pdf"}), 422, "/documents/0/format", "html"),
    ("a date as a number", documents({"published_at": 1730000000}), 422, "/documents/0/published_at", "RFC 3339"),
    ("a date in words", documents({"published_at": "yesterday"}), 422, "/documents/0/published_at", "RFC 3339"),
    ("a language that is none", documents({}, language="the French one"), 422, "/language", "such as en or pt-BR"),
    ("a date that is none", documents({"published_at": "2024-13-45"}), 422, "/documents/0/published_at", "RFC 3339"),
    ("a long focus", documents({}, focus="a" * 2_001), 422, "/focus", "has more than 2000 characters"),
    ("a quorum of one", documents({}, quorum=1), 422, "/quorum", "must be 2 or more"),
    ("a quorum in a string", documents({}, quorum="2"), 422, "/quorum", "must be a whole number"),
    ("a quorum that is true", documents({}, quorum=True), 422, "/quorum", "must be a whole number"),
    ("a budget in a string", documents({}, max_cost_usd="5"), 422, "/max_cost_usd", "must be a number"),
    ("an endless budget", b'{"documents": [{"text": "a"}], "max_cost_usd": 1e999}', 422, "/max_cost_usd", "finite"),
    ("a huge quorum", documents({}, quorum=10**100), 422, "/quorum", "100"),
    ("a quorum of 5,000 digits", b'{"documents": [], "quorum": ' + b"9" * 5_000 + b"}", 400, None, "digits"),
    ("NaN", b'{"documents": [{"text": "a"}], "quorum": NaN}', 422, "/quorum", "whole number"),
    ("infinity", b'{"documents": [{"text": "a"}], "max_sentences": -Infinity}', 422, "/max_sentences", "whole"),
    ("NaN for a text", raw("NaN"), 422, "/documents/0/text", "string"),
    ("half a surrogate pair", raw(r'"\ud800 The port was closed."'), 422, "/documents/0/text", "surrogate"),
    ("the same in UTF-8", raw("'").replace(b"'", b'"\xed\xa0\x80"'), 400, None, "not UTF-8"),
    ("the same in a name", b'{"documents": [{"\\ud800": 1}]}', 422, "/documents/0", "surrogate"),
    ("the same in the focus", documents({}, focus="\ud800"), 422, "/focus", "surrogate"),
    ("a raw NUL", raw('"a\0b"'), 400, None, "control character at character"),
    ("Latin-1", '{"documents": [{"text": "café"}]}'.encode("latin-1"), 400, None, "not UTF-8"),
    ("UTF-16 undeclared", documents({}).decode().encode("utf-16"), 400, None, "not UTF-8"),
    ("a field twice", b'{"documents": [], "documents": [{"text": "a"}]}', 400, None, "has 'documents' twice"),
    ("a field twice inside", raw('"a", "text": "b"'), 400, None, "has 'text' twice"),
    ("a name twice that is none", b'{"\\ud800": 1, "\\ud800": 1}', 400, None, r"has '\ud800' twice"),
    ("a long name twice", ('{"%s": 1, "%s": 1}' % (("a" * 100_000,) * 2)).encode(), 400, None, "aaa' twice"),
    ("a million fields twice", b'{"a": 1' + b', "a": 1' * 1_000_000 + b"}", 400, None, "has 'a' twice"),
    ("no JSON", b"documents=1", 400, None, "not JSON: Expecting value at character 0"),
    ("more than JSON", documents({}) + b" x", 400, None, "Extra data"),
    ("no body", b"", 400, None, "empty"),
    ("null", b"null", 422, "", "the body must be a JSON object"),
    ("a list", b"[1]", 422, "", "object"),
    ("lists in lists", b"[" * 100_000 + b"]" * 100_000, 400, None, "nested"),
    ("objects in objects", b'{"documents":' * 100_000 + b"1" + b"}" * 100_000, 400, None, "nested"),
    ("a text of lists", raw("[" * 500 + "]" * 500), 422, "/documents/0/text", "string"),
    ("a million spaces", documents({"text": " " * 1_000_000}), 422, "/documents/0/text", "white space"),
    ("a text of 10 MB", lambda: documents({"text": REPORT * 150_000}), 413, "/documents/0/text", "1000000"),
    ("2,000 documents", documents(*[{}] * 2_000), 413, "/documents", "500"),
    ("20,000 documents", lambda: documents(*[{}] * 20_000), 413, "/documents", "10000"),
    ("too much in all", lambda: documents(*[{"text": "Ships sail. " * 80_000}] * 3), 413, "/documents", "2000000"),
    ("a million wrong documents", b'{"documents": [' + b"1," * 1_000_000 + b"1]}", 422, "/documents/0", "object"),
    ("a million unknown fields", fields, 422, "", "1000000"),
    ("a body beyond the limit", lambda: documents({"text": "a" * 33_000_000}), 413, None, "32000000"),
    ("the same in chunks", chunks, 413, None, "32000000"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "pointer", "word"), [case[1:] for case in INVALID], ids=[c[0] for c in INVALID]
)
def test_invalid_input_is_told_what_and_where(
    client: TestClient, body: Body, status: int, pointer: str | None, word: str
) -> None:
    """The answer is a problem with the right status, a pointer to the place, and what is wrong there."""
    content = body if isinstance(body, bytes) else body()
    started = process_time()
    response = client.post(PATH, content=content, headers={"content-type": "application/json"})
    assert process_time() - started < SECONDS
    problem = assert_problem(response, status)
    pointers = [error["pointer"] for error in problem.get("errors", [])]
    assert pointers == ([] if pointer is None else [pointer])
    assert word in problem["detail"]
    assert len(response.content) < 2_000


REFUSED = [
    # the headers, and a word of the explanation
    ({"content-type": "text/plain"}, "not as text/plain"),
    ({"content-type": "application/x-www-form-urlencoded"}, "urlencoded"),
    ({"content-type": ""}, "the request has no Content-Type: send the body as application/json"),
    ({"content-type": "application/json; charset=iso-8859-1"}, "iso-8859-1"),
    ({"content-type": "application/json", "content-encoding": "gzip"}, "gzip"),
]


@pytest.mark.parametrize(("headers", "word"), REFUSED)
def test_other_content_is_not_read(client: TestClient, headers: dict[str, str], word: str) -> None:
    """A body that is no plain JSON in UTF-8 is refused with 415, which says what to send."""
    problem = assert_problem(client.post(PATH, content=documents({}, {}), headers=headers), 415)
    assert word in problem["detail"]


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=UTF-8", "application/vnd.concord+json"]
)
def test_json_by_any_name_is_read(client: TestClient, content_type: str) -> None:
    """What JSON is called does not matter."""
    response = client.post(PATH, content=documents({}, {}), headers={"content-type": content_type})
    assert response.status_code == 200


ELSEWHERE = [("GET", PATH, 405), ("PUT", "/healthz", 405), ("GET", "/nowhere", 404), ("POST", "/v1/summary", 404)]


@pytest.mark.parametrize(("method", "path", "status"), ELSEWHERE)
def test_what_is_not_there_is_a_problem_too(client: TestClient, method: str, path: str, status: int) -> None:
    """Wrong paths and methods are answered as problems, the latter with what is allowed."""
    response = client.request(method, path)
    said = assert_problem(response, status)["detail"]
    assert said.startswith("this path takes " if status == 405 else "there is nothing at this path; /docs shows")
    assert ("allow" in response.headers) == (status == 405)


def test_a_wrong_header_is_named(client: TestClient) -> None:
    """What is wrong with a header is told of it, and points to nothing in the body."""
    headers = {"content-type": "application/json", "Concord-Require-Model": "maybe"}
    problem = assert_problem(client.post(PATH, content=documents({}), headers=headers), 422)
    assert problem["detail"] == "the header Concord-Require-Model must be true or false"
    assert [error["pointer"] for error in problem["errors"]] == [""]


def test_all_that_is_wrong_is_told_at_once(client: TestClient) -> None:
    """Mistakes in several places are several errors, each with its pointer."""
    response = client.post(PATH, json={"documents": [{"text": "", "id": ""}], "quorum": 0, "extra": 1})
    pointers = [error["pointer"] for error in assert_problem(response, 422)["errors"]]
    assert sorted(pointers) == ["/documents/0/id", "/documents/0/text", "/extra", "/quorum"]


@pytest.mark.parametrize("work", ["summaries", "verifications", "estimates"])
def test_what_takes_too_long_is_stopped(work: str) -> None:
    """A request has so many seconds; beyond them it is 504, whatever it was for, and without a model too."""
    app = create_app_of({"CONCORD_DEADLINE_SECONDS": "0.000000001"})
    asked = {"documents": [{"text": REPORT}]} | ({"text": REPORT} if work == "verifications" else {})
    with TestClient(app, raise_server_exceptions=False) as client:
        problem = assert_problem(client.post(f"/v1/{work}", json=asked), 504)
    assert "longer than 1e-09 s" in problem["detail"]


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (BackendFailed("no model answers"), 502, "no model answers"),
        (ConcordError("it went wrong"), 500, "it went wrong"),
        (RuntimeError("a secret of the service"), 500, "the service failed"),  # nothing of it is told
    ],
)
def test_failures_are_problems_with_a_request_id(error: Exception, status: int, detail: str) -> None:
    """What fails inside is answered with its status and the request's id, without a word from inside."""
    app = create_app_of({}, Opens(Failing(error)))
    response = TestClient(app, raise_server_exceptions=False).post(
        PATH, content=documents({}, {}), headers={"content-type": "application/json"}
    )
    problem = assert_problem(response, status)
    assert detail in problem["detail"]
    assert "secret" not in response.text


def test_every_error_has_a_status() -> None:
    """The table holds the root of the error tree last, so that it is total."""
    assert list(STATUSES)[-1] is ConcordError
