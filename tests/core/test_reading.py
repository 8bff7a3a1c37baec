"""Reading leaves the text as posted: sentences are spans of it, in order and apart."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.core.model import Document, Sentence, Source, Span
from service.core.reading import LONGEST_SENTENCE, read
from tests.builders import spans_are_sound

SAMPLES = sorted((Path(__file__).parents[2] / "data").glob("*/*.txt"))
SECONDS = 12  # of CPU: quadratic time would take minutes, and coverage and a busy machine slow everything

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400)
PIECES = st.sampled_from(
    [
        "NATO said so. ",
        "“Why?” Rutte asked. ",
        "He left.” ",
        "Dr. J. R. Smith ",
        "3.5 million ",
        "U.S. ",
        "\n",
        "\r\n",
        "\r",
        "\f",
        "\v",
        "\x00",
        "\x85",
        "\u2028",
        "\n\n",
        "- item\n",
        "1. item\n",
        "# Heading\n",
        "今天下雨。",
        "真的吗？",
        "نعم؟ ",
        "हाँ। ",
        "👩‍👩‍👧‍👦 ",
        "e\u0301 ",
        "\u202eabc\u202c ",
        "\u200b",
        "\ufeff",
        "Share\n",
        "By AFP\n",
        "Related: a link\n",
        "|",
        "\t",
        "Leave a Reply\n",
        "DUBRIN (C6) – ",
        "(Photo: AP)\n",
        "October 28, 2024\n",
        "...",
        "…",
        "!?",
        "“",
        "”",
        '"',
        "'",
        "(",
        ")",
    ]
)
PAGES = st.lists(PIECES, max_size=40).map("".join)


def sentences(text: str) -> list[str]:
    return [sentence.text for sentence in read(Source("d", text)).sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # closing quotation marks
        ("“We stop.” He left.", ["“We stop.”", "He left."]),
        ('"It is over." They left.', ['"It is over."', "They left."]),
        ("“I am.” “You are.” Both left.", ["“I am.”", "“You are.”", "Both left."]),
        ("He called it “a threat.” Then he left.", ["He called it “a threat.”", "Then he left."]),
        ("He said “yes”. She said “no”.", ["He said “yes”.", "She said “no”."]),
        # a quoted question with who asked it
        ("“Really?” Rutte said. He left.", ["“Really?” Rutte said.", "He left."]),
        ('"Why?" Mark Rutte asked.', ['"Why?" Mark Rutte asked.']),
        ("“Stop!” he cried. Nobody did.", ["“Stop!” he cried.", "Nobody did."]),
        # an exclamation without who made it
        ("“Stop!” The car went on.", ["“Stop!”", "The car went on."]),
        # abbreviations and titles
        ("Dr. Ann Lee met Gen. Bob Ray. They spoke.", ["Dr. Ann Lee met Gen. Bob Ray.", "They spoke."]),
        ("Lt. Col. Ann B. Lee spoke.", ["Lt. Col. Ann B. Lee spoke."]),
        ("St. Ana Bridge fell. It was old.", ["St. Ana Bridge fell.", "It was old."]),
        ("Buy some, e.g. halva. It is good.", ["Buy some, e.g. halva.", "It is good."]),
        ("It was Lee vs. Grant. Lee lost.", ["It was Lee vs. Grant.", "Lee lost."]),
        ("The U.S. said so. The U.K. agreed.", ["The U.S. said so.", "The U.K. agreed."]),
        ("He lives in Washington, D.C. She does not.", ["He lives in Washington, D.C.", "She does not."]),
        ("It broke at 5 a.m. It was old.", ["It broke at 5 a.m.", "It was old."]),
        ("They met at 4 p.m. Monday in Brussels.", ["They met at 4 p.m. Monday in Brussels."]),
        # initials
        (
            "J. R. R. Tolkien wrote it. C. S. Lewis read it.",
            ["J. R. R. Tolkien wrote it.", "C. S. Lewis read it."],
        ),
        # decimals, versions, prices, names of sites
        (
            "It rose 0.5 per cent. It cost $3.50. Then 4.",
            ["It rose 0.5 per cent.", "It cost $3.50.", "Then 4."],
        ),
        (
            "See www.example.com for it. Version 2.0.1 runs.",
            ["See www.example.com for it.", "Version 2.0.1 runs."],
        ),
        # ordinals with a full stop
        ("Am 3. Oktober 2024 kam er. Er blieb.", ["Am 3. Oktober 2024 kam er.", "Er blieb."]),
        ("Am 4. ging er.", ["Am 4. ging er."]),
        ("They lost by 3. He left.", ["They lost by 3.", "He left."]),
        # figures at the beginning
        ("It ended. 3,000 left. 40 stayed.", ["It ended.", "3,000 left.", "40 stayed."]),
        # bullet lists, with and without full stops
        ("- one thing\n- two things", ["- one thing", "- two things"]),
        ("• Wash it.\n• Keep it. Then cook it.", ["• Wash it.", "• Keep it.", "Then cook it."]),
        ("1. Wash it.\n2. Keep it.", ["1. Wash it.", "2. Keep it."]),
        # a headline without a full stop
        ("Dam gives way above town\n\nIt fell.", ["Dam gives way above town", "It fell."]),
        ("Dam gives way above town\nIt fell.", ["Dam gives way above town", "It fell."]),
        # dots that end nothing, and dots that do
        ("Wait... what? OK.", ["Wait... what?", "OK."]),
        ("First… then second. Third.", ["First… then second.", "Third."]),
        # a missing space
        ("It ended the conflict.The allies met.", ["It ended the conflict.", "The allies met."]),
        ('The ship sank."It was awful," he said.', ["The ship sank.", '"It was awful," he said.']),
        # other scripts' full stops
        ("今天下雨。明天晴！真的吗？是。", ["今天下雨。", "明天晴！", "真的吗？", "是。"]),
        ("他说：“走吧。”她走了。", ["他说：“走吧。”", "她走了。"]),
        ("هل وصلوا؟ نعم وصلوا. انتهى الأمر.", ["هل وصلوا؟", "نعم وصلوا.", "انتهى الأمر."]),
        ("वे आ गए। वह चला गया।", ["वे आ गए।", "वह चला गया।"]),
        # brackets
        (
            "It fell (see below). (It was old.) It sank.",
            ["It fell (see below).", "(It was old.)", "It sank."],
        ),
        # nothing to cite
        ("", []),
        (" \n\t ", []),
        ("... !!! ???", []),
    ],
)
def test_sentence_ends_are_found(text: str, expected: list[str]) -> None:
    """A text is cut at its sentences' ends, and nowhere else."""
    assert sentences(text) == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\f", "\u2028"])
