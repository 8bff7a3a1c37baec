"""A service that is measured while crowds of clients use it: each a process of its own, for load.py."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from benchmarks.crowds import Asked
from benchmarks.fleet import ROOT, Process

NICE = 10  # of clients, which share the machine of the service
_ADDRESS = re.compile(r"http://[\d.]+:(\d+)")
_PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Service(Process):
    """`concord serve` on a free port, which may open so many `files` if that is given."""

    def __init__(self, folder: Path, model_url: str, files: int | None, settings: Mapping[str, str]) -> None:
        asked = {"OPENAI_BASE_URL": model_url, "OPENAI_API_KEY": "stub", "CONCORD_MODEL": "gpt-4.1-mini"}
        super().__init__(
            ["service", "serve", "--port", "0"],
            {"CONCORD_DATA_DIR": str(folder), **asked, **settings},
            folder / "log",
        )
        if files:
            self._command = ["prlimit", f"--nofile={files}:{files}", *self._command]
        self.start()
        found = _ADDRESS.search(self.await_word("Uvicorn running on"))
        assert found
        self.port = int(found[1])

    @property
    def memory(self) -> int:
        """Bytes that it holds."""
        return int(Path(f"/proc/{self.pid}/statm").read_text(encoding="utf-8").split()[1]) * _PAGE_SIZE

    @property
    def files(self) -> int:
        """Files, sockets and pipes that it has open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))


class Crowd:
    """A crowd in a process of its own. `result()` waits for what it met."""

    def __init__(self, kind: str, port: int, seconds: float, clients: int = 1) -> None:
        command = [sys.executable, "-m", "benchmarks.crowds", kind, "--port", str(port)]
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


@contextmanager
def serving(model_url: str, settings: Mapping[str, str] = _NOTHING, files: int | None = None) -> Iterator[Service]:
    """A service with a database of its own, which must stop in order."""
    with TemporaryDirectory(prefix="concord-load-") as folder:
        service = Service(Path(folder), model_url, files, settings)
        try:
            yield service
        finally:
            service.end(signal.SIGTERM)
