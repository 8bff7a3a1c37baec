"""The command line: what it prints, what it refuses, and its exit codes."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from service import __version__
from service.cli import app
from service.cli.running import read_standard_input, with_progress
from service.core.errors import InvalidInput
from service.files import extracting
from service.settings import Settings
from tests.api.answers import assert_exact


@pytest.fixture(autouse=True)
def folder(bare_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, in an environment without settings and 100 columns wide."""
    monkeypatch.setenv("COLUMNS", "100")
    return bare_folder


@pytest.fixture
def files(folder: Path, cluster: dict[str, Any]) -> list[str]:
    """The cluster's reports as files of the working folder."""
    for document in cluster["documents"]:
        (folder / f"{document['id']}.txt").write_text(document["text"], encoding="utf-8")
    return [f"{document['id']}.txt" for document in cluster["documents"]]


def concord(*arguments: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input=given)


def concord_process(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        input=given,
        capture_output=True,
        timeout=180,
        check=False,
        env={**os.environ, **environment},
    )


def summarized(*arguments: str, given: str | bytes | None = None) -> dict[str, Any]:
    """The JSON result of `concord summarize` with some arguments."""
    done = concord("summarize", "--format", "json", *arguments, given=given)
    assert done.exit_code == 0, done.output
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_files_are_summarized_with_exact_spans(files: list[str], cluster: dict[str, Any]) -> None:
    """`concord summarize FILE…` gives the result of the HTTP service, with the files' names as ids."""
    result = summarized(*files)
    assert [document["id"] for document in result["documents"]] == ["gazette", "wire", "radio"]
    assert result["summary"]
    assert_exact(cluster, result)


def test_a_folder_is_summarized(files: list[str], folder: Path) -> None:
    """A folder gives its files by name."""
    documents = summarized(str(folder))["documents"]
    assert [document["id"] for document in documents] == sorted(Path(file).stem for file in files)


def test_what_of_a_folder_is_not_read_is_told(files: list[str], folder: Path) -> None:
    """Files of other kinds and folders are named on standard error, hidden ones not; some by their number alone."""
    assert concord("summarize", ".").stderr == ""
    (folder / ".hidden").write_text("x")
    (folder / "late.doc").write_text("x")
    (folder / "more").mkdir()
    for command in (["summarize", "."], ["verify", files[0], "--against", "."]):
        assert concord(*command).stderr == "concord: not read in .: late.doc, more\n"
    for number in range(4):
        (folder / f"{number}.rtf").write_text("x")
    assert concord("summarize", ".").stderr.endswith(
        "not read in .: 0.rtf, 1.rtf, 2.rtf, 3.rtf, late.doc and 1 more\n"
    )


def test_a_folder_with_a_manifest_is_summarized(files: list[str], folder: Path) -> None:
    """`documents.json` says which files of a folder are read, and what is known of them."""
    entries = [{"file": file, "publisher": file.upper()} for file in files[:2]]
    (folder / "documents.json").write_text(json.dumps(entries), encoding="utf-8")
    documents = summarized(".")["documents"]
    assert [document["publisher"] for document in documents] == ["GAZETTE.TXT", "WIRE.TXT"]


def test_a_request_is_read_from_standard_input(cluster: dict[str, Any]) -> None:
    """`-` reads the JSON of a request, and options go over it."""
    result = summarized("-", "--quorum", "3", given=json.dumps(cluster | {"quorum": 2}))
    assert result["quorum"] == 3
    assert_exact(cluster, result)


def test_options_reach_the_summary(files: list[str]) -> None:
    """The number of sentences, the quorum and the focus are those that were asked for."""
    assert len(summarized(*files, "--max-sentences", "1")["summary"]) == 1
    assert summarized(*files, "--quorum", "4")["summary"] == []
    focused = summarized(*files, "--max-sentences", "1", "--focus", "costs of repairs in euros")
    assert "4 million euros" in focused["summary"][0]["text"]


def test_the_table_shows_the_summary_first_with_what_it_cites(files: list[str]) -> None:
    """The default form is for people: the summary, the quotes it rests on, then the rest."""
    done = concord("summarize", *files)
    assert done.exit_code == 0
    lines = [line.strip() for line in done.output.splitlines()]
    assert lines[0] == "What the sources agree on"
    headings = ["What the sources agree on", "In the sources' words", "Only in gazette"]
    assert [line for line in lines if line in headings] == headings
    assert "[1]" in done.output


