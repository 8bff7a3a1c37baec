"""What a key may use: requests, tokens, money and jobs, counted together by all processes, and told in headers."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from benchmarks.stub import Stub
from service.backends.base import Account, Backend, Estimate, Scope, Terms, Usage
from service.backends.tokens import TokenCounter
from service.callers import MICRO, Key, Used
from service.core.model import Chunk
from service.storage.keys import SqlKeys
from tests.api.answers import assert_problem
from tests.api.callers import keys_in, make
from tests.api.kept import ASYNC, PATH, Held, app_in, begin, finished, gone
from tests.builders import PRICES, Opens, asking, create_app_of
from tests.timing import wait_for

FREE = "/page/samples"
ONE: dict[str, Any] = {"documents": [{"text": "The ferry sank on Monday."}]}
TOKENS = TokenCounter().count(ONE["documents"][0]["text"])
NOON = int(time.time()) // 86_400 * 86_400 + 43_200  # of the day that workers have, too


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What time it is for limits: the middle of a minute and of a day, until a test says otherwise."""
    now = [NOON + 30.5]
    monkeypatch.setattr("service.storage.keys.now_of_this_machine", lambda: now[0])
    return now


def assert_limited(answer: Any, name: str, seconds: int) -> None:
    """429 with the limit that was passed, and when to come back, in each of the headers."""
    detail = assert_problem(answer, 429)["detail"]
    assert name in detail
    assert f"send it again in {seconds} s" in detail or "ask later" in detail
    assert int(answer.headers["retry-after"]) == seconds
    assert f'"{name}";r=' in answer.headers["ratelimit"]
    assert f"t={seconds}" in answer.headers["ratelimit"]


def test_requests_of_a_minute_are_limited_and_told(tmp_path: Path, clock: list[float]) -> None:
    """What is left counts down in every answer; beyond it is 429, until the minute is over."""
    _, header = make(tmp_path, requests_per_minute=2, requests_per_day=3)
    with TestClient(app_in(tmp_path)) as client:
        told = [client.get(FREE, headers=header) for _ in range(2)]
        assert [answer.status_code for answer in told] == [200, 200]
        policy = '"requests_per_minute";q=2;w=60, "requests_per_day";q=3;w=86400'
        assert told[0].headers["ratelimit-policy"] == policy
        assert [answer.headers["ratelimit"] for answer in told] == [
            f'"requests_per_minute";r={left};t=30, "requests_per_day";r={left + 1};t=43170' for left in (1, 0)
        ]
        assert_limited(client.get(FREE, headers=header), "requests_per_minute", 30)
        clock[0] += 30
        assert client.get(FREE, headers=header).status_code == 200
        clock[0] += 60
        assert_limited(client.get(FREE, headers=header), "requests_per_day", 43_080)
        clock[0] += 43_200
        assert client.get(FREE, headers=header).status_code == 200


def test_an_unlimited_key_is_told_of_no_limits(tmp_path: Path) -> None:
    """Where there is no limit there is no header, and nothing is counted."""
    key, header = make(tmp_path)
    with TestClient(app_in(tmp_path)) as client, keys_in(tmp_path) as keys:
        answer = client.get(FREE, headers=header)
        assert answer.status_code == 200
        assert not {"ratelimit", "ratelimit-policy"} & set(answer.headers)
        assert keys.take(key, Used()).left == {}


def test_what_never_fits_is_told_so(tmp_path: Path) -> None:
    """A request of more tokens than a limit holds hears that waiting does not help."""
    _, key = make(tmp_path, tokens_per_day=TOKENS - 1)
    with TestClient(app_in(tmp_path)) as client:
        detail = assert_problem(client.post(PATH, json=ONE, headers=key), 429)["detail"]
    assert detail == (
        f"this key's tokens_per_day ({TOKENS - 1:,}) never allows this request of {TOKENS:,}: send less, "
        "or ask for a key with a higher limit"
    )


def test_processes_count_together(tmp_path: Path) -> None:
    """Two web nodes on one database let through together what the limit says."""
    _, header = make(tmp_path, requests_per_minute=4)
    with TestClient(app_in(tmp_path)) as one, TestClient(app_in(tmp_path)) as other:
        found = [client.get(FREE, headers=header).status_code for client in (one, other) * 4]
    assert found == [200] * 4 + [429] * 4


Way = tuple[str, str, dict[str, Any], dict[str, str], int]
WAYS: Sequence[Way] = [
    # how work is asked for, where, what is added to the body, headers, and the status where it is done
    ("at once", PATH, {}, {}, 200),
    ("as events", PATH, {}, {"accept": "text/event-stream"}, 200),
    ("as a job", PATH, {}, ASYNC, 202),
    ("as a job that is followed", PATH, {}, {**ASYNC, "accept": "text/event-stream"}, 200),
    ("with a key", PATH, {}, {"idempotency-key": "{n}"}, 200),
    ("a verification", "/v1/verifications", {"text": "The ferry sank."}, {}, 200),
    ("of the page", "/page/verifications", {"text": "The ferry sank."}, {}, 200),
]


