"""What docs/api.md and the README show is what is printed, and what any page names or links to is there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import playwright
import pytest
from markdown_it import MarkdownIt

from service.settings import Settings, variable_of
from tests.databases import need
from tests.processes import address_of, concord

ROOT = Path(__file__).parent.parent
GUIDE, README = "docs/api.md", "README.md"  # of the guide every block is run, of the README what shows its output
NODE = Path(playwright.__file__).parent / "driver" / "node"  # Playwright brings one along
RUN = {
    "sh": ("sh", "-eu", "-c"),
    "python": (sys.executable, "-c"),
    "js": (str(NODE), "--input-type=module", "--eval"),
}


def blocks(page: str) -> list[tuple[str, str, str | None]]:
    """(language, program, what the page says that it prints) of every block that is to be run, in order."""
    fences = [
        token for token in MarkdownIt().parse((ROOT / page).read_text(encoding="utf-8")) if token.type == "fence"
    ]
    following = [*fences[1:], None]
    return [
        (fence.info, fence.content, after.content if after and after.info == "output" else None)
        for fence, after in zip(fences, following, strict=True)
        if fence.info in RUN and (page == GUIDE or (after and after.info == "output"))
    ]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The folder that the guide's reader is in, and the address of the server."""
    folder = tmp_path_factory.mktemp("guide")
    with concord(folder, "serve", "--port", "0") as server:
        yield folder, address_of(server).removeprefix("http://")


@pytest.mark.parametrize(("page", "languages"), [(GUIDE, {*RUN}), (README, {"sh"})])
def test_every_block_prints_what_the_page_says(served: tuple[Path, str], page: str, languages: set[str]) -> None:
    need(shutil.which("curl"), "curl")
    folder, address = served
    shown = blocks(page)
    for language, program, expected in shown:
        command = [*RUN[language], program.replace("localhost:8000", address)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"{program}\n{done.stderr}"
        assert expected is None or _fits(expected, done.stdout), f"{program}\n{done.stdout}"
    assert {language for language, _, _ in shown} == languages


def _fits(expected: str, printed: str) -> bool:
    """Whether a text is what was expected, where "…" stands for whatever it was."""
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("…"))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "cassettes" / "README.md"])
UNDRAWN = re.compile(r"!\[[^]]*\]\(images/(\w+)\.svg\)(?=\n\n<!-- \1 -->\n<!-- /\1 -->)")
"""A chart whose table is empty: `make bench` writes both."""
OTHERS = {"CONCORD_DB_PASSWORD", "CONCORD_REQUIRE_SYSTEM"}  # of compose.yaml, and of the tests


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    """A relative link names a file of the repository, and what follows # one of its headings."""
    for link in _links(page):
        address = urlsplit(link)
        if address.scheme:
            continue
        target = (page.parent / address.path).resolve() if address.path else page
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        assert not address.fragment or address.fragment in _anchors(target), link


def test_what_pages_name_is_there() -> None:
    """Every make target that a page names is one of the Makefile, every variable one of the settings."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    declared = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert declared
    rules = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    assert set(declared[1].split()) == rules
    named = set(re.findall(r"(?:`|&& |^)make (\w+)", text, re.MULTILINE))
    assert {"demo", "test", "record"} <= named <= rules
    variables = set(re.findall(r"\bCONCORD_[A-Z_]*[A-Z]\b", text))
    assert "CONCORD_MODEL" in variables
    assert variables <= {variable_of(name) for name in Settings.model_fields} | OTHERS


def _links(page: Path) -> Iterator[str]:
    text = UNDRAWN.sub("", page.read_text(encoding="utf-8"))
    for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text):
        for part in token.children or []:
            if part.type in ("link_open", "image"):
                yield str(part.attrs["href" if part.type == "link_open" else "src"])


def _anchors(page: Path) -> set[str]:
    """The anchors that a forge gives headings: in lower case, without punctuation, "-" for each blank."""
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    titles = [text.content for text, before in zip(tokens[1:], tokens, strict=False) if before.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
