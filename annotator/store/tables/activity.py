"""Active time: what the log holds of who worked on which document, when, and for how long."""

import sqlite3
from typing import NamedTuple


class Stretch(NamedTuple):
    """A visit of an annotator (by name) to a document (by id): its end, and its active time."""

    document: str
    annotator: str
    at_ms: int
    active_ms: int


class Finish(NamedTuple):
    """When an annotator (by name) finished a document (by id) last."""

    document: str
    annotator: str
    at_ms: int


def stretches(connection: sqlite3.Connection) -> list[Stretch]:
    """Return all visits to documents that are here, the oldest first."""
    rows = connection.execute(
        "SELECT activity.document, annotator.name, at_ms, active_ms"
        " FROM activity"
        " JOIN annotator ON annotator.id = activity.annotator"
        " JOIN document ON document.id = activity.document"
        " ORDER BY at_ms, device, seq"
    )
    return list(map(Stretch._make, rows))


def finishes(connection: sqlite3.Connection) -> list[Finish]:
    """Return when each annotation set that is finished now became so.

    That was by hand, or else when it came with an import.
    """
    rows = connection.execute(
        "SELECT document.id, annotator.name,"
        " coalesce("
        "max(CASE event.entity WHEN 'status' THEN event.wall_ms END), max(event.wall_ms)"
        ")"
        " FROM layer"
        " JOIN document ON document.n = layer.document"
        " JOIN annotator ON annotator.n = layer.annotator"
        " JOIN event ON event.layer = document.id || '/' || annotator.id"
        " AND (event.entity = 'status' OR (event.entity = '' AND event.kind <> 'del'))"
        " WHERE layer.status = 'done'"
        " GROUP BY layer.n"
    )
    return list(map(Finish._make, rows))
