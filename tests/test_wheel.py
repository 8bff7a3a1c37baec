"""The wheel: holds all that the main job needs, and does it where nothing else of the project is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from service.backends.prompts import load_prompts

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout without a network."""
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    (built,) = target.glob("concord-*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment that has the wheel, and after it the libraries of this one."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False, symlinks=True)
    interpreter = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    libraries = sysconfig.get_path("purelib")
    asked = [str(interpreter), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    own = Path(subprocess.run(asked, check=True, capture_output=True, text=True, timeout=180).stdout.strip())
    command = [sys.executable, "-m", "pip", "--python", str(interpreter), "install", "--no-deps", "--no-index"]
    subprocess.run([*command, "--quiet", str(wheel)], check=True, capture_output=True, timeout=180)
    # a plain path: .pth files of the libraries' folder, such as the checkout's own, are not followed
    (own / "libraries.pth").write_text(libraries + "\n", encoding="utf-8")
    return interpreter


def run(python: Path, folder: Path, *arguments: str) -> str:
    """What an installed program prints, run in a folder that holds nothing of the project."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CONCORD_", "OPENAI_", "PYTHON", "COV_"))}
    done = subprocess.run(
        [str(python), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_data_files(wheel: Path) -> None:
    """Prompts, samples with their gold, token ranks, licences and the mark of typing are in the wheel."""
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {f"service/prompts/{path.name}" for path in (ROOT / "prompts").glob("*.md")}
    expected |= {f"service/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "data").glob("*/*")}
    expected |= {"service/py.typed", "service/backends/ranks/o200k_base.tiktoken.gz"}
    expected |= {path.relative_to(ROOT).as_posix() for path in (ROOT / "service").rglob("*.py")}
    page = [path for folder in ("templates", "static") for path in (ROOT / "service/web" / folder).iterdir()]
    assert len(page) > 10
    expected |= {path.relative_to(ROOT).as_posix() for path in page}
    assert len([name for name in expected if name.endswith("/gold.json")]) >= 3
    assert {name for name in expected if name.startswith("service/prompts/")}
    assert expected <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    """Tests, benchmarks and cassettes stay at home."""
    folders = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == {"service"}


def test_the_main_job_runs_from_the_wheel(python: Path, tmp_path: Path) -> None:
    """Where only the wheel and its libraries are, `concord demo` makes its summary, with exact token counts."""
    origin = run(python, tmp_path, "-c", "import service; print(service.__file__)").strip()
    assert Path(origin).is_relative_to(python.parents[1])
    assert not Path(origin).is_relative_to(ROOT)
    result = json.loads(run(python, tmp_path, str(python.with_name("concord")), "demo", "--format", "json"))
    assert result["summary"]
    assert result["model"]["tokenizer"] == "o200k_base"


def test_the_prompts_are_found_in_the_wheel(python: Path, tmp_path: Path) -> None:
    """Installed, a model is asked in the same words as from the checkout."""
    asked = "import service.backends.prompts as p; print(p.find_prompts(), p.load_prompts().version)"
    folder, version = run(python, tmp_path, "-c", asked).split()
    assert Path(folder).is_relative_to(python.parents[1])
    assert version == load_prompts().version


def test_files_are_summarized_from_the_wheel(python: Path, tmp_path: Path) -> None:
    """`python -m service summarize` works on files of any folder."""
    for name, text in (("a.txt", "The port was closed on Monday."), ("b.txt", "On Monday the port was closed.")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    result = json.loads(run(python, tmp_path, "-m", "service", "summarize", "--format", "json", "a.txt", "b.txt"))
    assert [document["id"] for document in result["documents"]] == ["a", "b"]
