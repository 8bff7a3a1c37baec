"""What asking a model costs: `python -m benchmarks.model [--folder DIR] [--latency SECONDS] [--peers]`.

Against the stub server, which answers by rule after a fixed time, so that what is measured is the way of asking:
wall time over rounds x latency, requests and prompt tokens for each source token (beside LangChain's map-reduce
and LlamaIndex's tree_summarize with --peers), the service's own processor time and memory, 200 summaries at once,
and what one more document costs. DIR holds six documents or five (.txt); the first sample cluster by default.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.command import create_parser, keep, offer_json
from benchmarks.model.peers import PEERS, measure
from benchmarks.processes import asking
from benchmarks.stub import Stats, Stub, running_stub
from service.api.requests import SummaryRequest
from service.api.schemas import SummaryResult
from service.api.summaries import Summaries
from service.backends.tokens import TokenCounter
from service.building import create_summaries
from service.inputs import find_data, read_paths
from service.settings import load_settings

_ROUNDS = 5
_AT_ONCE = 200
_MEGABYTE = 1024  # ru_maxrss counts kilobytes


def create(stub: Stub, folder: Path, **settings: str) -> Summaries:
    """What makes summaries by the stub, as the service would."""
    kept = {"CONCORD_MEMO": "off", "CONCORD_DATA_DIR": str(folder)}
    return create_summaries(load_settings({**asking(stub.base_url), **kept, **settings}))


@dataclass(frozen=True, slots=True)
class Run:
    """One summary: seconds by the clock and of the processor, what the stub was asked, and the result."""

    seconds: float
    processor: float
    stats: Stats
    result: SummaryResult


def run(request: SummaryRequest, stub: Stub, folder: Path, **settings: str) -> Run:
    """One summary on a loop of its own, connections opened before the clock starts as in a service that runs."""

    async def work() -> Run:
        summaries = create(stub, folder, **settings)
        await summaries.make(request)
        stub.reset()
        start, busy = time.perf_counter(), time.process_time()
        result = await summaries.make(request)
        taken = Run(time.perf_counter() - start, time.process_time() - busy, stub.stats(), result)
        await summaries.backends.close()
        return taken

    return asyncio.run(work())


def report_asking(request: SummaryRequest, latency: float, folder: Path) -> dict[str, float]:
    """Rounds, wall time over what they take at least, requests, and tokens for each source token; printed, too."""
    with running_stub(latency) as stub:
        runs = [run(request, stub, folder) for _ in range(_ROUNDS)]
    stats = runs[-1].stats
    ratio = median(r.seconds / (r.stats.rounds * latency) for r in runs)
    source = sum(document.tokens for document in runs[-1].result.documents)
    print(
        f"Concord: {median(r.seconds for r in runs):.2f} s, {stats.rounds} rounds of {latency} s: "
        f"{ratio:.2f} of their latency; {stats.requests} requests {stats.by_name}, "
        f"{stats.prompt_tokens} prompt tokens ({stats.prompt_tokens / source:.2f} a source token), "
        f"{stats.completion_tokens} completion tokens; "
        f"{median(r.processor for r in runs) * 1000:.0f} ms of the processor (the stub's share included)"
    )
    return {"rounds": stats.rounds, "requests": stats.requests, "tokens": stats.prompt_tokens / source, "over": ratio}


def report_peers(files: Sequence[Path], latency: float) -> dict[str, dict[str, float]]:
    """The same of the peers, each by its name."""
    count = TokenCounter().count
    source = sum(count(file.read_text(encoding="utf-8")) for file in files)
    found = {}
    with running_stub(latency) as stub:
        for peer in PEERS:
            runs = [measure(peer, files, stub) for _ in range(3)]
            stats = runs[-1].stats
            tokens = stats.prompt_tokens / source
            found[peer.name] = {"rounds": stats.rounds, "requests": stats.requests, "tokens": tokens}
            print(
                f"{peer.name}: {median(r.seconds for r in runs):.2f} s, {stats.rounds} rounds, "
                f"{stats.requests} requests, {tokens:.2f} prompt tokens a source token"
            )
    return found


def report_many(request: SummaryRequest, folder: Path) -> None:
    """200 summaries at once in one process: none fails, none falls back."""

    async def work(stub: Stub) -> tuple[float, list[SummaryResult]]:
        summaries = create(stub, folder, CONCORD_MODEL_CONCURRENT="64")
        start = time.perf_counter()
        results = await asyncio.gather(*(summaries.make(request) for _ in range(_AT_ONCE)))
        taken = time.perf_counter() - start
        await summaries.backends.close()
        return taken, list(results)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with running_stub(0.2) as stub:
        taken, results = asyncio.run(work(stub))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / _MEGABYTE
    complete = sum(result.status == "complete" for result in results)
    print(
        f"{_AT_ONCE} summaries at once: {complete} complete in {taken:.1f} s, "
        f"{grown:.0f} MB more than one needs ({grown * 1024 / _AT_ONCE:.0f} KB each)"
    )


def report_sixth(request: SummaryRequest, folder: Path) -> None:
    """Tokens of one more document with the memo on, over its share of asking for all anew."""
    fewer = request.model_copy(update={"documents": request.documents[:-1]})

    async def tokens(stub: Stub, *requests: SummaryRequest, memo: str) -> tuple[int, SummaryResult]:
        summaries = create(stub, folder, CONCORD_MEMO=memo)
        for asked in requests:
            stub.reset()
            result = await summaries.make(asked)
        await summaries.backends.close()
        return stub.stats().prompt_tokens + stub.stats().completion_tokens, result

    with running_stub() as stub:
        anew, result = asyncio.run(tokens(stub, request, memo="off"))
        added, _ = asyncio.run(tokens(stub, fewer, request, memo="on"))
    length = [document.tokens for document in result.documents]
    share = anew * length[-1] / sum(length)
    print(
        f"Document {len(length)} added: {added} tokens, {added / share:.2f} of its share by length "
        f"({share:.0f} of {anew})"
    )


def main() -> None:
    """Measure and print."""
    parser = create_parser(__doc__)
    parser.add_argument("--folder", type=Path, default=find_data() / "harbour-fire")
    parser.add_argument("--latency", type=float, default=0.5, help="seconds a request (default: %(default)s)")
    parser.add_argument("--peers", action="store_true", help="measure LangChain and LlamaIndex, too")
    offer_json(parser)
    options = parser.parse_args()
    request = read_paths([options.folder])
    five = request.model_copy(update={"documents": request.documents[:5]})
    with TemporaryDirectory() as kept:
        found = {"Concord": report_asking(five, options.latency, Path(kept))}
        if options.peers:
            with TemporaryDirectory() as texts:
                found |= report_peers(_write(five, Path(texts)), options.latency)
        report_sixth(request, Path(kept))
        report_many(five, Path(kept))
    keep(options.json, found)


def _write(request: SummaryRequest, folder: Path) -> list[Path]:
    files = [folder / f"{number}.txt" for number, _ in enumerate(request.documents)]
    for file, document in zip(files, request.documents, strict=True):
        file.write_text(document.text, encoding="utf-8")
    return files


if __name__ == "__main__":
    main()
