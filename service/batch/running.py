"""Running a batch: each line becomes a job under a key of its own, and its result is written when its turn comes.

At most `window` lines are under way, so that memory and the queue stay bounded whatever the input's length. The
key is made of the batch's name, the line's number and what it asks for: a later run finds the jobs of an earlier
one by it, whether they wait, run or are over. A job is forgotten once its line is on the disk.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from service.api import problems
from service.api.schemas import Problem
from service.batch.lines import Line, LineReader, RawLine
from service.batch.output import Output, to_record
from service.batch.tally import End, Tally
from service.core.errors import ConcordError, KeyTaken, Overloaded, StorageUnavailable

if TYPE_CHECKING:
    from service.jobs.jobs import Jobs

_LOG = logging.getLogger("concord")
_POLL_SECONDS = 0.2  # between looks for which jobs are over
_LONGEST_WAIT = 5.0  # seconds until a full queue, or a database that is gone, is tried again
_MOST_AT_ONCE = 16  # results that are held in memory to be written together
_ROUNDING = 1e-9  # dollars


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many lines may be under way, and what all lines of the batch may cost together, of earlier runs too."""

    window: int
    most_usd: float | None = None


@dataclass(frozen=True, slots=True)
class _Begun:
    """A line under way, and its job: none if there was a problem with it."""

    line: Line
    job_id: str | None


class Batch:
    """One run of a batch over jobs."""

    def __init__(self, jobs: Jobs, reader: LineReader, bounds: Bounds, output: Output, tally: Tally) -> None:
        self._jobs = jobs
        self._reader = reader
        self._bounds = bounds
        self._output = output
        self._tally = tally
        self._stop = asyncio.Event()
        self._begun: deque[_Begun] = deque()
        self._next: Line | None = None
        self._waits_for: type[ConcordError] | None = None

    async def run(self, lines: Iterator[RawLine], stop: asyncio.Event) -> End:
        """Work on lines until there is no more, or `stop` is set. Raises ConcordError if a file can't be used."""
        self._stop = stop
        while not self._stop.is_set():
            pause = _POLL_SECONDS
            try:
                await self._begin(lines)
                if not self._begun:
                    return await self._end()
                if await self._collect():
                    continue
            except (Overloaded, StorageUnavailable) as error:
                if await self._collect_what_can_be():
                    continue
                pause = self._pause(error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause)
        await self._collect_what_can_be()
        return End.STOPPED

    def _pause(self, error: Overloaded | StorageUnavailable) -> float:
        if type(error) is not self._waits_for:  # once, however often it is tried
            _LOG.warning("the batch waits: %s", error)
        self._waits_for = type(error)
        return min(error.retry_after, _LONGEST_WAIT)

    async def _end(self) -> End:
        if self._next:
            return End.SPENT
        await self.forget()
        self._output.finish()
        return End.DONE

    async def forget(self) -> None:
        """Forget every job of this batch, of whatever run."""
        await self._jobs.forget_keyed(f"{self._output.name}:")

    async def _begin(self, lines: Iterator[RawLine]) -> None:
        """Begin lines until the window is full. Raises Overloaded and StorageUnavailable; the line stays the next."""
        while len(self._begun) < self._bounds.window and not self._stop.is_set():
            self._next = self._next or await asyncio.to_thread(self._read, lines)
            if self._next is None or not self._may_cost(self._next):
                return
            self._begun.append(await self._accept(self._next))
            self._next = None

    def _read(self, lines: Iterator[RawLine]) -> Line | None:
        try:
            raw = next(lines, None)
        except OSError as error:
            raise ConcordError(f"the input can't be read: {error.strerror}") from error
        return self._reader.read(raw) if raw else None

    def _may_cost(self, line: Line) -> bool:
        """Whether a line may be begun: with all that is under way it stays within what all may cost."""
        if self._bounds.most_usd is None or line.order is None:
            return True
        held = self._tally.cost_usd + sum(begun.line.most_usd or 0.0 for begun in self._begun)
        if line.most_usd is None:
            return held < self._bounds.most_usd
        return held + line.most_usd <= self._bounds.most_usd + _ROUNDING

    async def _accept(self, line: Line) -> _Begun:
        if line.order is None:
            return _Begun(line, None)
        asked = hashlib.sha256(line.order.encode()).hexdigest()
        key = f"{self._output.name}:{line.number}:{asked}"
        try:
            job, _ = await self._jobs.accept(line.order, key=key)
            self._waits_for = None
        except KeyTaken as error:  # somebody else's, by a chance that there is not
            return _Begun(replace(line, order=None, problem=_explain(line, error)), None)
        return _Begun(line, job.id)

    async def _collect_what_can_be(self) -> bool:
        with suppress(StorageUnavailable):
            return await self._collect()
        return False

    async def _collect(self) -> bool:
        """Write the first lines that are over, and forget their jobs. True if there were any."""
        job_ids = [begun.job_id for begun in self._begun if begun.job_id]
        over = await self._jobs.over(job_ids) if job_ids else set()
        first = takewhile(lambda begun: begun.job_id is None or begun.job_id in over, self._begun)
        ready = list(islice(first, _MOST_AT_ONCE))
        if not ready:
            return False
        records = [await self._record(begun) for begun in ready]
        await asyncio.to_thread(self._output.append, [body for body, _, _ in records])
        for begun, (_, status, usage) in zip(ready, records, strict=True):
            self._begun.popleft()
            self._tally.add(status, usage)
            if begun.job_id:
                with suppress(StorageUnavailable):  # the end of the batch forgets it
                    await self._jobs.forget(begun.job_id)
        return True

    async def _record(self, begun: _Begun) -> tuple[bytes, str, Any]:
        line = begun.line
        if begun.job_id is None:
            return to_record(line, None, None, line.problem)
        job, result = await self._jobs.find(begun.job_id), await self._jobs.result(begun.job_id)
        problem = None
        if not result and not (job and job.problem):
            problem = _explain(line, ConcordError("somebody deleted the job of this line"))
        return to_record(line, job, result, problem)


def _explain(line: Line, error: Exception) -> Problem:
    return problems.explain(f"line-{line.number}", error)
