"""Settings: read from the environment and `.env`, checked before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from service.backends.prices import Price
from service.core.errors import InvalidInput
from service.inputs import find_data
from service.settings import Settings, load_settings


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
    ("CONCORD_BREAKER_SECONDS", "0.5", "breaker_seconds", 0.5),
    ("OPENAI_BASE_URL", "http://host/v1", "openai_base_url", "http://host/v1"),  # as OpenAI's own library has it
    ("CONCORD_PRICES", '{"m": {"prompt": 1, "completion": 4}}', "prices", {"m": Price(prompt=1, completion=4)}),
]


@pytest.mark.parametrize(("variable", "value", "name", "expected"), READ)
def test_variables_become_settings(variable: str, value: str, name: str, expected: object) -> None:
    """A variable is the setting's name after the prefix, or the name that others know it by."""
    assert getattr(load_settings({variable: value}), name) == expected


def test_what_is_handed_in_is_all_that_is_read(bare_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given variables stand for the whole environment: neither the process's own nor `.env` adds to them."""
    (bare_folder / ".env").write_text("CONCORD_CHUNK_TOKENS=300\n", encoding="utf-8")
    monkeypatch.setenv("CONCORD_MAX_DOCUMENTS", "4")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    given = load_settings({"CONCORD_MAX_CONCURRENT": "3"})
    assert (given.max_concurrent, given.chunk_tokens, given.max_documents) == (3, 4_000, 500)
    assert given.openai_api_key is None


CHAT = [
    # variables, and whether a model is asked
    ({}, False),
    ({"OPENAI_API_KEY": "k"}, True),
    ({"OPENAI_BASE_URL": "http://host/v1"}, True),
    ({"OPENAI_API_KEY": "k", "CONCORD_BACKEND": "embedded"}, False),  # what is named goes before what is found
    ({"OPENAI_API_KEY": "k", "CONCORD_BACKEND": "chat"}, True),
    ({"OPENAI_API_KEY": "", "OPENAI_BASE_URL": ""}, False),  # empty is unset
    ({"CONCORD_MODEL": "qwen3", "CONCORD_BACKEND": "embedded"}, False),
    ({"CONCORD_JUDGE_MODEL": "judge.gguf"}, False),  # it judges, and nobody writes
]


@pytest.mark.parametrize(("variables", "chat"), CHAT)
def test_a_model_is_asked_where_one_is_configured(variables: dict[str, str], chat: bool) -> None:
    """A key or a server is enough for `auto`; a backend that is named decides."""
    assert load_settings(variables).uses_chat is chat


def test_a_key_is_not_shown() -> None:
    """Printed settings hold no key."""
    settings = load_settings({"OPENAI_API_KEY": "sk-secret", "CONCORD_JUDGE_API_KEY": "sk-secret"})
    assert "sk-secret" not in f"{settings} {settings!r} {settings.model_dump_json()}"
    assert settings.openai_api_key
    assert settings.openai_api_key.get_secret_value() == "sk-secret"


WRONG = [
    # variables, words of the message
    ({"CONCORD_MAX_DOCS": "7"}, ["unknown setting CONCORD_MAX_DOCS", "concord settings"]),
    ({"CONCORD_A": "", "CONCORD_B": ""}, ["CONCORD_A, CONCORD_B"]),
    ({"CONCORD_MODLE": "m", "CONCORD_FOO": ""}, ["setting CONCORD_FOO, CONCORD_MODLE (is CONCORD_MODEL meant?);"]),
    ({"CONCORD_OPENAI_API_KEY": "k"}, ["is OPENAI_API_KEY meant?"]),
    ({"CONCORD_BACKEND": "chat"}, ["CONCORD_BACKEND=chat", "set OPENAI_API_KEY, or OPENAI_BASE_URL"]),
    ({"CONCORD_MODEL": "qwen3"}, ["CONCORD_MODEL: no server is named", "or CONCORD_BACKEND=embedded to ask none"]),
    ({"CONCORD_JUDGE_MODEL": "judge", "OPENAI_API_KEY": ""}, ["CONCORD_JUDGE_MODEL: no server is named"]),
    ({"CONCORD_BACKEND": "chat", "OPENAI_API_KEY": ""}, ["set OPENAI_API_KEY, or OPENAI_BASE_URL"]),
    ({"CONCORD_MAX_DOCUMENTS": "many"}, ["CONCORD_MAX_DOCUMENTS: must be a whole number (it is 'many')"]),
    ({"CONCORD_MEMO_BYTES": "1.5"}, ["CONCORD_MEMO_BYTES: must be a whole number (it is '1.5')"]),
    ({"CONCORD_GRACE_SECONDS": "soon"}, ["CONCORD_GRACE_SECONDS: must be a number (it is 'soon')"]),
    ({"CONCORD_MAX_DOCUMENTS": ""}, ["CONCORD_MAX_DOCUMENTS", "''"]),
    ({"CONCORD_MAX_DOCUMENTS": "0"}, ["CONCORD_MAX_DOCUMENTS: must be 1 or more (it is '0')"]),
    ({"CONCORD_MAX_DOCUMENTS": "10001"}, ["CONCORD_MAX_DOCUMENTS: must be 10000 or less"]),
    ({"CONCORD_BACKEND": "gpt"}, ["CONCORD_BACKEND: must be 'auto', 'embedded' or 'chat' (it is 'gpt')"]),
    ({"CONCORD_MODEL": ""}, ["CONCORD_MODEL: is empty"]),
    ({"CONCORD_BREAKER_SECONDS": "0"}, ["CONCORD_BREAKER_SECONDS: must be more than 0"]),
    ({"OPENAI_BASE_URL": "localhost:8080/v1"}, ["OPENAI_BASE_URL", "http://HOST:PORT/v1", "'localhost:8080/v1'"]),
    ({"CONCORD_JUDGE_BASE_URL": "ftp://host/v1"}, ["CONCORD_JUDGE_BASE_URL", "https://HOST/v1"]),
    ({"OPENAI_BASE_URL": "http://h/v1/chat/completions"}, ["OPENAI_BASE_URL", "end before it"]),
    (
        {"CONCORD_PRICES": "gpt"},
        ["CONCORD_PRICES: must be JSON such as", '{"MODEL": {"prompt": 1,', "Expecting value"],
    ),
    ({"CONCORD_PRICES": '{"m": 3}'}, ["CONCORD_PRICES/m: must be a JSON object (it is 3)"]),
    ({"CONCORD_PRICES": '{"m": {"prompt": -1, "completion": 4}}'}, ["CONCORD_PRICES/m/prompt", "(it is -1)"]),
    (
        {"CONCORD_PRICES": '{"m": {"promt": 1, "completion": 4}}'},
        ["CONCORD_PRICES/m/prompt: is required", "CONCORD_PRICES/m/promt: no such field"],
    ),
    ({"CONCORD_MAX_DOCUMENTS": "x", "CONCORD_BACKEND": "y"}, ["CONCORD_MAX_DOCUMENTS", "CONCORD_BACKEND"]),
]


@pytest.mark.parametrize(("variables", "words"), WRONG)
def test_wrong_variables_are_named(variables: dict[str, str], words: list[str]) -> None:
    """What is unknown or can't be is an error that names the variable and what is wrong with it."""
    with pytest.raises(InvalidInput) as refused:
        load_settings(variables)
    assert all(word in str(refused.value) for word in words)


SECRET = [
    # a variable, what it holds that can't be, what is said of that
    ("OPENAI_API_KEY", "sk-secret\n", "must be visible ASCII characters, without spaces or line ends"),
    ("CONCORD_JUDGE_API_KEY", "secret é", "must be visible ASCII characters, without spaces or line ends"),
    ("OPENAI_BASE_URL", "ftp://me:secret@h", "(it is 'ftp://me:***@h')"),
]


@pytest.mark.parametrize(("variable", "value", "said"), SECRET)
def test_what_is_secret_is_not_repeated(
    bare_folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    """What is wrong with a key or a password is told without it, however it was set."""
    monkeypatch.setenv(variable, value)
    for variables in (None, {variable: value}):
        with pytest.raises(InvalidInput) as refused:
            load_settings(variables)
        assert str(refused.value).startswith(f"{variable}: ")
        assert said in str(refused.value)
        assert "secret" not in str(refused.value)


def test_wrong_variables_of_the_process_are_named_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong in the environment is told as what is handed in, JSON too."""
    monkeypatch.setenv("CONCORD_PRICES", "{")
    with pytest.raises(InvalidInput, match=r"CONCORD_PRICES: .*\(it is '\{'\)"):
        load_settings()


def test_settings_do_not_change() -> None:
    """A setting can't be set after the start."""
    with pytest.raises(ValidationError, match="frozen"):
        load_settings({}).max_documents = 1


def test_the_environment_goes_before_the_file(bare_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.env` is read, and a variable of the environment overrides it."""
    content = "CONCORD_MAX_DOCUMENTS=3\nCONCORD_CHUNK_TOKENS=300\nOTHER=1\n"
    (bare_folder / ".env").write_text(content, encoding="utf-8")
    monkeypatch.setenv("CONCORD_MAX_DOCUMENTS", "4")
    settings = load_settings()
    assert (settings.max_documents, settings.chunk_tokens) == (4, 300)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"CONCORD_MAXX=1\n", "CONCORD_MAXX"),
        (b"CONCORD_BACKEND=caf\xe9\n", ".env is not UTF-8: invalid continuation byte at byte 19"),
        (b"# a note\n\nA='b\nc'\nthe key is sk-x\n", ".env, line 5, can't be read: a line is NAME=VALUE"),
        (b"CONCORD_MODEL\n", ".env, line 1, can't be read: a line is NAME=VALUE"),
    ],
)
def test_a_wrong_file_is_an_error(bare_folder: Path, content: bytes, word: str) -> None:
    """What is wrong in `.env` is wrong at the start."""
    (bare_folder / ".env").write_bytes(content)
    with pytest.raises(InvalidInput, match=word):
        load_settings()


def test_the_samples_are_found() -> None:
    """The folder with the samples holds clusters with their gold."""
    samples = [folder for folder in find_data().iterdir() if folder.is_dir()]
    assert len(samples) >= 3
    assert all((sample / "gold.json").is_file() for sample in samples)
