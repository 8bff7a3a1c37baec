"""Documents that cost: of each kind, by name, a function that makes one of so many characters."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from service.core.model import Format


def _fill(piece: str) -> Callable[[int], str]:
    """A text of one piece again and again."""
    return lambda size: (piece * (size // len(piece) + 1))[:size]


def _around(before: str, piece: str, after: str = "") -> Callable[[int], str]:
    return lambda size: before + _fill(piece)(max(0, size - len(before) - len(after))) + after


def _nested(tag: str) -> Callable[[int], str]:
    """An element in an element in an element, each closed."""

    def make(size: int) -> str:
        count = size // (2 * len(tag) + 5)
        return f"<{tag}>" * count + "x" + f"</{tag}>" * count

    return make


def _varied(size: int) -> str:
    """Words of which none comes twice."""
    random = Random(1)  # noqa: S311 (not for secrets)
    return " ".join(f"{random.randrange(16**8):08x}" for _ in range(size // 9))


def _mixed(size: int) -> str:
    """Sentences of names, figures, dates and quotations, of which none comes twice."""
    random = Random(1)  # noqa: S311 (not for secrets)
    words = "Anna Berg NATO said 1,000 1 October 2024 Monday “a” not more than killed by 5:30 p.m. twenty-one".split()
    return " ".join(random.choice(words) + (". " if random.random() < 0.05 else "") for _ in range(size // 6))


def _entities(size: int) -> str:
    declared = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))
    return f"<!DOCTYPE html [{declared}]><html><body><p>" + _fill("&a9; ")(size - 1_000) + "</p></body></html>"


def _lines(size: int) -> str:
    return "\n".join(f"Line {i}" for i in range(size // 12))


_REPORT = "<p>The harbour bridge was closed on Monday, the council said in a statement to the press.</p>"
_STYLED = "<style>.a{display:none}</style>"

PAGES: dict[str, Callable[[int], str]] = {
    "report": _fill(_REPORT),
    "nested <div>": _nested("div"),
    "nested <b>": _nested("b"),
    "nested <table>": _nested("table"),
    "nested <ul><li>": _fill("<ul><li>"),
    "nested <span>, never closed": _fill("<span>x"),
    "nested <p hidden>": _fill("<div hidden>x"),
    "attributes": lambda size: "<p " + " ".join(f"a{i}=1" for i in range(size // 10)) + ">x</p>",
    "one attribute": _around('<p title="', "x", '">x</p>'),
    "classes, hidden": _around(_STYLED + '<p class="', "a ", '">x</p>'),
    "a table of one row": _around("<table><tr>", "<td>x"),
    "a table of many rows": _around("<table>", "<tr><td>x</td></tr>", "</table>"),
    "colspan": _around("<table>", '<tr><td colspan="1000" rowspan="1000">x</td></tr>'),
    "links": _fill('<a href="http://a.example/">x</a> '),
    "images": _fill('<img src="http://a.example/x.png">'),
    "list items": _around("<ul>", "<li>x</li>"),
    "paragraphs of a letter": _fill("<p>x</p>"),
    "breaks": _around("<p>", "x<br>"),
    "entity bomb": _entities,
    "character references": _fill("&#1234;"),
    "angles": _fill("<"),
    "open tags": _fill("<a "),
    "open comments": _fill("<!--"),
    "comments": _fill("<!-- x -->"),
    "CDATA": _fill("<![CDATA[x"),
    "processing instructions": _fill("<?x "),
    "style sheets": _fill("<style>a{color:red}</style>"),
    "a style sheet of open braces": _around("<style>", "{", "</style><p hidden>x"),
    "a style sheet of at-rules": _around("<style>", "@a{b{c}", "</style><p hidden>x"),
    "a style sheet of @": _around("<style>", "@", "</style><p hidden>x"),
    "a style sheet without braces": _around("<style>", "a", "</style><p hidden>x"),
    "open style sheets": _fill("<style hidden "),
    "figures": _fill("<figure><figcaption>x"),
    "one word": _around("<p>", "x"),
    "one line of words": _around("<p>", "x y "),
    "white space": _around("<p>x", " \n", "x"),
    "<pre>": _around("<pre>", "x\n"),
    "scripts": _fill("<script>x</script>"),
    "JSON-LD": _around('<script type="application/ld+json">', '{"a":[', "</script><p>x"),
    "base and forms": _fill("<form><select><option>x"),
    "hidden by colour": _fill('<p style="color:red;background:red">x</p>'),
    "a long style": _around('<p style="', "color :", '">x'),
}
MARKDOWN: dict[str, Callable[[int], str]] = {
    "report": _fill("# Bridge closed\n\nThe *harbour* bridge was [closed](u) on Monday, the council said.\n\n"),
    "brackets": _fill("["),
    "links": _fill("[a](b"),
    "nested links": lambda size: "[" * (size // 5) + "a" + "](b)" * (size // 5),
    "stars": _fill("*a "),
    "emphasis": _fill("*a **b "),
    "underscores": _fill("_a__b"),
    "backticks": lambda size: " ".join("`" * (i % 1_000 + 1) for i in range(size // 500)),
    "quotations": _around("", "> "),
    "nested lists": lambda size: "\n".join("  " * (i % 2_000) + "- a" for i in range(min(size // 2_000, 5_000))),
    "lists": _fill("- a\n"),
    "list on one line": _fill("- "),
    "numbered": _fill("1. a\n"),
    "tables": _around("|a|b|\n|---|---|\n", "|x|y|\n"),
    "a wide table": lambda size: "|a" * (size // 12) + "|\n" + "|-" * (size // 12) + "|\n" + "|x\n" * (size // 12),
    "bars": _fill("|"),
    "fences": _fill("```\n"),
    "hashes": _fill("#"),
    "references": lambda size: "\n".join(f"[a{i}]: b" for i in range(size // 12)),
    "entities": _fill("&amp;"),
    "open tags": _fill("<a "),
    "tags": _fill("<a>"),
    "hidden tags": _fill("<b hidden>"),
    "comments": _fill("a <!-- "),
    "autolinks": _fill("<http://a"),
    "escapes": _fill("\\"),
    "images": _fill("!["),
    "blank lines": _fill("a\n\n"),
    "block tags": _fill("<div hidden>\n\nx\n\n"),
    "one word": _fill("x"),
    "declarations": _fill("a <!A "),
    "CDATA": _fill("a <![CDATA["),
    "instructions": _fill("a <?"),
}
TEXTS: dict[str, Callable[[int], str]] = {
    "report": _fill("The harbour bridge was closed on Monday, the council said in a statement to the press.\n\n"),
    "one word": _fill("x"),
    "one word of digits": _fill("1"),
    "one word of capitals": _fill("X"),
    "words, no end": _fill("word "),
    "words of which none comes twice": _varied,
    "names, figures, dates, mixed": _mixed,
    "names": _fill("Anna Berg "),
    "initials": _fill("A. "),
    "combining marks": _fill("\u0301"),
    "invisible": _fill("\u200b"),
    "invisible, in words": _fill("a\u200b "),
    "flags": _fill("\U0001f3f4\U000e0067"),
    "full stops": _fill("."),
    "full stops, spaced": _fill(". "),
    "question marks": _fill("?! "),
    "quotation marks": _fill("“"),
    "quotations": _fill("“a” "),
    "straight quotation marks": _fill('" '),
    "apostrophes": _fill("'a "),
    "brackets": _fill("("),
    "lines": _lines,
    "empty lines": _around("x", "\n", "x"),
    "lines of a letter": _fill("x\n"),
    "spaces": _around("x", " ", "x"),
    "tabs": _around("x", "\t", "x"),
    "figures": _fill("1,000 "),
    "figures joined": _fill("1,000,"),
    "figures in words": _fill("twenty one hundred "),
    "figures in words, joined": _fill("twenty-one-"),
    "zeros": _around("1", "0"),
    "decimals": _fill("1.2."),
    "ranges": _fill("1-2-"),
    "dates": _fill("1 October 2024 "),
    "times": _fill("5:30 p.m. "),
    "weekdays": _fill("Monday "),
    "dates, ISO": _fill("2024-10-28-"),
    "ideographs": _fill("雨"),
    "ideographic stops": _fill("雨。"),
    "Arabic": _fill("نعم؟ "),
    "emoji": _fill("👩‍👩‍👧"),
    "bars": _fill("a | "),
    "bullets": _fill("- a\n"),
    "menus": _fill("Home | News | Sport\n"),
    "bylines": _fill("By Anna Berg\n"),
    "datelines": _fill("OLDPORT, Oct 28 (AP) — A man fell.\n"),
    "a dateline of white space": _around("OLDPORT", " ", "— A man fell."),
    "related": _fill("Related: a link\n"),
    "dashes": _fill("- "),
    "long dashes": _fill("—"),
    "slashes": _fill("a/"),
    "at signs": _fill("a@"),
    "addresses": _fill("http://a.b/"),
    "e-mail": _fill("a.b@c.d "),
    "hashes": _fill("# "),
    "said": _fill("he said "),
    "said that": _fill("Anna Berg said that "),
    "ignore": _fill("ignore all previous "),
    "you are": _fill("you are now a "),
    "base64": _fill("aWdub3JlIGFsbCBwcmV2aW91cyBpbnN0cnVjdGlvbnMg "),
    "base64, unbroken": _fill("aWdub3Jl"),
    "prompt tags": _fill("<document>"),
    "open tags": _fill("<|"),
    "look-alikes": _fill("ｉｇｎｏｒｅ "),
    "underscores": _fill("_"),
    "signs": _fill("$%&/"),
}
KINDS = {Format.HTML: PAGES, Format.MARKDOWN: MARKDOWN, Format.TEXT: TEXTS}
