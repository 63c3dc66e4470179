"""Opening a project file: what is checked before SQLite sees it, and how the connection is set up.

Checks come in this order: is it a file, a project, of a version that this program knows; who has it
open; is it older (then it is backed up, brought up to date in one transaction, and verified).
Nothing is written before all of them are passed.
"""

import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from annotator.errors import UserError
from annotator.i18n import N_, _
from annotator.store.tables import ddl
from annotator.store.tables.ddl import APPLICATION_ID, KNOWN

MAGIC = b"SQLite format 3\x00"
BUSY_SECONDS = 5.0
_HEAD = 100
_OF_PROJECTS = (".annot", ".annot-wal", ".annot-shm")
# None of our own tables computes anything: no virtual table, generated column, check, or index over
# an expression.
_COMPUTED = re.compile(
    r"\b(VIRTUAL|GENERATED|CHECK|AS|COLLATE|WHERE)\b|\bON\b[^(]*\([^)]*\(", re.IGNORECASE
)

_IN_USE = N_("Another program is using {path}. Close it there and try again.")
_SENTENCES = {
    sqlite3.SQLITE_FULL: N_(
        "The disk is full: the last change is not stored. Free some space and do it again; all"
        " earlier work is safe. ({path})"
    ),
    sqlite3.SQLITE_IOERR: N_(
        "The disk does not take the change (it is full, or fails): the last change is not"
        " stored; earlier work is safe. ({path})"
    ),
    sqlite3.SQLITE_READONLY: N_(
        "{path} cannot be written. Copy the project to a folder of your own and open it there."
    ),
    sqlite3.SQLITE_CANTOPEN: N_(
        "{path} cannot be opened. Check that you may read the file and write to its folder, or"
        " copy it to a folder of your own."
    ),
    sqlite3.SQLITE_CORRUPT: N_("{path} is damaged. Keep the file, and open the newest backup."),
    sqlite3.SQLITE_NOTADB: N_(
        "{path} is not an Annotator project, or it is damaged. Keep the file, and open the"
        " newest backup."
    ),
    sqlite3.SQLITE_BUSY: _IN_USE,
    sqlite3.SQLITE_LOCKED: _IN_USE,
}
"""What SQLite's errors mean for people, by their codes."""
_MISSING = {
    "no such column": N_(
        "{path} is of another version of this format. Export it with the program that made it,"
        " and import that."
    ),
    "no such table": N_(
        "{path} is damaged: a part of it is missing. Keep the file, and open the newest backup."
    ),
}


def refuse(path: Path, reason: str) -> UserError:
    """Return the error that names a project and says why it cannot be opened."""
    return UserError(_("{path} cannot be opened: {reason}").format(path=str(path), reason=reason))


def real_path(path: Path) -> Path:
    """Return the path with links followed."""
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise refuse(
            path, _("it is a link that leads to itself. Name the project file itself.")
        ) from error


