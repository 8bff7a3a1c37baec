"""The process that reads one file: bytes on standard input, JSON on standard output.

    python -I reader.py pdf|docx MEMORY SECONDS CHARACTERS

Run by its path, so that it imports nothing of the project. A file comes from anybody: memory and processor time are
bounded before a library sees it, and a process that dies takes nothing with it. It answers `{"text", "title",
"warnings"}`, or `{"problem": …}` for a file that can't be read, `{"large": …}` for one of too much text,
and `{"missing": …}` for a library that is not installed.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterator
from math import ceil
from time import process_time
from typing import Any

_PDF = b"%PDF-"
_HEAD = 1_024  # bytes within which a PDF names itself; some servers put something before it
_OLE = b"\xd0\xcf\x11\xe0"  # what Word wrote before .docx, and what it puts around a .docx with a password
_HYPHENATED = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_A-Z])")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_SENTENCE_END = re.compile(r"[.!?…。！？][”’\"')\]]*\s*$")
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
"""What a font draws as one character (ﬁ, ﬂ), as the letters that readers, searches and quotes have."""


class Refusal(Exception):
    """The file can't be read, for a reason that is told."""


class TooMuch(Exception):
    """The file holds more text than may be."""


def read_pdf(data: bytes, most: int) -> dict[str, Any]:
    """The text of a PDF: pages one after another, in letters; words that a line's end parts are put together."""
    from pypdf import PdfReader

    if _PDF not in data[:_HEAD]:
        raise Refusal("the file is no PDF: it does not begin with %PDF-")
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refusal("the PDF is encrypted: save it without its password")
    pages = list(_take((page.extract_text() for page in reader.pages), most))
    title = reader.metadata.title if reader.metadata else None
    empty = sum(not page.strip() for page in pages)
    if empty == len(pages):
        raise Refusal("the PDF holds no text: it may be a scan, whose text has to be recognised first (OCR)")
    notes = [{"code": "pages_without_text", "detail": f"{empty} of {len(pages)} pages hold no text"}] if empty else []
    return {"text": _join(pages), "title": title, "warnings": notes}


def _join(pages: list[str]) -> str:
    """Pages as one text: a sentence that runs over a page's end runs on."""
    text = ""
    for page in (page.strip() for page in pages):
        if text and page:
            text += "\n\n" if _SENTENCE_END.search(text[-20:]) else "\n"
        text += page
    return _HYPHENATED.sub("", text).translate(_LIGATURES)


def read_docx(data: bytes, most: int) -> dict[str, Any]:
    """The text of a Word document: its paragraphs and the rows of its tables, in order."""
    from docx import Document

    if data.startswith(_OLE):
        raise Refusal("the file is a .doc, or it has a password: save it as .docx without one")
    try:
        document = Document(io.BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Refusal("the file is no Word document (.docx), or a broken one") from error
    text = "\n\n".join(block for block in _take(_blocks(document), most) if block)
    if not text:
        raise Refusal("the Word document holds no text")
    return {"text": text, "title": document.core_properties.title, "warnings": []}


def _blocks(document: Any) -> Iterator[str]:
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                cells = dict.fromkeys(cell.text.strip().replace("\n", " ") for cell in row.cells)  # merged ones once
                yield " | ".join(cell for cell in cells if cell)
        else:
            bullet = "- " if (block.style.name if block.style else "").startswith("List") else ""
            yield f"{bullet}{block.text.strip()}" if block.text.strip() else ""


def _take(texts: Iterator[str], most: int) -> Iterator[str]:
    """The same texts, until they are longer than may be."""
    size = 0
    for text in texts:
        size += len(text)
        if size > most:
            raise TooMuch
        yield text


NAMES = {"pdf": "PDF", "docx": "Word document"}
READERS: dict[str, Callable[[bytes, int], dict[str, Any]]] = {"pdf": read_pdf, "docx": read_docx}


def answer(kind: str, data: bytes, most: int) -> dict[str, Any]:
    """What is said of a file."""
    try:
        if not data:
            raise Refusal("the file is empty")
        found = READERS[kind](data, most)
    except ImportError as error:
        return {"missing": error.name}
    except Refusal as refusal:
        return {"problem": str(refusal)}
    except TooMuch:
        return {"large": f"the text has more than {most} characters, the most that a document may have"}
    except (MemoryError, RecursionError):
        return {"problem": "reading the file takes more memory than that of one may"}
    except Exception as error:  # noqa: BLE001 (a broken file breaks its library in ways of its own)
        return {"problem": f"the {NAMES[kind]} can't be read, it may be broken: {str(error) or type(error).__name__}"}
    title = " ".join(_UNFIT.sub(" ", str(found["title"] or "")).split())[:2_000]
    text = _UNFIT.sub(" ", str(found["text"]))
    return {"text": text, "title": title or None, "warnings": found["warnings"]}


def bound(memory: int) -> None:
    """Have the kernel refuse memory beyond these bytes and files to be written, and Python all that reaches out."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(forbid)


def forbid(event: str, _: tuple[Any, ...]) -> None:
    """Nothing that a file names is fetched or run, whatever a library would like to. Raises PermissionError."""
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system")):
        raise PermissionError(f"{event} is not for what reads files")


def allow(seconds: int) -> None:
    """Have the kernel end this process after these further seconds of a processor."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(process_time()) + seconds, most))


def main() -> None:
    kind, memory, seconds, most = sys.argv[1], *(int(given) for given in sys.argv[2:5])
    data = sys.stdin.buffer.read()
    bound(memory)
    allow(seconds)
    warnings.simplefilter("ignore")
    said = json.dumps(answer(kind, data, most))
    sys.stdout.write(said)


if __name__ == "__main__":
    main()
