"""Quotations: what stands between marks, and whether it stands verbatim in a source."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.details.quotations import Quotation, find_quotations, plain


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nothing is quoted", []),  # none
        ("He said “We won’t go” and left.", ["We won’t go"]),  # curly, an apostrophe inside
        ('He said "We won\'t go" and left.', ["We won't go"]),  # straight
        ("“We won,” he said. “We will win.”", ["We won,", "We will win."]),  # two, on either side
        ('We won." he said, "Go."', ["Go."]),  # the first mark closes what began before
        ('so-called ("experts")', ["experts"]),  # behind a bracket
        ('6\'2" tall and 5" wide', []),  # inches
        ("‘a disaster’, he said", ["a disaster"]),  # single, curly
        ("the soldiers’ lives and ‘the end’ of it", ["the end"]),  # a possessive opens nothing
        ("‘it doesn’t work’, he said", ["it doesn’t work"]),  # an apostrophe closes nothing
        ("‘it doesn’t work’, he said, ‘ever’", ["it doesn’t work", "ever"]),
        ("‘I’m here’, he said", ["I’m here"]),  # behind a single letter neither
        ("‘90s music", []),  # a mark that is never closed
        ("‘90s music was “loud”", ["loud"]),  # which hides no other
        ("‘" + "long " * 80 + "’", []),  # or only far away
        ("‘it isn’t " + "long " * 80 + "’", []),
        ("“" + "long " * 80 + "”, he said", ["long " * 80]),  # double marks hold any length
        ("“Yes”“No”", ["Yes", "No"]),  # nothing between two
        ("He called it 'a disaster'.", ["a disaster"]),  # single, straight
        ("the soldiers' lives and the 'end' of it", ["end"]),
        ("the '90s were 'great'", ["great"]),
        ("O'Brien's 'plan'", ["plan"]),
        ("rock 'n' roll", []),  # too short
        ("He said \"yes\" to 'no'", ["yes"]),  # double marks win over single
        ("“He told me ‘no’ twice”", ["He told me ‘no’ twice"]),  # nested: the outer alone
        ('‘He told me "no" twice’', ['He told me "no" twice']),
        ("“it runs on", ["it runs on"]),  # left open
        ("“” and “ ”", []),  # empty
        ("„Das ist gut“, sagte er", ["Das ist gut"]),  # German
        ("« C'est bien », dit-il", [" C'est bien "]),  # French
        ("「攻撃した」と述べた", ["攻撃した"]),  # Japanese
        ("彼は「『はい』と言った」と述べた", ["『はい』と言った"]),  # nested
    ],
)
def test_quotations_stand_between_marks(text: str, found: list[str]) -> None:
    """A quotation is what stands between a pair of marks of any kind; a mark left open runs to the end."""
    quotations = find_quotations(text)
    assert [quotation.text for quotation in quotations] == found
    assert [text[quotation.start : quotation.end] for quotation in quotations] == found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("We will win.", ("we will win",)),  # no stop at the end
        ("We won’t — go", ("we won't - go",)),  # one apostrophe, one dash
        ("I [Rutte] think", ("i", "think")),  # an insertion
        ("We … go (...) on. . . now", ("we", "go", "on", "now")),  # ellipses
        ("[He] said", ("said",)),  # an insertion at the start
        ("…", ()),  # nothing
        ("[[[[ said", ("said",)),  # brackets that close nothing
    ],
)
def test_parts_are_what_must_stand_verbatim(text: str, parts: tuple[str, ...]) -> None:
    """A quotation falls into parts at bracketed insertions and ellipses."""
    assert Quotation(0, len(text), text).parts == parts


@pytest.mark.parametrize(
    ("quoted", "source", "stands"),
    [
        ("a dangerous step", "He called it “a dangerous step”.", True),  # verbatim
        ("a Dangerous  step,", "He called it “a dangerous\nstep”.", True),  # case, space, stop
        ("we won't — ever", "We won’t – ever.", True),  # marks and dashes
        ("a very dangerous step", "a dangerous step", False),  # a word put in
        ("a step", "a dangerous step", False),  # a word left out
        ("a … step", "a dangerous step", True),  # left out, and marked
        ("step … a", "a dangerous step", False),  # the wrong order
        ("the [army] left", "the soldiers of the army left", True),  # an insertion
        ("he [Rutte] left", "[He] left", True),  # brackets in the source too
        ("war", "we warned of war", True),  # a whole word, though not the first place
        ("war", "we warned them", False),  # part of a word
        ("war", "warned", False),  # at the start
        ("arm", "the army", False),
        ("at", "the cat", False),  # at the end of a word
        ("car", "the cars left", False),  # but for one letter
        ("plan b", "plan between", False),
        ("war … peace", "warned of war, peace and war", True),  # the first of several whole words
        ("he said ‘no’ twice", 'He said "no" twice', True),  # nested marks of another kind
        ("攻撃した", "彼は攻撃したと述べた", True),  # no spaces between words
        ("공격", '"공격"이라고 말했다', True),  # endings joined to a word
        ("…", "anything", True),  # nothing to be found
    ],
)
def test_a_quotation_stands_where_every_part_does(quoted: str, source: str, stands: bool) -> None:
    """Equal up to marks, dashes, space, case, insertions and ellipses; nothing else."""
    assert Quotation(0, len(quoted), quoted).stands_in(plain(source)) is stands


def test_plain_text_has_one_form() -> None:
    """Marks and brackets go, dashes and spaces become one, and case is folded; apostrophes in words stay."""
    assert plain("“We—won’t”\u00a0say ‘NO’\t[to] the soldiers’ «plan»") == "we-won't say no to the soldiers plan"


@given(st.text(alphabet="ab .'\"“”‘’«»「」[]…\n", max_size=60))
def test_quotations_quote_the_text_and_stand_in_it(text: str) -> None:
    """Whatever the text, quotations are exact, in order, apart, and stand in the text they come from."""
    found = find_quotations(text)
    assert all(text[q.start : q.end] == q.text for q in found)
    assert all(a.end < b.start for a, b in pairwise(found))
    assert all(Quotation(0, 1, q.text).stands_in(plain(q.text)) for q in found if "[" not in q.text)
    assert plain(plain(text)) == plain(text)
