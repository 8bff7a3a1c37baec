"""A fleet: a web node and workers as processes of their own, on one database, that can be killed and begun anew."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from benchmarks.processes import HOST, Process, asking, await_until, is_listening
from tests.databases import Postgres, serve_postgres
from tests.serving import free_port


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


class Fleet:
    """A web node that runs no jobs, and workers, while the block lasts. `settings` are environment variables."""

    def __init__(self, place: Place, model_url: str, workers: int, settings: Mapping[str, str]) -> None:
        environment = {**place.settings, **asking(model_url), **settings}
        self.place = place
        self.port = free_port()
        command = ["service", "serve", "--no-worker", "--port", str(self.port)]
        self.server = Process(command, environment, place.folder / "server.log")
        logs = [place.folder / f"worker{number}.log" for number in range(workers)]
        self.workers = [Process(["service", "worker"], environment, log) for log in logs]

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self.port}"

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
