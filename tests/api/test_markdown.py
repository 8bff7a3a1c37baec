"""Markdown: the same result as a text to read, in which nothing from a document is taken for markup."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from service.api.schemas import CheckOut, DroppedOut, SummaryResult, WarningOut
from service.web.markdown import to_markdown


def rendered(markdown: str) -> list[Token]:
    """The inline tokens that a CommonMark reader makes of a text."""
    blocks = MarkdownIt("commonmark").parse(markdown)
    return [child for block in blocks for child in block.children or []]


def shown(markdown: str) -> str:
    """What a reader of the rendered text sees."""
    return "".join("\n" if token.type == "softbreak" else token.content for token in rendered(markdown))


def test_sections_come_in_order(result: SummaryResult) -> None:
    """The summary comes first, then what is agreed, what each says alone, disputes, and the quotes."""
    headings = re.findall(r"^## (.+)$", to_markdown(result), re.MULTILINE)
    assert headings[:2] == ["Summary", "Agreed by at least 2 origins"]
    assert headings[2:4] == ["Only in The Gazette", "Only in Northern Wire"]
    assert headings[-2].startswith("Disputed: ")
    assert headings[-1] == "Sources"


def test_sections_without_entries_are_left_out(result: SummaryResult) -> None:
    """A result without a summary has no such heading."""
    bare = result.model_copy(update={"summary": [], "consensus": [], "unique": [], "disputes": []})
    assert to_markdown(bare) == "\n"


def test_every_number_has_its_quote(result: SummaryResult) -> None:
    """Each citation number stands in the list of sources, with the document, the span and the quote."""
    body, _, sources = to_markdown(result).partition("## Sources\n\n")
    listed = [line.split(". ", 1)[0] for line in sources.splitlines()]
    assert listed == [str(number) for number in range(1, len(listed) + 1)]
    assert set(re.findall(r"\[(\d+)\]", body)) == set(listed)
    first = result.summary[0].citations[0]
    assert f"({first.document_id}, {first.start}–{first.end}): " in sources.splitlines()[0]


def test_what_was_dropped_and_warned_of_is_shown(result: SummaryResult) -> None:
    """Dropped sentences come with their reasons, warnings with their document."""
    check = CheckOut(check="figures", passed=False, detail="'12' stands in no cited span")
    changed = result.model_copy(
        update={
            "dropped": [DroppedOut(text="Twelve ships sank.", reasons=[check])],
            "warnings": [WarningOut(code="same_origin", detail="it is a copy", document_id="wire")],
        }
    )
    text = shown(to_markdown(changed))
    assert "Twelve ships sank. ('12' stands in no cited span)" in text
    assert "wire: it is a copy" in text


HOSTILE = [
    "# not a heading",
    "1. no list",
    "2) no list either",
    "- no bullet",
    "+ no bullet",
    "> no quotation",
    "~~~ no fence",
    "*no* _emphasis_ **here** ~~there~~",
    "[no](javascript:alert(1)) link ![no](x) image",
    "<script>alert(1)</script> no HTML",
    "no `code` and no \\ escape",
    "no &lt;reference&gt; &#65;",
    "| no | table |",
    "=== no heading",
    "a line\n\n# and another",
    "[1]: https://a.example/ no definition",
    "=",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_shown_and_never_taken_for_markup(result: SummaryResult, text: str) -> None:
    """Whatever a document says is read by a CommonMark reader as the same words."""
    plain = " ".join(text.split())
    markdown, harmless = _summarizing(result, text), _summarizing(result, "Ships sail.")
    assert f"{plain} [1]" in shown(markdown)
    assert [b.type for b in MarkdownIt().parse(markdown)] == [b.type for b in MarkdownIt().parse(harmless)]
    assert {token.type for token in rendered(markdown)} == {token.type for token in rendered(harmless)}


def _summarizing(result: SummaryResult, text: str) -> str:
    sentence = result.summary[0].model_copy(update={"text": text})
    return to_markdown(result.model_copy(update={"summary": [sentence, result.summary[1]]}))


def test_control_characters_are_not_repeated(result: SummaryResult) -> None:
    """A document can't send escape sequences to the terminal that shows the text."""
    sentence = result.summary[0].model_copy(update={"text": "The \x1b[2J port \0 was\x9b31m closed."})
    markdown = to_markdown(result.model_copy(update={"summary": [sentence]}))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", markdown)
    assert "The \ufffd" in markdown
