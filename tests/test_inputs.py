"""Inputs: files, folders and requests as JSON. Of every bad file it is told which and why."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from service.core.errors import InvalidInput
from service.core.model import Format
from service.inputs import read_paths, read_request

REPORT = "The port was closed."


def write(path: Path, content: str | bytes = REPORT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def manifest(folder: Path, entries: Any) -> Path:
    write(folder / "documents.json", json.dumps(entries))
    return folder


def ids(*paths: Path) -> list[str | None]:
    return [document.id for document in read_paths(paths).documents]


FORMATS = [
    ("a.txt", Format.TEXT), ("a.text", Format.TEXT), ("a.md", Format.MARKDOWN), ("a.markdown", Format.MARKDOWN),
    ("a.html", Format.HTML), ("a.htm", Format.HTML), ("A.TXT", Format.TEXT), ("a.b.txt", Format.TEXT),
]  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), FORMATS)
def test_the_extension_says_the_format(tmp_path: Path, name: str, expected: Format) -> None:
    """A file is read by its extension, whatever its case."""
    assert read_paths([write(tmp_path / name)]).documents[0].format is expected


def test_text_is_as_in_the_file(tmp_path: Path) -> None:
    """Line ends stay as they are, so that spans index the file; a byte order mark is no part of the text."""
    path = write(tmp_path / "a.txt", b"\xef\xbb\xbfOne.\r\nTwo.\rThree.\x0c")
    assert read_paths([path]).documents[0].text == "One.\r\nTwo.\rThree.\x0c"


def test_a_folder_gives_its_files_by_name(tmp_path: Path) -> None:
    """Readable files of a folder come in the order of their names; others and folders within are left."""
    for name in ("b.txt", "a.md", "c.png", ".hidden", "within/d.txt"):
        write(tmp_path / name)
    assert ids(tmp_path) == ["a", "b"]


def test_a_manifest_says_order_and_fields(tmp_path: Path) -> None:
    """`documents.json` gives which files are read, in which order, and what is known of them."""
    for name in ("a.txt", "b.txt", "c.txt"):
        write(tmp_path / name)
    manifest(tmp_path, [{"file": "b.txt", "title": "B", "url": None}, {"file": "a.txt", "id": "first"}])
    documents = read_paths([tmp_path]).documents
    assert [(document.id, document.title) for document in documents] == [("b", "B"), ("first", None)]


def test_paths_come_in_the_order_given(tmp_path: Path) -> None:
    """Files and folders may be mixed."""
    single, folder = write(tmp_path / "z.txt"), write(tmp_path / "f" / "a.txt").parent
    assert ids(single, folder) == ["z", "a"]
    assert ids(folder, single) == ["a", "z"]


NAMES = [
    # file names, the ids they give
    (["two words.txt"], ["two-words"]),
    (["a\tb\nc.txt"], ["a-b-c"]),
    (["x/a.txt", "y/a.txt", "z/a.md"], ["a", "a-2", "a-3"]),
    (["é港.txt"], ["é港"]),
    (["a" * 150 + ".txt"], ["a" * 100]),
]


@pytest.mark.parametrize(("names", "expected"), NAMES)
def test_file_names_become_ids(tmp_path: Path, names: list[str], expected: list[str]) -> None:
    """An id is the file's name made fit, and numbered where another file has it."""
    assert ids(*(write(tmp_path / name) for name in names)) == expected


def test_a_name_gives_way_to_an_id_that_was_given(tmp_path: Path) -> None:
    """Ids of a manifest stay as they are, even if a file before has that name."""
    other = manifest(write(tmp_path / "f" / "b.txt").parent, [{"file": "b.txt", "id": "a"}])
    assert ids(write(tmp_path / "a.txt"), other) == ["a-2", "a"]


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX alone")
def test_names_that_are_no_text_are_read_too(tmp_path: Path) -> None:
    """A file name that is not UTF-8 still gives an id."""
    assert ids(write(tmp_path / os.fsdecode(b"caf\xe9.txt"))) == ["caf-"]


