"""Inputs of the command line: files and folders to a request. Says of every bad file which and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from service.api.schemas import DocumentIn, SummaryRequest
from service.core.errors import InvalidInput
from service.core.model import Format

FORMATS = {
    ".txt": Format.TEXT, ".text": Format.TEXT, ".md": Format.MARKDOWN, ".markdown": Format.MARKDOWN,
    ".html": Format.HTML, ".htm": Format.HTML,
}  # fmt: skip
MANIFEST = "documents.json"
"""Optional in a folder: a list of `{id, file, title, publisher, published_at, url}`, in the order to post."""


def read_request(text: str, **options: Any) -> SummaryRequest:
    """The JSON of a request, with the options given on the command line put over it."""
    try:
        return SummaryRequest.model_validate({**json.loads(text), **options})
    except (ValueError, TypeError) as error:
        raise InvalidInput(f"standard input is no request: {_explain(error)}") from error


def read_paths(paths: Sequence[Path], **options: Any) -> SummaryRequest:
    """A request with the documents of files and folders, in the order given (in a folder, by name)."""
    documents = [document for path in paths for document in _documents(path)]
    try:
        return SummaryRequest(documents=documents, **options)
    except ValidationError as error:
        raise InvalidInput(_explain(error)) from error


def _documents(path: Path) -> Iterable[DocumentIn]:
    if path.is_dir():
        manifest = path / MANIFEST
        entries = _read_manifest(manifest) if manifest.is_file() else [{"file": f.name} for f in _readable(path)]
        if not entries:
            raise InvalidInput(f"{path} holds no document: {', '.join(FORMATS)} are read")
        for entry in entries:
            fields = {key: value for key, value in entry.items() if key != "file"}
            yield _document(path / str(entry["file"]), fields)
    elif path.is_file():
        yield _document(path, {})
    else:
        raise InvalidInput(f"{path} does not exist")


def _readable(folder: Path) -> list[Path]:
    return sorted(f for f in folder.iterdir() if f.is_file() and f.suffix.lower() in FORMATS)


def _read_manifest(manifest: Path) -> list[dict[str, Any]]:
    try:
        entries = json.loads(manifest.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidInput(f"{manifest} is not JSON: {error}") from error
    if not isinstance(entries, list) or not all(isinstance(e, dict) and "file" in e for e in entries):
        raise InvalidInput(f"{manifest} is no list of objects, each with a 'file'")
    return entries


def _document(path: Path, fields: dict[str, Any]) -> DocumentIn:
    document_format = FORMATS.get(path.suffix.lower())
    if document_format is None:
        raise InvalidInput(f"{path} is of no format that is read: {', '.join(FORMATS)}")
    try:
        # newline="" keeps line ends as they are: spans index the text as it is in the file
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8: {error.reason} at byte {error.start}") from error
    except OSError as error:
        raise InvalidInput(f"{path} can't be read: {error.strerror}") from error
    values = {"id": path.stem.replace(" ", "-"), "text": text.removeprefix("\ufeff"), "format": document_format, **fields}
    try:
        return DocumentIn.model_validate(values)
    except ValidationError as error:
        raise InvalidInput(f"{path}: {_explain(error)}") from error


def _explain(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"/{'/'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in error.errors()[:5])
    return str(error)
