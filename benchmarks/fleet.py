"""A fleet: a web node and workers as processes of their own, on one database, that can be killed and begun anew."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

from tests.databases import Postgres, serve_postgres

ROOT = Path(__file__).parent.parent
_PATIENCE = 120.0  # seconds until what is waited for counts as never
_TICKS = os.sysconf("SC_CLK_TCK")
_STUB = re.compile(r"(http://\S+/v1)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where jobs are kept: the URL of a database of their own, a folder, and the server if there is one."""

    name: str
    url: str
    folder: Path
    server: Postgres | None = None

    @property
    def settings(self) -> dict[str, str]:
        return {"CONCORD_DATABASE_URL": self.url, "CONCORD_DATA_DIR": str(self.folder)}


@contextmanager
def create_places(name: str) -> Iterator[Callable[[], Place]]:
    """What makes new and empty places of a kind, sqlite or postgres; PostgreSQL waits for the disk as it should."""
    with TemporaryDirectory(prefix="concord-fleet-") as folder:

        def create(server: Postgres | None) -> Place:
            own = Path(folder) / str(len(list(Path(folder).iterdir())))
            own.mkdir()
            return Place(name, server.create() if server else f"sqlite:///{own / 'concord.sqlite'}", own, server)

        if name == "sqlite":
            yield lambda: create(None)
        else:
            with serve_postgres(durable=True) as server:
                yield lambda: create(server)


class Process:
    """A command of the service in a process of its own, which may be begun again and again. `log` is what it said."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self._command = [sys.executable, "-m", *command]
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("CONCORD_", "OPENAI_"))}
        self.environment = {**clean, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment}
        self.log = log
        self._running: subprocess.Popen[bytes] | None = None
        self._said = 0

    @property
    def pid(self) -> int:
        return self._running.pid if self._running else 0

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


class Stub(Process):
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

    def __enter__(self) -> Stub:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


class Fleet:
    """A web node that runs no jobs, and workers, while the block lasts. `settings` are environment variables."""

    def __init__(self, place: Place, model_url: str, workers: int, settings: Mapping[str, str]) -> None:
        asked = {"OPENAI_BASE_URL": model_url, "OPENAI_API_KEY": "stub", "CONCORD_MODEL": "gpt-4.1-mini"}
        environment = {**place.settings, **asked, **settings}
        self.place = place
        self.port = free_port()
        command = ["service", "serve", "--no-worker", "--port", str(self.port)]
        self.server = Process(command, environment, place.folder / "server.log")
        logs = [place.folder / f"worker{number}.log" for number in range(workers)]
        self.workers = [Process(["service", "worker"], environment, log) for log in logs]

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Fleet:
        for process in self._processes:
            process.start()
        for worker in self.workers:
            worker.await_word("worker ready")
        await_until(self.is_served, "the web node to serve")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        for process in self._processes:
            if error and not isinstance(error, KeyboardInterrupt):
                print(f"{process.log.name}: {process.said()[-600:]}", file=sys.stderr)
            process.end()

    @property
    def _processes(self) -> list[Process]:
        return [self.server, *self.workers]

    def is_served(self) -> bool:
        """Whether something listens on the web node's port."""
        return is_listening(self.port)


def is_listening(port: int) -> bool:
    """Whether something listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def await_until(holds: Callable[[], bool], what: str, seconds: float = _PATIENCE) -> float:
    """Wait until something holds; how many seconds that took. Raises TimeoutError that says what was waited for."""
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.02)
    return time.monotonic() - began


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
