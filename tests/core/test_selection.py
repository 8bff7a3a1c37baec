"""What a summary tells once it does not tell again, be it in one sentence or over several."""

from __future__ import annotations

import pytest

from service.core.matching import Index
from service.core.selection import repeats
from tests import builders

TOLD = (
    "The minister said the ferry Corriel sank because its bow door had stood open.",
    "More than forty passengers were rescued by fishing boats from Oldport.",
)


@pytest.mark.parametrize(
    ("text", "is_repeated"),
    [
        ("The ferry Corriel sank because its bow door had stood open.", True),
        ("The minister said passengers of the sunken ferry Corriel were rescued by fishing boats.", True),
        ("The minister said divers would look for the recorder of the ferry on Thursday.", False),
        ("The owner of the ferry Corriel will pay for the funerals.", False),
    ],
    ids=["by one", "by two together", "another thing of the same", "another thing"],
)
def test_what_was_told_is_not_told_again(text: str, is_repeated: bool) -> None:
    assert repeats(text, TOLD, Index(builders.documents(*TOLD))) is is_repeated


def test_the_first_sentence_repeats_nothing() -> None:
    assert not repeats(TOLD[0], (), Index(builders.documents(*TOLD)))
