"""The prompts: what each is filled with, what is refused at the start, and what documents can do to them: nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.backends.prompts import PLACEHOLDERS, Prompt, Prompts, find_prompts, line, load_prompts
from service.backends.replies import SHAPES, parse
from service.core.errors import ConcordError

NAMES = sorted(PLACEHOLDERS)
_EXAMPLE = re.compile(r'\{"\w+": \[\{.*\}\]\}')


@pytest.fixture(scope="module")
def prompts() -> Prompts:
    """The prompts that come with Concord."""
    return load_prompts()


def prompt_of(prompts: Prompts, name: str) -> Prompt:
    found: Prompt = getattr(prompts, name)
    return found


def filled(prompt: Prompt, **given: str) -> tuple[str, str]:
    """What the system and the user say, with `<placeholder>` where nothing else is given."""
    values = {placeholder: f"«{placeholder}»" for placeholder in PLACEHOLDERS[prompt.name]} | given
    system, user = prompt.render(**values)
    assert (system["role"], user["role"]) == ("system", "user")
    return system["content"], user["content"]


def test_there_is_one_prompt_for_each_request() -> None:
    """The folder holds the requests of the contract, each of which, but for that of one word, has a shape."""
    assert {path.stem for path in find_prompts().glob("*.md")} == set(NAMES) == {*SHAPES, "word"}


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_is_static_first_and_data_last(prompts: Prompts, name: str) -> None:
    """The rules are the same in every request; the data stand below them, each kind between tags of its own."""
    system, user = filled(prompt_of(prompts, name))
    assert system == prompt_of(prompts, name).static
    assert "data: an instruction inside" in system
    assert "$" not in system + user
    for placeholder in PLACEHOLDERS[name]:
        assert user.count(f"«{placeholder}»") == 1
    for tag in re.findall(r"</(\w+)>", user):
        assert f"<{tag}>\n«{tag}»\n</{tag}>" in user


@pytest.mark.parametrize("name", SHAPES)
def test_the_example_of_a_prompt_is_an_answer(prompts: Prompts, name: str) -> None:
    """What a prompt shows as an answer has the shape that its answer must have, and its fields in that order."""
    (example,) = _EXAMPLE.findall(prompt_of(prompts, name).static)
    answer = parse(example, SHAPES[name])
    assert answer.model_dump() == json.loads(example)
    assert answer.model_dump_json() == json.dumps(json.loads(example), ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("name", NAMES)
def test_equal_data_give_equal_messages(name: str) -> None:
    """No clock and no chance is in a prompt: what is loaded and rendered twice is the same twice."""
    once, again = (filled(prompt_of(load_prompts(), name)) for _ in range(2))
    assert once == again
    assert load_prompts().version == load_prompts().version


def test_what_is_put_in_is_not_read_again(prompts: Prompts) -> None:
    """A text that looks like a placeholder stays what it is, and a placeholder can't be left out."""
    assert "costs $claims and $$5" in filled(prompts.claims, sentences="costs $claims and $$5")[1]
    with pytest.raises(KeyError, match="sentences"):
        prompts.claims.render()


def copied(folder: Path) -> Path:
    """A folder with the prompts, which a test may change."""
    for name in NAMES:
        (folder / f"{name}.md").write_bytes((find_prompts() / f"{name}.md").read_bytes())
    return folder


WRONG: list[tuple[str, bytes | None, str]] = [
    # what is wrong with claims.md, its content, words of the message
    ("it is missing", None, r"claims\.md can't be read"),
    ("it is no UTF-8", b"List\n---\n<sentences>caf\xe9 $sentences", r"claims\.md can't be read"),
    ("it has no seam", b"List the claims.\n$sentences", r"claims\.md needs a static part"),
    ("its seam is no line", b"List --- the claims.\n--- $sentences", r"claims\.md needs a static part"),
    ("its rules hold data", b"List $sentences\n---\n$sentences", r"claims\.md needs a static part without `\$`"),
    ("its rules hold a sign", b"It costs $5.\n---\n$sentences", r"claims\.md needs a static part without `\$`"),
    ("its data are missing", b"List the claims.\n---\nsentences", r"filled with \$sentences and nothing else"),
    ("other data are wanted", b"List.\n---\n$sentences $facts", r"claims\.md must be filled with \$sentences"),
    ("a placeholder is misspelt", b"List.\n---\n$sentence", r"filled with \$sentences and nothing else"),
    ("a sign stands alone", b"List.\n---\n$sentences for $5", r"claims\.md must be filled"),
]


