"""Furniture is found by precise rules: what a page puts around a report goes, and no line of a report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.model import Document, Source
from service.core.reading import read

BEFORE = "The river rose by two metres overnight and flooded most of the lower town, the mayor of Dubrin said."
AFTER = "Schools stay closed until Monday while engineers examine the bridge, according to the county council."

FURNITURE = [
    # bylines and desks
    "By AFP",
    "By MIRA KOSTAN and PAUL ADELMAN",
    "By Jodie Marples, Chief Reporter",
    "By Kayleigh Drummond & the Aldmoor TV digital team",
    "Written by Ann Lee, health correspondent",
    "By NewsBreeze Trends Desk · Aug 18, 2025 · Updated 22:15 · 2.1K shares",
    "Posted by Nell on 15/03/2025 in Recalls, Food safety · Reading time: 3 minutes",
    "Words: Odile Marchetti · Pictures: Stellan Brix · 28 May 2025 · 5 min read",
    "Priya Lindqvist, science correspondent",
    "Web Desk",
    "Casualty desk",
    "17 March 2025 | Staff reporter",
    # days and times
    "October 28, 2024",
    "Mon 6 Oct 2025 18.30 BST",
    "20:45, 14 Oct 2025 | Updated 21:02",
    "October 6, 2025 9:12 AM GMT+1 · Updated 2 hours ago",
    "Posted: Jun 11, 2025 / 01:30 PM",
    "Published 17 May 2025, 6.40 am | Updated: 9.15 am",
    "2024-10-28T14:00",
    "3 hours ago",
    "Updated 41 minutes ago",
    # addresses and numbers
    "304 North Cardinal St.",
    "Dorchester Center, MA 02124",
    "P.O. Box 118, Wexmouth",
    "Physical Address",
    "Tel. 0800 555 0179 | press@kestrelmill.example",
    "+44 20 7946 0018",
    "newsroom@courier.example",
    "https://www.cpmrevenuegate.com/vt6hstxc?key=785582df3563a5011d6a42a72f53041eh",
    # reading times
    "4 Min Read",
    "Reading time: 2 minutes",
    # tags
    "TAGGED:",
    "Tags: recalls, salmonella, sesame, tahini",
    "Filed Under: Airports, Rants",
    "Tagged With: Aldmoor, SwiftJet, delays",
    "Related topics",
    "Flooding  Karvelia  Dams",
    # share lines
    "Share This Article",
    "SHARE   TWEET   WHATSAPP",
    "Facebook  Email  X  LinkedIn  Bluesky  Print",
    "Share this story: Facebook | X | E-mail",
    "Share on Facebook | WhatsApp | Print",
    "Follow The Klaxon on social media",
    "Follow us",
    "412 shares    96 comments",
    # comment forms
    "Leave a comment",
    "Your email address will not be published. Required fields are marked *",
    "Be the first to comment",
    "84 Comments",
    "Comments are closed on this article.",
    "Comments (37) – Log in to join the discussion",
    "17 thoughts on “What the Kamenik gauges say”",
    # related articles
    "Related article: North Koreans Fighting for Russia Put Warm Words into Practice",
    "READ NEXT: Barley prices steady after wet September",
    "Read More: What are my rights if my flight is cancelled?",
    "Related: P&I clubs call for tougher shipper penalties",
    "You may also like",
    "MOST READ IN NEWS",
    "▶ Watch: Moment the bridge collapses",
    # advertisements, newsletters, paywalls
    "ADVERTISEMENT",
    "ADVERTISEMENT – story continues below",
    "Sponsored: Seniors in Aldmoor are rushing to get this hearing aid",
    "Sign up for the Klaxon's 5 O'CLOCK HOOTER newsletter",
    "Get the Courier's free morning briefing in your inbox. Sign up here.",
    "Subscribe to our newsletter for daily updates.",
    "Never miss a story: get alerts on your phone",
    "You have read 1 of 3 free articles this month. Register for full access.",
    "Download the free Channel 6 Storm Tracker app",
    "This page may contain affiliate links. If you buy through them, we earn a small commission.",
    "Lumen needs readers like you. Subscribe from 4 crowns a month.",
    # languages
    "en_USEnglish",
    "KA | EN | DE",
    "Karvelian | English | Русский | 中文",
    "Available in: English, Kelvaran",
    # cookies and law
    "We and our 84 partners use cookies. Accept all | Settings",
    "NBS uses cookies to make this site work. Let us know if you agree.",
    "Accept all | Reject all | Manage choices",
    "© 2025 Aldhaven Courier. All rights reserved.",
    "Copyright 2025 Continental Press. All rights reserved.",
    "NBS is not responsible for the content of external websites.",
    "Terms of use | Privacy | Accessibility | Complaints & corrections",
    # credits and sources
    "Photo: Lene Voss / Courier",
    "(AP Photo/Evan Vucci)",
    "Image source, Neil Catterall / NBS",
    "North Korean soldiers. KCNA",
    "Zoran Mlinar/WBN",
    "Additional reporting by Petar Sokol",
    "(Reporting by Tomas Quillfeather in Wexmouth and Rhea Okonjo-Banks; Editing by Colm Astbury)",
    "Ann Lee in Sorvan contributed to this report.",
    "Original url:",
    "Media enquiries: press@nofc.example",
    "FOR IMMEDIATE RELEASE",
    "– Ends –",
    # menus, letters to the reader
    "Home > News > Flood 2025",
    "Home | Showbiz | Footy | Weird | Horoscopes | WIN!",
    "LIVE  News  Weather 24°C  Traffic  Sport  Win!",
    "Skip to content",
    "Was this page helpful? Yes / No",
    "Got video of the flood? Send it to our newsroom",
    "This article was updated on 16 October to correct the name of the ship.",
    "___",
]

REPORT = [
    # begins as a byline does
    "By Tuesday, 3,000 troops had arrived.",
    "By Christmas, hospital staff shortages had worsened",
    "By June, the team had counted 40 cases.",
    "By contrast, crashes in the same age group increased from 19 to 27.",
    "Written evidence from 40 residents was heard.",
    "Reporting by the BBC found that 40 children had died.",
    "Writing from prison, Navalny said he was well.",
    "Editing by machine has become common.",
    "Contributions from the public reached £3m.",
    "Heavy fighting was reported from Bakhmut.",
    "Explosions reported from Kyiv.",
    # begins as a share or follow line does
    "Share prices fell 3%.",
    "Share the burden, Rutte told the allies.",
    "Shares in Corvane closed down 4.2 percent.",
    "Like the rest of Europe, Norway imposed sanctions.",
    "Like many on Facebook, he believed the rumour.",
    "Follow-up tests are planned.",
    "Follow the guidance of the local authorities.",
    "Find the missing boy, the mother begged.",
    "Join the army or go to prison, they were told.",
    "Print runs fell by half.",
    # begins as a related line does
    "Related companies were also searched.",
    "More than 300 residents were forced from their homes.",
    "More from the north arrived at dawn.",
    "Read on its own, the figure misleads.",
    "Recommended doses were cut by half.",
    "Trending upwards since May, the rate reached 4%.",
    "See also the 2019 report by the Court of Accounts.",
    # watches and warnings
    "Watch: the drug can cause drowsiness and must not be taken with alcohol.",
    "Live animals were carried in the hold.",
    "Listen, he told her, the siren is silent.",
    "Advisory: boil all water until Friday.",
    "Correction: the toll is 19, not 31, the ministry said.",
    "Note: figures are rounded.",
    "Warning: do not eat the jars, even after cooking.",
    # headlines, with and without a colon
    "NATO: North Korea troops in Russia",
    "NATO – North Korean troops are in Kursk",
    "12 shot dead on Oxford Street",
    "40 killed in street blast",
    "12 men appear in court",
    "Sources: 40 dead in Kursk blast",
    "Exclusive | Corvane to buy Brackley",
    "Corvane to buy Brackley | Business",
    "Fire – Flood – Fury",
    "Your email could be hacked, warns FBI",
    "Available in shops from Monday",
    # newsletters, cookies, privacy and terms as the subject
    "Subscribe numbers rose to 3 million in March.",
    "Subscribers to the newsletter numbered 40,000.",
    "The party's newsletter was sent by email to 40,000 members.",
    "Regulators fined Google over cookies after finding its consent banner misleading.",
    "Google uses cookies to track its visitors, the court found.",
    "Cookies baked in the recalled batch must be thrown away.",
    "Privacy policy experts warned of the change.",
    "Terms of service were changed overnight.",
    "Copyright law was changed in 2019.",
    "Sign up rates fell by 3%.",
    "Never miss a dose, the agency advises.",
    "Get your flu jab before winter, the ministry urges.",
    "Language barriers delayed the rescue.",
    "Advertisement spending fell by a third.",
    "Comments by the minister caused anger.",
    "40 responses to the consultation were received.",
    # addresses, telephones, contacts in sentences
    "He was arrested at 304 North Cardinal St. on Monday.",
    "The address on the letter was 12 Fenwick Lane, Aldmoor.",
    "A helpline is open on 0800 555 0177 every day from 7 a.m.",
    "Our customer hotline can be reached on 0800 555 0177 every day, including Sunday.",
    "Consumers can call 0800 555 0142 free of charge.",
    "Send a photograph of the lid to refund@kestrelmill.example.",
    "Contact tracing reached 214 people.",
    "Contact with the tanker was lost at 3 a.m.",
    "Contacts: of the 40 contacts traced, three fell ill.",
    "Website traffic doubled.",
    "Search teams found two bodies.",
    "Home Office: “We do not comment on individual cases.”",
    "Home Office figures show a rise of 4%.",
    "News of the deal lifted the shares.",
    # photographs as facts
    "Photo: a satellite image of 18 October shows 200 vehicles at the port.",
    "Photographs by residents show water at the first floor.",
    "Video released by Ukraine's Centre for Strategic Communication shows troops receiving equipment.",
    "The claims were first reported by AFP.",
    "The minister spoke to Reuters",
    "The suspects' fingerprints were on file.",
    "The agency (Reuters) said that two ministers had resigned.",
    # items, figures, tables
    "- 350 g jars, best before 14 March 2025",
    "- 14 March 2025",
    "- Published: 14 March 2025, 4:30 p.m.",
    "• 0800 555 0177",
    "1. Wash your hands.",
    "Best before: 30/11/2025, 07/12/2025, 14/12/2025",
    "Classification: class I recall",
    "Category: 4",
    "Dubrin | 19 | 44",
    "Dubrin  19  44",
    "12 500 13 200",
    "2019 2020 2021 2022",
    "12 minutes",
    # what pages also say
    "This report was published on Tuesday and lists 40 failures.",
    "The story was published in the Guardian and caused an outcry.",
    "High-resolution pictures show the dam cracked.",
    "The deal includes licensing rights for ten years",
    "Find the cause first, then the fault, the engineers were told.",
    "Where were you when the siren failed? “In bed,” he said.",
    "The website was down for two hours, which angered customers.",
    # verse
    "And miles to go before I sleep",
    "By the waters of Babylon we sat and wept",
    "Home is the sailor, home from sea",
    "Follow, poet, follow right",
]


def around(line: str) -> Document:
    """The line as a paragraph between two paragraphs of a report."""
    return read(Source("d", f"{BEFORE}\n\n{line}\n\n{AFTER}"))


def furniture(text: str, publisher: str | None = None) -> list[str]:
    document = read(Source("d", text, publisher=publisher))
    return [text[span.start : span.end] for span in document.furniture]


def test_tables_are_large_enough() -> None:
    """The tables stay as large as was asked for, without a line in both."""
    assert len(FURNITURE) >= 60
    assert len(REPORT) >= 80
    assert not set(FURNITURE) & set(REPORT)


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_line_is_found(line: str) -> None:
    """A line that a page put between two paragraphs is furniture as a whole, and in no sentence."""
    document = around(line)
    start = document.text.index(line)
    found = [span for span in document.furniture if span.start <= start and start + len(line) <= span.end]
    assert found
    assert [sentence.text for sentence in document.sentences] == [BEFORE, AFTER]


@pytest.mark.parametrize("line", REPORT)
def test_report_line_is_kept(line: str) -> None:
    """A line of a report is no furniture, neither between paragraphs nor above them."""
    assert around(line).furniture == ()
    assert furniture(f"{line}\n\n{BEFORE}\n\n{AFTER}") == []


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


@given(st.lists(st.sampled_from(FURNITURE + REPORT), max_size=12), st.sampled_from(["\n", "\n\n", "\r\n"]))
def test_furniture_is_in_order_and_apart(lines: list[str], newline: str) -> None:
    """In any mixture of lines the furniture spans are in order, disjoint, and touch no sentence."""
    document = read(Source("d", newline.join(lines)))
    ends = [0, *(span.end for span in document.furniture)]
    assert all(
        span.start >= end and span.end > span.start for span, end in zip(document.furniture, ends, strict=False)
    )
    assert not any(s.start < f.end and f.start < s.end for s in document.sentences for f in document.furniture)


@given(st.lists(st.sampled_from([line for line in REPORT if line.endswith(".")]), min_size=1, max_size=8))
def test_sentences_of_a_report_survive_in_any_order(lines: list[str]) -> None:
    """A report made of its own sentences loses none of them, in any order."""
    text = "\n\n".join(lines)
    document = read(Source("d", text))
    covered = "".join(sentence.text for sentence in document.sentences)
    assert document.furniture == ()
    assert "".join(covered.split()) == "".join(text.split())