def test_markdown_is_printed_as_it_is(files: list[str]) -> None:
    """`--format markdown` prints what the service answers for `text/markdown`."""
    done = concord("summarize", "-f", "markdown", *files)
    assert done.stdout.startswith("## Summary\n")
    assert done.stdout.endswith("\n")


REFUSED: list[tuple[list[str], str | bytes | None, int, list[str]]] = [
    # arguments, standard input, the exit code, words of the message
    (["summarize", "nothing.txt"], None, 2, ["nothing.txt does not exist"]),
    (["summarize", "a.odt"], None, 2, ["a.odt is of no format", ".txt"]),
    (["summarize", "scan.txt"], None, 2, ["scan.txt is a PDF, not text: it is read if its name ends in .pdf"]),
    (["summarize", "latin.txt"], None, 2, ["latin.txt is not UTF-8"]),
    (["summarize", "empty"], None, 2, ["empty holds no document"]),
    (["summarize", "outside"], None, 2, ["documents.json", "'../a.pdf'", "not in its folder"]),
    (["summarize", "a.txt", "-"], None, 2, ["stands alone"]),
    (["summarize", "-"], "{", 2, ["standard input is not JSON"]),
    (["summarize", "-"], b"caf\xe9", 2, ["standard input is not UTF-8", "byte 3"]),
    (["summarize", "-"], '{"documents": [{"txt": "a"}]}', 2, ["/documents/0/txt"]),
    (["summarize", "-"], '{"documents": [{"text": "%PDF-1.7"}]}', 2, ["/documents/0/text", "not its text"]),
    (["summarize", "a.pdf"], None, 2, ["a.pdf: the file is no PDF: it does not begin with %PDF-"]),
    (["summarize"], None, 2, ["FILE|FOLDER"]),
    (["verify", "nothing.txt", "-a", "a.txt"], None, 2, ["nothing.txt can't be read: No such file"]),
    (["verify", "scan.pdf", "-a", "a.txt"], None, 2, ["scan.pdf is a PDF, not text: here text in UTF-8 alone"]),
    (["verify", "-", "-a", "a.txt"], " ", 2, ["standard input is empty"]),
    (["verify", "a.txt", "-a", "nothing"], None, 2, ["nothing does not exist"]),
    (["calibrate", "nothing"], None, 2, ["nothing is no folder: each line of its .jsonl files is {"]),
    (["calibrate", "empty"], None, 2, ["empty holds no .jsonl file: each line of its .jsonl files is {"]),
    (["summarize", "a.txt", "--quorum", "1"], None, 2, ["--quorum"]),
    (["summarize", "a.txt", "--max-sentences", "51"], None, 2, ["--max-sentences"]),
    (["summarize", "a.txt", "--format", "pdf"], None, 2, ["--format"]),
    (["summarize", "a.txt", "--focus", "x" * 2_001], None, 2, ["/focus"]),
    (["summarise"], None, 2, ["summarise"]),
    (["demo", "nowhere"], None, 2, ["there is no sample 'nowhere'; there are harbour-fire, "]),
    (["batch", "a.txt"], None, 2, ["OUT"]),
    (["batch", "nothing.jsonl", "out.jsonl"], None, 2, ["nothing.jsonl does not exist"]),
    (["batch", "empty", "out.jsonl"], None, 2, ["empty is no file"]),
    (["batch", "a.txt", "a.txt"], None, 2, ["IN and OUT are one file: name another OUT"]),
    (["batch", "a.txt", "none/out.jsonl"], None, 2, ["none/out.jsonl can't be written: No such file"]),
    (["batch", "large.txt", "a.txt"], None, 2, ["line 1 of a.txt was not written by a batch", "--restart"]),
    (["batch", "a.txt", "out.jsonl", "--window", "0"], None, 2, ["--window"]),
    (["summarize", "furniture.txt", "a.txt"], None, 1, ["furniture: ", "page furniture"]),  # only the job can tell
    (
        ["summarize", "large.txt"],
        None,
        1,
        ["large: the text has 1200000 characters; it may have 1000000 (CONCORD_MAX_DOCUMENT_CHARACTERS)"],
    ),
]