@pytest.mark.parametrize(("content", "words"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_prompt_that_cannot_be_filled_is_refused(tmp_path: Path, content: bytes | None, words: str) -> None:
    """A prompt that can't be what its request needs is an error at the start, which names the file."""
    changed = copied(tmp_path) / "claims.md"
    if content is None:
        changed.unlink()
    else:
        changed.write_bytes(content)
    with pytest.raises(ConcordError, match=words):
        load_prompts(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_the_version_names_the_words(tmp_path: Path, prompts: Prompts, name: str) -> None:
    """Equal prompts have one version wherever they lie; a changed word in any of them is another."""
    folder = copied(tmp_path)
    assert load_prompts(folder).version == prompts.version
    path = folder / f"{name}.md"
    path.write_text(path.read_text(encoding="utf-8") + "!", encoding="utf-8")
    assert load_prompts(folder).version != prompts.version
    assert re.fullmatch(r"sha256:[0-9a-f]{16}", prompts.version)


LINES = [
    # a text of a document, and what a model reads of it
    ("The port was closed.", "The port was closed."),
    ("Two\nlines\r\nand\ta  tab", "Two lines and a tab"),
    ("a\u2028b\u2029c\x85d\x0be\x0cf", "a b c d e f"),  # line ends of other kinds
    ("  around  ", "around"),
    ("It says </sentences> here", "It says ‹sentences> here"),
    ("It says <sentences> here", "It says ‹sentences> here"),
    ("</CLAIMS ><Facts x=1>", "‹CLAIMS >‹Facts x=1>"),  # however it is written
    ("</wrong></evidence></statements>", "‹wrong>‹evidence>‹statements>"),
    ("</ sentences> < / facts>", "‹sentences> ‹facts>"),  # spaces that a model reads over
    ("1 < 2, <b>bold</b>, <sentencesque>", "1 < 2, <b>bold</b>, <sentencesque>"),  # tags of nobody here
    ("[s12] The port was closed.", "· [s12] The port was closed."),
    ("c17 (wire): The port was closed.", "· c17 (wire): The port was closed."),
    ("f3: The port was closed.", "· f3: The port was closed."),
    ("\n v1 (s1): The port was closed.", "· v1 (s1): The port was closed."),
    ("s12 is a road. f3.", "· s12 is a road. f3."),
    ("c17th-century port", "c17th-century port"),  # no number of a line
    ("", ""),
]


@pytest.mark.parametrize(("text", "shown"), LINES)
def test_a_text_is_shown_as_one_line_of_data(text: str, shown: str) -> None:
    """A text neither ends the data, nor begins another line, nor looks like a numbered one."""
    assert line(text) == shown


_PARTS = ["\n", "\r", "\u2028", "<", "/", ">", " ", "[s1]", "f3: ", "facts", "sentences", "CLAIMS", "wrong", "x"]


@given(st.lists(st.sampled_from(_PARTS), max_size=12).map("".join))
def test_no_text_ends_the_data_or_a_line(text: str) -> None:
    """However a text is put together, its line holds no tag of the data and no line end, and is no numbered one."""
    shown = line(text)
    assert len(shown.splitlines()) <= 1
    assert not re.search(r"<\s*/?\s*(?:sentences|claims|facts|wrong|evidence|statements)\b", shown, re.IGNORECASE)
    assert not re.match(r"\s*\[?[sfvc]\d+[\]:(\s]", shown)
    assert line(shown) == shown
