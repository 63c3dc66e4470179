"""Relations whose ends are not both there: *dangling* ones.

They wait apart, in the table `loose`, until both ends are there, and are never shown meanwhile.

One machine never makes them. Where one of a person's machines deletes a span in which a relation
made on their other machine ends, the merged log holds both acts; whatever the order they arrive in,
the relation waits here, and comes back with its span.
"""

import sqlite3

from annotator.store.tables.table import DANGLING, RELATIONS, SPANS

_HAS_NO_HEAD = (
    "NOT EXISTS(SELECT 1 FROM span WHERE span.layer = relation.layer AND span.id = relation.head)"
)
_HAS_NO_CHILD = (
    "relation.child IS NOT NULL AND NOT EXISTS("
    "SELECT 1 FROM span WHERE span.layer = relation.layer AND span.id = relation.child"
    ")"
)
IS_DANGLING = f"({_HAS_NO_HEAD} OR ({_HAS_NO_CHILD}))"


def settle(
    connection: sqlite3.Connection, layer: int, kind: str, name: str, *, is_gone: bool
) -> None:
    """Look at a set's relations again after a span or a relation was put or taken away.

    kind: "span" or "relation" (others do not matter). name: its id.
    """
    moved = 0
    if kind == "relation":
        connection.execute(DANGLING.delete_one, (layer, name))
        moved = _set_aside(connection, layer, "id = ?", name)
    elif kind == "span" and is_gone:
        moved = _set_aside(connection, layer, "(head = ? OR child = ?)", name, name)
    elif kind == "span":
        moved = _bring_back(connection, layer)
    if moved:
        _count(connection, layer)


def settle_whole(connection: sqlite3.Connection, layer: int, names: list[str]) -> None:
    """Look at all relations of a set again.

    Needed after an import came or went that had relations of these ids.
    """
    connection.executemany(DANGLING.delete_one, [(layer, name) for name in names])
    _set_aside(connection, layer, "1")
    _bring_back(connection, layer)
    _count(connection, layer)


def ids(connection: sqlite3.Connection, layer: int) -> set[str]:
    """Return the ids of the relations of a set that end in a span that is not there."""
    rows = connection.execute(
        "SELECT id"
        " FROM loose"
        " WHERE layer = ?"
        " UNION"
        " SELECT id"
        " FROM relation"
        " WHERE layer = ?"
        f" AND {IS_DANGLING}",
        (layer, layer),
    )
    return {name for (name,) in rows}


def _set_aside(connection: sqlite3.Connection, layer: int, where: str, *values: str) -> int:
    condition = f"layer = ? AND {where} AND {IS_DANGLING}"
    rows = connection.execute(RELATIONS.select(condition), (layer, *values)).fetchall()
    connection.executemany(DANGLING.put, rows)
    connection.executemany(RELATIONS.delete_one, [row[:2] for row in rows])
    return len(rows)


def _bring_back(connection: sqlite3.Connection, layer: int) -> int:
    # Under the other table's name, as the condition speaks of it.
    waiting = f"SELECT {RELATIONS.listed} FROM loose AS relation"
    rows = connection.execute(
        f"{waiting} WHERE layer = ? AND NOT {IS_DANGLING}", (layer,)
    ).fetchall()
    connection.executemany(RELATIONS.put, rows)
    connection.executemany(DANGLING.delete_one, [row[:2] for row in rows])
    return len(rows)


def _count(connection: sqlite3.Connection, layer: int) -> None:
    connection.execute(
        f"UPDATE layer SET spans = {SPANS.count}, relations = {RELATIONS.count} WHERE n = ?",
        (layer,),
    )
