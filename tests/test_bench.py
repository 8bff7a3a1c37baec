"""What `make bench` writes, and what `make sizes` bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.bench import PAGE, parts, put
from benchmarks.sizes import FILE, LONGEST, Size, faults


def test_only_what_stands_between_its_marks_is_replaced() -> None:
    page = "a\n<!-- speed -->\nold\n<!-- /speed -->\nb\n<!-- jobs -->\nkept\n<!-- /jobs -->\n"
    assert put(page, "speed", r"new \1") == page.replace("old", r"new \1")


def test_a_table_without_a_place_is_no_silent_loss() -> None:
    with pytest.raises(ValueError, match="no place for 'speed'"):
        put("<!-- jobs -->\n<!-- /jobs -->\n", "speed", "new")


def test_every_part_has_its_place_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for part in parts(Path("d"), Path("s"), Path("c")):
        assert "new" in put(page, part.name, "new")


def test_what_is_too_large_is_named() -> None:
    small = [Size(3, "a.py:1 f")] * 20
    assert list(faults(small, [Size(FILE, "a.py")])) == []
    named = list(faults([*small, Size(LONGEST + 1, "b.py:7 g")], [Size(FILE + 1, "c.py")]))
    assert [fault.split(":")[0] for fault in named] == ["b.py", "c.py"]
    assert len(list(faults([Size(40, "d.py:1 h")] * 3, []))) == 2
