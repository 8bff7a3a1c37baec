"""What processes on one database share, put together as a node is: replies that go with their jobs, and limits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Protocol, TypeVar

import pytest

from benchmarks.stub import Stub
from service.api.requests import DocumentIn, SummaryRequest
from service.api.working import Order
from service.jobs.memory import MemoryEngine
from service.jobs.model import Status
from service.node import Node, create_node
from service.settings import load_settings
from service.storage.database import Database
from service.storage.tables import pace, reply, reply_use
from tests.builders import BRIDGE, asking
from tests.databases import count_rows

T = TypeVar("T")


class WithNode(Protocol):
    def __call__(self, work: Callable[[Node], Awaitable[T]], **more: str) -> T: ...


REQUEST = SummaryRequest(documents=[DocumentIn(text=text) for text in BRIDGE])
ORDER = Order(request=REQUEST).to_json()


@pytest.fixture
def with_node(stub: Stub, url: str, tmp_path: Path) -> WithNode:
    """Does some work with a process of its own on the database."""

    def run(work: Callable[[Node], Awaitable[T]], **more: str) -> T:
        variables = asking(stub, CONCORD_DATA_DIR=str(tmp_path), CONCORD_DATABASE_URL=url)
        settings = load_settings(variables | more)

        async def opened() -> T:
            node = create_node(settings, engine=MemoryEngine())
            async with node.open(works=True):
                return await work(node)

        return asyncio.run(opened())

    return run


async def done(node: Node, order: str = ORDER) -> str:
    """A new job that was done, by its id."""
    job, _ = await node.jobs.accept(order)
    ended = await node.jobs.wait(job.id)
    assert ended
    assert ended.status is Status.COMPLETE
    return job.id


async def summed(node: Node) -> str:
    """A summary that is no job."""
    return (await node.summaries.make(REQUEST)).status


def forgetting(job_id: str) -> Callable[[Node], Awaitable[bool]]:
    async def forget(node: Node) -> bool:
        return await node.jobs.forget(job_id)

    return forget


def asked(stub: Stub) -> int:
    """How many requests came since the last time."""
    number = len(stub.bodies)
    stub.reset()
    return number


def test_replies_go_with_the_jobs_that_used_them(with_node: WithNode, stub: Stub) -> None:
    """Nothing is paid for twice while a job that used it is kept; after the last of them all is paid for anew."""
    first = with_node(done)
    most = asked(stub)
    second = with_node(done)
    assert (most > 0, asked(stub)) == (True, 0)
    assert with_node(forgetting(first))
    third = with_node(done)
    assert asked(stub) == 0
    assert with_node(forgetting(second), CONCORD_MEMO="off")
    assert with_node(forgetting(third), CONCORD_MEMO="off")
    with_node(done)
    assert asked(stub) == most


def test_a_summary_that_was_no_job_keeps_its_replies(with_node: WithNode, stub: Stub) -> None:
    """What is not a job's alone stays when the job is forgotten."""
    job_id = with_node(done)
    with_node(summed)
    asked(stub)
    assert with_node(forgetting(job_id))
    with_node(summed)
    assert asked(stub) == 0


def test_replies_are_kept_where_the_jobs_are(with_node: WithNode, stub: Stub, url: str, tmp_path: Path) -> None:
    """On PostgreSQL in its tables, for other machines; else in a file beside the jobs', which don't wait for it."""
    with_node(done)
    paid = asked(stub)
    with closing(Database(url)) as database:
        assert count_rows(database, reply_use) == paid
        assert count_rows(database, reply) == (0 if database.is_sqlite else paid)
        assert (tmp_path / "memo.sqlite").exists() == database.is_sqlite


def test_a_limit_of_a_minute_is_written_for_all(with_node: WithNode, url: str) -> None:
    """Requests and tokens have a row each, that all processes go by; without limits there is none."""
    with closing(Database(url)) as database:
        with_node(summed, CONCORD_MEMO="off")
        assert count_rows(database, pace) == 0
        limits = {"CONCORD_REQUESTS_PER_MINUTE": "100000", "CONCORD_TOKENS_PER_MINUTE": "100000000"}
        with_node(summed, CONCORD_MEMO="off", **limits)
        assert count_rows(database, pace) == 2
        assert count_rows(database, reply_use) == 0