@pytest.mark.parametrize("way", WAYS, ids=[way[0] for way in WAYS])
def test_tokens_are_limited_however_work_is_asked_for(tmp_path: Path, way: Way) -> None:
    """Tokens of documents are taken before the work, and what goes beyond is not begun."""
    _, path, more, headers, status = way
    tokens = TOKENS + (TokenCounter().count(more["text"]) if more else 0)
    _, key = make(tmp_path, tokens_per_day=2 * tokens + 1)
    with TestClient(app_in(tmp_path), raise_server_exceptions=False) as client:
        answers = []
        for n in range(3):
            sent = {name: value.replace("{n}", str(n)) for name, value in headers.items()} | key
            answers.append(client.post(path, json=ONE | more, headers=sent))
        assert [answer.status_code for answer in answers] == [status, status, 429]
        assert f'"tokens_per_day";q={2 * tokens + 1};w=86400;qu="tokens"' in answers[0].headers["ratelimit-policy"]
        assert [re.findall(r"r=(\d+)", answer.headers["ratelimit"]) for answer in answers] == [
            [str(tokens + 1)],
            ["1"],
            ["1"],
        ]
        assert_limited(answers[2], "tokens_per_day", 43_170)
        assert client.get(FREE, headers=key).status_code == 200  # which asks for no work
        assert client.post("/v1/estimates", json=ONE, headers=key).status_code == 200


def test_a_repeated_request_takes_nothing(tmp_path: Path) -> None:
    """A request that is sent again with its Idempotency-Key, or that can't become a job, is counted once or not."""
    _, key = make(tmp_path, tokens_per_day=3 * TOKENS - 1)
    with TestClient(app_in(tmp_path), raise_server_exceptions=False) as client:
        named = {"idempotency-key": "a"} | key
        for _ in range(5):
            assert client.post(PATH, json=ONE, headers=named).status_code == 200
        assert client.post(PATH, json=ONE | {"quorum": 3}, headers=named).status_code == 409
        assert client.post(PATH, json=ONE, headers=ASYNC | key).status_code == 202
        assert client.post(PATH, json=ONE, headers=ASYNC | key).status_code == 429


def test_jobs_at_once_are_limited(tmp_path: Path, cluster: dict[str, Any]) -> None:
    """A key that has as many unfinished jobs as it may gets 429; others do not, and it may again once one is over."""
    backend = Held()
    _, key = make(tmp_path, "one", concurrent_jobs=2)
    _, other = make(tmp_path, "other", concurrent_jobs=2)
    with TestClient(app_in(tmp_path, backend), raise_server_exceptions=False) as client:
        places = [begin(client, cluster, **key) for _ in range(2)]
        answer = client.post(PATH, json=cluster, headers=ASYNC | key)
        assert "2 unfinished jobs" in assert_problem(answer, 429)["detail"]
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["ratelimit-policy"] == '"concurrent_jobs";q=2;qu="concurrent-jobs"'
        begin(client, cluster, **other)
        assert client.delete(places[0], headers=key).status_code == 204
        places[0] = begin(client, cluster, **key)
        backend.may_go_on.set()
        for place in places:
            wait_for(lambda: client.get(place, headers=key).json()["status"] == "complete")  # noqa: B023
        begin(client, cluster, **key)


def priced(stub: Stub, **more: str) -> dict[str, str]:
    """The settings of a service that asks a model whose price is known, and remembers nothing."""
    return asking(stub, **PRICES, **{"CONCORD_MEMO": "off", **more})


@pytest.mark.parametrize("way", WAYS, ids=[way[0] for way in WAYS])
def test_money_is_counted_however_it_is_spent(tmp_path: Path, stub: Stub, cluster: dict[str, Any], way: Way) -> None:
    """What work cost counts, and nothing is held once it is over; what could cost more than is left is not begun."""
    _, path, more, headers, status = way
    key, header = make(tmp_path, usd_per_day=1.0)
    sent = header | {name: value.replace("{n}", "a") for name, value in headers.items()}
    with TestClient(app_in(tmp_path, None, **priced(stub)), raise_server_exceptions=False) as client:
        answer = client.post(path, json=cluster | more, headers=sent)
        assert answer.status_code == status, answer.text
        if "location" in answer.headers:
            finished(client, answer.headers["location"], **header)
        stats = stub.stats()
        cost = stats.prompt_tokens + 4 * stats.completion_tokens
        with keys_in(tmp_path) as keys:
            wait_for(lambda: left_of(keys, key) == MICRO - cost)
            keys.give(key, Used(micro_usd=MICRO - cost - 1))
        again = client.post(path, json=cluster | more, headers=header | {"idempotency-key": "b"})
        assert_limited(again, "usd_per_day", 43_170)
        assert "max_cost_usd" in again.json()["detail"]
        assert 'q=1000000;w=86400;qu="usd-micros"' in again.headers["ratelimit-policy"]
        assert client.post(path, json=cluster | more | {"max_cost_usd": 0.0}, headers=header).status_code == 402
        assert stub.stats() == stats
        assert client.get(FREE, headers=header).status_code == 200
        if "{n}" in str(headers):
            assert client.post(path, json=cluster | more, headers=sent).status_code == status  # which is the first


