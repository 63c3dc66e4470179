"""Making a project file, and bringing an older one up to date.

An older one is backed up, migrated in one transaction and verified. This module is imported where
one of the two happens: sqlite-utils, which makes the tables, loads longer than the whole store.
"""

import os
import sqlite3
import uuid
from pathlib import Path

from annotator.errors import UserError
from annotator.files import sync_folder
from annotator.i18n import _
from annotator.store.events import integrity
from annotator.store.file import backup
from annotator.store.file.migrations import migrate
from annotator.store.file.opening import refuse, reported
from annotator.store.tables import ddl, local_settings


def make_file(path: Path) -> None:
    """Make an empty file of this name; an existing one is never touched."""
    try:
        if os.path.lexists(path):
            raise UserError(
                _("{path} is there already. Open it, or choose another name.").format(
                    path=str(path)
                )
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666))
    except OSError as error:
        message = _("{path} cannot be made: {reason}. Choose another folder or name.")
        raise UserError(message.format(path=str(path), reason=error.strerror)) from error


def remove_file(path: Path) -> None:
    """Remove a project that could not be made."""
    for name in (path.name, f"{path.name}-journal", f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def lay_out(path: Path) -> None:
    """Make the tables in an empty file, and the file durable."""
    with reported(path):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            # What an import brings and a document's text fill a small page badly: with 4 KB pages
            # a project is a third larger.
            connection.execute("PRAGMA page_size = 16384")
            connection.execute("BEGIN IMMEDIATE")
            migrate(connection)
            local_settings.put(connection, local_settings.PROJECT, uuid.uuid4().hex)
            connection.execute("COMMIT")
        finally:
            connection.close()
    sync_folder(path.parent)


def bring_up_to_date(path: Path, connection: sqlite3.Connection, *, can_write: bool) -> None:
    """Bring an older project to this version; it stays as it was when that fails."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == ddl.VERSION:
        return
    if not can_write:
        reason = _(
            "it is of an older version and must be brought up to date first, for which nobody else"
            " may have it open. Copy it."
        )
        raise refuse(path, reason)
    backup.back_up(connection, backup.default_place(path, f"version{version}"))
    connection.execute("BEGIN IMMEDIATE")
    try:
        before = integrity.truth_hash(connection)
        migrate(connection)
        integrity.rebuild(connection)
        _expect_same(path, before, integrity.truth_hash(connection))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _expect_same(path: Path, before: str, after: str) -> None:
    if after != before:
        raise refuse(
            path,
            _(
                "bringing it up to date would have changed its content, so it was left as it was."
                " Please report this."
            ),
        )
