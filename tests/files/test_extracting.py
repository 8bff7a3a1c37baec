"""Files: the text of PDF and Word documents, and what becomes of those that can't be read."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.core.errors import InvalidInput, NotInstalled, TooLarge
from service.files import extracting, reader
from service.files.extracting import MEDIA_TYPES, Bounds, Kind, extract, extract_async
from service.files.reader import _join
from service.inputs import read_paths
from tests.builders import create_app_of
from tests.files.made import pdf, word
from tests.processes import lives

PDF, DOCX = (next(media for media, kind in MEDIA_TYPES.items() if kind is k) for k in (Kind.PDF, Kind.DOCX))


def test_a_pdf_is_read_page_by_page() -> None:
    """Words parted by a line's end are put together, and a sentence goes on over a page's end."""
    found = extract(
        pdf("The ferry Corriel sank off Old-\nport on Monday.", "Twelve passen-\ngers drowned", "on board."), Kind.PDF
    )
    assert found.text == "The ferry Corriel sank off Oldport on Monday.\n\nTwelve passengers drowned\non board."
    assert (found.title, found.warnings) == (None, ())


def test_letters_that_a_font_draws_as_one_are_letters() -> None:
    """What is quoted and searched is written as in any other report: "fire", not with a ligature."""
    assert _join(["The \ufb01re o\ufb03ce \ufb02ooded."]) == "The fire office flooded."


def test_a_pdf_tells_its_title_and_its_empty_pages() -> None:
    """A page without text is told of: it may be a scan."""
    found = extract(pdf("The ferry sank.", "", title="The  ferry"), Kind.PDF)
    assert found.title == "The ferry"
    assert [warning["detail"] for warning in found.warnings] == ["1 of 2 pages hold no text"]


def test_a_word_document_is_read_in_order() -> None:
    """Paragraphs, lists and tables come in the order in which they stand, in any script."""
    found = extract(word("The ferry Corriel sank 🚢.", "渡轮沉没。", title="The ferry"), Kind.DOCX)
    assert found.text == "The ferry Corriel sank 🚢.\n\n渡轮沉没。\n\n- Bring water.\n\ndrowned | 12"
    assert found.title == "The ferry"


def _zipped(name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "kind", "told"),
    [
        (b"", Kind.PDF, "the file is empty"),
        (b"The port was closed.", Kind.PDF, "the file is no PDF: it does not begin with %PDF-"),
        (b"%PDF-1.4 nothing", Kind.PDF, "the PDF can't be read, it may be broken"),
        (pdf(""), Kind.PDF, "may be a scan"),
        (b"", Kind.DOCX, "the file is empty"),
        (b"The port was closed.", Kind.DOCX, r"the file is no Word document \(\.docx\), or a broken one"),
        (b"PK\x03\x04", Kind.DOCX, "no Word document"),
        (_zipped("word/document.xml", b"<a/>"), Kind.DOCX, "no Word document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.DOCX, r"save it as \.docx"),  # as Word wrote them before
    ],
)
def test_what_cannot_be_read_is_told(data: bytes, kind: Kind, told: str) -> None:
    """A broken file is the client's fault, said in a sentence."""
    with pytest.raises(InvalidInput, match=told):
        extract(data, kind)


def test_a_text_beyond_the_limit_is_refused() -> None:
    """The output of reading is bounded."""
    with pytest.raises(TooLarge, match="more than 20 characters"):
        extract(pdf("The ferry Corriel sank off Oldport on Monday."), Kind.PDF, Bounds(characters=20))


def test_a_file_that_unpacks_to_much_ends_only_its_own_process() -> None:
    """A small file that holds hundreds of megabytes meets the bound on memory, not this process's end."""
    inner = b"<w:document xmlns:w='x'>" + b"<w:p>" * 60_000_000
    original = word("The ferry sank.")
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(original)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            new.writestr(item, inner if item == "word/document.xml" else old.read(item))
    assert len(target.getvalue()) < 2_000_000
    with pytest.raises(InvalidInput, match=r"can't be read|more memory"):
        extract(target.getvalue(), Kind.DOCX, Bounds(memory=400_000_000))


