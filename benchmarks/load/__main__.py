"""What one process bears: `python -m benchmarks.load [--only crowd|slow|idle|few] [--clients N] [--seconds S]`.

`concord serve` runs as a process of its own, with its worker and a new SQLite database; a stub model in another.
`crowd`: 500 clients at once ask for summaries, verifications, jobs and pages for two minutes after a warm-up, while
`/healthz` is asked ten times a second. `slow`: clients that send or read a byte a second or nothing, beside polite
ones. `idle`: 10,000 connections that never ask. `few`: 2,048 of them where the service may open 512 files.
Every aim is printed as PASS or MISS; the exit code counts those missed. Clients and stub run at a lower priority than
the service, as they share its machine.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import fmean, median
from typing import Any

from benchmarks.command import create_parser, machine
from benchmarks.load.crowds import Asked
from benchmarks.load.watching import NICE, Crowd, Sample, watch
from benchmarks.processes import Service, asking, serving, stubbed

_HASTY = {"CONCORD_PATIENCE_SECONDS": "10"}  # of the service, where waiting for its patience to end is all there is
_POLITE = 20  # clients beside slow and idle ones
_MINUTE = 60.0


class Aims:
    """Says of each aim whether it was reached, and counts those that were not."""

    def __init__(self) -> None:
        self.missed = 0

    def say(self, reached: bool, text: str) -> None:
        self.missed += not reached
        print(f"{'PASS' if reached else 'MISS'}  {text}", flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that a share of all are not above; infinite where there are none."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("inf")


def _times(asked: Sequence[Asked]) -> str:
    """Their median and 99th percentile, in milliseconds."""
    times = [each.seconds * 1_000 for each in asked]
    return f"p50 {percentile(times, 0.5):.0f} ms, p99 {percentile(times, 0.99):.0f} ms"


def judge_health(aims: Aims, pulse: dict[str, Any], since: float = 0.0, until: float = float("inf")) -> None:
    """`/healthz`: always answered, and its 99th percentile under 100 ms."""
    asked = [each for each in pulse["asked"] if since <= each.at <= until]
    failed = [each for each in asked if each.status != 200]
    late = percentile([late * 1_000 for late in pulse["late"]], 0.99)
    p99 = percentile([each.seconds * 1_000 for each in asked], 0.99)
    told = (
        f"/healthz {len(asked)} times: {_times(asked)}, {len(failed)} not answered (who asks woke {late:.0f} ms late)"
    )
    aims.say(not failed and p99 < 100, f"{told}; aim: p99 < 100 ms")


def report_crowd(aims: Aims, model_url: str, options: argparse.Namespace) -> None:
    """Many busy clients: what they are answered, and what it takes of the service."""
    with serving(asking(model_url)) as service:
        total = options.warm_up + options.seconds
        crowd, pulse = Crowd("busy", service.port, total, options.clients), Crowd("pulse", service.port, total)
        print(f"{options.clients} clients, {options.warm_up:g} s of warm-up, {options.seconds:g} s", flush=True)
        began = time.monotonic()
        samples = watch(service, total)
        met, health = crowd.result(), pulse.result()
    since, until = began + options.warm_up, began + total
    asked = [each for each in met["asked"] if each.at + each.seconds >= since]
    _print_answers(asked, met["reconnected"])
    wrong = [
        each for each in asked if each.status not in (200, 202) and not (each.status in (429, 503) and each.told)
    ]
    done = {each.kind for each in asked if each.status in (200, 202)}
    aims.say(not wrong, f"{len(wrong)} of {len(asked)} answers neither 2xx nor 429/503 with Retry-After; aim: none")
    aims.say(len(done) == 5, f"work of {len(done)} kinds was done meanwhile; aim: all 5")
    judge_health(aims, health, since, until)
    _judge_memory(aims, samples, since, options.seconds)


def _print_answers(asked: Sequence[Asked], reconnected: int) -> None:
    for kind in sorted({each.kind for each in asked}):
        of_kind = [each for each in asked if each.kind == kind]
        statuses = ", ".join(f"{count} x {status or 'cut'}" for status, count in _count(of_kind).most_common())
        done = [each for each in of_kind if each.status in (200, 202)]
        print(f"  {kind:<13} {statuses}; done: {_times(done) if done else 'none'}")
    print(f"  connections closed while they rested, and made anew: {reconnected}")


def _count(asked: Sequence[Asked]) -> Counter[int]:
    return Counter(each.status for each in asked)


def _judge_memory(aims: Aims, samples: Sequence[Sample], since: float, seconds: float) -> None:
    """The mean of the last minute beside the first after the warm-up (of halves where there are no two minutes)."""
    part = min(_MINUTE, seconds / 2)
    measured = [sample for sample in samples if sample.at >= since]
    first = fmean(each.memory for each in measured if each.at < since + part) / 1e6
    last = fmean(each.memory for each in measured if each.at >= since + seconds - part) / 1e6
    every = "  ".join(f"{each.memory / 1e6:.0f}" for each in samples[::15])
    cores = (measured[-1].cpu - measured[0].cpu) / (measured[-1].at - measured[0].at)
    print(
        f"  memory every 15 s, MB: {every}; most open files {max(s.files for s in samples)}; {cores:.2f} cores used"
    )
    aims.say(
        last <= 1.05 * first,
        f"memory, mean of {part:g} s: {first:.0f} MB after the warm-up, {last:.0f} MB at the end, "
        f"{last / first:.3f}; aim: at most 1.05",
    )


def report_slow(aims: Aims, model_url: str, options: argparse.Namespace) -> None:
    """Slow clients of all kinds beside polite ones: who is served, and how long the slow ones last."""
    half = options.slow_seconds / 2
    with serving(asking(model_url) | _HASTY) as service:
        alone = _be_polite(service)
        before, files_before = service.memory, service.files
        slow = Crowd("slow", service.port, options.slow_seconds, options.slow_clients)
        time.sleep(2.0)
        polite, pulse = Crowd("polite", service.port, half - 2.0, _POLITE), Crowd("pulse", service.port, half - 2.0)
        samples = watch(service, options.slow_seconds - 5.0)
        beside, health, held = polite.result(), pulse.result(), slow.result()
    print(f"{held['opened']} slow clients for {options.slow_seconds:g} s, {_POLITE} polite ones beside them for half")
    _print_slow(held)
    files, most = [sample.files for sample in samples], max(sample.memory for sample in samples) / 1e6
    print(f"  memory before {before / 1e6:.0f} MB, at most {most:.0f} MB; open files every 5 s {files[::5]}")
    _judge_served(aims, "slow", alone, beside)
    judge_health(aims, health)
    seeing = {kind: count for kind, count in held["left"].items() if "read" not in kind}
    aims.say(not seeing, f"slow senders that were never ended: {seeing or 'none'}; aim: none")
    told = f"open files while they still hold on: {files[-1]}, {files_before} before; aim: as many"
    aims.say(files[-1] <= files_before + 5, told)


def _print_slow(held: dict[str, Any]) -> None:
    for kind, lasted in sorted(held["lasted"].items()):
        answers = {k.rpartition(": ")[2]: n for k, n in held["answered"].items() if k.rpartition(": ")[0] == kind}
        told = ", ".join(f"{count} x {status}" for status, count in answers.items())
        print(f"  {kind:<28} {len(lasted)} ended after {median(lasted):.0f} s, at most {max(lasted):.0f} s; {told}")
    for kind, count in sorted(held["left"].items()):
        print(f"  {kind:<28} {count} have not looked whether they were ended")


def _judge_served(aims: Aims, others: str, alone: dict[str, Any], beside: dict[str, Any]) -> None:
    asked = beside["asked"]
    served = [each for each in asked if each.status in (200, 202)]
    print(f"  polite clients alone: {_times(alone['asked'])}; beside the {others} ones: {_times(asked)}")
    aims.say(len(served) == len(asked) > 0, f"{len(served)} of {len(asked)} polite requests served; aim: all")


def report_idle(aims: Aims, model_url: str, options: argparse.Namespace) -> None:
    """Connections that never ask, as many as may be opened here."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    count = min(options.idle, hard - 500)
    short = "" if count == options.idle else f" ({options.idle} are more than this machine allows: {hard} files)"
    with serving(asking(model_url) | _HASTY) as service:
        print(f"{count} connections that never ask{short}")
        _bear_idle(aims, service, count)