def check_file(path: Path) -> None:
    """Refuse what is not a project of a known version, untouched and before SQLite sees it."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise refuse(
            path,
            _("there is no such file. Make a project with “annotator new”, or check the name."),
        ) from None
    except OSError as error:
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(mode):
        raise refuse(
            path, _("it is not a file. Name the project file itself; its name ends in .annot.")
        )
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise _unreadable(path, error) from error
    if not _is_project_head(head):
        raise refuse(path, _("it is not an Annotator project. To bring a text in, use import."))
    check_version(path, int.from_bytes(head[60:64], "big"))


def spare_project(target: Path) -> None:
    """Refuse to write something else where a project is, or by its name may be."""
    if target.suffix.casefold() in _OF_PROJECTS or _is_project(target):
        message = _(
            "{path} is a project or has the name of a project, and nothing else is written there."
            " Choose another name."
        )
        raise UserError(message.format(path=str(target)))


def _is_project(path: Path) -> bool:
    # A project that is open has its log beside it; its own file is not touched then, or SQLite
    # would lose its locks on it.
    if path.with_name(f"{path.name}-wal").exists():
        return True
    try:
        if not path.is_file():  # a pipe would wait for whoever writes into it
            return False
        with path.open("rb") as file:
            return _is_project_head(file.read(_HEAD))
    except OSError:
        return False


def _is_project_head(head: bytes) -> bool:
    return (
        len(head) == _HEAD
        and head.startswith(MAGIC)
        and int.from_bytes(head[68:72], "big") == APPLICATION_ID
    )


def _unreadable(path: Path, error: OSError) -> UserError:
    return refuse(
        path,
        _("the system says “{reason}”. Check the name and your rights to it.").format(
            reason=error.strerror
        ),
    )


def check_version(path: Path, version: int) -> None:
    """Refuse a project that a newer program wrote; it stays untouched."""
    if version < 1:
        raise refuse(
            path,
            _(
                "it is damaged: its version is not there. Keep the file, and open the newest"
                " backup."
            ),
        )
    if version > ddl.VERSION:
        reason = _(
            "it was written by a newer version of the program (file format {found}; this program"
            " knows up to {known}). Install the newer version."
        )
        raise refuse(path, reason.format(found=version, known=ddl.VERSION))


def connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    """Open a checked file. Raises UserError where the file system does not let us."""
    uri = f"{path.resolve().as_uri()}?mode={'ro' if readonly else 'rw'}"
    # A cleanly closed WAL file in a folder that cannot be written opens only as immutable, which
    # would hide a live WAL.
    if (
        readonly
        and not os.access(path.parent, os.W_OK)
        and not path.with_name(f"{path.name}-wal").exists()
    ):
        uri += "&immutable=1"
    with reported(path):
        connection = sqlite3.connect(
            uri,
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_SECONDS,
            cached_statements=256,
        )
        try:
            _set_up(connection, readonly=readonly)
            check_version(path, connection.execute("PRAGMA user_version").fetchone()[0])
            _refuse_foreign_contents(path, connection)
        except BaseException:
            connection.close()
            raise
    return connection


def tidy(path: Path) -> None:
    """Take away the empty files that reading alone leaves beside a project.

    SQLite does so where nobody else has it open.
    """
    try:
        is_left = not path.with_name(f"{path.name}-wal").stat().st_size
    except OSError:
        return
    if is_left and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as connection,
        ):
            connection.execute("PRAGMA user_version").fetchone()


def _set_up(connection: sqlite3.Connection, *, readonly: bool) -> None:
    for pragma in (
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "mmap_size = 0",
        "temp_store = MEMORY",
        "cache_size = -32000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    if not readonly:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # A checkpoint stalls the commit that meets it; so few commits meet one that a keystroke
        # hardly ever does.
        connection.execute("PRAGMA wal_autocheckpoint = 2000")


def _refuse_foreign_contents(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse a file that carries anything but our tables.

    Triggers and views of a stranger's file would run as ours.
    """
    for kind, name, sql in connection.execute(
        "SELECT type, name, coalesce(sql, '') FROM sqlite_schema"
    ).fetchall():
        is_ours = kind == "index" or (
            kind == "table" and (name in KNOWN or name.startswith("sqlite_"))
        )
        if not is_ours or _COMPUTED.search(sql):
            reason = _(
                "it holds a foreign {kind}, {name}, and may not be safe. Ask whoever made it for an"
                " export (JSONL)."
            )
            raise refuse(path, reason.format(kind=kind, name=name))


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Turn what SQLite says of a failing disk or a damaged file into a sentence for people."""
    try:
        yield
    except sqlite3.Error as error:
        raise explained(path, error) from error


def explained(path: Path, error: sqlite3.Error) -> UserError:
    """Return a sentence for an error of SQLite's that is the world's fault, not ours.

    Other errors are raised again.
    """
    sentence = _SENTENCES.get(_primary_code(error)) or _sentence_for_missing(error)
    if not sentence:
        raise error
    return UserError(_(sentence).format(path=str(path)))


def _primary_code(error: sqlite3.Error) -> int:
    """Return what kind of error it is; 0 where Python, not SQLite, is its source."""
    # The low byte is the kind, the others say more (SQLITE_IOERR_WRITE …).
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _sentence_for_missing(error: sqlite3.Error) -> str:
    # SQLite has one code for all that is wrong with a statement, whether the file lacks what the
    # statement names or the statement is ours and wrong. Only the message tells these apart.
    if _primary_code(error) == sqlite3.SQLITE_ERROR:
        for message, sentence in _MISSING.items():
            if str(error).startswith(message):
                return sentence
    return ""