def test_line_ends_of_every_kind_part_lines(newline: str) -> None:
    """A headline is parted from the report by any of Unicode's line ends."""
    text = f"Dam gives way{newline}{newline}It fell at noon."
    assert sentences(text) == ["Dam gives way", "It fell at noon."]


def test_line_broken_inside_a_sentence_is_joined() -> None:
    """A blank line inside a sentence, as pages with advertisements have it, doesn't cut the sentence."""
    text = "The forces launched an incursion in early August, initially\n\ntaking control of a territory."
    assert sentences(text) == [text]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_wrapped_lines_are_joined(newline: str) -> None:
    """Lines that a mail program wrapped make one paragraph."""
    lines = [
        "The county fire service said that its crews had gained control of",
        "Berth 4 by the afternoon of Wednesday, more than a day after the",
        "Meridian caught fire. Nobody died.",
    ]
    first, second = sentences(newline.join(lines))
    assert second == "Nobody died."
    assert first.split() == " ".join(lines).split()[:-2]


def test_verse_is_kept_line_by_line() -> None:
    """Short lines that begin with a capital letter stay apart."""
    assert sentences("The woods are lovely\nAnd miles to go\nBefore I sleep") == [
        "The woods are lovely",
        "And miles to go",
        "Before I sleep",
    ]


def test_furniture_parts_sentences() -> None:
    """Lines on either side of furniture are never joined."""
    text = "The forces launched an incursion in August, initially\nAdvertisement\ntaking control of territory."
    assert len(sentences(text)) == 2


def test_table_rows_are_sentences() -> None:
    """Each row of a table can be cited by itself."""
    assert sentences("Region | Dead | Missing\nDubrin | 19 | 44\nLozna | 9 | 3") == [
        "Region | Dead | Missing",
        "Dubrin | 19 | 44",
        "Lozna | 9 | 3",
    ]


