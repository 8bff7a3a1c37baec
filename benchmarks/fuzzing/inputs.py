"""Inputs: what they grow from, the sample clusters and a small file of each kind, and words worth putting in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from benchmarks.fuzzing.targets import PART_NAMES, PARTS
from service.inputs import MANIFEST, find_data
from tests.files.made import pdf, word

_LONGEST = 1_500  # code points of a seed; small inputs are tried more often

WORDS = (
    "over 600,000", "$3-4bn", "8 to 10 minutes", "twenty-one", "half a million", "two thirds", "3.5 per cent",
    "minus 5", "1 October 2024", "2024-10-28", "10/28/2024", "on Monday", "next May", "three days ago", "5:30 p.m.",
    "the 1990s", "10月28日", "万", "Mark Rutte", "the EU’s", "al-Sham", "O’Brien", "Dr. J. R. Smith", "U.S. ",
    "“Why?” he asked. ", "said", "told", "according to", "not", "may", "if", "killed", "was killed by", "before",
    "after", "more than", "By AFP\n", "Share\n", "Related: ", "© 2025", "(Reuters) - ", "OLDPORT, Oct 28 (AP) — ",
    "| a | b |\n", "- item\n", "1. ", "# ", "\u200b", "\ufeff", "\u202e", "\U000e0041", "\x00", "\x85", "\u2028",
    "\r", "\f", "。", "؟", "।", "👩‍👩‍👧", "e\u0301", "İ", "ß", "ﬁ", "½", "²", "①", "٣", "<p>", "</p>", "<div hidden>",
    "<p style=\"display:none\">", "<style>", ".a{display:none}", "</style>", "<!--", "-->", "<![CDATA[", "]]>",
    "<?xml version='1.0' encoding='utf-16'?>", "<table>", "<tr>", "<td>", "<ul>", "<li>", "<figure>",
    "<figcaption>", "<template>", "<script>", "<textarea>", "<svg>", "<math>", "<a href=\"x\">",
    "<base href=\"x\">", "&amp;", "&#0;", "&#xD800;", "&nbsp;", "<!DOCTYPE html>", "<article>", "<main>", "**",
    "__", "`", "```\n", "~~~\n", "[a](b)", "![a](b)", "> ", "\\", "<http://a>", "***", "    ", "|---|---|\n", PARTS,
    " obj", "endobj", "stream\n", "endstream", "/Kids [1 0 R]", "/Parent 1 0 R", "/Filter /FlateDecode",
    "/Contents", "xref", "trailer", "/Prev 0", "/Root 1 0 R", "BT (a) Tj ET", "/ToUnicode", "beginbfrange",
    "/ObjStm", "/Encrypt", "<w:p>", "<w:r>", "<w:t>", "<w:tbl>", "<w:tr>", "<w:tc>", "<w:gridSpan w:val=\"2\"/>",
    "<w:vMerge/>", "<w:pStyle w:val=\"a\"/>", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;",
    "SYSTEM \"file:///etc/passwd\"", "TargetMode=\"External\"",
)  # fmt: skip
"""Words that a mutation may put in: forms that the patterns know, and signs that part, hide or break."""


def _samples() -> Iterator[tuple[str, str]]:
    """The ending and the text of every document of the sample clusters."""
    for manifest in sorted(find_data().glob(f"*/{MANIFEST}")):
        for file in sorted(manifest.parent.iterdir()):
            if file.suffix in (".txt", ".md", ".html"):
                yield file.suffix, file.read_text(encoding="utf-8")


def seeds_of(target: str) -> list[bytes]:
    """Small inputs of a target."""
    if target == "pdf":
        return [pdf("The ferry sank.", "It was old.", title="Ferry"), pdf("x")]
    if target == "docx":
        with zipfile.ZipFile(io.BytesIO(word("The ferry sank.", title="Ferry"))) as archive:
            return [PARTS.encode().join(archive.read(name) for name in PART_NAMES[:3])]
    wanted = {"html": ".html", "markdown": ".md"}.get(target, ".txt")
    texts = [text for ending, text in _samples() if ending == wanted]
    if target in ("details", "verification"):
        lines = [line for text in texts for line in text.splitlines() if len(line) > 60]
        return [f"{a}{PARTS}{b}".encode() for a, b in zip(lines[::4], lines[1::4], strict=False)][:40]
    return [text[start : start + _LONGEST].encode() for text in texts for start in range(0, len(text), _LONGEST)]
