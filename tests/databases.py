"""A PostgreSQL server of one's own, from the system's binaries, on loopback, that can be stopped and killed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from service.storage.database import Database
from tests.serving import free_port

REQUIRED = "CONCORD_REQUIRE_SYSTEM"
"""Set to 1, as in CI, it makes a test fail that would be skipped for want of a system's package."""
_IS_REQUIRED = os.environ.get(REQUIRED) == "1"  # read early: the settings refuse it, so the tests' own unset it
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
"""The URL of a server that can't be had."""
_SECONDS = 180  # that any one command may take on a busy machine
_UNSAFE = ("-c", "fsync=off", "-c", "full_page_writes=off")  # what was committed outlives a crash of the server alone


class Postgres:
    """A running server. `create` gives the URL of a new and empty database of it."""

    def __init__(self, binaries: Path, folder: Path, *, durable: bool) -> None:
        self._binaries = binaries
        self._folder = folder
        self.port = free_port()
        self._options = ["-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]
        self._options += ["-c", f"unix_socket_directories={folder}", *(() if durable else _UNSAFE)]
        self.call("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-N")

    def call(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL on this server's folder, as the user who may. Raises CalledProcessError."""
        command = [str(self._binaries / program), "-D", str(self._folder / "data"), *arguments]
        if os.getuid() == 0:  # the server refuses to run as root
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]
        quiet = subprocess.DEVNULL
        subprocess.run(command, check=True, timeout=_SECONDS, cwd=self._folder, stdin=quiet, stdout=quiet)

    def start(self) -> None:
        """Start it, on the same port as before, and wait until it answers."""
        log = str(self._folder / "log")
        self.call("pg_ctl", "-w", "-t", str(_SECONDS), "-l", log, "-o", " ".join(self._options), "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` ends sessions in order, `immediate` is like a crash."""
        self.call("pg_ctl", "-w", "-t", str(_SECONDS), "-m", mode, "stop")

    def restart(self, mode: str = "immediate") -> None:
        """Stop and start it."""
        self.stop(mode)
        self.start()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create(self) -> str:
        """The URL of a new database."""
        name = f"test_{uuid.uuid4().hex}"
        with closing(psycopg.connect(self.url(), autocommit=True)) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)


@contextmanager
def serve_postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """A server until the block ends. Unless `durable` it does not wait for the disk, as a test's may."""
    binaries = find_postgres()
    if binaries is None:
        raise FileNotFoundError("no PostgreSQL server is installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="concord-postgres-"))
    try:
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
        server = Postgres(binaries, folder, durable=durable)
        server.start()
        try:
            yield server
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_postgres() -> Path | None:
    """The folder of the newest server's programs: where Debian has them, else on the path."""
    found = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if found:
        return max(found, key=lambda folder: int(folder.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def count_rows(database: Database, table: sa.Table) -> int:
    """How many rows a table has."""
    with database.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def need(found: object, what: str) -> None:
    """Skip the test for want of something of the system's; where all is required, fail."""
    if not found:
        (pytest.fail if _IS_REQUIRED else pytest.skip)(f"{what}, which this test needs, is not installed")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server that the tests of one process share; whoever stops it starts it again."""
    need(find_postgres(), "a PostgreSQL server")
    with serve_postgres() as server:
        yield server
