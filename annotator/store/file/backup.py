"""Backups: made through SQLite's own copying, opened and compared before they count."""

import sqlite3
from datetime import datetime
from pathlib import Path

from annotator.errors import UserError
from annotator.i18n import _
from annotator.store.events.integrity import tables_hash, truth_hash
from annotator.store.file.opening import reported
from annotator.store.tables import ddl, local_settings


def default_place(project: Path, why: str = "") -> Path:
    """Return where a backup goes when nobody says: beside the project, named by the moment."""
    moment = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    folder = project.parent / "backups"
    name = f"{project.stem}-{moment}-{why}" if why else f"{project.stem}-{moment}"
    path, number = folder / f"{name}.annot", 2
    while path.exists():
        path, number = folder / f"{name}-{number}.annot", number + 1
    return path


def back_up(connection: sqlite3.Connection, target: Path) -> Path:
    """Copy an open project to a new file and verify the copy.

    Raises UserError and leaves nothing when that fails.
    """
    if target.exists():
        raise UserError(
            _(
                "{path} is there already. Choose another name: a backup never replaces a file."
            ).format(path=str(target))
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = _("The folder {path} cannot be made: {reason}.")
        raise UserError(message.format(path=str(target.parent), reason=error.strerror)) from error
    try:
        with reported(target):
            connection.execute("VACUUM INTO ?", (str(target),))
            _verify(connection, target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target


def _verify(connection: sqlite3.Connection, target: Path) -> None:
    """Make the copy nobody's, and compare it with the project."""
    copy = sqlite3.connect(f"{target.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None)
    try:
        local_settings.forget(copy)
        is_equal = _is_sound(copy) and _contents(copy) == _contents(connection)
    finally:
        copy.close()
    if not is_equal:
        raise UserError(
            _("The backup {path} is not equal to the project, so it was not kept.").format(
                path=str(target)
            )
        )


def _is_sound(copy: sqlite3.Connection) -> bool:
    return bool(copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok")


def _contents(connection: sqlite3.Connection) -> list[object]:
    """Return all in which a project and its backup are equal."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    contents = [application, version, truth_hash(connection)]
    if version == ddl.VERSION:  # an older one may lack tables
        contents.append(tables_hash(connection))
    return contents
