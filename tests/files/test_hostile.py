"""Hostile files: what they would unpack to, turn in circles over or fetch, they do not."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from service.core.model import Format
from service.files import reader
from service.files.extracting import Kind, extract
from service.files.pages import Pages
from tests.files import hostile
from tests.files.made import pdf, word

PASSWORDS = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
SUNK = "The ferry sank."

REFUSED = [
    # entities of entities, and one that is said often
    ("docx", hostile.laughs, "amplification"),
    ("docx", hostile.quadratic_laughs, "amplification"),
    # what is nested too deeply
    ("docx", lambda: hostile.nested_tables(2_000), "depth"),
    ("pdf", lambda: hostile.nested_arrays(100_000), "can't be read"),
    # what holds itself
    ("pdf", hostile.cyclic_pages, "cyclic"),
    ("pdf", hostile.cyclic_parents, "cycle"),
    ("pdf", hostile.cyclic_references, "no text"),
    # what says to be larger than it is, or is larger than it looks
    ("pdf", hostile.huge_table, "exceeds"),
    ("pdf", lambda: hostile.flate_bomb(80_000_000), "Limit"),
    # what asks for a password
    ("pdf", hostile.encrypted, "password"),
]


@pytest.mark.parametrize(("kind", "build", "told"), REFUSED)
def test_a_hostile_file_is_refused(kind: str, build: Callable[[], bytes], told: str) -> None:
    """Bombs and cycles are found by what reads them, before the process that bounds them has to end."""
    data = build()
    assert len(data) < 300_000
    assert told in reader.answer(kind, data, 1_000_000)["problem"]


READ = [
    # a file of a file of a file, of which the first alone is read
    ("docx", hostile.nested_zip, f"{SUNK}\n\n- Bring water.\n\ndrowned | 12"),
    # more parts than anybody reads
    ("docx", lambda: hostile.many_parts(2_000), f"{SUNK}\n\n- Bring water.\n\ndrowned | 12"),
    # a file of this machine, as an entity
    ("docx", lambda: hostile.word_of(hostile.body(hostile.says(f"{SUNK}&a;"), PASSWORDS)), SUNK),
    # a table of objects that comes before itself
    ("pdf", hostile.previous_itself, SUNK),
]


@pytest.mark.parametrize(("kind", "build", "text"), READ)
def test_what_a_file_drags_in_is_not_read(kind: str, build: Callable[[], bytes], text: str) -> None:
    """Of a file that holds others, or names them, its own text is told and nothing else."""
    assert reader.answer(kind, build(), 1_000_000)["text"] == text


@pytest.mark.parametrize(
    ("kind", "data"),
    [("pdf", hostile.repeated_pages(500)), ("docx", hostile.word_of(hostile.body(hostile.says("x" * 99) * 99)))],
)
def test_reading_stops_where_a_text_is_too_long(kind: str, data: bytes) -> None:
    """The pages after it are not read to find out by how much."""
    assert "more than 1000 characters" in reader.answer(kind, data, 1_000)["large"]


@pytest.mark.parametrize(
    ("kind", "data"), [("pdf", pdf(SUNK, "It was old.", title="Ferry")), ("docx", word(SUNK, title="Ferry"))]
)
def test_a_file_that_breaks_off_is_read_or_refused(kind: str, data: bytes) -> None:
    """Wherever a file ends, there is an answer."""
    for twentieth in range(20):
        said = reader.answer(kind, data[: len(data) * twentieth // 20], 1_000_000)
        assert set(said) in ({"problem"}, {"text", "title", "warnings"}), twentieth


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server that would know if anything connected to it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def _address(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def _was_called(listener: socket.socket) -> bool:
    try:
        connection, _ = listener.accept()
    except BlockingIOError:
        return False
    connection.close()
    return True


def test_a_call_would_be_seen(listener: socket.socket) -> None:
    """What the next tests look at tells a call from none."""
    assert not _was_called(listener)
    with socket.create_connection(listener.getsockname()):
        assert _was_called(listener)


PAGE = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "{0}/dtd"><html manifest="{0}/manifest"
 xmlns:xi="http://www.w3.org/2001/XInclude"><head><base href="{0}/">
<meta http-equiv="refresh" content="0;url={0}/next"><link rel="canonical" href="{0}/canonical">
<link rel="stylesheet" href="{0}/a.css"><link rel="amphtml" href="{0}/amp">
<style>@import url({0}/b.css); p {{background: url({0}/p.png)}}</style><script src="{0}/a.js"></script></head>
<body><article><h1>Ferry sinks off Oldport</h1><p>The ferry sank.</p><img src="{0}/a.png" srcset="{0}/b.png 2x">
<iframe src="{0}/frame"></iframe><object data="{0}/object"></object><embed src="{0}/embed">
<video src="{0}/video"></video><xi:include href="{0}/include" parse="text"/>
<a href="{0}/link" ping="{0}/ping">Link</a><svg><image href="{0}/s"/></svg>
</article></body></html>"""
MARKED = "The ferry sank. ![a]({0}/a.png) [b]({0}/b) <img src='{0}/c.png'> <{0}/d>\n\n[e]: {0}/e"


@pytest.mark.parametrize(("page", "form"), [(PAGE, Format.HTML), (MARKED, Format.MARKDOWN)])
def test_no_page_makes_anything_be_fetched(page: str, form: Format, listener: socket.socket) -> None:
    """Pictures, style sheets, frames, document types, inclusions: all stay where they are."""
    assert SUNK in Pages().to_text(page.format(_address(listener)), form)
    assert not _was_called(listener)


@pytest.mark.parametrize(
    ("kind", "build"), [(Kind.DOCX, hostile.related), (Kind.DOCX, hostile.including), (Kind.PDF, hostile.acting)]
)
def test_no_file_makes_anything_be_fetched(
    kind: Kind, build: Callable[[str], bytes], listener: socket.socket
) -> None:
    """A template elsewhere, an entity elsewhere and an action that opens an address are left alone."""
    assert SUNK in extract(build(_address(listener)), kind).text
    assert not _was_called(listener)


def test_no_request_makes_anything_be_fetched(client: TestClient, listener: socket.socket) -> None:
    """Neither what a document's `url` names nor what its page does."""
    address = _address(listener)
    document = {"text": PAGE.format(address), "format": "html", "url": f"{address}/page"}
    answer = client.post("/v1/summaries", json={"documents": [document]})
    assert SUNK in answer.json()["documents"][0]["text"]
    assert not _was_called(listener)
