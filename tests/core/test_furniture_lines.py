"""Lines by themselves: what a page puts around a report is furniture, and no line of a report is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.model import Document, Source
from service.core.reading import read
from tests.core.paragraphs import AFTER, BEFORE, furniture

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
