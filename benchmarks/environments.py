"""Environments: interpreters of their own for what wants other packages than Concord, made on first use."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from shutil import rmtree

CACHE = Path(__file__).parent.parent / ".venv-peers"


def prepare(requirements: Path, cache: Path = CACHE) -> Path:
    """The interpreter of the environment of a list of requirements; made anew if the list or this Python changed."""
    folder = cache / requirements.stem
    python = folder / "bin" / "python"
    made_of = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    mark = folder / ".made-of"
    if not mark.is_file() or mark.read_text(encoding="ascii") != made_of:
        rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]
        subprocess.run([*install, str(requirements)], check=True)
        mark.write_text(made_of, encoding="ascii")
    return python
