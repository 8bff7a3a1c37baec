"""Every error that Concord raises on purpose.

    ConcordError
    ├── InvalidInput        the request can't be worked on as it stands (422)
    │   └── TooLarge        it exceeds a limit, which the message names (413)
    ├── BackendFailed       a backend could not do its step (502)
    │   └── ModelUnavailable    the client wanted the model, and it can't be had now (503)
    │       └── NoModel             nor later: none is configured (503)
    ├── BudgetExceeded      going on could cost more than the client allows (402)
    ├── DeadlineExceeded    the time for the whole request ran out (504)
    ├── NotFound            there is no job of an id, or none any more (404)
    ├── KeyTaken            an Idempotency-Key was used for another request (409)
    ├── RateLimited         a key has used what it may for now (429)
    ├── Overloaded          too many jobs wait already (503)
    ├── NotInstalled        a library that this needs is not there (501)
    └── StorageUnavailable  what is kept can't be read or written now (503)

Adapters translate foreign exceptions into these at one place; `api/problems.py` maps them to statuses.
"""

from __future__ import annotations


class ConcordError(Exception):
    """The root of the tree. `str(error)` is fit for a user's eyes."""


class InvalidInput(ConcordError):
    """The input is at fault; `pointer` is the JSON pointer (RFC 6901) to the place."""

    def __init__(self, detail: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer


class TooLarge(InvalidInput):
    """The input exceeds a limit."""


class BackendFailed(ConcordError):
    """A backend could not do its step at all."""


class ModelUnavailable(BackendFailed):
    """The model can't be had, and the client wants no other; `retry_after` is in seconds."""

    def __init__(self, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class NoModel(ModelUnavailable):
    """No model is configured, and the client wants one."""


class BudgetExceeded(ConcordError):
    """The next request could cost more than is left of what the client allows."""


class DeadlineExceeded(ConcordError):
    """The time for the whole request ran out."""


class NotFound(ConcordError):
    """There is no such thing, or none any more."""


class KeyTaken(ConcordError):
    """An idempotency key belongs to a request that was another."""


class Overloaded(ConcordError):
    """Too much waits already; `retry_after` is in seconds."""

    def __init__(self, detail: str, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class RateLimited(ConcordError):
    """A key has used what it may for now; `retry_after` is in seconds."""

    def __init__(self, detail: str, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class NotInstalled(ConcordError):
    """A library that the request needs is an extra, and is not installed."""


class StorageUnavailable(ConcordError):
    """The database can't be had, or is full; `retry_after` is in seconds.

    `reason` is for whoever runs the service: which database, and what its driver says of opening it.
    """

    def __init__(self, detail: str, retry_after: float = 5.0, reason: str = "") -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.reason = reason
