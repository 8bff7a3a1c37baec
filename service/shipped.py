"""What ships beside the code: the prompts and the sample clusters."""

from __future__ import annotations

from pathlib import Path


def find_folder(name: str) -> Path:
    """A folder that ships with Concord: in the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / name
    return installed if installed.is_dir() else package.parent / name