def left_of(keys: SqlKeys, key: Key) -> int:
    """What the only limit of a key leaves."""
    (left,) = keys.take(key, Used()).left.values()
    return left.units


class Costly(Opens):
    """Backends whose runs may cost $0.10 and do cost $0.08; `allowed` is what each was told that it may."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self.allowed: list[float | None] = []

    def open(self, terms: Terms) -> tuple[Backend, Account]:
        self.allowed.append(terms.max_cost_usd)
        backend, account = super().open(terms)
        account.usage = lambda: Usage(requests=1, cost_usd=0.08)
        return backend, account

    def estimate(self, parts: Sequence[Chunk], texts: Sequence[str], scope: Scope) -> Estimate:
        return Estimate(cost_usd=0.1)


@pytest.mark.parametrize("headers", [{}, ASYNC], ids=["at once", "as jobs"])
def test_what_is_under_way_passes_no_limit(tmp_path: Path, cluster: dict[str, Any], headers: dict[str, str]) -> None:
    """Of ten requests at once so many are begun as could all cost the most; the next when one of them is over."""
    key, header = make(tmp_path, usd_per_day=0.35)
    backend, sent = Held(), headers | header
    backends = Costly(backend)
    app = create_app_of({"CONCORD_DATA_DIR": str(tmp_path)}, backends)
    with TestClient(app, raise_server_exceptions=False) as client, ThreadPoolExecutor(10) as threads:
        asked = [threads.submit(client.post, PATH, json=cluster, headers=sent) for _ in range(10)]
        wait_for(lambda: sum(a.done() and a.result().status_code == 429 for a in asked) == 7)
        for answer in (a.result() for a in asked if a.done() and a.result().status_code == 429):
            assert_limited(answer, "usd_per_day", 10)
        backend.may_go_on.set()
        answers = [a.result() for a in asked if a.result().status_code != 429]
        for place in (a.headers["location"] for a in answers if a.status_code == 202):
            finished(client, place, **header)
        with keys_in(tmp_path) as keys:
            assert left_of(keys, key) == 350_000 - 3 * 80_000
        assert client.post(PATH, json=cluster, headers=sent).status_code == answers[0].status_code
        with keys_in(tmp_path) as keys:
            wait_for(lambda: left_of(keys, key) == 30_000)
        assert backends.allowed == [0.1] * 4
        assert_limited(client.post(PATH, json=cluster, headers=sent), "usd_per_day", 43_170)


def test_the_money_of_a_job_is_what_its_usage_says(tmp_path: Path, stub: Stub, cluster: dict[str, Any]) -> None:
    """All that a job spent is counted once, whatever it told meanwhile."""
    key, header = make(tmp_path, usd_per_day=1.0)
    with TestClient(app_in(tmp_path, None, **priced(stub))) as client, keys_in(tmp_path) as keys:
        place = begin(client, cluster, **header)
        wait_for(lambda: client.get(place, headers=header).json()["status"] == "complete")
        cost = client.get(place, headers=header).json()["usage"]["cost_usd"]
        (left,) = keys.take(key, Used()).left.values()
    assert cost > 0
    assert MICRO - left.units == round(cost * MICRO)


def test_limits_that_cannot_be_looked_at_are_not_passed(tmp_path: Path) -> None:
    """Where the database can't be had a limited key is told to come again; one without limits is served."""
    _, limited = make(tmp_path, requests_per_minute=9)
    _, free = make(tmp_path)
    with TestClient(app_in(tmp_path), raise_server_exceptions=False) as client, gone():
        answer = client.get(FREE, headers=limited)
        assert_problem(answer, 503)
        assert int(answer.headers["retry-after"]) > 0
        assert client.get(FREE, headers=free).status_code == 200


@pytest.mark.parametrize("way", WAYS, ids=[way[0] for way in WAYS])
def test_one_key_s_replies_are_no_other_s(tmp_path: Path, stub: Stub, cluster: dict[str, Any], way: Way) -> None:
    """Who asks what another key asked pays as if nobody had, and learns nothing of it; asking again costs nothing."""
    _, path, more, headers, status = way
    settings = priced(stub, CONCORD_MEMO="on")
    (_, first), (_, second) = make(tmp_path, "first"), make(tmp_path, "second")
    with TestClient(app_in(tmp_path, None, **settings)) as client:

        def asked(who: dict[str, str], name: str) -> int:
            """Requests to the model for one of ours, whose job, if it is one, is over."""
            before = len(stub.bodies)
            sent = who | {k: v.format(n=name) for k, v in headers.items()}
            answer = client.post(path, json=cluster | more, headers=sent)
            assert answer.status_code == status, answer.text
            if "location" in answer.headers:
                finished(client, answer.headers["location"], **who)
            return len(stub.bodies) - before

        once = asked(first, "a")
        assert once > 0
        assert [asked(second, "a"), asked(first, "b"), asked(second, "b")] == [once, 0, 0]
