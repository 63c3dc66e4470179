"""What SQLite says of a disk or a file becomes a sentence; what it says of our bugs does not."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from annotator.store.file.opening import explained

FILL = "INSERT INTO t VALUES(zeroblob(100000))"


def raised(database: str, *statements: str) -> sqlite3.Error:
    """Return the error of the last statement, as SQLite itself raises it."""
    with pytest.raises(sqlite3.Error) as caught:
        run(database, *statements)
    return caught.value


def run(database: str, *statements: str) -> None:
    with closing(
        sqlite3.connect(database, uri=True, timeout=0, isolation_level=None)
    ) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def database(tmp_path: Path) -> str:
    uri = (tmp_path / "p.annot").as_uri()
    run(uri, "CREATE TABLE t(x)")
    return uri


@pytest.mark.parametrize(
    ("mode", "statements", "words"),
    [
        ("", ("PRAGMA max_page_count = 2", FILL), "disk is full"),
        ("?mode=ro", (FILL,), "cannot be written"),
        ("/none", (FILL,), "cannot be opened"),
        ("", ("SELECT * FROM other",), "a part of it is missing"),
        ("", ("SELECT other FROM t",), "another version"),
    ],
)
def test_an_error_of_the_world_is_a_sentence_that_names_the_file(
    database: str, mode: str, statements: tuple[str, ...], words: str
) -> None:
    sentence = str(explained(Path("p.annot"), raised(f"{database}{mode}", *statements)))
    assert words in sentence
    assert "p.annot" in sentence


def test_a_file_that_another_program_writes_is_said_to_be_in_use(database: str) -> None:
    with closing(sqlite3.connect(database, uri=True, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        error = raised(database, FILL)
    assert "Another program" in str(explained(Path("p.annot"), error))


def test_a_file_of_another_kind_is_said_to_be_none_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "p.annot"
    path.write_bytes(b"x" * 5000)
    error = raised(path.as_uri(), "SELECT * FROM t")
    assert "not an Annotator project" in str(explained(path, error))


def test_an_error_of_ours_stays_one(database: str) -> None:
    # Words that occur in what SQLite says of a disk or a file make no difference.
    ours = raised(database, "SELECTED 'disk is full'")
    misused = sqlite3.ProgrammingError("The database is locked, malformed, readonly.")
    for error in (ours, misused):
        with pytest.raises(sqlite3.Error) as caught:
            explained(Path("p.annot"), error)
        assert caught.value is error
