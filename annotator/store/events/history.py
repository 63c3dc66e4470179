"""What happened: the steps that can be undone or redone, and the story of one annotation."""

import sqlite3
from typing import NamedTuple, cast

import orjson

from annotator.store.events.apply import RELATION, SPAN
from annotator.store.events.log import Event, brought_by, read_events


class StepInfo(NamedTuple):
    """A step as the Undo menu and the history show it.

    state: "done", "undone" or "gone" (undone for good).
    """

    id: str
    title: str
    at_ms: int
    state: str


class Past(NamedTuple):
    """One moment in an annotation's life: when, by whom (a name), in which step, and its state."""

    at_ms: int
    who: str
    title: str
    kind: str
    payload: dict[str, object]


def undoable(connection: sqlite3.Connection, actor: str) -> StepInfo | None:
    """Return the step that undo would take back."""
    return _step(connection, actor, "done", "DESC")


def redoable(connection: sqlite3.Connection, actor: str) -> StepInfo | None:
    """Return the step that redo would do again."""
    return _step(connection, actor, "undone", "ASC")


def _step(connection: sqlite3.Connection, actor: str, state: str, order: str) -> StepInfo | None:
    query = (
        "SELECT id, title, wall_ms, state"
        " FROM step"
        " WHERE actor = ?"
        " AND state = ?"
        f" ORDER BY n {order} LIMIT 1"
    )
    row = connection.execute(query, (actor, state)).fetchone()
    return StepInfo(*row) if row else None


def find_done(connection: sqlite3.Connection, step: str) -> StepInfo | None:
    """Return a step by its id, if it stands."""
    row = connection.execute(
        "SELECT id, title, wall_ms, state FROM step WHERE id = ? AND state = 'done'", (step,)
    ).fetchone()
    return StepInfo(*row) if row else None


def steps(connection: sqlite3.Connection, actor: str, most: int = 200) -> list[StepInfo]:
    """Return an annotator's latest steps, the newest first."""
    rows = connection.execute(
        "SELECT id, title, wall_ms, state FROM step WHERE actor = ? ORDER BY n DESC LIMIT ?",
        (actor, most),
    )
    return [StepInfo(*row) for row in rows]


def story(connection: sqlite3.Connection, layer: str, entity: str) -> list[Past]:
    """Return the life of one span or relation of an annotation set, the oldest moment first."""
    names = dict(connection.execute("SELECT id, name FROM annotator"))
    titles = dict(connection.execute("SELECT id, title FROM step"))
    moments = []
    # An import holds a whole annotation set: it is only read where the id occurs in it at all.
    concerned = (
        "layer = ? AND (entity IN (?, ?) OR (entity = '' AND (kind <> 'import' OR instr(payload,"
        " ?))))"
    )
    quoted = orjson.dumps(entity).decode()
    values = (layer, f"{SPAN}{entity}", f"{RELATION}{entity}", quoted)
    for event in read_events(connection, concerned, values):
        payload = _payload_for(connection, event, entity)
        if payload is not None:
            undone, _space, _state = event.undoes.partition(" ")
            title = event.title or titles.get(event.step) or titles.get(undone, "")
            who = names.get(event.actor, "")
            moments.append(Past(event.wall_ms, who, title, event.kind, payload))
    return moments


def _payload_for(
    connection: sqlite3.Connection, event: Event, entity: str
) -> dict[str, object] | None:
    """Return what an event made of an entity, by its kind; None where an import lacks it."""
    if event.entity:
        return cast("dict[str, object]", orjson.loads(event.payload))
    brought = brought_by(connection, event)
    rows: dict[str, object] = {}
    for kind in ("span", "relation"):
        for row in brought[f"{kind}s"]:
            if row[0] == entity:
                rows[kind] = row
    if not rows:
        return None
    return {} if event.kind == "del" else rows