def test_paragraphs_and_indices_count_from_zero() -> None:
    """Sentences are numbered through the document, and know their paragraph."""
    document = read(Source("d", "One fell. Two fell.\n\nThree fell."))
    assert [(s.index, s.paragraph) for s in document.sentences] == [(0, 0), (1, 0), (2, 1)]
    assert document.sentences[2].key == ("d", 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # above the report, up to thirty words
        ("Dam gives way above Dubrin\n\nIt fell.", [True, False]),
        # between paragraphs, a short line
        ("It fell.\n\nPort disruption\n\nIt sank.", [False, True, False]),
        # between paragraphs, a long line
        ("It fell.\n\n" + "one " * 13 + "\n\nIt sank.", [False, False, False]),
        # marked as one
        ("It fell.\n\n# Why it fell.\n\nIt sank.", [False, True, False]),
        # an item of a list
        ("- a jar of 350 g\n\nIt fell.", [False, False]),
        # two sentences on a line
        ("It fell. It sank", [False, False]),
    ],
)
def test_headings_are_told_from_sentences(text: str, expected: list[bool]) -> None:
    """A line without a full stop above or between paragraphs is a heading."""
    assert [sentence.heading for sentence in read(Source("d", text)).sentences] == expected


@pytest.mark.parametrize(
    ("text", "published_at", "expected"),
    [
        # as posted
        ("It fell.", datetime(2024, 10, 28, 14, tzinfo=UTC), date(2024, 10, 28)),
        # as posted, whatever the page says
        ("October 27, 2024\n\nIt fell.", datetime(2024, 10, 28, 14, tzinfo=UTC), date(2024, 10, 28)),
        # as the page says
        ("October 27, 2024\n\nIt fell.", None, date(2024, 10, 27)),
        # a date of the report is no date of the page
        ("It fell on October 27, 2024.", None, None),
        # a day without a year says too little
        ("27 October\n\nIt fell.", None, None),
    ],
)
def test_document_is_dated(text: str, published_at: datetime | None, expected: date | None) -> None:
    """A document's day is the one it was posted with, or else the one that its page gives."""
    assert read(Source("d", text, published_at=published_at)).dated == expected


