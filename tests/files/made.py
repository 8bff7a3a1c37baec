"""Files that tests make: PDF by hand, Word by its library."""

from __future__ import annotations

import io

import docx


def pdf(*pages: str, title: str = "") -> bytes:
    """A PDF with a line of text for each line of a page, written by hand as the format has it."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for n, page in enumerate(pages):
        lines = " T* ".join(f"({line}) Tj" for line in page.split("\n")) if page else ""
        drawn = f"BT /F1 12 Tf 14 TL 72 720 Td {lines} ET"
        parts = f"/MediaBox[0 0 612 792]/Contents {5 + 2 * n} 0 R/Resources<</Font<</F1 3 0 R>>>>"
        objects.append(f"<</Type/Page/Parent 2 0 R{parts}>>")
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream")
    objects.append(f"<</Title({title})>>")
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
    end += f"<</Size {len(objects) + 1}/Root 1 0 R/Info {len(objects)} 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + end.encode()


def word(*paragraphs: str, title: str = "") -> bytes:
    """A Word document of some paragraphs, a list of one item, and a table."""
    document = docx.Document()
    document.core_properties.title = title
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.add_paragraph("Bring water.", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "drowned", "12"
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
