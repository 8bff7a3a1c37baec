"""Fuzzing: its targets hold where nothing is wrong, and fail where something is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.fuzzing.inputs import seeds_of
from benchmarks.fuzzing.pumping import PUMPED, unfolded
from benchmarks.fuzzing.targets import PARTS, TARGETS, check_document
from tests.builders import document


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_holds_on_its_seeds(target: str) -> None:
    """What inputs grow from is sound itself."""
    seeds = seeds_of(target)
    assert seeds
    for seed in seeds[:3]:
        TARGETS[target](seed)


FOUND = [
    # one name of another and not the other of the one: of names as long, the first was taken for the short one
    ("details", f"Robert Roberts{PARTS}Robert Smith"),
    ("details", f"Sofia Salvan{PARTS}S-20"),
]


@pytest.mark.parametrize(("target", "text"), FOUND)
def test_what_was_found_once_stays_mended(target: str, text: str) -> None:
    """The inputs that broke something, as short as they do it."""
    TARGETS[target](text.encode())


def test_a_document_that_is_not_sound_is_found() -> None:
    """A target can fail: a quote that is not exact, sentences out of order, a span beyond the text."""
    sound = document("The ferry sank. It was old.\n\nShare\n")
    check_document(sound)
    first, second = sound.sentences
    for broken in (
        replace(sound, sentences=(replace(first, text="The ferry swam."), second)),
        replace(sound, sentences=(replace(second, index=0), replace(first, index=1))),
        replace(sound, sentences=(first, replace(first, index=1))),
        replace(sound, furniture=(replace(sound.furniture[0], end=99),)),
    ):
        with pytest.raises(AssertionError):
            check_document(broken)


def test_an_input_is_itself_or_pumped() -> None:
    """The first byte says which, the next two which part is said again."""
    assert unfolded(b"\x01abc") == b"abc"
    pumped = unfolded(b"\x00\x01\x00abc")
    assert pumped == b"a" + b"b" * (PUMPED - 3) + b"c"
    assert unfolded(b"\x00a") == b"a"
