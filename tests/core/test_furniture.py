"""Furniture by its neighbours: datelines, credits, authors, links, forms, mastheads and tables."""

from __future__ import annotations

import pytest

from service.core.model import Source
from service.core.reading import read
from tests.core.paragraphs import AFTER, BEFORE, furniture


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a city in capitals, with an agency
        ("DUBRIN (C6) – Mayor Doljak spoke.", ["DUBRIN (C6) –"]),
        # city, country, agency
        ("DUBRIN, Karvelia (CP) — Rescuers searched.", ["DUBRIN, Karvelia (CP) —"]),
        # two cities and a day
        (
            "LONDON/ROME, Oct 6 (Meridian) - U.S. group Corvane agreed.",
            ["LONDON/ROME, Oct 6 (Meridian) -"],
        ),
        # between slashes, as TASS has it
        ("SORVAN, June 11. /KNA/. President Hrelja chaired it.", ["SORVAN, June 11. /KNA/."]),
        # not in capitals, but with a day
        ("Dunvale, 14 March 2025 – As a precaution, jars are recalled.", ["Dunvale, 14 March 2025 –"]),
        # not in capitals, with an agency in capitals
        ("Paris (AFP) - French police arrested two men.", ["Paris (AFP) -"]),
        # no more than a city in capitals
        ("BRENTHAVEN — Lotte Amsel made hummus.", ["BRENTHAVEN —"]),
        # an alliance is no city
        ("NATO — The allies met on Monday.", []),
        # a headline has no dateline
        ("ACID CLOUD HELL – 31 hurt", []),
        # a candidate's votes
        ("Ann Lee (SNP) – 12,400 votes, up 3%.", []),
        # an aside between dashes
        ("Her account – that the gates were opened – is disputed.", []),
    ],
)
def test_dateline_is_set_apart(text: str, expected: list[str]) -> None:
    """A dateline is furniture inside its line, and the sentence begins after it."""
    assert furniture(text) == expected
    document = read(Source("d", text))
    assert document.sentences[0].start >= sum(len(part) for part in expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # who wrote it, at the end of the last paragraph
        (
            "The talks ended without a deal late on Monday. (Reporting by Ann Lee; Editing by Bob Ray)",
            ["(Reporting by Ann Lee; Editing by Bob Ray)"],
        ),
        # a photographer after a caption that states a fact
        (
            "The empty sesame shelf at Marlo on Canal Street on Friday. Photo: Lene Voss / Courier",
            ["Photo: Lene Voss / Courier"],
        ),
        # an agency's credit
        (
            "A flow meter is tested at the company's Tinsley factory. MERIDIAN/Gus Holroyd/File Photo",
            ["MERIDIAN/Gus Holroyd/File Photo"],
        ),
        # brackets that belong to the sentence
        ("He was charged in May (related offences were dropped).", []),
        # a part of the sentence about reporting
        ("Forty outlets closed (reporting restrictions were to blame).", []),
        # credit after a dateline
        ("DUBRIN (C6) – Nine people died at the camp there. (Photo: AP)", ["DUBRIN (C6) –", "(Photo: AP)"]),
    ],
)
def test_credit_at_the_end_is_set_apart(text: str, expected: list[str]) -> None:
    """A credit at the end of a line is furniture, and what stands before it is not."""
    assert furniture(text) == expected


def test_names_by_a_credit_are_the_authors() -> None:
    """A name above "contributed to this report" is furniture."""
    assert furniture(f"{BEFORE}\n\nHaley Ott\n\ncontributed to this report.") == [
        "Haley Ott",
        "contributed to this report.",
    ]


def test_names_under_a_headline_are_the_authors() -> None:
    """Names between a headline and a date are furniture, and the headline isn't."""
    text = f"Minister orders an inquiry\n\nImogen Tarrant and Callum Reyes\nMon 18 Aug 2025\n\n{BEFORE}"
    assert furniture(text) == ["Imogen Tarrant and Callum Reyes", "Mon 18 Aug 2025"]