@pytest.mark.parametrize(("arguments", "given", "code", "words"), REFUSED)
def test_what_cannot_be_done_is_told(
    folder: Path, arguments: list[str], given: str | bytes | None, code: int, words: list[str]
) -> None:
    """The message names the file or option and the reason, on standard error; 2 is bad usage, 1 a failed job."""
    for name, content in (
        ("a.txt", b"The port was closed."),
        ("a.odt", b"%PDF"),
        ("a.pdf", b"%PDF"),
        ("scan.txt", b"%PDF-1.7\n\xe2\xe3 binary"),
        ("scan.pdf", b"%PDF-1.7\n\xe2\xe3 binary"),
        ("latin.txt", b"caf\xe9"),
    ):
        (folder / name).write_bytes(content)
    (folder / "furniture.txt").write_text("Share on Facebook\nAdvertisement\n", encoding="utf-8")
    (folder / "large.txt").write_text("Ships sail. " * 100_000, encoding="utf-8")
    (folder / "empty").mkdir()
    (folder / "outside").mkdir()
    (folder / "outside" / "documents.json").write_text('[{"file": "../a.pdf"}]', encoding="utf-8")
    done = concord(*arguments, given=given)
    assert done.exit_code == code
    assert all(word in done.stderr for word in words), done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_the_demo_ends_with_what_to_do_next() -> None:
    """`concord demo` prints the cited summary of a sample first, and last how to serve."""
    done = concord("demo")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("What the sources agree on")
    assert "concord serve" in lines[-1]
    assert "concord summarize" in lines[-2]


@pytest.mark.parametrize("name", ["harbour-fire", "school-start-study", "sesame-recall"])
def test_every_sample_can_be_shown(name: str) -> None:
    """Each sample has a summary, and with `--format json` nothing else is printed."""
    done = concord("demo", name, "--format", "json")
    assert json.loads(done.stdout)["summary"]


def test_settings_are_listed_with_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every variable is shown with its value now, its default and its meaning."""
    monkeypatch.setenv("CONCORD_MAX_DOCUMENTS", "7")
    monkeypatch.setenv("CONCORD_PRICES", '{"m": {"prompt": 1, "completion": 4}}')
    monkeypatch.setenv("CONCORD_CORS_ORIGINS", "https://a.example, https://b.example")
    monkeypatch.setenv("CONCORD_DATABASE_URL", "postgresql://concord:hunter2@db/jobs")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-hunter2")
    done = concord("settings")
    assert "CONCORD_DATABASE_URL=postgresql://concord:***@db/jobs  " in done.stdout
    assert "hunter2" not in done.stdout
    assert done.exit_code == 0
    assert "CONCORD_MAX_DOCUMENTS=7  (default 500) documents in one request" in done.stdout
    assert 'CONCORD_PRICES={"m": {"prompt": 1.0, "completion": 4.0}}  (default {})' in done.stdout
    assert "CONCORD_CORS_ORIGINS=https://a.example,https://b.example  (default not set)" in done.stdout
    assert "CONCORD_JUDGE_MODEL=not set  (default not set)" in done.stdout
    assert len(done.stdout.splitlines()) == len(Settings.model_fields)


@pytest.mark.parametrize(
    "command",
    [["summarize", "a.txt"], ["verify", "a.txt", "--against", "a.txt"], ["demo"], ["serve"], ["settings"]],
)
def test_an_unknown_variable_is_bad_usage(folder: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    """A misspelt setting stops every command, and `concord settings` still lists those there are."""
    (folder / "a.txt").write_text("The port was closed.", encoding="utf-8")
    monkeypatch.setenv("CONCORD_MAX_DOCUMENT", "7")
    done = concord(*command)
    assert done.exit_code == 2
    assert "unknown setting CONCORD_MAX_DOCUMENT (is CONCORD_MAX_DOCUMENTS meant?);" in done.stderr


def test_a_library_that_is_not_installed_is_named_with_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra a PDF ends every command that reads files with what to install, and no traceback."""
    (folder / "lacking.py").write_text('print(\'{"missing": "pypdf"}\')', encoding="utf-8")
    monkeypatch.setattr(extracting, "_READER", folder / "lacking.py")
    (folder / "a.pdf").write_bytes(b"%PDF-1.7")
    (folder / "a.txt").write_text("The port was closed.", encoding="utf-8")
    for command in (["summarize", "a.pdf"], ["verify", "a.txt", "-a", "a.pdf"]):
        done = concord(*command)
        assert (done.exit_code, done.stdout) == (2, "")
        said = "a.pdf: pypdf is not installed, which reads this file: pip install 'concord[files]'"
        assert done.stderr == f"concord: {said}\n"


