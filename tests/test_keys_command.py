"""`concord keys`, and `concord serve` where others can reach it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.cli import app
from service.cli.operations import is_loopback
from tests.api.callers import keys_in


@pytest.fixture(autouse=True)
def folder(bare_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, in an environment without other settings."""
    monkeypatch.setenv("CONCORD_DATA_DIR", str(bare_folder))
    return bare_folder


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whether keys are asked for by each application that is served, in place of serving it."""
    found: list[str] = []
    monkeypatch.setattr("service.app.create_app", lambda settings, **_: found.append(settings.auth))
    monkeypatch.setattr("service.app.serve_app", lambda *_: True)
    return found


def concord(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_a_key_is_made_listed_and_revoked(folder: Path) -> None:
    """The secret is printed once, alone on standard output; the list shows all else."""
    assert "`concord keys create NAME` makes one" in concord("keys", "list").stderr
    made = concord("keys", "create", "the desk", "--tokens-per-day", "2000000", "--usd-per-day", "2.5")
    token = made.stdout.strip()
    key_id = token.split("_")[1]
    assert token.startswith("ck_")
    assert "not shown again" in made.stderr
    assert f"is made in sqlite:///{folder}/concord.sqlite, and counts there" in made.stderr
    listed = concord("keys", "list").stdout
    assert f"{key_id}  active" in listed
    assert "tokens_per_day=2000000 usd_per_day=2.5  the desk" in listed
    assert "used never" in listed
    assert token.split("_", 2)[2] not in listed
    assert concord("keys", "revoke", key_id).exit_code == 0
    assert f"{key_id}  revoked" in concord("keys", "list").stdout
    with keys_in(folder) as keys:
        assert [key.revoked_at is None for key in keys.all()] == [False]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["revoke", "none"], 1),
        (["create", "a", "--requests-per-minute", "0"], 2),
        (["create", "a", "--usd-per-day", "0"], 2),
        (["create"], 2),
        (["create", " "], 2),  # nobody could tell whose it is
    ],
)
def test_what_cannot_be_is_refused(arguments: list[str], code: int) -> None:
    """An unknown key, and limits that let nothing through."""
    assert concord("keys", *arguments).exit_code == code
    assert concord("keys", "list").stdout == ""


def test_serving_others_without_a_key_is_refused(served: list[str]) -> None:
    """It says what to do, and a revoked key is none; with a key, it starts and asks for it."""
    for _ in range(2):
        refused = concord("serve", "--host", "0.0.0.0", "--port", "0")  # noqa: S104
        assert refused.exit_code == 2
        assert "concord keys create NAME" in refused.stderr
        assert "--no-auth" in refused.stderr
        key_id = concord("keys", "create", "a").stdout.split("_")[1]
        concord("keys", "revoke", key_id)
    assert served == []
    concord("keys", "create", "a")
    assert concord("serve", "--host", "0.0.0.0", "--port", "0").exit_code == 0  # noqa: S104
    assert served == ["on"]


@pytest.mark.parametrize(
    ("arguments", "variable", "mode"),
    [
        ([], "auto", "auto"),
        (["--host", "localhost"], "auto", "auto"),
        (["--host", "0.0.0.0", "--no-auth"], "auto", "off"),  # noqa: S104
        (["--host", "0.0.0.0"], "off", "off"),  # noqa: S104
        (["--host", "0.0.0.0"], "on", "on"),  # noqa: S104
        (["--auth"], "off", "on"),
        (["--no-auth"], "on", "off"),
    ],
)
def test_serving_asks_for_keys_as_it_is_told(
    served: list[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], variable: str, mode: str
) -> None:
    """On loopback nothing is needed; beyond it who says so goes without keys, or has them made later."""
    monkeypatch.setenv("CONCORD_AUTH", variable)
    assert concord("serve", "--port", "0", *arguments).exit_code == 0
    assert served == [mode]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
        ("10.0.0.1", False),
        ("", False),
        ("localhost.example", False),
    ],
)
def test_loopback_is_told_from_what_others_can_reach(host: str, expected: bool) -> None:
    """An address that this machine alone can reach is loopback; what isn't known to be is not."""
    assert is_loopback(host) is expected
