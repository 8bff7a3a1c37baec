"""Inputs of the command line: files and folders to a request. Says of a bad file which and why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from service.api.requests import DocumentIn, SummaryRequest, reason_of
from service.api.summaries import to_sources
from service.core.errors import InvalidInput, NotInstalled
from service.core.model import Format
from service.files.extracting import LOOKS, Kind, extract, find_kind
from service.shipped import find_folder

FORMATS = {
    ".txt": Format.TEXT, ".text": Format.TEXT, ".md": Format.MARKDOWN, ".markdown": Format.MARKDOWN,
    ".html": Format.HTML, ".htm": Format.HTML, ".pdf": Format.TEXT, ".docx": Format.TEXT,
}  # fmt: skip
MANIFEST = "documents.json"
"""Optional in a folder: a list of `{id, file, title, publisher, published_at, url}`, in the order to post."""
_LONGEST_ID = 100
_MAGIC_BYTES = 8  # by which a file of another kind is known
_UNFIT = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def read_request(text: str, **options: Any) -> SummaryRequest:
    """The JSON of a request, with the options given on the command line put over it."""
    if not text:
        raise InvalidInput('standard input is empty: a request is read from it, {"documents": [{"text": "…"}]}')
    fields = _parse(text.removeprefix("\ufeff"), "standard input")
    if not isinstance(fields, dict):
        raise InvalidInput('standard input is no request: a request is an object, {"documents": [{"text": "…"}]}')
    return _request({**fields, **options}, "standard input is no request: ")


def read_paths(paths: Sequence[Path], **options: Any) -> SummaryRequest:
    """A request with the documents of files and folders, in the order given (in a folder, by name).

    A document whose id nobody gave is called by its file's name, and `name-2` where that is taken.
    """
    documents = [document for path in paths for document in _documents(path)]
    named_ids = [document.id for document, named in documents if named]
    taken, chosen = set(named_ids), []
    if len(taken) < len(named_ids):
        doubled = next(name for name in named_ids if named_ids.count(name) > 1)
        raise InvalidInput(f"{MANIFEST} names two documents '{doubled}': each needs an id of its own")
    for document, named in documents:
        free = document if named else document.model_copy(update={"id": _free(document.id or "", taken)})
        taken.add(free.id)
        chosen.append(free)
    return _request({"documents": chosen, **options}, "")


def find_data() -> Path:
    """The folder with the sample clusters."""
    return find_folder("data")


def list_samples() -> list[dict[str, Any]]:
    """The sample clusters that come with Concord: name, title and number of documents of each, by name."""
    folders = sorted(folder for folder in find_data().iterdir() if (folder / MANIFEST).is_file())
    return [
        {
            "name": folder.name,
            "title": folder.name.replace("-", " ").capitalize(),
            "documents": len(_read_manifest(folder / MANIFEST)),
        }
        for folder in folders
    ]


def read_sample(name: str) -> SummaryRequest | None:
    """The request that a sample cluster makes; None if there is none of this name."""
    known = any(sample["name"] == name for sample in list_samples())
    return read_paths([find_data() / name]) if known else None


def _request(fields: dict[str, Any], introduction: str) -> SummaryRequest:
    try:
        request = SummaryRequest.model_validate(fields)
        to_sources(request.documents)
    except ValidationError as error:
        raise InvalidInput(introduction + _explain(error)) from error
    except InvalidInput as error:
        raise InvalidInput(f"{introduction}{error.pointer}: {error}") from error
    return request


def _free(name: str, taken: set[str | None]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def _documents(path: Path) -> Iterable[tuple[DocumentIn, bool]]:
    """The documents of a path, each with whether its id was given."""
    try:
        entries = _entries(path)
    except OSError as error:
        raise InvalidInput(f"{path} can't be read: {error.strerror}") from error
    for file, fields in entries:
        yield _document(file, fields), fields.get("id") is not None


def _entries(path: Path) -> list[tuple[Path, dict[str, Any]]]:
    if path.is_file():
        return [(path, {})]
    if not path.exists():
        raise InvalidInput(f"{path} does not exist")
    if not path.is_dir():
        raise InvalidInput(f"{path} is neither a file nor a folder")
    if (path / MANIFEST).is_file():
        entries = _read_manifest(path / MANIFEST)
    else:
        found = sorted(f for f in path.iterdir() if f.is_file() and f.suffix.lower() in FORMATS)
        entries = [(file, {}) for file in found]
    if not entries:
        raise InvalidInput(f"{path} holds no document: none whose name ends in {', '.join(FORMATS)}")
    return entries


def list_unread(path: Path) -> list[str]:
    """What of a folder is not read, by name: files of other kinds and folders, hidden ones left out."""
    if not path.is_dir() or (path / MANIFEST).is_file():
        return []
    told = (entry for entry in path.iterdir() if not entry.name.startswith("."))
    return sorted(entry.name for entry in told if not (entry.is_file() and entry.suffix.lower() in FORMATS))


def _read_manifest(manifest: Path) -> list[tuple[Path, dict[str, Any]]]:
    entries = _parse(read_text(manifest), str(manifest))
    listed = isinstance(entries, list)
    if not listed or not all(isinstance(e, dict) and isinstance(e.get("file"), str) for e in entries):
        raise InvalidInput(f"{manifest} is no list of objects, each with a 'file'")
    return [(_inside(manifest, entry.pop("file")), entry) for entry in entries]


def _inside(manifest: Path, name: str) -> Path:
    """The file that a manifest names, which must lie in its folder: a manifest may come from somebody else."""
    file = manifest.parent / name
    if "\0" in name or not file.resolve().is_relative_to(manifest.parent.resolve()):
        raise InvalidInput(f"{manifest} names {name!r}, which is not in its folder")
    return file


def _document(path: Path, fields: dict[str, Any]) -> DocumentIn:
    document_format = FORMATS.get(path.suffix.lower())
    if document_format is None:
        raise InvalidInput(f"{path} is of no format that is read: its name must end in {', '.join(FORMATS)}")
    name = _UNFIT.sub("-", path.stem)[:_LONGEST_ID]
    values = {**_read(path), "format": document_format, **fields}
    values["id"] = name if values.get("id") is None else values["id"]
    try:
        return DocumentIn.model_validate(values)
    except ValidationError as error:
        raise InvalidInput(_explain_document(path, error)) from error


def _read(path: Path) -> dict[str, Any]:
    """The text of a file, and the title that it names itself, if it is of a kind that can."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in set(Kind):
        return {"text": read_text(path)}
    try:
        found = extract(path.read_bytes(), Kind(kind))
    except OSError as error:
        raise InvalidInput(f"{path} can't be read: {error.strerror}") from error
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error}") from error
    except NotInstalled as error:
        raise NotInstalled(f"{path}: {error}") from error
    return {"text": found.text, "title": found.title}


