"""Processes that are measured: the service, a worker, a stub model, each begun, awaited, and ended or killed."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
_PATIENCE = 120.0  # seconds until what is waited for counts as never
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")
_STUB = re.compile(r"(http://\S+/v1)")
_ADDRESS = re.compile(r"Uvicorn running on (http://[\d.]+:(\d+))")


def asking(base_url: str) -> dict[str, str]:
    """The settings of a service that asks a stub model."""
    return {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": "stub", "CONCORD_MODEL": "gpt-4.1-mini"}


class Process:
    """A command in a process of its own, which may be begun again and again. `log` is what it said.

    `under` is a command that begins it, as `prlimit` does; the caller's own settings are not handed on.
    """

    def __init__(
        self, command: list[str], environment: Mapping[str, str], log: Path, under: Sequence[str] = ()
    ) -> None:
        self._command = [*under, sys.executable, "-m", *command]
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("CONCORD_", "OPENAI_", "OTEL_"))}
        self.environment = {**clean, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment}
        self.log = log
        self._running: subprocess.Popen[bytes] | None = None
        self._said = 0

    @property
    def pid(self) -> int:
        return self._running.pid if self._running else 0

    @property
    def memory(self) -> int:
        """Bytes that the running process holds."""
        return int(Path(f"/proc/{self.pid}/statm").read_text(encoding="utf-8").split()[1]) * _PAGE_SIZE

    @property
    def files(self) -> int:
        """Files, sockets and pipes that it has open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    @property
    def cpu(self) -> float:
        """Seconds of processor time that the running process has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def start(self) -> None:
        self._said = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                self._command, env=self.environment, cwd=self.log.parent, stdout=log, stderr=log
            )

    def said(self) -> str:
        """What it has said since it was started last."""
        return self.log.read_bytes()[self._said :].decode(errors="replace")

    def await_word(self, word: str) -> str:
        """What it said, once that has a word in it."""
        await_until(lambda: word in self.said() or self._ended(), f"{self._command} to say {word!r}")
        if word not in self.said():
            raise RuntimeError(f"{self._command} ended: {self.said()[-2_000:]}")
        return self.said()

    def _ended(self) -> bool:
        return self._running is None or self._running.poll() is not None

    def end(self, sign: signal.Signals = signal.SIGKILL) -> float:
        """Send it a signal and wait for its end, which took so many seconds."""
        began = time.monotonic()
        if self._running:
            self._running.send_signal(sign)
            self._running.wait(_PATIENCE)
        self._running = None
        return time.monotonic() - began


class Service(Process):
    """`concord serve` on a free port, at `address`. It may open so many `files`, if that is given."""

    def __init__(self, folder: Path, settings: Mapping[str, str], files: int | None = None) -> None:
        bounded = ["prlimit", f"--nofile={files}:{files}"] if files else []
        command = ["service", "serve", "--port", "0"]
        super().__init__(command, {"CONCORD_DATA_DIR": str(folder), **settings}, folder / "server.log", bounded)
        self.start()
        found = _ADDRESS.search(self.await_word("Uvicorn running on"))
        assert found
        self.address, self.port = found[1], int(found[2])


@contextmanager
def serving(settings: Mapping[str, str], files: int | None = None) -> Iterator[Service]:
    """A service with a folder of its own, which must stop in order."""
    with TemporaryDirectory(prefix="concord-served-") as folder:
        service = Service(Path(folder), settings, files)
        try:
            yield service
        finally:
            service.end(signal.SIGTERM)


class StubProcess(Process):
    """The stub model in a process of its own. `requests` is how many it was asked."""

    def __init__(self, folder: Path, latency: float) -> None:
        super().__init__(["benchmarks.stub", "--port", "0", "--latency", str(latency)], {}, folder / "stub.log")
        self.start()
        found = _STUB.search(self.await_word("/v1,"))
        assert found
        self.base_url = found[1]

    def requests(self) -> int:
        import httpx2

        stats: dict[str, Any] = httpx2.get(self.base_url.removesuffix("/v1") + "/stats", timeout=30.0).json()
        return int(stats["requests"])


@contextmanager
def stubbed(latency: float) -> Iterator[StubProcess]:
    """A stub model in a process of its own."""
    with TemporaryDirectory(prefix="concord-stub-") as folder:
        stub = StubProcess(Path(folder), latency)
        try:
            yield stub
        finally:
            stub.end()


def is_listening(port: int) -> bool:
    """Whether something listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def await_until(holds: Callable[[], bool], what: str, seconds: float = _PATIENCE) -> float:
    """Wait until something holds; how many seconds that took. Raises TimeoutError that says what was waited for."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.02)
    return time.monotonic() - began