def test_name_and_role_on_two_lines_are_the_authors() -> None:
    """A name above a correspondent's role is furniture with it."""
    text = f"Anger in flooded town over dam\n\nLucy Pemberton\nCentral Europe correspondent, Dubrin\n\n{BEFORE}"
    assert furniture(text) == ["Lucy Pemberton", "Central Europe correspondent, Dubrin"]


def test_initialled_authors_under_a_reference_are_furniture() -> None:
    """A list of authors with initials under a report's number is furniture."""
    text = f"Research summary RS-2025-08 | 15 May 2025\nM. Solvang, E. Tarn\n\nSmall gains found\n\n{BEFORE}"
    assert furniture(text)[1:] == ["M. Solvang, E. Tarn"]


@pytest.mark.parametrize(
    "headline",
    [
        # in capitals and lower case, as long as a name
        "Putin Meets Kim",
        "Russia Attacks Kyiv",
        "North Korea",
    ],
)
def test_short_headline_above_a_date_is_kept(headline: str) -> None:
    """A headline that could be a name is kept where no other headline stands above it."""
    assert furniture(f"Home | News\n{headline}\nOctober 28, 2024\n\n{BEFORE}") == [
        "Home | News",
        "October 28, 2024",
    ]
    assert furniture(f"{headline}\nOctober 28, 2024\n\n{BEFORE}") == ["October 28, 2024"]


def test_reporter_of_the_byline_reported_from_somewhere() -> None:
    """ "Adelman reported from Sorvan" is furniture where Adelman signs the report, and only there."""
    line = "Adelman reported from Sorvan, Karvelia."
    assert line in furniture(f"A headline of the day\n\nBy PAUL ADELMAN\n\n{BEFORE}\n\n{line}")
    assert furniture(f"{BEFORE}\n\n{line}") == []


def test_links_under_a_heading_are_furniture() -> None:
    """Headlines right under "Most read" are links, up to the gap after which the report goes on."""
    text = f"{BEFORE}\n\nMOST READ\nBat in teapot\nWho pays for the pier?\n\nPort disruption\n\n{AFTER}"
    assert furniture(text) == ["MOST READ", "Bat in teapot", "Who pays for the pier?"]


def test_sentence_under_a_heading_ends_the_links() -> None:
    """A paragraph under "Related" is the report's."""
    assert furniture(f"{BEFORE}\n\nRelated\n\n{AFTER}") == ["Related"]


def test_headline_under_a_menu_is_kept() -> None:
    """Above the report, the last line under "Latest news" is its headline."""
    text = f"Latest news\nBarley prices steady\nDam gives way above Dubrin\n\n{BEFORE}"
    assert furniture(text) == ["Latest news", "Barley prices steady"]


def test_link_list_is_bounded() -> None:
    """No more than seven lines are taken for links."""
    lines = [f"Headline without a stop {word}" for word in range(9)]
    assert len(furniture("\n".join([BEFORE, "Related", *lines]))) == 8


def test_comment_form_is_furniture_to_its_end() -> None:
    """Short lines under a comment form are its fields, until a sentence comes."""
    text = f"{BEFORE}\n\nLeave a Reply\nYour rating\nPost it\n\n{AFTER}\n\nA last word"
    assert furniture(text) == ["Leave a Reply", "Your rating", "Post it"]
    assert furniture(f"{BEFORE}\n\nLeave a Reply\nYour rating") == ["Leave a Reply", "Your rating"]


def test_people_under_a_press_contact_are_furniture() -> None:
    """Names and addresses right under "Press contact" are furniture."""
    text = f"{BEFORE}\n\nPress contact\nMira Solander, Head of Communications\nMillrace Road No. 8, Dunvale"
    assert len(furniture(text)) == 3


def test_repeated_link_between_paragraphs_is_furniture() -> None:
    """A line that comes again and again between paragraphs is an advertisement."""
    link = "Try our crossword today"
    assert furniture(f"{BEFORE}\n{link}\n{AFTER}\n{link}\n{BEFORE}") == [link, link]


