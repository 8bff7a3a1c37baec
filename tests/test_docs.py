"""The documents name what is there: nothing is planned any more, and each file of the service has its place."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

from packaging.requirements import Requirement

from service.core.verification import GATES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
LISTING = (DOCS / "architecture.md").read_text(encoding="utf-8").split("```")[1]


def test_the_architecture_names_every_file_of_the_service() -> None:
    """Each file stands once, in or below the line of its folder, and no other stands there."""
    folders, named = {0: ""}, Counter[str]()  # what the lines below an indentation are in
    for line in LISTING.splitlines()[2:]:
        indent = len(line) - len(line.lstrip())
        above = next(folders[n] for n in range(indent - 1, -1, -1) if n in folders)
        opened = re.match(r"([a-z]+/)( |$)", line.lstrip())
        folders = {n: folder for n, folder in folders.items() if n < indent}
        if opened:
            folders[indent] = above + opened[1]
        named.update(folders.get(indent, above) + name for name in re.findall(r"(?<![\w/])\w+\.py\b", line))
    service = ROOT / "service"
    there = {str(path.relative_to(service)) for path in service.rglob("*.py")}
    assert set(named) == {path for path in there if not re.search(r"__init__\.py|migrations/", path)}
    assert max(named.values()) == 1, named.most_common(3)


def test_no_document_plans_what_is_there() -> None:
    """What is documented can be used."""
    assert [path.name for path in DOCS.glob("*.md") if "*planned" in path.read_text(encoding="utf-8")] == []


def test_every_library_has_its_reason() -> None:
    """Each requirement, of the extras too, stands in bold in docs/decisions.md, and no other under its libraries."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    text = (DOCS / "decisions.md").read_text(encoding="utf-8")
    libraries = text[text.index("## Libraries") : text.index("## Rules of the core")]
    named = set(re.findall(r"\*\*([\w-]+)\*\*", libraries)) - {"pip-audit", "cyclonedx-bom"}  # of shipping/audit.txt
    assert named == {Requirement(one).name for one in wanted}


def test_the_readme_says_how_many_gates_there_are() -> None:
    spelled = {10: "ten", 11: "eleven", 12: "twelve", 13: "thirteen"}[len(GATES)]
    assert f"the {spelled} gates" in (ROOT / "README.md").read_text(encoding="utf-8")
