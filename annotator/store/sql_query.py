"""A question in SQL, by people who know SQL: a project's tables answer it, and nothing is written.

Three things hold that, each by itself: the file is opened for reading, SQLite is told that it may
only query, and a statement that does more than read is refused before it runs (to attach another
file would make it).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database
from sqlite_utils.utils import dedupe_keys

from annotator.errors import UserError
from annotator.i18n import _
from annotator.store.file.opening import check_file, connect, explained, real_path, tidy

Value = str | int | float | bytes | None
_READING = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
_TELLING = {"table_list", "table_info", "table_xinfo", "index_list", "index_info"}
_FAULTS_OF_FILES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
}
# So many steps of SQLite's machine take about a millisecond.
_STEPS_BETWEEN_LOOKS = 20_000


class Answer(NamedTuple):
    """The names of the columns, each once, and the rows as they are found."""

    columns: list[str]
    rows: Iterator[tuple[Value, ...]]


@contextmanager
def answered(project: Path, sql: str) -> Iterator[Answer]:
    """Ask a project one statement ("": which tables it has); rows can be read within the block.

    Raises UserError for a wrong statement, and KeyboardInterrupt where that stops a long one.
    """
    path = real_path(project)
    check_file(path)
    try:
        with closing(connect(path, readonly=True)) as connection, _reported(path):
            _only_read(connection)
            yield _asked(connection, sql) if sql.strip() else _tables(connection)
    finally:
        tidy(path)


def _only_read(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA query_only = ON")
    connection.set_authorizer(_permission)
    # SQLite looks for Ctrl+C where Python code runs in between.
    connection.set_progress_handler(lambda: 0, _STEPS_BETWEEN_LOOKS)
    connection.text_factory = _decoded


def _permission(action: int, name: str | None, *_details: str | None) -> int:
    is_reading = action in _READING or (action == sqlite3.SQLITE_PRAGMA and name in _TELLING)
    return sqlite3.SQLITE_OK if is_reading else sqlite3.SQLITE_DENY


def _decoded(content: bytes) -> str:
    """Return a text; a statement may make one of any bytes."""
    return content.decode("utf-8", "replace")


def _asked(connection: sqlite3.Connection, sql: str) -> Answer:
    cursor = connection.execute(sql.encode("utf-8", "replace").decode())
    if cursor.description is None:
        raise UserError(_("The query holds no statement."))
    return Answer(dedupe_keys(column[0] for column in cursor.description), cursor)


def _tables(connection: sqlite3.Connection) -> Answer:
    database = Database(connection, recursive_triggers=False, execute_plugins=False)
    rows = [
        (table.name, table.count, ", ".join(column.name for column in table.columns))
        for table in database.tables
    ]
    return Answer(["table", "rows", "columns"], iter(rows))


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """Turn what SQLite says of a statement into a sentence."""
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning) as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the details
        if code == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        if isinstance(error, sqlite3.Error) and code in _FAULTS_OF_FILES:
            raise explained(path, error) from error
        if code == sqlite3.SQLITE_AUTH:
            raise UserError(_("A query only reads: write one SELECT statement.")) from error
        message = _(
            "The query cannot be answered: {reason}. Without a query, this command lists the tables"
            " and their columns."
        )
        raise UserError(message.format(reason=str(error).rstrip("."))) from error
