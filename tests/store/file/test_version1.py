"""Files that version 1 wrote, kept as they were.

The program opens them, and finds in them what was there.

`tests/data/version1` holds a lead's project, an annotator's copy, a backup, an assignment and a
return, with the hashes and counts that the program of version 1 gave them. They are never made
anew.
"""

import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import orjson
import pytest
from sqlite_utils import Database

from annotator.store import Store
from annotator.store.events.integrity import tables_hash, truth_hash
from annotator.store.exchange.bundle import read_bundle
from annotator.store.file import migrations, version1
from tests.house.rules import ROOT

DATA = ROOT / "tests/data/version1"
EXPECTED: dict[str, dict[str, Any]] = orjson.loads((DATA / "expected.json").read_bytes())
FROZEN = "3cdbe0bb12957325f6455a8f749545e001035f417fc7cd0baa31739b2f4dcaf5"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a folder with the files of version 1."""
    with ZipFile(DATA / "project.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path


def test_the_tables_of_version_1_are_frozen() -> None:
    assert sha256(version1.TABLES.encode()).hexdigest() == FROZEN


def test_the_first_migration_makes_the_tables_of_version_1(files: Path) -> None:
    def layout(connection: sqlite3.Connection) -> dict[str, str]:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE"
            " '%sqlite_migrations%'"
        )
        return dict(rows)

    with (
        closing(sqlite3.connect(files / "lead.annot")) as old,
        closing(sqlite3.connect(":memory:", isolation_level=None)) as new,
    ):
        migrations.m001_log_and_current_tables(Database(new))
        assert layout(old) == layout(new)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_of_version_1_opens_with_all_that_was_in_it(files: Path, name: str) -> None:
    expected = EXPECTED[name]
    with Store.open(files / name) as store:
        connection = store._connection
        assert truth_hash(connection) == expected["truth"]
        assert tables_hash(connection) == expected["tables"]
        assert store.state_hash() == expected["state"]
        found = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in expected["counts"]
        }
        assert found == expected["counts"]
        assert store.faults() == []


def test_bundles_of_version_1_are_taken(files: Path) -> None:
    assignment = read_bundle(DATA / "assignment.annot-bundle")
    with Store.begin(
        files / "new.annot", lambda store: store.working_copy.take_in(assignment)
    ) as copy:
        assert copy.count_documents() == 6
    with Store.open(files / "lead.annot") as lead:
        assert lead.distribution.has_all(read_bundle(DATA / "return.annot-bundle"))


def test_work_goes_on_in_a_file_of_version_1(files: Path) -> None:
    shutil.copy(files / "sara.annot", files / "again.annot")
    with Store.open(files / "again.annot") as store:
        before = store.state_hash()
        document = store.entries("sara")[0].id
        with store.change("reopen", "sara") as step:
            step.put_status(document, step.add_annotator("sara"), "open")
        assert store.state_hash() != before
        store.undo("sara")
        assert store.state_hash() == before
        assert store.faults() == []
