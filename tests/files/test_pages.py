"""Pages: what turning one into text may take, and that no other pays for it."""

from __future__ import annotations

import gc
import json

import pytest

from service.core.errors import InvalidInput
from service.core.formats import to_text
from service.core.model import Format, Source
from service.files import pages as pages_
from service.files import reader, turner
from service.files.pages import PageBounds, Pages
from service.pipeline import read_all
from tests.processes import lives

ATTRIBUTES = f"<p {' '.join(f'a{n}=1' for n in range(60_000))}>x</p>"
"""libxml2 compares each attribute with those before it: of a million characters this costs half a minute."""


def _process(pages: Pages) -> int:
    """The process that waits for the next page."""
    (process,) = pages._idle
    return process.pid


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("<p>It <b>fell</b>.</p><p hidden>No.</p>", Format.HTML),
        ("It *fell* 🚢.\n\n- At noon.", Format.MARKDOWN),
        ("<p>It *fell*.", Format.TEXT),
        ("<p>\ud83d</p>", Format.MARKDOWN),
    ],
)
def test_a_page_gives_the_text_that_it_gives_here(text: str, form: Format) -> None:
    """Where a page is turned into text changes nothing of it."""
    assert Pages().to_text(text, form) == to_text(text, form)


def test_a_page_that_takes_too_long_ends_its_process_alone() -> None:
    """The client is told what is wrong; the next page is turned by another process, and that one is used again."""
    pages = Pages(PageBounds(seconds=1))
    with pytest.raises(InvalidInput, match=r"more than 1 s of a processor .* send its text instead"):
        pages.to_text(ATTRIBUTES, Format.HTML)
    assert pages.to_text("<p>It fell.</p>", Format.HTML) == "It fell."
    process = _process(pages)
    assert pages.to_text("<p>It sank.</p>", Format.HTML) == "It sank."
    assert _process(pages) == process


def test_a_page_that_takes_too_much_memory_is_refused() -> None:
    """The kernel gives no more than may be."""
    pages = Pages(PageBounds(memory=80_000_000))
    with pytest.raises(InvalidInput, match="memory"):
        pages.to_text("- a\n" * 100_000, Format.MARKDOWN)
    assert pages.to_text("It *fell*.", Format.MARKDOWN) == "It fell."


def test_a_process_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits without working is ended by the clock."""
    monkeypatch.setattr(pages_, "_PROGRAM", "import time; time.sleep(600)")
    with pytest.raises(InvalidInput, match="took more than"):
        Pages(PageBounds(patience=0.2)).to_text("x", Format.HTML)


def test_a_process_that_was_ended_meanwhile_is_replaced() -> None:
    """A page does not suffer from what became of the process since the last one."""
    pages = Pages()
    pages.to_text("x", Format.MARKDOWN)
    (process,) = pages._idle
    process.kill()
    process.wait()
    assert pages.to_text("It *fell*.", Format.MARKDOWN) == "It fell."


def test_processes_end_with_what_started_them() -> None:
    """Nothing is left behind by pages that are no longer used."""
    pages = Pages()
    pages.to_text("x", Format.MARKDOWN)
    process = _process(pages)
    assert lives(process)
    del pages
    gc.collect()
    assert not lives(process)


def test_a_process_sees_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in the environment is not handed to what reads a stranger's page."""
    tells = "import json, os; input(); print(json.dumps({'text': str(dict(os.environ)), 'last': True}))"
    monkeypatch.setattr(pages_, "_PROGRAM", tells)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    assert "secret" not in Pages().to_text("x", Format.HTML)


def test_what_breaks_a_library_is_the_pages_fault() -> None:
    """The answer names the kind of error, none of the page's words, and the process is not used again."""
    said = turner.answer(json.dumps({"text": "Secret", "format": "scroll"}))
    assert said == {"problem": "the page can't be read: ValueError", "last": True}


def test_a_process_has_no_socket() -> None:
    """What a library would fetch, it can not."""
    with pytest.raises(PermissionError):
        reader.forbid("socket.connect", ())
    reader.forbid("open", ())


def test_the_document_is_named() -> None:
    """A page that is refused is pointed at among the others."""

    def turn(text: str, _: Format) -> str:
        if text == "bad":
            raise InvalidInput("the page took more than may be")
        return text

    sources = [Source("a", "The ferry sank."), Source("b", "bad", format=Format.HTML)]
    with pytest.raises(InvalidInput, match="took more") as found:
        read_all(sources, turn)
    assert found.value.pointer == "/documents/1/text"
