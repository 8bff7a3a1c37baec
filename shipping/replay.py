"""Replays the Dockerfile's build stage where there is no container engine, and runs the main job on what comes of it.

    python -m shipping.replay

COPY and RUN are done in order as the Dockerfile has them, from what .dockerignore lets into the context, with `/src`
and `/opt` in an empty folder. Then `concord demo` and `concord serve` run there with nothing else of the project and
no way to another machine. Needs a package index for the first part.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from dockerfile_parse import DockerfileParser

ROOT = Path(__file__).parents[1]
PORT = 18_473
_OFFLINE = (
    "import sys\n"
    "def _refuse(event, args):\n"
    "    if event == 'socket.connect' and isinstance(args[1], tuple) and args[1][0] not in ('127.0.0.1', '::1'):\n"
    "        raise OSError('there is no network here')\n"
    "    if event == 'socket.getaddrinfo' and args[0] not in ('127.0.0.1', 'localhost', '0.0.0.0', '::1', None):\n"
    "        raise OSError('there is no network here')\n"
    "sys.addaudithook(_refuse)\n"
)
"""What stands for having no network: every connection to another machine is refused."""


def build_steps(dockerfile: str) -> list[dict[str, Any]]:
    """The instructions of the first stage, in order."""
    with tempfile.TemporaryDirectory() as folder:
        parser = DockerfileParser(folder)
        parser.content = dockerfile
        structure: list[dict[str, Any]] = [i for i in parser.structure if i["instruction"] != "COMMENT"]
    starts = [position for position, step in enumerate(structure) if step["instruction"] == "FROM"]
    return structure[starts[0] + 1 : starts[1]]


def context(folder: Path) -> None:
    """The files that .dockerignore lets through: names at the top, and nothing that Python made of itself."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for name in (line[1:] for line in lines if line.startswith("!")):
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy2(source, target)


def replay(root: Path) -> None:
    """Do the steps under a folder. Raises CalledProcessError for one that fails."""
    posted = root / "context"
    posted.mkdir()
    context(posted)
    source = root / "src"
    source.mkdir()
    environment = _environment(PATH=f"{_python(root)}:{os.environ.get('PATH', '')}")
    for step in build_steps((ROOT / "Dockerfile").read_text(encoding="utf-8")):
        if step["instruction"] == "COPY":
            *froms, target = step["value"].split()
            _copy([posted / name for name in froms], source / target, is_folder=target.endswith("/"))
        elif step["instruction"] == "RUN":
            command = re.sub(r"(?<![\w.])/opt/", f"{root}/opt/", step["value"])
            subprocess.run(["/bin/sh", "-ec", command], cwd=source, env=environment, check=True)  # noqa: S603


def _copy(froms: list[Path], target: Path, *, is_folder: bool) -> None:
    for source in froms:
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            place = target / source.name if is_folder else target
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, place)


def _python(root: Path) -> Path:
    """A folder in which `python` is the one below this, as in the base; a machine may call it python3 alone."""
    folder = root / "names"
    folder.mkdir()
    called = folder / "python"
    called.write_text(f'#!/bin/sh\nexec "{sys.base_prefix}/bin/python3" "$@"\n', encoding="utf-8")
    called.chmod(0o755)
    return folder


def _environment(**more: str) -> dict[str, str]:
    """The machine's, without what would lead back to a checkout."""
    dropped = ("CONCORD_", "OPENAI_", "PYTHON", "VIRTUAL_ENV", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**kept, **more}


def run_offline(root: Path) -> None:
    """The main job and the service, from what was built. Raises AssertionError or CalledProcessError."""
    (packages,) = (root / "opt/concord/lib").glob("python3.*/site-packages")
    (packages / "offline.py").write_text(_OFFLINE, encoding="utf-8")
    (packages / "offline.pth").write_text("import offline\n", encoding="utf-8")
    concord, empty = root / "opt/concord/bin/concord", root / "empty"
    empty.mkdir()
    environment = _environment(CONCORD_DATA_DIR=str(root / "data"), PYTHONDONTWRITEBYTECODE="1")
    command = [str(concord), "demo", "--format", "json"]
    done = subprocess.run(command, cwd=empty, env=environment, check=True, capture_output=True, text=True)  # noqa: S603
    assert json.loads(done.stdout)["summary"], "the demo told nothing"  # noqa: S101
    serving = [str(concord), "serve", "--port", str(PORT)]
    with subprocess.Popen(serving, cwd=empty, env=environment) as server:  # noqa: S603
        try:
            assert _ready()["status"] == "ready"  # noqa: S101
        finally:
            server.terminate()
    assert server.returncode == 0, "it did not stop in order"  # noqa: S101


def _ready(seconds: float = 60.0) -> dict[str, Any]:
    until = time.monotonic() + seconds
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=5) as answer:
                content: dict[str, Any] = json.load(answer)
                return content
        except URLError:
            assert time.monotonic() < until, "it does not answer"  # noqa: S101
            time.sleep(0.2)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="concord-image-") as folder:
        root = Path(folder)
        replay(root)
        run_offline(root)
        size = sum(file.stat().st_size for file in (root / "opt/concord").rglob("*") if file.is_file())
        print(f"built, ran and stopped; /opt/concord holds {size / 1e6:.0f} MB")  # noqa: T201


if __name__ == "__main__":
    main()
