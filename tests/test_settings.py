"""Settings: read from the environment and `.env`, checked before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from service.core.errors import InvalidInput
from service.settings import PREFIX, Settings, find_data, load_settings


def test_every_setting_has_a_default_and_says_what_it_is() -> None:
    """Nothing must be set, and each setting's description is a phrase that a list can show."""
    assert load_settings({}) == load_settings({"PATH": "/bin"})
    for field in Settings.model_fields.values():
        assert not field.is_required()
        assert field.description


READ = [
    # a variable, its value, the setting, what it becomes
    ("CONCORD_MAX_DOCUMENTS", "7", "max_documents", 7),
    ("concord_max_documents", "7", "max_documents", 7),  # case does not matter
    ("CONCORD_BACKEND", "embedded", "backend", "embedded"),
    ("CONCORD_CHUNK_TOKENS", "100", "chunk_tokens", 100),
]


@pytest.mark.parametrize(("variable", "value", "name", "expected"), READ)
def test_variables_become_settings(variable: str, value: str, name: str, expected: object) -> None:
    """A variable is the setting's name after the prefix."""
    assert getattr(load_settings({variable: value}), name) == expected


WRONG = [
    # variables, words of the message
    ({"CONCORD_MAX_DOCS": "7"}, ["unknown setting CONCORD_MAX_DOCS", "concord settings"]),
    ({"CONCORD_A": "", "CONCORD_B": ""}, ["CONCORD_A, CONCORD_B"]),
    ({"CONCORD_MAX_DOCUMENTS": "many"}, ["CONCORD_MAX_DOCUMENTS", "integer", "'many'"]),
    ({"CONCORD_MAX_DOCUMENTS": ""}, ["CONCORD_MAX_DOCUMENTS", "''"]),
    ({"CONCORD_MAX_DOCUMENTS": "0"}, ["CONCORD_MAX_DOCUMENTS", "greater than or equal to 1"]),
    ({"CONCORD_MAX_DOCUMENTS": "10001"}, ["CONCORD_MAX_DOCUMENTS", "10000"]),
    ({"CONCORD_BACKEND": "gpt"}, ["CONCORD_BACKEND", "'embedded'"]),
    ({"CONCORD_MAX_DOCUMENTS": "x", "CONCORD_BACKEND": "y"}, ["CONCORD_MAX_DOCUMENTS", "CONCORD_BACKEND"]),
]


@pytest.mark.parametrize(("variables", "words"), WRONG)
def test_wrong_variables_are_named(variables: dict[str, str], words: list[str]) -> None:
    """What is unknown or can't be is an error that names the variable and what is wrong with it."""
    with pytest.raises(InvalidInput) as refused:
        load_settings(variables)
    assert all(word in str(refused.value) for word in words)


def test_settings_do_not_change() -> None:
    """A setting can't be set after the start."""
    with pytest.raises(ValidationError, match="frozen"):
        Settings().max_documents = 1


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, in an environment without settings."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_environment_goes_before_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.env` is read, and a variable of the environment overrides it."""
    (folder / ".env").write_text("CONCORD_MAX_DOCUMENTS=3\nCONCORD_CHUNK_TOKENS=300\nOTHER=1\n", encoding="utf-8")
    monkeypatch.setenv("CONCORD_MAX_DOCUMENTS", "4")
    settings = load_settings()
    assert (settings.max_documents, settings.chunk_tokens) == (4, 300)


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"CONCORD_MAXX=1\n", "CONCORD_MAXX"), (b"CONCORD_BACKEND=caf\xe9\n", ".env can't be read")],
)
def test_a_wrong_file_is_an_error(folder: Path, content: bytes, word: str) -> None:
    """What is wrong in `.env` is wrong at the start."""
    (folder / ".env").write_bytes(content)
    with pytest.raises(InvalidInput, match=word):
        load_settings()


def test_the_samples_are_found() -> None:
    """The folder with the samples holds clusters with their gold."""
    samples = [folder for folder in find_data().iterdir() if folder.is_dir()]
    assert len(samples) >= 3
    assert all((sample / "gold.json").is_file() for sample in samples)