def report_few(aims: Aims, model_url: str, options: argparse.Namespace) -> None:
    """The same, with more connections than the service may open files."""
    with serving(asking(model_url) | _HASTY, options.few_files) as service:
        print(f"{4 * options.few_files} connections that never ask; the service may open {options.few_files} files")
        _bear_idle(aims, service, 4 * options.few_files)
        lines = service.said().count("out of system resource")
        aims.say(lines == 0, f"{lines} lines in the log for want of files; aim: none")
        after = Crowd("polite", service.port, 4.0, 5).result()["asked"]
        served = sum(each.status in (200, 202) for each in after)
        aims.say(served == len(after) > 0, f"afterwards {served} of {len(after)} polite requests served; aim: all")


def _be_polite(service: Service) -> dict[str, Any]:
    """What polite clients meet alone, once what the first request imports is there."""
    Crowd("polite", service.port, 3.0, _POLITE).result()
    return Crowd("polite", service.port, 6.0, _POLITE).result()


def _bear_idle(aims: Aims, service: Service, count: int) -> None:
    alone = _be_polite(service)
    before = watch(service, 1.0)
    idle = Crowd("idle", service.port, 60.0, count)
    polite, pulse = Crowd("polite", service.port, 9.0, _POLITE), Crowd("pulse", service.port, 9.0)
    samples = watch(service, 11.0)
    beside, health = polite.result(), pulse.result()
    samples += watch(service, 60.0, lambda: idle.is_over)
    held = idle.result()
    resting = watch(service, 5.0)
    lasted = held["lasted"].get("idle", [0.0])
    print(
        f"  {held['opened']} opened, {held['refused']} refused, closed after {median(lasted):.0f} s, at most "
        f"{max(lasted):.0f} s; most open files {max(s.files for s in samples)}; "
        f"memory before {before[0].memory / 1e6:.0f} MB, at most {max(s.memory for s in samples) / 1e6:.0f} MB"
    )
    _judge_served(aims, "idle", alone, beside)
    judge_health(aims, health)
    left = held["left"].get("idle", 0)
    aims.say(not left, f"idle connections that were never closed: {left}; aim: none")
    cores = (resting[-1].cpu - resting[0].cpu) / (resting[-1].at - resting[0].at)
    aims.say(cores < 0.3, f"afterwards, without clients, {cores:.2f} cores used; aim: less than 0.3")


