"""What tests of jobs are given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.kept import Held


@pytest.fixture
def held() -> Iterator[Held]:
    """A backend that waits until it may go on, or the test is over."""
    backend = Held()
    yield backend
    backend.may_go_on.set()
