"""A service that is watched while crowds of clients use it, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.load.crowds import Asked
from benchmarks.processes import ROOT, Service

NICE = 10  # of clients, which share the machine of the service


class Crowd:
    """A crowd in a process of its own. `result()` waits for what it met."""

    def __init__(self, kind: str, port: int, seconds: float, clients: int = 1) -> None:
        command = [sys.executable, "-m", "benchmarks.load.crowds", kind, "--port", str(port)]
        command += ["--clients", str(clients), "--seconds", str(seconds)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        nice = 0 if kind == "pulse" else NICE
        self._running = subprocess.Popen(["nice", "-n", str(nice), *command], env=environment, stdout=subprocess.PIPE)

    def result(self) -> dict[str, Any]:
        found, _ = self._running.communicate()
        met: dict[str, Any] = json.loads(found)
        met["asked"] = [Asked(**each) for each in met.get("asked", ())]
        return met

    @property
    def is_over(self) -> bool:
        return self._running.poll() is not None


@dataclass(frozen=True, slots=True)
class Sample:
    """What the service held: when (seconds of time.monotonic), bytes, open files, seconds of processor so far."""

    at: float
    memory: int
    files: int
    cpu: float


def watch(service: Service, seconds: float, until: Callable[[], bool] = lambda: False) -> list[Sample]:
    """A sample a second, for some seconds or until something holds."""
    samples, end = [], time.monotonic() + seconds
    while time.monotonic() < end and not until():
        samples.append(Sample(time.monotonic(), service.memory, service.files, service.cpu))
        time.sleep(1.0)
    return samples
