"""The command line with a model server: what it asks, what it may cost, and where there must be a model."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from benchmarks.stub import Stub
from service.cli import app as command_line
from tests.api.ferry import FERRY, cost_of
from tests.builders import PRICES, asking
from tests.serving import free_port


@pytest.fixture
def files(bare_folder: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ferry's reports as files of the working folder, in an environment that has the stub asked."""
    variables = asking(stub, CONCORD_DATA_DIR=str(bare_folder / "data"), CONCORD_REQUEST_ATTEMPTS="1")
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    for document in FERRY["documents"]:
        (bare_folder / f"{document['id']}.txt").write_text(document["text"], encoding="utf-8")
    return [f"{document['id']}.txt" for document in FERRY["documents"]]


def concord(*arguments: str) -> Result:
    return CliRunner().invoke(command_line, arguments)


def test_a_summary_on_the_command_line_asks_the_model(stub: Stub, files: list[str]) -> None:
    """`concord summarize` uses the model that the environment names, and says so."""
    done = concord("summarize", "--format", "json", "--require-model", *files)
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    assert (result["model"]["backend"], result["status"]) == ("chat", "complete")
    assert result["usage"]["requests"] == len(stub.bodies) > 0


@pytest.mark.parametrize("output", ["json", "markdown", "html"])
def test_what_was_done_without_the_model_is_told_beside_the_output(
    files: list[str], output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sends the output to a file sees on standard error that the model gave no answer, and why."""
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{free_port()}/v1")
    done = concord("summarize", "--format", output, *files)
    assert done.exit_code == 0
    assert "concord: degraded: claims: " in done.stderr
    assert "the model server can't be reached: is OPENAI_BASE_URL right" in done.stderr
    if output == "json":
        checked = concord("verify", files[0], "--against", files[1], "--format", output)
        assert "concord: degraded: verdicts: " in checked.stderr


def test_an_estimate_on_the_command_line_asks_nothing(
    stub: Stub, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`concord estimate` prints the most that a summary can cost; `--json` prints what the service answers."""
    done = concord("estimate", *files)
    assert done.exit_code == 0
    assert re.fullmatch(
        r"stub: at most \d+ requests, \d+ prompt tokens and \d+ completion tokens \(bounded by bytes\); "
        r"CONCORD_PRICES has no price of it\n",
        done.stdout,
    )
    monkeypatch.setenv("CONCORD_PRICES", PRICES["CONCORD_PRICES"])
    most = json.loads(concord("estimate", "--json", *files).stdout)
    assert most["cost_usd"] > 0
    assert f"${most['cost_usd']:.6f}" in concord("estimate", *files).stdout
    assert stub.bodies == []
    shorter = json.loads(concord("estimate", "--json", "--max-sentences", "1", *files).stdout)
    assert shorter["completion_tokens"] < most["completion_tokens"]


def test_a_budget_on_the_command_line(stub: Stub, files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`--max-cost-usd` stops a summary before it costs more, and lets one pass that the estimate allows."""
    monkeypatch.setenv("CONCORD_PRICES", PRICES["CONCORD_PRICES"])
    most = json.loads(concord("estimate", "--json", *files).stdout)["cost_usd"]
    stopped = concord("summarize", *files, "--max-cost-usd", f"{most / 1_000:.6f}")
    assert (stopped.exit_code, stopped.stdout) == (1, "")
    assert "max_cost_usd" in stopped.stderr
    assert cost_of(stub.stats().each) <= most / 1_000
    done = concord("summarize", "-f", "json", *files, "--max-cost-usd", str(most))
    assert done.exit_code == 0
    assert 0 < json.loads(done.stdout)["usage"]["cost_usd"] <= most


WITHOUT_MODEL: Sequence[tuple[str, Callable[[], dict[str, str]], str]] = [
    # what is missing, settings, a word of the message
    ("a model", lambda: {"CONCORD_BACKEND": "embedded"}, "no model is configured"),
    ("its server", lambda: {"OPENAI_BASE_URL": f"http://127.0.0.1:{free_port()}/v1"}, "can't be reached"),
]


@pytest.mark.parametrize(
    ("variables", "word"), [row[1:] for row in WITHOUT_MODEL], ids=[row[0] for row in WITHOUT_MODEL]
)
def test_insisting_on_a_model_on_the_command_line(
    files: list[str], monkeypatch: pytest.MonkeyPatch, variables: Callable[[], dict[str, str]], word: str
) -> None:
    """`--require-model` fails the job where no model can be had; without it the summary is made."""
    for variable, value in variables().items():
        monkeypatch.setenv(variable, value)
    refused = concord("summarize", "--require-model", *files)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert word in refused.stderr
    assert "Traceback" not in refused.stderr
    assert concord("summarize", *files).exit_code == 0