BAD_FILES = [
    # what is written (none: nothing), the path that is read, words of the message
    ({}, "a.txt", ["a.txt does not exist"]),
    ({}, ".", ["holds no document", ".txt"]),
    ({"a.odt": REPORT}, "a.odt", ["a.odt is of no format", ".html"]),
    ({"a": REPORT}, "a", ["is of no format"]),
    ({"a.txt": b"caf\xe9 closed"}, "a.txt", ["a.txt is not UTF-8", "at byte 3", "save it as"]),
    ({"a.txt": b"\xff\xfea\x00"}, ".", ["a.txt is not UTF-8"]),  # UTF-16, in a folder
    ({"a.txt": ""}, "a.txt", ["a.txt is empty"]),
    ({"a.txt": " \n"}, "a.txt", ["a.txt is white space alone"]),
    ({"documents.json": "[{"}, ".", ["documents.json is not JSON"]),
    ({"documents.json": b"\xff"}, ".", ["documents.json is not UTF-8"]),
    ({"documents.json": "[" * 100_000}, ".", ["documents.json is nested too deeply"]),
    ({"documents.json": "{}"}, ".", ["documents.json is no list"]),
    ({"documents.json": '[{"id": "a"}]'}, ".", ["documents.json is no list", "'file'"]),
    ({"documents.json": '[{"file": 3}]'}, ".", ["documents.json is no list", "'file'"]),
    ({"documents.json": "[]"}, ".", ["holds no document"]),
    ({"documents.json": '[{"file": "a.txt"}]'}, ".", ["a.txt can't be read", "No such file"]),
    ({"documents.json": '[{"file": ""}]'}, ".", ["is of no format"]),
    ({"documents.json": '[{"file": "../a.txt"}]'}, ".", ["'../a.txt'", "not in its folder"]),
    ({"documents.json": '[{"file": "/etc/hosts.txt"}]'}, ".", ["not in its folder"]),
    ({"documents.json": '[{"file": "a\\u0000.txt"}]'}, ".", ["not in its folder"]),
    ({"documents.json": '[{"file": "a.txt", "titel": 1}]', "a.txt": REPORT}, ".", ["a.txt: /titel: no such field"]),
    ({"documents.json": '[{"file": "a.txt", "id": "a b"}]', "a.txt": REPORT}, ".", ["a.txt: /id: must"]),
    ({"documents.json": '[{"file": "a.txt", "published_at": 1}]', "a.txt": REPORT}, ".", ["/published_at"]),
    ({"documents.json": '[{"file": "a.txt", "id": "x"}, {"file": "a.txt", "id": "x"}]', "a.txt": REPORT}, ".",
     ["documents.json names two documents 'x': each needs an id of its own"]),
    ({"a.txt": b"%PDF-1.4"}, "a.txt", ["a.txt is a PDF, not text: it is read if its name ends in .pdf"]),
    ({"a.txt": b"PK\x03\x04"}, "a.txt", ["a.txt is a Word document or another ZIP file, not text"]),
]  # fmt: skip


@pytest.mark.parametrize(("files", "path", "words"), BAD_FILES)
def test_of_a_bad_file_it_is_told_which_and_why(
    tmp_path: Path, files: dict[str, str | bytes], path: str, words: list[str]
) -> None:
    """The message names the file and the reason."""
    for name, content in files.items():
        write(tmp_path / name, content)
    with pytest.raises(InvalidInput) as refused:
        read_paths([tmp_path / path])
    assert all(word in str(refused.value) for word in words), refused.value


def test_what_is_neither_file_nor_folder_is_not_waited_for(tmp_path: Path) -> None:
    """A pipe is refused, not opened."""
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(InvalidInput, match="neither a file nor a folder"):
        read_paths([tmp_path / "a.txt"])


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """A manifest can't reach a file outside through a link."""
    outside, folder = write(tmp_path / "secret.txt"), tmp_path / "f"
    folder.mkdir()
    (folder / "a.txt").symlink_to(outside)
    with pytest.raises(InvalidInput, match="not in its folder"):
        read_paths([manifest(folder, [{"file": "a.txt"}])])


def test_options_go_over_the_request() -> None:
    """What the command line asks for replaces what the JSON says, and the rest stays."""
    text = json.dumps({"documents": [{"text": REPORT}], "quorum": 3, "focus": "costs"})
    request = read_request("\ufeff" + text, quorum=2)
    assert (request.quorum, request.focus) == (2, "costs")


BAD_REQUESTS = [
    ("", "is empty"),
    ("{", "not JSON"),
    ("[]", "no request"),
    ("null", "no request"),
    ("[" * 100_000, "nested"),
    ("{}", "/documents: is required"),
    ("9" * 5_000, "a number of too many digits"),
    ('{"documents": []}', "/documents: is empty"),
    ('{"documents": "a", "txt": 1}', "/documents: must be a JSON list; /txt: no such field"),
    ('{"documents": [{"text": ""}]}', "/documents/0/text: "),
    ('{"documents": [{"text": "\\ud800"}]}', "/documents/0/text: "),
    ('{"documents": [{"text": "a", "id": "x"}, {"text": "a", "id": "x"}]}', "/documents/1/id: "),
]


@pytest.mark.parametrize(("text", "word"), BAD_REQUESTS)
def test_of_a_bad_request_it_is_told_where(text: str, word: str) -> None:
    """The message says that standard input is at fault, and where in it."""
    with pytest.raises(InvalidInput, match="standard input") as refused:
        read_request(text)
    assert word in str(refused.value)


def test_bad_options_are_named(tmp_path: Path) -> None:
    """An option that can't be is told by its name."""
    with pytest.raises(InvalidInput, match="/quorum: "):
        read_paths([write(tmp_path / "a.txt")], quorum=1)