@pytest.mark.parametrize(
    "text",
    [
        # words without an end
        "the quick brown fox jumps over the lazy dog and " * 200,
        # clauses
        "it went on; " * 500,
        # one word
        "x" * 5000,
        # two, with nothing but a space between
        "x" * 1300 + " " + "y" * 1300,
        # a script without spaces
        "雨" * 5000,
    ],
)
def test_sentence_without_end_is_cut(text: str) -> None:
    """What runs on is cut into pieces of bounded length, and none of it is lost."""
    pieces = sentences(text)
    assert all(0 < len(piece) <= LONGEST_SENTENCE for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_full_stops_count_in_a_long_run_without_spaces() -> None:
    """A long Chinese paragraph is cut at its full stops."""
    assert sentences("今天下雨。" * 400) == ["今天下雨。"] * 400


HOSTILE = {
    "one letter": "a" * 100_000,
    "spaces": " " * 1_000_000,
    "dots": "." * 100_000,
    "spaced dots": ". " * 50_000,
    "dots after a word": "a" + " ." * 50_000,
    "line ends": "\n" * 100_000,
    "quotation marks": "“" * 100_000,
    "straight quotation marks": '"' * 100_000,
    "words": "word " * 40_000,
    "initials": "A. " * 40_000,
    "hashes": "#" * 100_000,
    "one word of a megabyte": "x" * 1_000_000,
    "no sentence end": "the quick brown fox jumps over the lazy dog and " * 4_200,
    "exclamations": "!?" * 50_000,
    "exclamations after letters": "a!?" * 30_000,
    "Chinese full stops": "。" * 100_000,
    "brackets": "(" * 100_000,
    "open credits": "(reporting " * 10_000,
    "gaps inside a line": (" " * 1_000 + "a") * 300,
    "short lines": "word\n" * 30_000,
    "names": "Ann Lee\n" * 30_000,
    "links": ("Related\n" + "a headline here\n" * 3) * 6_000,
    "forms": "Leave a reply\n" * 20_000,
    "cells": ("A | B – " * 39 + "!\n") * 1_000,
    "closed quotations": "end.” " * 20_000,
    "addresses": "a@" * 50_000,
    "numbers": "1. " * 30_000,
    "joined emoji": "👩\u200d" * 50_000,
    "combining marks": "e" + "\u0301" * 100_000,
    "byline without end": "By Ann Lee, Bob Ray, " * 5_000,
    "capitals": ("Ann Lee " * 49 + "!\n") * 1_000,
    "dotted capitals": ("a. " * 132 + "!\n") * 1_000,
    "breadcrumbs": ("Aa > " * 79 + "!\n") * 1_000,
    "addresses on a line": ("https://a/A/" * 33 + "!\n") * 1_000,
    "credit without end": ("Photo: " + "A/1/" * 97 + "!\n") * 1_000,
    "cookies": ("a use cookies " * 28 + "\n") * 1_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_read_in_time(text: str) -> None:
    """No text makes reading slow: each is read in linear time."""
    read(Source("warm", "It fell."))
    began = time.process_time()
    read(Source("d", text))
    assert time.process_time() - began < SECONDS


def test_time_grows_with_length() -> None:
    """Twice the text takes about twice the time, not four times."""

    def seconds(text: str) -> float:
        began = time.process_time()
        read(Source("d", text))
        return time.process_time() - began

    text = "The dam above Dubrin gave way at noon. “Nobody knocked,” said Ann Lee.\n\nShare\n\n" * 1_000
    once = min(seconds(text) for _ in range(3))
    assert min(seconds(text * 4) for _ in range(3)) < 10 * once


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_are_read_soundly(path: Path) -> None:
    """The sample documents are read without a loss: what is no furniture is in a sentence."""
    document = read(Source(path.stem, path.read_text(encoding="utf-8")))
    assert spans_are_sound(document)
    assert left_over(document) == ""


def left_over(document: Document) -> str:
    """The letters and digits that stand in no sentence and in no furniture."""
    spans = sorted([*((s.start, s.end) for s in document.sentences), *((f.start, f.end) for f in document.furniture)])
    rest, position = [], 0
    for start, end in spans:
        rest.append(document.text[position:start])
        position = end
    rest.append(document.text[position:])
    return "".join(c for c in "".join(rest) if c.isalnum())


@given(st.one_of(ANY_TEXT, PAGES))
@example("\x00")
@example("a\r\nb\r\n")
@example("\f.\fa\f")
@example("👩‍👩‍👧‍👦 left. 🇺🇦 stayed.")
@example("e\u0301\u0301\u0301. A\u0300.")
@example("\u202eשלום\u202c. مرحبا؟ كيف؟")
@example("\ufeffHello.\u200b World.")
def test_any_text_is_read_soundly(text: str) -> None:
    """Whatever the text, its spans are in order and apart, quote it, touch no furniture, miss nothing."""
    document = read(Source("d", text))
    assert document.text == text
    assert spans_are_sound(document)
    assert all(s.text == text[s.start : s.end] and s.text == s.text.strip() != "" for s in document.sentences)
    assert all(len(s.text) <= LONGEST_SENTENCE for s in document.sentences)
    assert [s.index for s in document.sentences] == list(range(len(document.sentences)))
    assert [s.paragraph for s in document.sentences] == sorted(s.paragraph for s in document.sentences)
    assert left_over(document) == ""


@given(PAGES)
def test_reading_is_deterministic(text: str) -> None:
    """The same text is read in the same way every time."""
    assert read(Source("d", text)) == read(Source("d", text))


@pytest.mark.parametrize(
    ("sentences_at", "furniture_at", "sound"),
    [
        # in order and apart
        ([(0, 3), (4, 7)], [(8, 11)], True),
        # overlapping
        ([(0, 5), (4, 7)], [], False),
        # touched by furniture
        ([(0, 3)], [(2, 5)], False),
    ],
)
def test_soundness_is_told(
    sentences_at: list[tuple[int, int]], furniture_at: list[tuple[int, int]], sound: bool
) -> None:
    """A document is sound if its spans are in order, apart, and quote the text."""
    text = "One two thr"
    found = tuple(Sentence("d", i, a, b, text[a:b], 0) for i, (a, b) in enumerate(sentences_at))
    assert spans_are_sound(Document(Source("d", text), found, tuple(Span(*f) for f in furniture_at))) is sound
    misquoted = (Sentence("d", 0, 0, 3, "Two", 0),)
    assert not spans_are_sound(Document(Source("d", text), misquoted, ()))
