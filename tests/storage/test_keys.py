"""Keys in the database, on both kinds: kept as hashes, counted by period, and what is counted at once is counted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.callers import Key, Quota, Used
from service.core.errors import RateLimited
from service.jobs.model import NewJob, Owner, Status
from service.storage.database import Database
from service.storage.jobs import SqlJobStore
from service.storage.keys import SqlKeys
from tests.timing import Clock

START = 1_700_006_400.0  # a day and a minute begin
MANY = Quota(requests_per_minute=10, tokens_per_day=100, usd_per_day=0.5)


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def keys(database: Database, clock: Clock) -> SqlKeys:
    return SqlKeys(database, clock)


def test_a_key_is_kept_without_its_secret(keys: SqlKeys, clock: Clock) -> None:
    """What is found again is all but what its owner sends: of that the SHA-256, of 256 random bits."""
    key, token = keys.create("the desk", MANY)
    other, another = keys.create("the desk", Quota())
    assert keys.all() == [*sorted((key, other), key=lambda each: each.id)]
    assert token != another
    prefix, key_id, secret = token.split("_", 2)
    assert (prefix, key_id, len(secret)) == ("ck", key.id, 43)
    assert key.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert key.quota == MANY


def test_a_key_is_revoked_for_good(keys: SqlKeys, clock: Clock) -> None:
    """It is still listed, with when that was; revoking it again changes nothing, and of an unknown one is said."""
    key, _ = keys.create("a", Quota())
    assert keys.revoke(key.id)
    clock.now += 5
    assert keys.revoke(key.id)
    assert [found.revoked_at for found in keys.all()] == [START]
    assert not keys.revoke("none")


STEPS: Sequence[tuple[str, Sequence[tuple[float, Used]], str | None]] = [
    # what is shown, amounts with the seconds before each, and the limit that the last one passes
    ("what fits is let through", [(0, Used(requests=10))], None),
    ("and no more", [(0, Used(requests=10)), (59, Used(requests=1))], "requests_per_minute"),
    ("until the minute is over", [(0, Used(requests=10)), (60, Used(requests=10))], None),
    ("what is refused takes nothing", [(0, Used(requests=6)), (0, Used(requests=6)), (0, Used(requests=4))], None),
    ("a minute later the day goes on", [(0, Used(tokens=60)), (60, Used(tokens=60))], "tokens_per_day"),
    ("until it is over", [(0, Used(tokens=60)), (86_399, Used()), (1, Used(tokens=60))], None),
    ("more than a whole day's never fits", [(0, Used(tokens=101))], "tokens_per_day"),
    ("work is refused where no money is left", [(0, Used(micro_usd=500_000)), (0, Used(work=True))], "usd_per_day"),
    ("and begun where some is", [(0, Used(micro_usd=499_999)), (0, Used(work=True, tokens=1))], None),
    ("what work may cost is held", [(0, Used(held=300_000)), (0, Used(held=200_001))], "usd_per_day"),
    ("as far as there is any", [(0, Used(held=300_000)), (0, Used(held=200_000))], None),
    ("beside what is spent", [(0, Used(micro_usd=300_000)), (0, Used(held=200_001))], "usd_per_day"),
    ("in the next day too", [(86_000, Used(held=300_000)), (500, Used(held=200_001))], "usd_per_day"),
    ("its process dead, it may be spent", [(0, Used(held=300_000)), (86_399, Used(held=200_001))], "usd_per_day"),
    ("until that day is over", [(0, Used(held=300_000)), (86_400, Used(held=500_000))], None),
    ("what is no work is not refused", [(0, Used(micro_usd=900_000)), (0, Used(requests=1))], None),
    (
        "a clock that is set back by a second",
        [(60, Used(requests=10)), (-1, Used(requests=1))],
        "requests_per_minute",
    ),
    ("a clock that is set back by a year", [(31_536_000, Used(requests=10)), (-31_536_000, Used(requests=1))], None),
]


@pytest.mark.parametrize(("steps", "passed"), [case[1:] for case in STEPS], ids=[case[0] for case in STEPS])
def test_limits_are_kept(
    keys: SqlKeys, clock: Clock, steps: Sequence[tuple[float, Used]], passed: str | None
) -> None:
    """Amounts are taken or refused as a whole, by the minutes and days of UTC."""
    key, _ = keys.create("a", MANY)
    balance = None
    for seconds, amount in steps:
        clock.now += seconds
        balance = keys.take(key, amount)
    assert balance
    assert (balance.passed.name if balance.passed else None) == passed


def test_what_is_given_back_may_be_taken_again(keys: SqlKeys) -> None:
    """Never more than was taken: a minute that is over gives nothing to the next."""
    key, _ = keys.create("a", MANY)
    keys.take(key, Used(tokens=100))
    keys.give(key, Used(tokens=-40))
    assert keys.take(key, Used(tokens=41)).passed
    assert not keys.take(key, Used(tokens=40)).passed
    keys.give(key, Used(tokens=-1_000))
    assert keys.take(key, Used(tokens=101)).passed


def test_all_at_once_take_no_more_than_there_is(database: Database, keys: SqlKeys, clock: Clock) -> None:
    """Of many that come at once by several processes as many are let through as the limit says."""
    key, _ = keys.create("a", MANY)
    nodes = [SqlKeys(database, clock) for _ in range(4)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda n: nodes[n % 4].take(key, Used(requests=1)).passed, range(40)))
    assert found.count(None) == 10


def test_what_is_spent_at_once_is_no_more_than_may_be(database: Database, keys: SqlKeys, clock: Clock) -> None:
    """Of many that come at once so many begin as could all cost the most; what they did not cost is free again."""
    key, _ = keys.create("a", MANY)
    nodes = [SqlKeys(database, clock) for _ in range(4)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda n: nodes[n % 4].take(key, Used(held=120_000, work=True)), range(40)))
        holds = [balance.hold for balance in found if not balance.passed]
        assert len(holds) == 4
        assert {balance.left[balance.passed].seconds for balance in found if balance.passed} == {10}
        list(threads.map(lambda hold: keys.give(key, Used(micro_usd=100_000), hold), holds))
    assert money_left(keys, key) == 100_000
    refused = keys.take(key, Used(held=120_000, work=True))
    assert refused.passed
    assert refused.left[refused.passed].seconds == 86_400
    assert keys.take(key, Used(held=100_000, work=True)).hold


def money_left(keys: SqlKeys, key: Key) -> int:
    """Millionths of a dollar that a key may have held now."""
    return next(left.units for policy, left in keys.take(key, Used()).left.items() if policy.measure == "usd")


def test_jobs_at_once_are_no_more_than_may_be(database: Database, keys: SqlKeys) -> None:
    """Of many that are added at once as many are kept as their owner may have, another's and nobody's apart."""
    store = SqlJobStore(database)
    key, other = (keys.create(name, Quota())[0] for name in "ab")

    three = Owner(key.id, 3)

    def add(n: int, owner: Owner | None = three) -> bool:
        try:
            return store.add(NewJob(f"sum_{n}", "{}", "d", None, owner=owner), 100)[1]
        except RateLimited as error:
            return bool(error.retry_after < 0)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(add, range(12))) == 3
    assert add(20, Owner(other.id, 1))
    assert add(21, None)
    assert add(22, Owner(key.id))


def test_what_a_job_spends_is_its_owner_s(database: Database, keys: SqlKeys, clock: Clock) -> None:
    """It is counted as often as it is told, over attempts, once; a word that comes too late counts for nothing."""
    store = SqlJobStore(database, clock=clock)
    key, _ = keys.create("a", MANY)
    store.add(NewJob("sum_a", "{}", "d", owner=Owner(key.id)), 10)
    first = store.begin("sum_a")
    assert first
    assert first.owner == key.id
    assert store.note(first, [], "{}", '{"cost_usd": 0.1}')
    assert store.note(first, [], "{}", '{"cost_usd": 0.1}')
    second = store.begin("sum_a")
    assert second
    assert not store.note(first, [], "{}", '{"cost_usd": 0.9}')
    assert store.blame(second, "{}", '{"cost_usd": 0.15}')
    assert store.finish(second, Status.COMPLETE, "{}", None, '{"cost_usd": 0.2}')
    assert money_left(keys, key) == 300_000
    assert store.forget("sum_a")
    assert money_left(keys, key) == 300_000


def test_what_a_job_may_cost_is_held_until_it_is_over(database: Database, keys: SqlKeys, clock: Clock) -> None:
    """What it spent is held no more; however often it begins anew it may cost the rest. Gone, it holds nothing."""
    store = SqlJobStore(database, clock=clock)
    key, _ = keys.create("a", MANY)
    for name in ("sum_a", "sum_b"):
        hold = keys.take(key, Used(held=200_000, work=True)).hold
        assert hold
        assert store.add(NewJob(name, "{}", "d", owner=Owner(key.id, hold=hold.id)), 10)[1]
    clock.now += 10 * 86_400  # it may wait for days
    assert money_left(keys, key) == 100_000
    first = store.begin("sum_a")
    assert first
    assert first.held == 200_000
    assert store.note(first, [], "{}", '{"cost_usd": 0.15}')
    second = store.begin("sum_a")
    assert second
    assert second.held == 50_000
    assert money_left(keys, key) == 100_000
    assert store.note(second, [], "{}", '{"cost_usd": 0.21}')  # than which it can't: it is counted all the same
    assert money_left(keys, key) == 90_000
    assert store.finish(second, Status.FAILED, None, "{}", '{"cost_usd": 0.21}')
    assert store.forget("sum_b")
    assert money_left(keys, key) == 290_000
