"""What happened: the steps that can be undone or redone, and the story of one annotation."""

import sqlite3
from typing import NamedTuple

import orjson

from annotator.store.events.apply import RELATION, SPAN
from annotator.store.events.log import brought_by, read_events


class StepInfo(NamedTuple):
    """A step as the Undo menu and the history show it.

    State is "done", "undone" or "gone" (undone for good).
    """

    id: str
    title: str
    at_ms: int
    state: str


class Past(NamedTuple):
    """One moment in an annotation's life: when, by whom (a name), in which step, and what came."""

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
        "SELECT id, title, wall_ms, state FROM step WHERE actor = ? AND state = ? ORDER BY n"
        f" {order} LIMIT 1"
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
    found = []
    places = (f"{SPAN}{entity}", f"{RELATION}{entity}")
    # An import holds a whole annotation set: it is only read where the id occurs in it at all.
    named = (
        "layer = ? AND (entity IN (?, ?) OR (entity = '' AND (kind <> 'import' OR instr(payload,"
        " ?))))"
    )
    for event in read_events(connection, named, (layer, *places, orjson.dumps(entity).decode())):
        if event.entity:
            payload = orjson.loads(event.payload)
        else:
            brought = brought_by(connection, event)
            rows = {
                table: row
                for table in ("span", "relation")
                for row in brought[f"{table}s"]
                if row[0] == entity
            }
            if not rows:
                continue
            payload = rows if event.kind != "del" else {}
        title = (
            event.title or titles.get(event.step) or titles.get(event.undoes.partition(" ")[0], "")
        )
        found.append(Past(event.wall_ms, names.get(event.actor, ""), title, event.kind, payload))
    return found