@pytest.mark.parametrize(
    "text",
    [
        # a title that the page gives twice
        f"Dam gives way above Dubrin\n\nDam gives way above Dubrin\n\n{BEFORE}",
        # a refrain
        "The woods are lovely, dark and deep,\nAnd miles to go\nAnd miles to go",
        # figures of a table
        f"{BEFORE}\n12\n{AFTER}\n12\n{BEFORE}",
    ],
)
def test_repetition_alone_is_no_furniture(text: str) -> None:
    """A repeated headline, refrain or figure is kept."""
    assert furniture(text) == []


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        # the name alone, in capitals, with its article
        ("THE DAILY KLAXON", "Daily Klaxon"),
        ("Courier", "The Courier"),
        # with a motto
        ("PantryWise – shop smart, eat safe", "PantryWise"),
        # with a menu
        ("Channel 6 Tesna   News online", "Channel 6 Tesna"),
        # the first link
        ("WBN homepage", "WBN"),
    ],
)
def test_masthead_is_furniture(line: str, publisher: str) -> None:
    """The publisher's name above the headline is furniture."""
    text = f"{line}\n\nDam gives way above Dubrin\n\n{BEFORE}\n\nShare"
    assert furniture(text, publisher) == [line, "Share"]


@pytest.mark.parametrize(
    "line",
    [
        # a headline that begins with the publisher's name
        "NATO – allies to meet",
        # the same with a colon
        "NATO: North Korea troops in Russia",
        # a sentence about the publisher
        "NATO is ready.",
    ],
)
def test_headline_with_the_publisher_is_kept(line: str) -> None:
    """A headline that begins with the publisher's name is kept where it is the only one."""
    assert furniture(f"{line}\n\n{BEFORE}", "NATO") == []


def test_publisher_with_a_headline_below_further_down_is_kept() -> None:
    """Only the first lines of a page can be a masthead with a motto."""
    assert furniture(f"{BEFORE}\n\nNATO – allies to meet\n\n{AFTER}", "NATO") == []


@pytest.mark.parametrize(
    "table",
    [
        # a head over figures
        "Region | Dead | Missing\nDubrin | 19 | 44\nLozna | 9 | 3",
        # names in every row
        "Country | Capital | President\nKarvelia | Sorvan | Hrelja\nLethia | Vann | Orsel",
        # set with spaces
        "Region  Dead  Missing\nDubrin  19  44",
        # set with tabs
        "Region\tDead\tMissing\nDubrin\t19\t44",
    ],
)
def test_table_is_kept(table: str) -> None:
    """A table's rows are the report's, its head too."""
    assert furniture(f"{BEFORE}\n\n{table}\n\n{AFTER}") == []


def test_rule_under_a_table_head_is_no_row() -> None:
    """A rule between a table's head and its rows doesn't part them."""
    table = "| Region | Dead | Missing |\n|---|---|---|\n| Dubrin | 19 | 44 |"
    assert furniture(f"{BEFORE}\n\n{table}\n\n{AFTER}") == ["|---|---|---|"]


def test_days_of_a_chronicle_are_kept() -> None:
    """A day between the report's own lines heads an entry; the page's own day stands above."""
    text = f"October 28, 2024\n\n{BEFORE}\n\n14 October\n\n{AFTER}\n\n15 October\n\n{BEFORE}"
    assert furniture(text) == ["October 28, 2024"]


def test_page_without_a_sentence_has_furniture() -> None:
    """A page of nothing but links is furniture from end to end."""
    assert furniture("Home\nNews\nShare\nLeave a comment") == ["Home", "News", "Share", "Leave a comment"]


def test_no_line_of_the_empty_text_is_furniture() -> None:
    """An empty text has no furniture, with or without a publisher."""
    assert furniture("") == []
    assert furniture(" \n ", "NBS") == []


def test_long_line_is_no_furniture() -> None:
    """A line longer than any furniture is the report's, whatever it begins with."""
    assert furniture("Related: " + "the dam gave way and " * 30) == []
