"""Everything that a batch needs, over a real store and the engine's double."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from service.api import problems
from service.api.summaries import Limits
from service.api.working import Order
from service.backends.base import Usage
from service.batch.lines import LineReader, read_lines
from service.batch.output import Output
from service.batch.running import Batch, Bounds
from service.batch.tally import End, Tally
from service.jobs.jobs import Jobs, Rules
from service.jobs.memory import MemoryEngine
from service.jobs.model import Attempt, Status
from service.jobs.running import Ended, Journal, Runner
from service.storage.database import Database
from service.storage.jobs import SqlJobStore

Answer = Callable[[str], Awaitable[Status]]
MOST_BYTES = 1_000
LIMITS = Limits(3, 500, 600)


async def complete(_: str) -> Status:
    return Status.COMPLETE


def request(text: str, **more: Any) -> dict[str, Any]:
    return {"documents": [{"text": text}], **more}


def jsonl(*lines: Any) -> bytes:
    return b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)


@dataclass
class Desk:
    """Everything that a batch needs, in one folder, with work that answers as a test says and costs a dollar."""

    folder: Path
    answer: Answer = complete
    rules: Rules = Rules()  # noqa: RUF009 (frozen)
    window: int = 4
    attempts: int = 1
    most_usd: float | None = None
    max_cost_usd: float | None = None
    ran: Counter[str] = field(default_factory=Counter)
    running: int = 0
    most_running: int = 0
    cost_usd: float | None = 1.0
    output_type: type[Output] = Output
    store_type: type[SqlJobStore] = SqlJobStore

    def run(self, content: bytes, *, stop_when: Callable[[], bool] | None = None, restart: bool = False) -> End:
        return asyncio.run(self._run(content, stop_when, restart))

    async def _run(self, content: bytes, stop_when: Callable[[], bool] | None, restart: bool) -> End:
        database = Database(f"sqlite:///{self.folder / 'jobs.sqlite'}")
        database.open()
        store = self.store_type(database)
        jobs = Jobs(store, MemoryEngine(8), self.rules)
        reader = LineReader(LIMITS, MOST_BYTES, self.max_cost_usd)
        output = self.output_type(self.out)
        try:
            tally = Tally(sum(1 for _ in read_lines(BytesIO(content), MOST_BYTES)))
            lines = read_lines(BytesIO(content), MOST_BYTES)
            if restart:
                output.clear()
            output.resume(lines, tally)
            async with jobs.at_work(Runner(store, self._work, _explain, self.attempts), grace=0.0):
                batch = Batch(jobs, reader, Bounds(self.window, self.most_usd), output, tally)
                if restart:
                    await batch.forget()
                stop = asyncio.Event()
                stopping = asyncio.create_task(_stop(stop, stop_when))
                end = await asyncio.wait_for(batch.run(lines, stop), 120)
                stopping.cancel()
                return end
        finally:
            output.close()
            database.close()

    async def _work(self, attempt: Attempt, journal: Journal) -> Ended:
        asked = Order.model_validate_json(attempt.request).request
        text = asked.documents[0].text
        self.ran[text] += 1
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        spent = json.dumps(asdict(Usage(requests=1, cost_usd=self.cost_usd)))
        journal.spent = lambda: spent
        try:
            status = await self.answer(text)
        finally:
            self.running -= 1
        return Ended(status, json.dumps({"said": text}))

    @property
    def out(self) -> Path:
        return self.folder / "out.jsonl"

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.read_text().split("\n")[:-1]]

    @property
    def said(self) -> list[str]:
        return [record["result"]["said"] for record in self.records]

    def kept(self) -> int:
        """How many jobs the store still has."""
        database = Database(f"sqlite:///{self.folder / 'jobs.sqlite'}")
        with database.read() as connection:
            count: int = connection.exec_driver_sql("SELECT count(*) FROM job").scalar_one()
        database.close()
        return count


async def _stop(stop: asyncio.Event, when: Callable[[], bool] | None) -> None:
    while when:
        if when():
            stop.set()
        await asyncio.sleep(0.01)


def _explain(error: Exception, _: Attempt) -> str:
    return problems.explain("job", error).model_dump_json(exclude_none=True)


TEN = [request(f"text {i}") for i in range(10)]
TEXTS = [f"text {i}" for i in range(10)]
