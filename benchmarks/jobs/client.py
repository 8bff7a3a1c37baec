"""A client of jobs that can be told apart: each has documents of its own, whose every sentence names its mark.

A result that was mixed up with another's, or lost or doubled, is seen by the marks of its quotes.
"""

from __future__ import annotations

import json
import string
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2

Json = dict[str, Any]
_OPENINGS = (
    "The old harbour bridge at {mark} was closed on Monday.",
    "On Monday {mark} closed its old harbour bridge.",
    "The harbour bridge at {mark} was closed to all traffic on Monday.",
)
_SENTENCES = (
    "A ferry of {mark} carries cyclists over the river until May.",
    "Engineers of {mark} found a crack in a pillar of the bridge.",
    "Repairs will cost {mark} four million euros.",
    "Shops near the quay of {mark} fear for their trade.",
    "Schools of {mark} begin an hour later for as long as it lasts.",
    "The mayor of {mark} asked the ministry for help.",
    "Buses of {mark} go round by the motorway.",
    "Fishermen of {mark} may pass under the arches at high tide.",
    "The bridge of {mark} was built in 1931.",
    "Inspectors will report to the council of {mark} in June.",
    "A second crossing at {mark} was refused ten years ago.",
)
_OVER = {"complete", "degraded", "failed"}
_TRIES_APART = 0.2  # seconds


def mark_of(number: int) -> str:
    """A name that no other job's documents have."""
    letters = string.ascii_lowercase
    return "Wex" + "".join(letters[number // 26**place % 26] for place in (3, 2, 1, 0)) + "mouth"


def create_request(number: int, documents: int = 3) -> Json:
    """The request of a job: some reports of one event, no two alike, at a place that is its mark."""
    mark = mark_of(number)
    texts = [_report(place).format(mark=mark) for place in range(documents)]
    return {"documents": [{"id": f"{mark}{place}", "text": text} for place, text in enumerate(texts)]}


def _report(place: int) -> str:
    """A report of some sentences that others have too, and of one of its own."""
    told = (_SENTENCES[(place * step + step) % len(_SENTENCES)] for step in (1, 3, 4))
    own = f"House {place + 1} on the quay of {{mark}} lost {place * 7 + 11} windows in the gale."
    return "\n\n".join((_OPENINGS[place % len(_OPENINGS)], *told, own))


def find_faults(number: int, result: Json) -> list[str]:
    """What is wrong with a job's result: quotes that are not exactly its own documents', or none at all."""
    posted = create_request(number, len(result["documents"]))
    texts = {document["id"]: document["text"] for document in posted["documents"]}
    faults = [] if result["summary"] else ["nothing is told"]
    for citation in _citations(result):
        quote, text = citation["quote"], texts.get(citation["document_id"])
        if text is None or text[citation["start"] : citation["end"]] != quote or mark_of(number) not in quote:
            faults.append(f"not of this job: {quote!r}")
    return faults


def _citations(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        if "quote" in value:
            yield value
        for entry in value.values():
            yield from _citations(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _citations(entry)


class Client:
    """A client of a web node that may be down: it asks again until it is answered, as clients should."""

    def __init__(self, base_url: str, documents: int = 3, apart: float = 0.0, patience: float = 600.0) -> None:
        self._documents = documents
        self._apart = apart
        self._http = httpx2.Client(base_url=base_url, timeout=30.0)
        self._patience = patience
        self.refused: list[tuple[int, str]] = []
        self.taken: list[str] = []

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def submit(self, number: int) -> str:
        """The id of a job, whose key is its number."""
        return self.post(create_request(number, self._documents), f"job-{number}")

    def post(self, request: Json, key: str) -> str:
        """The id of a job for a request."""
        headers = {"Prefer": "respond-async", "Idempotency-Key": key}
        answer = self._ask(lambda: self._http.post("/v1/summaries", json=request, headers=headers), {202})
        job_id = str(answer.json()["id"])
        self.taken.append(job_id)
        return job_id

    def submit_all(self, numbers: Collection[int], threads: int = 8) -> dict[int, str]:
        """The ids of jobs by their numbers."""
        with ThreadPoolExecutor(threads) as pool:
            sent = []
            for number in numbers:
                sent.append(pool.submit(self.submit, number))
                time.sleep(self._apart)
            return {number: job.result() for number, job in zip(numbers, sent, strict=True)}

    def look(self, job_id: str) -> Json:
        """The job as it stands."""
        found: Json = self._ask(lambda: self._http.get(f"/v1/summaries/{job_id}"), {200}).json()
        return found

    def wait(self, job_id: str) -> Json:
        """The job once it is over. Raises TimeoutError."""
        until = time.monotonic() + self._patience
        while (job := self.look(job_id))["status"] not in _OVER:
            if time.monotonic() > until:
                raise TimeoutError(f"the job is {job['status']} still, after {job['attempts']} attempts")
            time.sleep(_TRIES_APART)
        return job

    def events(self, job_id: str) -> list[tuple[int, str]]:
        """The number and the kind of every event of a job until its last, however often the stream is cut."""
        seen: list[tuple[int, str]] = []
        until = time.monotonic() + self._patience
        while not seen or seen[-1][1] not in ("result", "error"):
            if time.monotonic() > until:
                raise TimeoutError(f"{len(seen)} events, and no last one")
            try:
                self._read_events(job_id, seen)
            except httpx2.HTTPError:
                time.sleep(_TRIES_APART)
        return seen

    def _read_events(self, job_id: str, seen: list[tuple[int, str]]) -> None:
        headers = {"Last-Event-ID": str(seen[-1][0])} if seen else {}
        with self._http.stream("GET", f"/v1/summaries/{job_id}/events", headers=headers) as answer:
            answer.raise_for_status()
            event: dict[str, str] = {}
            for line in answer.iter_lines():
                name, _, value = line.partition(":")
                event[name] = value.strip()
                if not line and "event" in event:
                    seen.append((int(event["id"]), event["event"]))
                if not line:
                    event = {}

    def _ask(self, ask: Callable[[], httpx2.Response], wanted: Collection[int]) -> httpx2.Response:
        until = time.monotonic() + self._patience
        while True:
            try:
                answer = ask()
                if answer.status_code in wanted:
                    return answer
                self.refused.append((answer.status_code, _detail(answer)))
            except httpx2.HTTPError as error:
                self.refused.append((0, type(error).__name__))
            if time.monotonic() > until:
                raise TimeoutError(f"refused: {self.refused[-1]}")
            time.sleep(_TRIES_APART)


def _detail(answer: httpx2.Response) -> str:
    try:
        body: Mapping[str, object] = json.loads(answer.text)
    except ValueError:
        return answer.text[:200]
    return str(body.get("detail"))


def check_events(events: list[tuple[int, str]]) -> list[str]:
    """What is wrong with the events of a job that was done: a gap, a double, or another last than the result."""
    numbers = [number for number, _ in events]
    faults = [] if numbers == list(range(1, len(numbers) + 1)) else [f"events {numbers}"]
    return faults + ([] if events[-1][1] == "result" else [f"the last event is {events[-1][1]}"])
