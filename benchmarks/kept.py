"""What a benchmark found, kept as JSON beside what it prints: charts are drawn from it (bench.py, charts.py)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def add_option(parser: argparse.ArgumentParser) -> None:
    """The option that says where the figures go."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")


def keep(file: Path | None, figures: Mapping[str, Any]) -> None:
    """Write the figures where `--json` said, if it did."""
    if file is not None:
        file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
