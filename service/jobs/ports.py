"""What jobs need of the world: a store that keeps them, and an engine that runs them somewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Protocol

from service.jobs.model import Attempt, Event, Job, NewJob, Status

Run = Callable[[str], Awaitable[None]]
"""Works on the job of an id until it is over. Raises nothing; it is cancelled when the job is to stop."""


class JobStore(Protocol):
    """Keeps jobs. Calls block, so they are made in threads; each is one transaction.

    Every method raises StorageUnavailable while the database can't be had or written to.
    """

    def add(self, new: NewJob, most_waiting: int) -> tuple[Job, bool]:
        """The job of the key if there is one, else the new one, and whether it is new.

        Raises KeyTaken if the key belongs to a job of another digest, RateLimited if its owner has as many jobs as it
        may, and Overloaded if too many jobs wait.
        """

    def known(self, key: str, digest: str) -> Job | None:
        """The job of a key, if there is one. Raises KeyTaken if it is of another digest."""

    def find(self, job_id: str) -> Job | None: ...

    def result(self, job_id: str) -> str | None:
        """The JSON of the result, once there is one."""

    def request(self, job_id: str) -> str | None:
        """The JSON that the job works on. None if it is unknown."""

    def begin(self, job_id: str) -> Attempt | None:
        """Count one more attempt and make the job's status `running`. None if it is over or forgotten."""

    def note(self, attempt: Attempt, events: Sequence[Event], progress: str, spent: str) -> bool:
        """Keep what happened in an attempt. False if a later attempt has begun or the job is forgotten."""

    def finish(self, attempt: Attempt, status: Status, result: str | None, problem: str | None, spent: str) -> bool:
        """End the job. False if this attempt has no say any more."""

    def blame(self, attempt: Attempt, problem: str, spent: str) -> bool:
        """Keep why an attempt failed, of a job that will be tried again. False if it has no say any more."""

    def excuse(self, attempt: Attempt, spent: str) -> bool:
        """Have an attempt not count, which only the stop of its worker ended. False if it has no say any more."""

    def events(self, job_id: str, after: int) -> list[Event]:
        """The events of a job beyond a number, in order."""

    def changes(self, job_ids: Collection[str]) -> dict[str, tuple[int, bool]]:
        """For each of these jobs that is known: the number of its last event, and whether it is over."""

    def forget(self, job_id: str) -> bool:
        """Forget a job with its documents, result, events, and the replies that only it used. False if unknown."""

    def keyed(self, start: str) -> list[str]:
        """Jobs whose key starts so."""

    def waiting(self) -> int:
        """How many jobs are queued."""

    def unsent(self, older: float) -> list[str]:
        """Queued jobs that no engine has confirmed, added more than some seconds ago."""

    def sent(self, job_ids: Collection[str]) -> None:
        """The engine has these jobs."""

    def expired(self, kept: float) -> list[str]:
        """Jobs that have been over for longer than some seconds."""

    def tidy(self, kept: float) -> None:
        """Forget what is left of forgotten jobs, and who used replies without one longer than some seconds ago."""


class JobEngine(Protocol):
    """Runs jobs somewhere: every job that was enqueued is run until a run of it ends, by one worker at a time.

    A run whose process died is begun anew by another worker, or at the next start.
    """

    async def start(self, run: Run | None) -> None:
        """Begin to take jobs and run them; with None only to enqueue and cancel them."""

    async def enqueue(self, job_id: str) -> None:
        """Have a job run. Doing so twice is the same as once."""

    async def cancel(self, job_id: str) -> None:
        """Stop the run of a job wherever it is, within 2 s, and forget it. Nothing happens if there is none."""

    async def stop(self, grace: float) -> None:
        """Take no more jobs, wait some seconds for those that run, and leave the rest to others."""
