"""The keyring: the keys that count, looked up every few seconds and not for every request."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal

from service.callers import Key, Keys
from service.core.errors import StorageUnavailable

FRESH_SECONDS = 2.0
"""For how long the keys that were read are believed: a new key counts after that, and a revoked one no more."""
_STALE_SECONDS = 300.0  # and for how long where the database can't be had
_TOUCH_SECONDS = 60.0  # between notes that a key is in use
_NOBODY = hashlib.sha256().hexdigest()  # compared with where there is no such key: that takes as long


class Keyring:
    """Keys by what is sent. With `auto` none is asked for until one was made, even if all are revoked since."""

    def __init__(self, keys: Keys, mode: Literal["auto", "on", "off"]) -> None:
        self.keys = keys
        self._mode = mode
        self._known: Mapping[str, Key] | None = None
        self._read_at = self._tried_at = float("-inf")
        self._touched: dict[str, float] = {}
        self._reading: asyncio.Task[None] | None = None

    async def asks(self) -> bool:
        """True if a request needs a key. Raises StorageUnavailable where that was never known."""
        if self._mode != "auto":
            return self._mode == "on"
        await self.refresh()
        if self._known is None:
            raise StorageUnavailable("the keys can't be read now")
        return bool(self._known)

    async def find(self, token: str) -> Key | None:
        """The key that is sent as `ck_ID_SECRET`, if it counts. Raises StorageUnavailable."""
        await self.refresh()
        if self._known is None or time.monotonic() - self._read_at > _STALE_SECONDS:
            raise StorageUnavailable("the keys can't be read now")
        prefix, _, rest = token.partition("_")
        key_id, _, secret = rest.partition("_")
        key = self._known.get(key_id)
        digest = hashlib.sha256(secret.encode(errors="surrogateescape")).hexdigest()
        is_same = hmac.compare_digest(digest, key.digest if key else _NOBODY)
        if not is_same or key is None or prefix != "ck" or key.revoked_at is not None:
            return None
        await self._touch(key)
        return key

    async def counts(self, key: Key) -> bool:
        """Whether a key that was found counts still, as far as is known."""
        await self.refresh()
        now = (self._known or {}).get(key.id)
        return now is not None and now.revoked_at is None

    async def refresh(self) -> None:
        """Read the keys anew if they are not fresh; whoever comes meanwhile waits for the same reading."""
        if time.monotonic() - self._tried_at < FRESH_SECONDS and (self._reading is None or self._reading.done()):
            return
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
        await asyncio.shield(self._reading)

    async def _read(self) -> None:
        self._tried_at = began = time.monotonic()
        try:
            found = await asyncio.to_thread(self.keys.all)
        except StorageUnavailable:  # logged where it was raised
            return
        self._known, self._read_at = {key.id: key for key in found}, began

    async def _touch(self, key: Key) -> None:
        """Note that a key is in use, once a minute. It is no matter if that fails."""
        if time.monotonic() - self._touched.get(key.id, float("-inf")) < _TOUCH_SECONDS:
            return
        self._touched[key.id] = time.monotonic()
        with suppress(StorageUnavailable):
            await asyncio.to_thread(self.keys.touch, key.id)
