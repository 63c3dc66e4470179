"""Copies of a project: which devices work in them, and what of their events counts where.

A *copy* is a project that was begun from an assignment; every device that writes in it begins with
a `start` event, by which it is known as a copy's wherever its log arrives (table `visitor`). A log
is *rooted* if it holds the project's own schema: the lead's log, which is never handed out. In a
rooted log only the own work of a copy's annotator counts: not what was lent to them, not what they
did in the annotation sets of others, not their labels. So what is collected changes nobody else's
work, whatever order it arrives in. Kinds: `start` and `lend` in a copy; `assign` (what was handed
out) and `collect` (how far a device was received) at the lead's.
"""

import sqlite3
from typing import cast

from annotator.model.plain import Plain
from annotator.store.events.log import Event
from annotator.store.tables.table import ASSIGNMENTS, RECEIPTS, VISITORS

KINDS = frozenset(("start", "assign", "collect"))
LEND, START, ASSIGNMENT, DEVICE, OWN_SCHEMA, COPY_SCHEMA = (
    "lend",
    "start/",
    "assignment/",
    "device/",
    1,
    2,
)


class Copies:
    """The devices that work in copies, as far as the log has told by now."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.reload()

    def reload(self) -> None:
        """Take them from the file again, after a rollback."""
        self.devices = {
            device for (device,) in self._connection.execute("SELECT device FROM visitor")
        }
        self._is_rooted = False

    def is_rooted(self) -> bool:
        """Return whether the log holds the project's own schema; once it does, it always will."""
        self._is_rooted = self._is_rooted or is_rooted(self._connection)
        return self._is_rooted

    def note(self, event: Event, payload: Plain) -> None:
        """Take in a `start`, an `assign` or a `collect`."""
        if event.kind == "start":
            self.devices.add(event.device)
            self._connection.execute(VISITORS.add, (event.device,))
        elif event.kind == "assign":
            name = event.entity.removeprefix(ASSIGNMENT)
            rows = [
                (name, payload["to"], document, event.wall_ms)
                for document in cast("list[str]", payload["documents"])
            ]
            self._connection.executemany(ASSIGNMENTS.add, rows)
        else:
            device = event.entity.removeprefix(DEVICE)
            columns = (device, payload["annotator"], payload["seq"], payload["hash"], event.wall_ms)
            self._connection.execute(RECEIPTS.put, columns)

    def ignores(self, event: Event) -> bool:
        """Return whether an event counts in the copy it comes from only."""
        if not event.layer and event.kind == "del" and event.entity.startswith("document/"):
            return self._is_shared(event)
        if event.device not in self.devices or not self.is_rooted():
            return False
        if event.layer:
            return event.kind == LEND or event.layer.rpartition("/")[2] != event.actor
        return event.kind == LEND or event.kind == "schema" or event.entity.startswith("split/")

    def _is_shared(self, event: Event) -> bool:
        """Return whether a document that goes was brought by another device, or worked on.

        Then it stays.
        """
        order = (event.lamport, event.device, event.seq)
        brought = (
            "SELECT 1 FROM event WHERE layer = '' AND entity = ? AND kind = 'import' AND device <>"
            " ? AND (lamport, device, seq) < (?, ?, ?)"
        )
        worked = (
            "SELECT 1 FROM layer JOIN document ON document.n = layer.document WHERE document.id = ?"
            " AND (layer.spans OR layer.relations OR layer.status <> 'new' OR layer.attributes"
            " <> '')"
        )
        return bool(
            self._connection.execute(brought, (event.entity, event.device, *order)).fetchone()
            or self._connection.execute(
                worked, (event.entity.removeprefix("document/"),)
            ).fetchone()
        )


def is_rooted(connection: sqlite3.Connection) -> bool:
    """Return whether this is the lead's project, not a copy."""
    return (
        connection.execute("SELECT 1 FROM schema WHERE n = ?", (OWN_SCHEMA,)).fetchone() is not None
    )


def is_copy(connection: sqlite3.Connection) -> bool:
    """Return whether the project was begun from an assignment."""
    return connection.execute(
        "SELECT 1 FROM schema WHERE n = ?", (COPY_SCHEMA,)
    ).fetchone() is not None and not is_rooted(connection)


def has_event(connection: sqlite3.Connection, device: str, seq: int, digest: str) -> bool:
    """Return whether an event is here."""
    query = "SELECT 1 FROM event WHERE device = ? AND seq = ? AND hash = ?"
    return connection.execute(query, (device, seq, digest)).fetchone() is not None


def is_handed_out(connection: sqlite3.Connection, document: str) -> bool:
    """Return whether a document was handed out, and so cannot be taken out of the project."""
    return (
        connection.execute("SELECT 1 FROM assignment WHERE document = ?", (document,)).fetchone()
        is not None
    )


def is_brought_twice(connection: sqlite3.Connection, document: str, device: str) -> bool:
    """Return whether another device brought a document too."""
    row = connection.execute(
        "SELECT 1 FROM event WHERE layer = '' AND entity = ? AND kind = 'import' AND device <> ?",
        (f"document/{document}", device),
    ).fetchone()
    return row is not None
