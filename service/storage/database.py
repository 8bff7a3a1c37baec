"""The database that the settings name: an SQLite file or PostgreSQL, made and migrated when it is opened.

Every fault of it leaves here as StorageUnavailable: callers say so and try again, and nothing else.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from service.core.errors import InvalidInput, StorageUnavailable
from service.jobs.liveness import WATCHFUL

_LOG = logging.getLogger("concord")
HEAD = "0004"
"""The revision of the newest migration; a test compares it with those there are."""
_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_SECONDS = 10.0  # a write of SQLite waits for others so long
_READS = "concord_reads"  # the execution option of a transaction that writes nothing
_CONCORD = 0x434F4E43  # of PostgreSQL's advisory locks, ours
MIGRATING, FORGETTING = 1, 2
"""What one transaction of all may do at a time."""


class Database:
    """Connections to one database. `url` is SQLAlchemy's; threads share it."""

    def __init__(self, url: str) -> None:
        self.url = _normalise(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _create_sqlite(self.url) if self.is_sqlite else _create_postgres(self.url)
        self._reading = self.engine.execution_options(**{_READS: True})

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.url.database).absolute() if self.is_sqlite and self.url.database else None

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A transaction. Raises StorageUnavailable for whatever the database fails with."""
        with self._translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that writes nothing, and so waits for nobody."""
        with self._translated(), self._reading.begin() as connection:
            yield connection

    def alone(self, connection: sa.Connection, what: int) -> None:
        """Let this transaction be the only one that does this, until it ends. SQLite has one writer anyway."""
        if not self.is_sqlite:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CONCORD, what)))

    def insert(self, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
        """An insert that may say what to do on a conflict, which SQLAlchemy has for each database apart."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    @property
    def name(self) -> str:
        """The URL as it may be shown: without a password."""
        return self.url.set(drivername=self.url.get_backend_name()).render_as_string(hide_password=True)

    def room(self) -> int | None:
        """Bytes left on the disk of an SQLite file; None for PostgreSQL, whose disk is elsewhere."""
        try:
            return shutil.disk_usage(self.file.parent).free if self.file else None
        except OSError:
            return 0

    @property
    def dsn(self) -> str:
        """PostgreSQL's own form of the URL, password included."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def sibling(self, name: str) -> str:
        """The URL for another's tables: of the same PostgreSQL, or of a file beside this one.

        Not of the same file: SQLite has one writer at a time, and neither is to wait for the other.
        """
        if not self.file:
            return self.dsn
        file = self.file.with_suffix(f".{name}{self.file.suffix}")
        _make(file)
        try:
            with closing(sqlite3.connect(file)) as connection:
                _prepare_sqlite(connection, None)
        except sqlite3.Error as error:
            raise StorageUnavailable(f"{file} can't be used ({error.sqlite_errorname})") from error
        return f"sqlite:///{file}"

    def open(self) -> None:
        """Bring the tables to what this version needs; of several processes one does. Raises StorageUnavailable."""
        if self.file:
            _make(self.file)
        with self.begin() as connection:
            if _revision(connection) == HEAD:
                return
            self.alone(connection, MIGRATING)
            _upgrade(connection)

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise StorageUnavailable(_say(error), reason=": ".join(filter(None, (self.name, _why(error))))) from error


def _normalise(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except SQLAlchemyError as error:
        raise InvalidInput("CONCORD_DATABASE_URL is no database URL: sqlite:///FILE or postgresql://…") from error
    name = parsed.get_backend_name()
    if name == "sqlite" and parsed.database and parsed.database != ":memory:":
        return parsed
    if name in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    raise InvalidInput("CONCORD_DATABASE_URL names neither an SQLite file (sqlite:///FILE) nor postgresql://…")


def _create_sqlite(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, pool_size=4)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make(file: Path) -> None:
    """Make the file if there is none. Documents are confidential: it is its owner's alone."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StorageUnavailable(f"{file} can't be made: {error.strerror}") from error


def _begin_sqlite(connection: sa.Connection) -> None:
    """Begin as SQLite needs it: who is to write takes the lock at once, for a reader that turns writer can't wait."""
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(_READS) else "BEGIN IMMEDIATE")


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None
    for setting in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "secure_delete = ON"):
        with suppress(sqlite3.OperationalError):  # two processes switch to WAL at once: one of them does
            connection.execute(f"PRAGMA {setting}")


def _create_postgres(url: sa.URL) -> sa.Engine:
    arguments = {**WATCHFUL, "application_name": "concord"}
    return sa.create_engine(
        url, connect_args=arguments, pool_size=8, pool_pre_ping=True, pool_timeout=WATCHFUL["connect_timeout"]
    )


def _say(error: SQLAlchemyError) -> str:
    """The fault in a line without statements or values, which may hold documents."""
    cause = getattr(error, "orig", None) if isinstance(error, DBAPIError) else None
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    _LOG.warning("the database can't do what it is asked: %s", code or type(cause or error).__name__)
    if code == "SQLITE_FULL":
        return "the disk of the database is full: jobs can't be kept until there is room"
    return "the database can't be used now" + (f" ({code})" if code else "")


def _why(error: SQLAlchemyError) -> str:
    """What the driver says of a database that can't be had; nothing of a statement's failure, which has a code."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    if cause is None or getattr(cause, "sqlstate", None):
        return ""
    return str(cause).partition("\n")[0]


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # a quarter of a second, and needed once
    from alembic.config import Config
    from alembic.util import CommandError

    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS))
    configuration.attributes["connection"] = connection
    try:
        command.upgrade(configuration, "head")
    except CommandError as error:  # it knows no way from the revision that it found
        raise StorageUnavailable(
            "the database was made by a newer version of concord than this one: update this one"
        ) from error
