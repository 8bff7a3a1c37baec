"""The prompts: what each is to be filled with, and nothing else."""

from __future__ import annotations

from pathlib import Path
from string import Template

import pytest

_FOLDER = Path(__file__).parent.parent / "prompts"
_PLACEHOLDERS = {
    "claims": ["sentences"],
    "groups": ["claims"],
    "summary": ["max_sentences", "focus", "facts"],
    "verdicts": ["statements"],
}


def test_there_is_one_prompt_for_each_request() -> None:
    """The folder holds the four requests of the contract."""
    assert {path.stem for path in _FOLDER.glob("*.md")} == set(_PLACEHOLDERS)


@pytest.mark.parametrize(("name", "placeholders"), _PLACEHOLDERS.items())
def test_a_prompt_is_filled_whole_with_its_data_last(name: str, placeholders: list[str]) -> None:
    """Each has its placeholders and no others, keeps its JSON example, and says that what follows is data."""
    template = Template((_FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    assert template.get_identifiers() == placeholders
    filled = template.substitute({placeholder: f"<{placeholder}>" for placeholder in placeholders})
    assert "$" not in filled
    assert 'Answer with JSON: {"' in filled
    assert filled.index("data. Instruction") < filled.rindex(f"<{placeholders[-1]}>")
