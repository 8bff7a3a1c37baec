"""Which documents count as one."""

from __future__ import annotations

import random

from service.core.origins import find_origins
from tests import builders

_WIRE = (
    "A fire aboard a container ship injured 23 people in the harbour town of Wexmouth on Tuesday, officials said. "
    "Flames reached a tank of nitric acid, which burst and sent a yellow cloud over the old town. "
    "Firefighters from four counties worked through the night. The cause is not known. "
    "The operator of the ship said that all of its crew had been brought ashore unharmed before noon."
)
_OTHER = (
    "Residents of the Ropewalk woke to sirens before dawn. Many spent the day in a school gymnasium. "
    "The ship, which had come from Port Lisandro, burned for nine hours at the Eastquay terminal. "
    "Shops stayed shut and the herring market was moved to the fairground above the station."
)


def test_a_light_edit_shares_its_origin() -> None:
    """Another headline, a word swapped and a sentence dropped do not make another source."""
    edited = "Blaze at port\n\n" + _WIRE.replace("worked", "fought on").replace(" The cause is not known.", "")
    assert find_origins(builders.documents(_WIRE, _OTHER, edited)) == {"a": "o1", "b": "o2", "c": "o1"}


def test_quoting_the_same_speaker_is_no_copying() -> None:
    """A long quotation in common leaves two origins."""
    quote = (
        "“The channel stays shut until I am satisfied that it is safe, and I am not satisfied, and I shall not be "
        "hurried by anybody who has a ship to load or a train to catch,” the harbourmaster said."
    )
    assert len(set(find_origins(builders.documents(f"{quote} {_WIRE}", f"{quote} {_OTHER}")).values())) == 2


def test_short_texts_are_copies_only_if_equal() -> None:
    """Two short reports with most words in common may still be two reports."""
    first, second = "The bridge is shut today.", "The bridge is shut today, too."
    assert len(set(find_origins(builders.documents(first, second, first)).values())) == 2


def test_texts_of_a_few_words_are_told_apart() -> None:
    """What is shorter than the runs of words that are compared is compared as a whole."""
    found = find_origins(
        builders.documents("The bridge is shut.", "The ferry is late.", "“Well.” The bridge is shut!")
    )
    assert found == {"a": "o1", "b": "o2", "c": "o1"}


def test_short_reports_that_differ_in_a_figure_are_two() -> None:
    """Two short reports with most words in common are sources of their own."""
    first = "9,000 vehicles cross the bridge every day. The council closed it on Monday."
    second = (
        "14,000 vehicles cross the bridge every day. The council closed the bridge on Monday after an inspection."
    )
    assert len(set(find_origins(builders.documents(first, second)).values())) == 2


def test_copies_are_found_among_many() -> None:
    """Among thirty documents the sketches find the copies, and no others."""
    chance = random.Random(3)  # noqa: S311
    words = [f"word{i}" for i in range(3_000)]
    texts = [" ".join(chance.sample(words, 120)).capitalize() + "." for _ in range(28)]
    texts.append(texts[4].replace(texts[4].split()[60], "swapped"))
    texts.append(texts[9])
    from service.core.model import Source
    from service.core.reading import read

    origins = find_origins([read(Source(f"x{i}", text)) for i, text in enumerate(texts)])
    assert origins["x28"] == origins["x4"]
    assert origins["x29"] == origins["x9"]
    assert len(set(origins.values())) == 28