UNMET = [
    # a variable that needs another or a file, its value, what is said of it
    (
        "CONCORD_BACKEND",
        "chat",
        "CONCORD_BACKEND=chat: no server is named that could be asked; set OPENAI_API_KEY, or",
    ),
    ("CONCORD_JUDGE_MODEL", "none.gguf", "CONCORD_JUDGE_MODEL names none.gguf, which is no file"),
]


@pytest.mark.parametrize(("variable", "value", "said"), UNMET)
def test_what_a_model_needs_is_asked_for_at_the_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    """A model that can't be asked as the settings have it is no reason to answer without it."""
    (folder / "a.txt").write_text("The port was closed.", encoding="utf-8")
    monkeypatch.setenv(variable, value)
    for command in (["summarize", "a.txt"], ["estimate", "a.txt"], ["serve", "--port", "0"]):
        done = concord(*command)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith(f"concord: {said}")
    assert ("CONCORD_MAX_DOCUMENTS=500" in done.stdout) == (command == ["settings"])


UNAVAILABLE = [
    # the database, words of the message
    ("postgresql://concord:hunter2@127.0.0.1:9/jobs", ["port 9 failed: Connection refused"]),
    ("sqlite:///notes.sqlite", ["notes.sqlite", "file is not a database"]),
    ("sqlite:///notes.sqlite/jobs.sqlite", ["notes.sqlite/jobs.", "can't be made"]),
]


@pytest.mark.parametrize("command", [["keys", "list"], ["serve", "--port", "0"], ["worker"]])
@pytest.mark.parametrize(("database", "words"), UNAVAILABLE)
def test_a_database_that_cannot_be_had_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], database: str, words: list[str]
) -> None:
    """The message says which, why and what to set, without its password; the exit code is 1."""
    monkeypatch.setattr("service.telemetry.logging.configure", lambda: None)  # the logs are this process's
    (folder / "notes.sqlite").write_text("these are notes", encoding="utf-8")
    monkeypatch.setenv("CONCORD_DATABASE_URL", database)
    done = concord(*command)
    assert (done.exit_code, done.stdout) == (1, "")
    assert all(word in done.stderr for word in [*words, "CONCORD_DATABASE_URL"]), done.stderr
    assert "hunter2" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def full_disk() -> Iterator[Callable[[], None]]:
    """Makes every file of this process as large as it may be, at 100 kB, until the test is over."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_ends_the_service_with_a_word(
    monkeypatch: pytest.MonkeyPatch, full_disk: Callable[[], None]
) -> None:
    """What can't be opened once the service starts is told as what can't be before it: no server's traceback."""
    monkeypatch.setattr("service.telemetry.logging.configure", lambda: None)
    assert concord("keys", "list").exit_code == 0  # the tables of jobs are there
    full_disk()
    done = concord("serve", "--port", "0")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "concord: the queue of jobs can't be made (disk I/O error)" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["--help"], ["keys", "create", "the desk"]])
def test_output_that_cannot_be_written_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """A full disk ends the command with a word and exit code 1, whoever prints; a key that nobody saw is revoked."""
    monkeypatch.setenv("CONCORD_DATA_DIR", str(folder / "data"))
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "service", *command], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"concord: the output can't be written: No space left on device")
    assert done.stderr.count(b"\n") == 1
    kept = concord("keys", "list").stdout
    assert "  active  " not in kept
    assert ("  revoked  " in kept) == ("create" in command)


def test_a_closed_standard_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a standard input there is nothing that `-` could read."""
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InvalidInput, match="standard input is closed"):
        read_standard_input()


def test_a_key_is_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """`concord settings` shows that a key is set, and not what it is."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    done = concord("settings")
    assert "OPENAI_API_KEY=***" in done.stdout
    assert "sk-secret" not in done.output