REPORTS: dict[str, Callable[[Aims, str, argparse.Namespace], None]] = {
    "crowd": report_crowd,
    "slow": report_slow,
    "idle": report_idle,
    "few": report_few,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = create_parser(__doc__)
    parser.add_argument("--only", choices=tuple(REPORTS), action="append", help="this alone; may be given again")
    parser.add_argument("--clients", type=int, default=500, help="of `crowd` (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=120.0, help="of `crowd` (default: %(default)s)")
    parser.add_argument("--warm-up", type=float, default=25.0, help="of `crowd` (default: %(default)s)")
    parser.add_argument(
        "--slow-clients", type=int, default=200, help="of each of two kinds, a tenth of others (default: %(default)s)"
    )
    parser.add_argument("--slow-seconds", type=float, default=28.0, help="of `slow` (default: %(default)s)")
    parser.add_argument("--idle", type=int, default=10_000, help="connections (default: %(default)s)")
    parser.add_argument("--few-files", type=int, default=512, help="of `few` (default: %(default)s)")
    parser.add_argument("--latency", type=float, default=0.2, help="of the stub (default: %(default)s)")
    options = parser.parse_args(arguments)
    print(machine(), flush=True)
    aims = Aims()
    with stubbed(options.latency) as stub:
        os.setpriority(os.PRIO_PROCESS, stub.pid, NICE)
        for name in options.only or REPORTS:
            print(f"\n{name}", flush=True)
            REPORTS[name](aims, stub.base_url, options)
    print(f"\n{aims.missed} aims missed")
    sys.exit(aims.missed)


if __name__ == "__main__":
    main()
