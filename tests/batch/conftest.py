"""What tests of batches are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.batch.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """All that a batch needs, in a folder of its own."""
    return Desk(tmp_path)
