"""The project file's versions, oldest first: small functions that are never changed once released.

Each has a test of its name. They run in one transaction, after a verified backup (see upgrade.py).
"""

import sqlite3

from sqlite_utils import Database, Migrations

from annotator.store.file import version1
from annotator.store.tables.ddl import APPLICATION_ID

migrations = Migrations("annotator")


@migrations()
def m001_log_and_current_tables(db: Database) -> None:
    """Make the log, the texts, this copy's settings, and the tables that follow from the log."""
    for statement in version1.TABLES.split(";"):
        if statement.strip():
            db.execute(statement)


def migrate(connection: sqlite3.Connection) -> int:
    """Bring an open file up to date; the caller has begun a transaction.

    Return the version reached.
    """
    db = Database(connection, execute_plugins=False)
    migrations.apply(db)
    version = len(list(migrations.applied(db)))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version}")
    return version
