"""The values of jobs: frozen, and the same for every engine and store."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """What has become of a job."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETE = "complete"
    DEGRADED = "degraded"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        """True once nothing more will come of it."""
        return self not in (Status.QUEUED, Status.RUNNING)


OPEN = (Status.QUEUED.value, Status.RUNNING.value)
"""Of jobs that are not over."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The client that a job belongs to, by the id of its key, and how many unfinished jobs it may have.

    `hold` names what is held of its money for the job, which then is the job's.
    """

    id: str
    most_open: int | None = None
    hold: str | None = None


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to be kept. `request` is the JSON it works on, `digest` the SHA-256 of what makes two requests one.

    `key` is the client's Idempotency-Key, if there is one; `notes` is a JSON list of warnings for whoever asks.
    Without an `owner` it is nobody's: of a batch, or of a service that asks for no keys. `cause` is JSON: the ids of
    the request that it was made in, under which its attempts are logged and traced.
    """

    id: str
    request: str
    digest: str
    key: str | None = None
    notes: str = "[]"
    owner: Owner | None = None
    cause: str = "{}"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands. Times are seconds since 1970; `progress`, `problem` and `spent` are JSON.

    `progress` maps a stage to how much of it is done, and of how much; `spent` is what its attempts have used.
    """

    id: str
    status: Status
    digest: str
    attempts: int
    progress: str
    spent: str
    notes: str
    created_at: float
    started_at: float | None
    finished_at: float | None
    problem: str | None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a job; `number` counts from 1 within the job, `data` is JSON."""

    number: int
    kind: str
    data: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a job, by one worker. What an earlier attempt still writes is refused by its number.

    `excused` counts the attempts before it that ended only because their worker was told to stop; `held` is what
    the job may still cost, in millionths of a dollar, if its owner's money is limited.
    """

    job_id: str
    number: int
    request: str
    spent: str
    last_event: int
    excused: int = 0
    owner: str | None = None
    cause: str = "{}"
    held: int | None = None

    @property
    def tries(self) -> int:
        """Which attempt it is of those that count."""
        return self.number - self.excused
