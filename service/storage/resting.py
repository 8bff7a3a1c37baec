"""Calls that a run can do without: where the database can't be had they are left out, and not tried for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from service.core.errors import StorageUnavailable

P = ParamSpec("P")
T = TypeVar("T")
_REST_SECONDS = 2.0  # a server that can't be reached may take seconds to say so, and every request would wait for it


class Resting:
    """Makes calls that may raise StorageUnavailable; after one that did, none for 2 s. Threads share it."""

    def __init__(self) -> None:
        self._after = float("-inf")

    def __call__(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """What a call returns, or None if it failed or is not made."""
        if time.monotonic() < self._after:
            return None
        try:
            return work(*args, **kwargs)
        except StorageUnavailable:  # logged where it was raised
            self._after = time.monotonic() + _REST_SECONDS
            return None
