"""What is shipped: the Dockerfile is linted and keeps its promises, and so does what composes services of it."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from service.cli import app
from service.settings import Settings, variable_of
from shipping.audit import audit
from shipping.replay import build_steps, context

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LAST = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "concord"}


def names(file: str) -> dict[str, str]:
    """The versions of the packages that a lock names."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE))


def test_the_dockerfile_has_no_fault_that_hadolint_knows() -> None:
    """The linter that Docker users run, with no rule switched off but where a comment says so."""
    hadolint = Path(sysconfig.get_path("scripts")) / "hadolint"
    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False, timeout=180)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_composition_has_no_fault_that_its_schema_knows() -> None:
    """Every key of compose.yaml is one that the Compose specification has, with a value that it may have."""
    check = str(Path(sysconfig.get_path("scripts")) / "check-jsonschema")
    asked = [check, "--builtin-schema", "vendor.compose-spec", str(ROOT / "compose.yaml")]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_the_base_can_be_pinned() -> None:
    """Both stages start from one argument, which a release gives with a digest."""
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["${PYTHON_IMAGE}"] * 2
    assert re.search(r"--build-arg PYTHON_IMAGE=\S+@sha256:", DOCKERFILE)


def test_the_last_stage_builds_nothing() -> None:
    """It only takes over what was built, has no pip left, and runs as a user who is not root, by number."""
    assert not re.search(r"pip install|apt-get|compileall|COPY (?!--from=build)", LAST)
    assert "rm -rf /usr/local/bin/pip*" in LAST
    assert re.search(r"^USER (\d+):\1$", LAST, re.MULTILINE)
    assert re.search(r"^VOLUME /data$", LAST, re.MULTILINE)
    assert re.search(r'^HEALTHCHECK .*\n\s+CMD \["python", "-c"', LAST, re.MULTILINE)


def test_every_installed_package_has_its_hash() -> None:
    """The only index that is asked is asked with hashes; our own wheel is installed without one."""
    runs = " ".join(step["value"] for step in build_steps(DOCKERFILE) if step["instruction"] == "RUN")
    installs = re.findall(r"install\s(.*?)(?:&&|$)", runs)
    assert len(installs) == 3
    assert all("--require-hashes" in install or "--no-index" in install for install in installs)
    assert all("--no-cache-dir" in install for install in installs)


@pytest.mark.parametrize("file", ["shipping/run.txt", "shipping/build.txt"])
def test_what_is_shipped_is_what_is_tested(file: str) -> None:
    """The versions of the image are those of the gate, and nothing that only tests need is among them."""
    locked, tested = names(file), names("constraints.txt")
    assert len(locked) > 5
    assert {name: tested.get(name) for name in locked} == locked
    assert not {"pytest", "mypy", "playwright", "hypothesis", "pip", "setuptools"} & {*locked}


CLEAN = '{"dependencies": [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}]}'
NONE = '{"dependencies": [{"name": "a", "skip_reason": "Dependency not found on PyPI"}]}'
FAULTY = (
    '{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]},'
    ' {"name": "b", "version": "1", "vulns": []}]}'
)
CUT_OFF = "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='pypi.org', port=443)"
AUDITS = [
    # what pip-audit prints of each database it is asked with (as JSON, or on standard error), the code, words of ours
    ([CLEAN], 0, "1 packages, no known vulnerability (pypi); 1 it does not know: b"),
    ([FAULTY], 1, "a 1: PYSEC-1, mended in 2"),
    ([CUT_OFF, FAULTY], 1, "1 known vulnerabilities (osv)"),  # the second is asked where the first can't be
    ([NONE, CLEAN], 0, "1 packages, no known vulnerability (osv)"),  # a mirror of packages knows of no faults
    ([CUT_OFF, CUT_OFF], 0, "NOT AUDITED"),
    ([NONE, CUT_OFF], 0, "NOT AUDITED"),
]


@pytest.mark.parametrize(("said", "code", "words"), AUDITS)
def test_an_audit_fails_for_what_it_finds_and_says_when_it_could_not_look(
    said: list[str], code: int, words: str
) -> None:
    """A vulnerability fails; no way to any database does not, and is never told as none found."""
    answers = iter(said)

    def run(_: str) -> subprocess.CompletedProcess[str]:
        answer = next(answers)
        is_report = answer.startswith("{")
        return subprocess.CompletedProcess([], 1, answer if is_report else "", "" if is_report else answer)

    found, told = audit(run)
    assert found == code
    assert words in told
    assert not list(answers)


