"""Versions of the project file.

Each migration by its name, and what happens when one runs, fails, or is not known yet.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from annotator.errors import UserError
from annotator.store import Store
from annotator.store.file import migrations
from annotator.store.tables import ddl
from tests.store.projects import ANNOTATORS, add_span, content, hashes, new_project, query

FIRST = ANNOTATORS[0]


def add_table(db: Database) -> None:
    db.execute("CREATE TABLE bookmark(n INTEGER PRIMARY KEY)")


def fail_halfway(db: Database) -> None:
    db.execute("CREATE TABLE bookmark(n INTEGER PRIMARY KEY)")
    db.execute("DELETE FROM event")
    message = "planted"
    raise RuntimeError(message)


def lose_an_event(db: Database) -> None:
    db.execute("DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)")


def lose_the_tables(db: Database) -> None:
    db.execute("DELETE FROM span")
    db.execute("DELETE FROM step")


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Database], None]], None]:
    """Let the program know one more version than it does."""

    def planting(work: Callable[[Database], None]) -> None:
        more = Migrations("annotator")
        more(name="m001_log_and_current_tables")(migrations.m001_log_and_current_tables)
        more(name="m002_planted")(work)
        monkeypatch.setattr(migrations, "migrations", more)
        monkeypatch.setattr(ddl, "VERSION", 2)
        monkeypatch.setattr("annotator.store.file.opening.KNOWN", {*ddl.KNOWN, "bookmark"})

    return planting


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Make a project of version 1 with something in it."""
    with new_project(tmp_path, documents=2) as store:
        add_span(store, "d0", FIRST, "1")
        add_span(store, "d1", FIRST, "2")
        store.undo(FIRST)
        return store.path


def test_m001_log_and_current_tables() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        assert migrations.migrate(connection) == 1
        connection.execute("COMMIT")
        found = {
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        }
        assert found == ddl.KNOWN
        assert connection.execute("PRAGMA application_id").fetchone() == (ddl.APPLICATION_ID,)


def test_the_version_is_the_number_of_migrations() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        assert migrations.migrate(connection) == ddl.VERSION
        assert connection.execute("PRAGMA user_version").fetchone() == (ddl.VERSION,)


def test_every_migration_has_a_test_of_its_name() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        names = [entry.name for entry in migrations.migrations.pending(Database(connection))]
    assert names
    assert all(f"test_{name}" in globals() for name in names)


def test_an_older_project_is_backed_up_and_brought_up_to_date(
    older: Path, plant: Callable[[Callable[[Database], None]], None]
) -> None:
    before = hashes(older)
    plant(add_table)
    with Store.open(older) as store:
        assert store.faults() == []
        add_span(store, "d0", FIRST, "3")
        store.undo(FIRST)
    assert query(older, "PRAGMA user_version") == [(2,)]
    assert query(older, "SELECT count(*) FROM bookmark") == [(0,)]
    assert hashes(older)[0] == before[0]
    (backup,) = (older.parent / "backups").iterdir()
    assert "version1" in backup.name
    assert query(backup, "PRAGMA user_version") == [(1,)]
    assert hashes(backup) == before


@pytest.mark.parametrize("work", [fail_halfway, lose_an_event])
def test_a_migration_that_fails_or_loses_something_leaves_all_as_it_was(
    older: Path,
    plant: Callable[[Callable[[Database], None]], None],
    monkeypatch: pytest.MonkeyPatch,
    work: Callable[[Database], None],
) -> None:
    before = (
        query(older, "SELECT * FROM event ORDER BY device, seq"),
        query(older, "SELECT * FROM sqlite_schema ORDER BY name"),
    )
    plant(work)
    with pytest.raises((RuntimeError, UserError), match=r"planted|report"):
        Store.open(older)
    assert query(older, "PRAGMA user_version") == [(1,)]
    after = (
        query(older, "SELECT * FROM event ORDER BY device, seq"),
        query(older, "SELECT * FROM sqlite_schema ORDER BY name"),
    )
    assert after == before
    monkeypatch.undo()
    with Store.open(older) as store:
        assert not store.readonly
        assert store.faults() == []


def test_a_migration_finds_the_current_tables_made_anew_from_the_log(
    older: Path, plant: Callable[[Callable[[Database], None]], None]
) -> None:
    before = hashes(older)
    plant(lose_the_tables)
    with Store.open(older) as store:
        assert store.faults() == []
    assert hashes(older) == before


def test_an_older_project_that_cannot_be_backed_up_is_not_touched(
    older: Path, plant: Callable[[Callable[[Database], None]], None]
) -> None:
    (older.parent / "backups").write_text("a file in the way", encoding="utf-8")
    plant(add_table)
    with pytest.raises(UserError, match="backups"):
        Store.open(older)
    assert query(older, "PRAGMA user_version") == [(1,)]


def test_an_older_project_is_not_read_by_guessing(
    older: Path, plant: Callable[[Callable[[Database], None]], None]
) -> None:
    plant(add_table)
    before = older.read_bytes()
    with pytest.raises(UserError, match="older version"):
        Store.open(older, readonly=True)
    assert older.read_bytes() == before


@pytest.mark.parametrize("readonly", [False, True])
def test_a_newer_project_is_refused_untouched_with_both_versions_named(
    older: Path, *, readonly: bool
) -> None:
    query(older, "PRAGMA journal_mode = DELETE")
    query(older, "PRAGMA user_version = 41")
    for path in older.parent.glob(".*.lock"):
        path.unlink()
    before = (older.read_bytes(), older.stat().st_mtime_ns, sorted(older.parent.iterdir()))
    with pytest.raises(UserError, match=rf"41.*{ddl.VERSION}\b"):
        Store.open(older, readonly=readonly)
    assert (older.read_bytes(), older.stat().st_mtime_ns, sorted(older.parent.iterdir())) == before


def test_a_newer_version_that_only_the_write_ahead_log_knows_is_refused_too(older: Path) -> None:
    with closing(sqlite3.connect(older, isolation_level=None)) as newer:
        newer.execute("PRAGMA journal_mode = WAL")
        newer.execute("PRAGMA user_version = 41")
        assert int.from_bytes(older.read_bytes()[60:64], "big") == 1
        with pytest.raises(UserError, match="41"):
            Store.open(older)


def test_a_project_without_a_version_is_damaged(older: Path) -> None:
    query(older, "PRAGMA user_version = 0")
    with pytest.raises(UserError, match="damaged"):
        Store.open(older)


def test_rebuilding_brings_damaged_tables_back(older: Path) -> None:
    for statement in (
        "DELETE FROM span",
        "UPDATE layer SET spans = 7",
        "UPDATE annotator SET name = 'x'",
        "UPDATE step SET state = 'gone'",
    ):
        with Store.open(older) as store:
            before = content(store)
        query(older, statement)
        with Store.open(older) as store:
            assert store.faults()
            store.rebuild()
            assert store.faults() == []
            assert content(store) == before