def read_text(path: Path) -> str:
    """The text of a file in UTF-8. Raises InvalidInput if it can't be read, or is a file of another kind."""
    try:
        data = path.read_bytes()
        kind = find_kind(data[:_MAGIC_BYTES].decode("latin-1"))
        if kind:
            hint = f"it is read if its name ends in .{kind}"
            if path.suffix.lower() == f".{kind}":
                hint = "here text in UTF-8 alone is read"
            raise InvalidInput(f"{path} is {LOOKS[kind]}, not text: {hint}")
        return data.decode("utf-8").removeprefix("\ufeff")  # line ends stay: spans index the text of the file
    except UnicodeDecodeError as error:
        where = f"{error.reason} at byte {error.start}"
        raise InvalidInput(f"{path} is not UTF-8: {where}; save it as text in UTF-8") from error
    except OSError as error:
        raise InvalidInput(f"{path} can't be read: {error.strerror}") from error


def _parse(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise InvalidInput(f"{where} is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise InvalidInput(f"{where} is not JSON: {error}") from error
    except ValueError as error:  # of int(): its digits are limited
        raise InvalidInput(f"{where} holds a number of too many digits") from error


def _explain_document(path: Path, error: ValidationError) -> str:
    """What is wrong with a file's text, or else with what a manifest says of the file."""
    for entry in error.errors():
        if entry["loc"] == ("text",):
            return f"{path} {reason_of(entry)}"
    return f"{MANIFEST} on {path}: {_explain(error)}"


def _explain(error: ValidationError) -> str:
    """Where the first mistakes are (JSON pointers, if not at the top) and what is wrong there."""
    found = [("".join(f"/{part}" for part in entry["loc"]), reason_of(entry)) for entry in error.errors()[:5]]
    return "; ".join(f"{pointer}: {message}" if pointer else message for pointer, message in found)
