"""Hostile files: bombs, cycles and addresses, each the smallest that shows its kind."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from tests.files.made import pdf, word

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "word/_rels/document.xml.rels"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word_of(parts: Mapping[str, bytes]) -> bytes:
    """A Word document of which some parts are replaced, or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word("The ferry sank."))) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in {**kept, **parts}.items():
            new.writestr(name, content)
    return target.getvalue()


def body(content: str, declared: str = "") -> Mapping[str, bytes]:
    """The part of a Word document that holds its text, with a document type."""
    xml = f'<?xml version="1.0"?>{declared}<w:document xmlns:w="{_W}"><w:body>{content}</w:body></w:document>'
    return {"word/document.xml": xml.encode()}


def says(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def laughs(levels: int = 9) -> bytes:
    """Entities of entities: ten times more text with each level."""
    declared = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(levels))
    return word_of(body(says(f"&a{levels};"), f"<!DOCTYPE w [{declared}]>"))


def quadratic_laughs() -> bytes:
    """One long entity, said often: nothing is nested."""
    return word_of(body(says("&a;" * 20_000), f'<!DOCTYPE w [<!ENTITY a "{"x" * 20_000}">]>'))


def including(address: str) -> bytes:
    """A Word document that takes in what stands at an address: as an entity, a document type and an inclusion."""
    entities = f'<!ENTITY a SYSTEM "{address}/entity"><!ENTITY % b SYSTEM "{address}/parameter">'
    declared = f'<!DOCTYPE w SYSTEM "{address}/dtd" [{entities}]>'
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{address}/include" parse="text"/>'
    return word_of(body(says("The ferry sank.") + says("&a;") + include, declared))


def related(address: str) -> bytes:
    """A Word document with a template, a picture and a style sheet elsewhere."""
    kinds = ("attachedTemplate", "image", "hyperlink", "oleObject")
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{address}/{kind}" TargetMode="External"/>'
        for n, kind in enumerate(kinds)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return word_of({_RELATIONS: f'<Relationships xmlns="{space}">{relations}</Relationships>'.encode()})


def nested_zip() -> bytes:
    """A Word document inside a Word document inside a Word document, each as its text."""
    inner = word("Inner words.")
    for _ in range(3):
        inner = word_of({"word/embeddings/inner.docx": inner})
    return inner


def many_parts(count: int) -> bytes:
    return word_of({f"word/media/{n}.xml": b"" for n in range(count)})


def table(rows: int, cells: int) -> bytes:
    """A table of empty cells that each say how far they reach."""
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="9"/></w:tcPr>{says("")}</w:tc>'
    return word_of(body(f"<w:tbl>{f'<w:tr>{cell * cells}</w:tr>' * rows}</w:tbl>"))


def nested_tables(depth: int) -> bytes:
    return word_of(body("<w:tbl><w:tr><w:tc>" * depth + says("x") + "</w:tc></w:tr></w:tbl>" * depth))


def objects(*contents: str | bytes, trailer: str = "") -> bytes:
    """A PDF of objects as they are, the first of which is its catalogue."""
    made, places = b"%PDF-1.7\n", []
    for number, content in enumerate(contents, start=1):
        places.append(len(made))
        data = content if isinstance(content, bytes) else content.encode()
        made += f"{number} 0 obj\n".encode() + data + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(contents) + 1}\n0000000000 65535 f \n{table}trailer\n"
    return made + f"{end}<</Size {len(contents) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{len(made)}\n%%EOF\n".encode()


_CATALOGUE = "<</Type/Catalog/Pages 2 0 R>>"
_PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
_FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_DRAWN = "<</Length 42>>stream\nBT /F1 12 Tf 1 1 Td (The ferry sank.) Tj ET\nendstream"


def cyclic_pages() -> bytes:
    """A tree of pages that holds itself."""
    return objects(_CATALOGUE, "<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 3>>", _PAGE, _DRAWN, _FONT)


def cyclic_parents() -> bytes:
    """A page that takes what it has not from itself."""
    page = "<</Type/Page/Parent 3 0 R/Contents 4 0 R>>"
    return objects(_CATALOGUE, "<</Type/Pages/Kids[3 0 R]/Count 1/Parent 3 0 R>>", page, _DRAWN, _FONT)


def cyclic_references() -> bytes:
    """A length that is itself, contents that are themselves, and a resource that holds itself."""
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 6 0 R/Resources 7 0 R>>"
    form = "<</Type/XObject/Subtype/Form/Length 4 0 R/Resources 7 0 R>>stream\n/X Do\nendstream"
    pages, resources = "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</XObject<</X 5 0 R>>>>"
    return objects(_CATALOGUE, pages, page, "4 0 R", form, "[6 0 R 5 0 R]", resources)


def previous_itself() -> bytes:
    """A table of objects that comes before itself."""
    made = objects(_CATALOGUE, "<</Type/Pages/Kids[3 0 R]/Count 1>>", _PAGE, _DRAWN, _FONT)
    start = made.rindex(b"xref\n0")
    return made.replace(b"/Root 1 0 R", f"/Root 1 0 R/Prev {start}".encode())


def huge_table() -> bytes:
    """A table of objects that says to hold a thousand million of them."""
    made = objects(_CATALOGUE, "<</Type/Pages/Kids[3 0 R]/Count 1>>", _PAGE, _DRAWN, _FONT)
    return made.replace(b"xref\n0 6", b"xref\n0 999999999")


def flate_bomb(size: int, layers: int = 2) -> bytes:
    """The contents of a page, deflated twice, so that what is posted is some kilobytes."""
    drawn = b"BT /F1 12 Tf (x) Tj ET\n" * (size // 23)
    for _ in range(layers):
        drawn = zlib.compress(drawn, 9)
    head = f"<</Length {len(drawn)}/Filter[{'/FlateDecode' * layers}]>>stream\n".encode()
    stream = head + drawn + b"\nendstream"
    return objects(_CATALOGUE, "<</Type/Pages/Kids[3 0 R]/Count 1>>", _PAGE, stream, _FONT)


def repeated_pages(count: int) -> bytes:
    """One page, said to be so many."""
    return objects(_CATALOGUE, f"<</Type/Pages/Kids[{'3 0 R ' * count}]/Count {count}>>", _PAGE, _DRAWN, _FONT)


def nested_arrays(depth: int) -> bytes:
    return objects(_CATALOGUE, f"<</Type/Pages/Kids{'[' * depth}{']' * depth}/Count 1>>")


def acting(address: str) -> bytes:
    """A PDF that opens addresses: on its opening, by a link, by a form, by what it embeds."""
    uri = f"<</Type/Action/S/URI/URI({address}/uri)>>"
    page = (
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>"
        f"/Annots[<</Type/Annot/Subtype/Link/A {uri}>>]/AA<</O {uri}>>>>"
    )
    catalogue = (
        f"<</Type/Catalog/Pages 2 0 R/OpenAction {uri}/URI<</Base({address})>>"
        f"/AcroForm<</XFA({address}/xfa)>>/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.launchURL\\('{address}'\\))>>]>>>>>>"
    )
    remote = f"<</Length 0/F<</FS/URL/F({address}/file)>>>>stream\n\nendstream"
    return objects(catalogue, "<</Type/Pages/Kids[3 0 R]/Count 1>>", page, _DRAWN, _FONT, remote)


def encrypted() -> bytes:
    """A PDF that asks for a password."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("The ferry sank."))))
    writer.encrypt("secret", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
