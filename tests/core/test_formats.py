"""Plain text is untouched; Markdown and HTML become the plain text that spans index."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.core.formats import to_text
from service.core.model import Format, Source
from service.core.reading import read
from tests.builders import spans_are_sound

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200)
MARKED = st.lists(
    st.sampled_from(
        [
            "# ",
            "## ",
            "- ",
            "1. ",
            "> ",
            "**",
            "*",
            "`",
            "```\n",
            "\n",
            "\n\n",
            "| a | b |\n|---|---|\n| 1 | 2 |\n",
            "[l](u)",
            "![i](u)",
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<table><tr><td>",
            "</table>",
            "<script>",
            "&amp;",
            "&#0;",
            "<!--",
            "-->",
            "text. ",
            "Dr. Lee fell. ",
            "\x00",
            "\r\n",
            "雨。",
            "<article>",
            "<h1>",
            "</h1>",
            "<figure>",
            "<figcaption>",
            "<",
            ">",
        ]
    ),
    max_size=30,
).map("".join)


@given(ANY_TEXT)
@example(" <b>5 &lt; 6</b>\n\n- *nothing* here is `marked` ")
def test_plain_text_is_untouched(text: str) -> None:
    """Plain text is what was posted, to the last sign."""
    assert to_text(text, Format.TEXT) == text


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        # headings and emphasis
        ("# Dam *gives* way\n\nIt **fell**.", "Dam gives way\n\nIt fell."),
        # links keep their words, pictures go
        ("See [the report](http://x.y) ![a dam](d.png).", "See the report ."),
        # code
        ("Run `ls`.\n\n```sh\nls -l\n```", "Run ls.\n\nls -l"),
        ("It says:\n\n    indented code", "It says:\n\nindented code"),
        # lines inside a paragraph
        ("It fell\nand sank.", "It fell\nand sank."),
        ("It fell  \nand sank.", "It fell\nand sank."),
        # lists, numbered and nested, with a second paragraph
        ("- one\n- two\n  - three\n\n  more", "- one\n\n- two\n\n- three\n\nmore"),
        ("1. Wash.\n2. Keep.", "1. Wash.\n\n2. Keep."),
        ("3) Wash.", "3) Wash."),
        # quotations
        ("> We stop.", "We stop."),
        # tables, a row a line
        ("| Region | Dead |\n|---|---|\n| Dubrin | 19 |", "Region | Dead\n\nDubrin | 19"),
        # entities and escapes
        ("Tom &amp; Ann, 3 \\* 4.", "Tom & Ann, 3 * 4."),
        # HTML inside
        ("<p>Tom &amp; <b>Ann</b></p>", "Tom & Ann"),
        ("It <b>fell</b>.", "It fell."),
        ("<!-- hidden -->\n\nIt fell.", "It fell."),
        ("<script>\nx()\n</script>\n\nIt fell.", "It fell."),
        # a rule
        ("It fell.\n\n---\n\nIt sank.", "It fell.\n\nIt sank."),
        # nothing
        ("", ""),
    ],
)
def test_markdown_becomes_text(markdown: str, expected: str) -> None:
    """Markdown's words stay, its marks go, and each block is a paragraph."""
    assert to_text(markdown, Format.MARKDOWN) == expected


ARTICLE = """<!DOCTYPE html><html><head><title>Dam gives way</title><style>p {color: red}</style></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<main><article><h1>Dam gives way above Dubrin, killing 19 people in the lower town</h1>
<figure><img src="d.jpg"><figcaption>Water stands in Weaver Street on Wednesday morning.</figcaption></figure>
<p>The dam above Dubrin gave way at noon on Tuesday, and at least 19 people died in the lower town.</p>
<p>Mayor Irena Doljak said: &ldquo;Nobody knocked, nobody rang.&rdquo; She spoke of 31 dead.</p>
<ul><li>Schools stay closed until Monday, the county council said.</li></ul>
<table><tr><th>Region</th><th>Dead</th></tr><tr><td>Dubrin</td><td>19</td></tr></table>
</article></main>
<script>track()</script><footer>© 2025 Courier</footer></body></html>"""


@pytest.mark.parametrize(
    "kept",
    [
        # the headline
        "Dam gives way above Dubrin, killing 19 people in the lower town",
        # paragraphs, with their entities resolved
        "The dam above Dubrin gave way at noon on Tuesday, and at least 19 people died in the lower town.",
        "“Nobody knocked, nobody rang.”",
        # a caption that states a fact
        "Water stands in Weaver Street on Wednesday morning.",
        # an item
        "Schools stay closed until Monday, the county council said.",
        # a table's row
        "| Dubrin | 19 |",
    ],
)
def test_html_keeps_the_report(kept: str) -> None:
    """What a page reports is in its text."""
    assert kept in to_text(ARTICLE, Format.HTML)


@pytest.mark.parametrize("dropped", ["track()", "color: red", "<p>", "News", "©"])
def test_html_drops_the_page(dropped: str) -> None:
    """Scripts, styles, marks and menus are not in a page's text."""
    assert dropped not in to_text(ARTICLE, Format.HTML)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        # no marks at all
        ("It fell at noon.", "It fell at noon."),
        # a fragment
        ("<p>It fell at noon.</p>", "It fell at noon."),
        # a declared encoding
        (
            "<?xml version='1.0' encoding='utf-8'?><html><body><p>It fell at noon.</p></body></html>",
            "It fell at noon.",
        ),
        # nothing
        ("", ""),
        ("<p></p>", ""),
        ("<!-- c -->", ""),
        # no page
        ("1 < 2", "1 < 2"),
        # a table by itself
        ("<table><tr><td>Dubrin</td><td>19</td></tr></table>", "Dubrin  19"),
    ],
)
def test_html_of_little_is_kept(html: str, expected: str) -> None:
    """A fragment without a page around it gives its words, and nothing gives nothing."""
    assert to_text(html, Format.HTML) == expected


@pytest.mark.parametrize("format_", [Format.MARKDOWN, Format.HTML])
@given(text=st.one_of(ANY_TEXT, MARKED))
@settings(deadline=None, max_examples=60)
def test_any_text_becomes_text_that_is_read(format_: Format, text: str) -> None:
    """Whatever is posted as a page gives a text, and that text is read soundly."""
    plain = to_text(text, format_)
    assert spans_are_sound(read(Source("d", plain, format=format_)))


@pytest.mark.parametrize("format_", [Format.MARKDOWN, Format.HTML])
@pytest.mark.parametrize(
    "text",
    [
        "<" * 50_000,
        "<div>" * 3_000,
        "#" * 50_000,
        "> " * 500,
        "[" * 2_000,
        "*a " * 5_000,
        "|" * 20_000,
        "<p>It fell.</p>" * 2_000,
    ],
    ids=["angles", "nested", "hashes", "quotes", "brackets", "stars", "bars", "paragraphs"],
)
def test_hostile_page_is_turned_in_time(text: str, format_: Format) -> None:
    """No page makes its conversion slow: each is done within seconds of CPU."""
    to_text("<p>It fell.</p>", format_)
    began = time.process_time()
    to_text(text, format_)
    assert time.process_time() - began < 5.0