def test_locks_that_cannot_be_read_fail_the_audit() -> None:
    """What is wrong here is no database that can't be asked."""
    wrong = "ERROR:pip_audit._cli:requirement hatchling does not contain a hash"
    with pytest.raises(ValueError, match="does not contain a hash"):
        audit(lambda _: subprocess.CompletedProcess([], 1, "", wrong))


def test_ci_does_all_that_shipping_needs() -> None:
    """After the gate: the audit, the bill of materials, and the build with the main job run on what comes of it."""
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert lines[-4:] == ["CONCORD_REQUIRE_SYSTEM=1 make test", "make audit", "make sbom", "make replay"]


def test_the_image_has_all_that_the_project_needs() -> None:
    """Every dependency that pyproject.toml names, those that read files, and those that send traces."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [wish for extra in ("files", "telemetry") for wish in project["optional-dependencies"][extra]]
    wanted = [*project["dependencies"], *extras]
    named = {re.split(r"[\[<>=;~! ]", wish)[0].lower().replace("_", "-") for wish in wanted}
    assert named <= {*names("shipping/run.txt")}


def test_the_context_is_what_is_built_from(tmp_path: Path) -> None:
    """Everything that is copied is let in, and nothing else is: no tests, no settings, no history."""
    context(tmp_path)
    copied = [step["value"].split()[:-1] for step in build_steps(DOCKERFILE) if step["instruction"] == "COPY"]
    assert all((tmp_path / name).exists() for names in copied for name in names)
    tops = {Path(name).parts[0] for names in copied for name in names}
    assert {path.name for path in tmp_path.iterdir()} == tops
    assert not tops & {".git", ".env", "tests", ".venv"}


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_services_are_bounded(name: str) -> None:
    """Each has a root file system that it can't write to, no way to more rights, and says whether it is well."""
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "/tmp" in service["tmpfs"]  # noqa: S108
    assert service["healthcheck"]["test"][0] == "CMD"
    assert not {"privileged", "network_mode"} & {*service}


def test_there_is_a_web_node_and_two_workers() -> None:
    """The web node runs no job, and only it is reached from outside, from this machine."""
    assert {name: service.get("deploy", {}).get("replicas", 1) for name, service in OURS.items()} == {
        "web": 1,
        "worker": 2,
    }
    assert "--no-worker" in OURS["web"]["command"]
    assert all(port.startswith("127.0.0.1:") for port in OURS["web"]["ports"])
    assert not any("ports" in service for name, service in COMPOSE["services"].items() if name != "web")


@pytest.mark.parametrize("name", sorted(OURS))
def test_commands_and_settings_are_known(name: str) -> None:
    """Every option is one of its command's, and every variable a setting."""
    command, *options = OURS[name]["command"]
    helped = CliRunner(env={"COLUMNS": "200"}).invoke(app, [command, "--help"]).output
    assert all(option in helped for option in options if option.startswith("--"))
    assert {*OURS[name]["environment"]} <= {variable_of(setting) for setting in Settings.model_fields}
    assert OURS[name]["cap_drop"] == ["ALL"]
    compile(OURS[name]["healthcheck"]["test"][3], name, "exec")


def test_the_scrape_that_is_documented_reaches_what_is_composed() -> None:
    """Prometheus is told the services by name, the ports that they listen on, and to send a key where it is asked."""
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    web, workers = yaml.safe_load(text.partition("```yaml\n")[2].partition("```")[0])["scrape_configs"]
    assert OURS["web"]["environment"]["CONCORD_AUTH"] == "on"
    assert web["authorization"].keys() == {"type", "credentials_file"}
    assert web["static_configs"] == [{"targets": ["web:8000"]}]
    (found,) = workers["dns_sd_configs"]
    assert (found["names"], str(found["port"])) == (["worker"], OURS["worker"]["command"][2])


def test_the_grace_ends_before_the_kill() -> None:
    """What runs is let go of before the engine kills the container."""
    for service in OURS.values():
        assert int(service["stop_grace_period"].removesuffix("s")) > int(
            service["environment"]["CONCORD_GRACE_SECONDS"]
        )


def test_the_healthcheck_of_the_image_can_be_run() -> None:
    """It is standard Python; against nothing that listens, it fails."""
    match = re.search(r'HEALTHCHECK .*\n\s+CMD \["python", "-c", "(.*)"\]', LAST)
    assert match
    script = match[1].replace(":8000", ":9")
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, check=False, timeout=180)
    assert done.returncode == 1
