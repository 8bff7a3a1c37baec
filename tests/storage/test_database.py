"""The database: made and migrated once, whoever comes first; its faults told without what it holds."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from service.core.errors import InvalidInput, StorageUnavailable
from service.storage import database as module
from service.storage.database import FORGETTING, HEAD, Database
from service.storage.tables import job, metadata, pace
from tests.databases import Postgres, count_rows

OPEN = "import sys; from service.storage.database import Database; Database(sys.argv[1]).open()"


def test_the_migrations_make_the_tables(database: Database) -> None:
    """What the migrations make is what the code asks for: every table, column, type and index."""
    with database.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _is_ours})
        assert compare_metadata(context, metadata) == []


def _is_ours(name: str | None, kind: str, _: object) -> bool:
    return kind != "table" or name != "alembic_version"


def test_the_newest_migration_is_the_one_that_is_asked_for(database: Database) -> None:
    """HEAD is what the migrations lead to, and what an opened database says of itself."""
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(module.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(configuration).get_heads() == [HEAD]
    with database.read() as connection:
        assert connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == HEAD


def test_processes_that_open_a_new_database_at_once_make_it_once(url: str) -> None:
    """One makes the tables, the others find them made; opening again changes nothing."""
    command = [sys.executable, "-c", OPEN, url]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate(timeout=180)[1] for process in processes] == [""] * 3
    with closing(Database(url)) as database:
        database.open()
        with database.read() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM alembic_version")) == 1


def test_threads_may_open_one_database_at_once(url: str) -> None:
    """As threads of a process do that hold connections of their own."""
    with closing(Database(url)) as one, closing(Database(url)) as other, ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: (one, other)[number % 2].open(), range(8)))
        with one.read() as connection:
            assert set(metadata.tables) <= set(sa.inspect(connection).get_table_names())


def test_a_newer_version_s_database_is_left_alone(database: Database) -> None:
    """What a newer version made this one does not touch, and says so."""
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageUnavailable, match="a newer version of concord than this one: update this one"):
        database.open()


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    """What was written before the error is gone, and the next transaction goes on."""
    with suppress(ZeroDivisionError), database.begin() as connection:
        connection.execute(sa.insert(pace).values(name="a", due=1.0))
        raise ZeroDivisionError
    assert count_rows(database, pace) == 0


def test_faults_tell_nothing_of_what_is_kept(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the error nor the log repeats a statement or its values."""
    values = dict.fromkeys(("id", "digest", "status", "progress", "spent", "notes"), "secret")
    row = {**values, "attempts": 0, "sent": False, "created_at": 0.0}
    with pytest.raises(StorageUnavailable) as raised, database.begin() as connection:
        connection.execute(sa.insert(job), [row, row])
    assert "secret" not in f"{raised.value} {caplog.text}"
    assert "can't be used now" in str(raised.value)


def test_one_transaction_at_a_time_is_alone(database: Database) -> None:
    """Of many that want to be alone with something each is, whatever it reads and writes."""

    def count(_: int) -> None:
        with database.begin() as connection:
            database.alone(connection, FORGETTING)
            due = connection.scalar(sa.select(pace.c.due)) or 0.0
            connection.execute(sa.update(pace).values(due=due + 1))

    with database.begin() as connection:
        connection.execute(sa.insert(pace).values(name="a", due=0.0))
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(count, range(40)))
    with database.read() as connection:
        assert connection.scalar(sa.select(pace.c.due)) == 40


def test_a_server_that_starts_anew_is_found_again(postgres: Postgres) -> None:
    """Connections that died with the server are replaced without help."""
    with closing(Database(postgres.create())) as database:
        database.open()
        postgres.stop("immediate")
        with pytest.raises(StorageUnavailable), database.read() as connection:
            connection.execute(sa.select(pace))
        postgres.start()
        with database.read() as connection:
            assert connection.execute(sa.select(pace)).all() == []


def test_the_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    """Documents are confidential: so are the files that hold them, and the folder."""
    with closing(Database(f"sqlite:///{tmp_path / 'data' / 'jobs.sqlite'}")) as database:
        database.open()
        sibling = database.sibling("engine")
    files = list((tmp_path / "data").iterdir())
    assert {file.name for file in files} >= {"jobs.sqlite", "jobs.engine.sqlite"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert sibling == f"sqlite:///{tmp_path / 'data' / 'jobs.engine.sqlite'}"


def test_what_was_deleted_is_overwritten(tmp_path: Path) -> None:
    """A forgotten document can't be read from the file."""
    with closing(Database(f"sqlite:///{tmp_path / 'jobs.sqlite'}")) as database:
        database.open()
        for statement in (sa.insert(pace).values(name="secret" * 9, due=0.0), sa.delete(pace)):
            with database.begin() as connection:
                connection.execute(statement)
                assert connection.scalar(sa.text("PRAGMA secure_delete")) == 1
    assert not any(b"secret" in file.read_bytes() for file in tmp_path.iterdir())


URLS = [
    # what is given, and the URL that others are given of it, or what is wrong
    ("postgres://me:secret@host/db", "postgresql://me:secret@host/db"),
    ("postgresql://host:5433/db?sslmode=require", "postgresql://host:5433/db?sslmode=require"),
    ("postgresql+psycopg://host/db", "postgresql://host/db"),
    ("mysql://me:secret@host/db", InvalidInput),
    ("sqlite://", InvalidInput),
    ("sqlite:///:memory:", InvalidInput),
    ("secret", InvalidInput),
]


@pytest.mark.parametrize(("given", "expected"), URLS)
def test_a_url_names_a_file_or_a_server(given: str, expected: str | type[InvalidInput]) -> None:
    """Any usual form of PostgreSQL's URL is taken; what is none is refused without repeating its password."""
    if isinstance(expected, str):
        with closing(Database(given)) as database:
            assert database.sibling("engine") == expected
    else:
        with pytest.raises(expected) as raised:
            Database(given)
        assert "secret" not in str(raised.value)