@pytest.fixture
def stuck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader that never ends, and writes its process id into a file."""
    program, told = tmp_path / "stuck.py", tmp_path / "pid"
    program.write_text(f"import os, time\nopen({str(told)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n")
    monkeypatch.setattr(extracting, "_READER", program)
    return told


def test_a_file_that_takes_too_long_is_given_up(stuck: Path) -> None:
    """The process is ended, and the client is told why."""
    with pytest.raises(InvalidInput, match=r"longer than 0\.5 s"):
        extract(pdf("x"), Kind.PDF, Bounds(seconds=0.5))
    assert not lives(int(stuck.read_text()))


def test_a_reader_ends_with_its_client(stuck: Path) -> None:
    """A call that is cancelled leaves no process behind."""

    def begun() -> bool:
        return stuck.exists() and bool(stuck.read_text())

    async def leave() -> None:
        task = asyncio.create_task(extract_async(pdf("x"), Kind.PDF))
        while not begun():  # noqa: ASYNC110 (told by another process)
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(leave())
    assert not lives(int(stuck.read_text()))


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the extra is not installed, the answer says what to install."""
    monkeypatch.setattr(reader, "READERS", {"pdf": lambda _, __: __import__("no_such_library")})
    assert reader.answer("pdf", b"%PDF-", 1) == {"missing": "no_such_library"}
    program = tmp_path / "lacking.py"
    program.write_text('print(\'{"missing": "pypdf"}\')')
    monkeypatch.setattr(extracting, "_READER", program)
    with pytest.raises(NotInstalled, match=r"pypdf is not installed.*concord\[files\]"):
        extract(b"", Kind.PDF)


def test_the_reader_sees_nothing_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in the environment is not handed to the process that reads a stranger's file."""
    program = tmp_path / "telling.py"
    program.write_text(
        "import json, os\nprint(json.dumps({'text': str(dict(os.environ)), 'title': None, 'warnings': []}))"
    )
    monkeypatch.setattr(extracting, "_READER", program)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    assert "secret" not in extract(b"", Kind.PDF).text


def test_the_route_gives_the_text(client: TestClient) -> None:
    """A file is posted as it is, with its media type; the answer is what a document needs."""
    answer = client.post("/v1/texts", content=pdf("The ferry sank.", title="Ferry"), headers={"content-type": PDF})
    assert answer.json() == {"text": "The ferry sank.", "title": "Ferry", "format": "text", "warnings": []}
    answer = client.post("/v1/texts", content=word("It sank."), headers={"content-type": f"{DOCX}; x=y"})
    assert answer.json()["text"].startswith("It sank.\n\n")


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [(b"x", "image/png", 415), (b"x", "", 415), (b"x", PDF, 422), (b"x" * 3_000, PDF, 413)],
)
def test_the_route_refuses_with_a_problem(content: bytes, media_type: str, status: int) -> None:
    """Wrong kinds, broken files and too large ones are each told apart."""
    with TestClient(create_app_of({"CONCORD_MAX_BODY_BYTES": "2000"})) as client:
        answer = client.post("/v1/texts", content=content, headers={"content-type": media_type})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_command_line_reads_them(tmp_path: Path) -> None:
    """Files and folders may hold PDF and Word documents; a broken one is named."""
    (tmp_path / "a.pdf").write_bytes(pdf("The ferry sank.", title="Ferry"))
    (tmp_path / "b.docx").write_bytes(word("It sank on Monday."))
    documents = read_paths([tmp_path]).documents
    assert [(d.id, d.title) for d in documents] == [("a", "Ferry"), ("b", None)]
    (tmp_path / "c.pdf").write_bytes(b"%PDF-")
    with pytest.raises(InvalidInput, match=r"c\.pdf: the PDF can't be read"):
        read_paths([tmp_path])


def test_the_reader_runs_without_the_project() -> None:
    """It is run by its path in isolation: what it imports is the standard library and one library."""
    command = [sys.executable, "-I", str(Path(reader.__file__)), "pdf", "1000000000", "20", "1000"]
    done = subprocess.run(command, input=pdf("The ferry sank."), capture_output=True, timeout=180, check=True, env={})
    assert b'"text": "The ferry sank."' in done.stdout