def test_an_estimate_is_printed(files: list[str]) -> None:
    """`concord estimate` says what a summary can cost at most: without a model, nothing."""
    assert concord("estimate", *files).stdout == (
        "embedded: at most 0 requests, 0 prompt tokens and 0 completion tokens (counted); $0.000000\n"
    )
    estimate = json.loads(concord("estimate", "--json", *files).stdout)
    assert (estimate["requests"], estimate["cost_usd"], estimate["exact"]) == (0, 0.0, True)
    assert estimate["model"]["name"] == "embedded"


def test_without_a_model_none_can_be_required(files: list[str]) -> None:
    """`--require-model` fails where none is configured, and says what to set."""
    done = concord("summarize", "--require-model", *files)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "OPENAI_BASE_URL" in done.stderr


def test_a_model_that_nobody_is_asked_for_is_told(files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of a model or a judge alone has nobody asked: it is an error that says what is missing."""
    assert concord("summarize", *files).stderr == ""
    for variable in ("CONCORD_MODEL", "CONCORD_JUDGE_MODEL"):
        with monkeypatch.context() as alone:
            alone.setenv(variable, "llama")
            done = concord("summarize", *files)
            assert (done.exit_code, done.stdout) == (2, "")
            assert done.stderr.startswith(f"concord: {variable}: no server is named that could be asked; set OPENAI")
    monkeypatch.setenv("CONCORD_MODEL", "llama")
    monkeypatch.setenv("CONCORD_BACKEND", "embedded")
    assert concord("summarize", *files).stderr == ""


def test_the_version_is_printed() -> None:
    """`--version` prints the name and version of the package."""
    assert concord("--version").stdout == f"concord {__version__}\n"


def test_help_names_every_command() -> None:
    """`--help` lists the commands; without arguments it is what is printed."""
    for text in (concord("--help").output, concord().output):
        assert all(command in text for command in ("summarize", "estimate", "demo", "batch", "serve", "settings"))


def test_a_process_prints_utf_8_json_whatever_the_terminal(files: list[str]) -> None:
    """`python -m service` writes JSON in UTF-8 even where the terminal's encoding is another, and nothing else."""
    done = concord_process("summarize", "--format", "json", *files, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "“We should have known sooner,”" in json.dumps(json.loads(done.stdout), ensure_ascii=False)


def test_a_process_on_a_poor_terminal_prints_what_it_can(files: list[str]) -> None:
    """A character that the terminal lacks is no failure."""
    done = concord_process("summarize", *files, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?We should have known sooner,?" in done.stdout


@pytest.mark.parametrize("terminal", [True, False])
def test_a_bar_shows_the_stage_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], terminal: bool
) -> None:
    """Work of more than a second shows a bar on standard error, but nothing where that is no terminal."""

    def work(note: Callable[[str, int, int], None]) -> str:
        note("extract", 2, 5)
        time.sleep(1.5)
        return "done"

    monkeypatch.setenv("FORCE_COLOR" if terminal else "NO_COLOR", "1")
    assert with_progress(work) == "done"
    shown = capsys.readouterr()
    assert shown.out == ""
    assert ("extract" in shown.err) == terminal
    assert terminal or shown.err == ""


def test_quick_work_shows_no_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Work of less than a second shows nothing."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert with_progress(lambda note: note("read", 1, 5)) is None
    assert capsys.readouterr().err == ""


def test_a_process_ends_with_its_exit_code() -> None:
    """Bad usage is 2, with one line on standard error."""
    done = concord_process("summarize", "-", given=b"{")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"concord: standard input is not JSON")
    assert done.stderr.count(b"\n") == 1


def test_a_summary_loads_neither_a_database_nor_http() -> None:
    """What a single command has no use for is not imported for it: that takes as long as the summary."""
    looks = "import sys, service.api.verifications, service.building; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", looks], capture_output=True, text=True, check=True).stdout.split()
    assert "service.pipeline" in loaded
    assert {"sqlalchemy", "fastapi", "starlette", "openai", "dbos", "trafilatura"}.isdisjoint(loaded)
