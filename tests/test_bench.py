"""What `make bench` writes, what `make sizes` bounds, and what `make mutants` counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.bench import PAGE, parts, put
from benchmarks.mutants import FILES, Tally, module_of, tally
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


def test_a_mutant_that_no_test_fails_on_survived() -> None:
    """One that no test comes through did, too; one that ran out of time was noticed."""
    ends = {"f_1": 1, "f_2": 0, "f_3": 33, "f_4": -24, "f_5": 1}
    assert tally("f.py", ends) == Tally("f.py", killed=2, survived=2, timed_out=1)
    assert tally("f.py", ends).share == pytest.approx(0.6)


def test_a_mutant_that_was_not_judged_is_no_silent_kill() -> None:
    with pytest.raises(ValueError, match="f_1: 255"):
        tally("f.py", {"f_1": 255, "f_2": 1})


def test_what_is_altered_is_there_and_has_its_place_on_the_page() -> None:
    assert all(Path(file).is_file() for file in FILES)
    assert module_of("service/core/details/__init__.py") == "service.core.details"
    assert "new" in put(PAGE.read_text(encoding="utf-8"), "mutants", "new")
