"""What the benchmarks' commands have in common: help, the machine they ran on, and figures kept as JSON.

Charts are drawn from what `--json` keeps (bench.py, charts.py).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def create_parser(docstring: str | None) -> argparse.ArgumentParser:
    """The arguments of a command, whose help is the docstring of its file."""
    return argparse.ArgumentParser(description=docstring, formatter_class=argparse.RawDescriptionHelpFormatter)


def offer_json(parser: argparse.ArgumentParser) -> None:
    """The option that says where the figures go."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")


def keep(file: Path | None, figures: Mapping[str, Any]) -> None:
    """Write the figures where `--json` said, if it did."""
    if file is not None:
        file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def machine() -> str:
    """What the figures were measured on."""
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
