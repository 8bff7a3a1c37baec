"""What docs/api.md and the README show is what is printed, by a server as their reader would start it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import playwright
import pytest
from markdown_it import MarkdownIt

from tests.databases import need
from tests.processes import concord, wait_for_line

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
        found = re.search(r"//([\d.]+:\d+)", wait_for_line(server, "Uvicorn running on"))
        assert found
        yield folder, found[1]


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
