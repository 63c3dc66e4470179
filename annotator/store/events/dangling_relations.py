"""Relations whose ends are not both there.

Kept apart in `loose` until they are, and never shown meanwhile.

One machine never makes them. Where one of a person's machines deletes a span to which his other
machine ties a relation, the merged log holds both acts; whatever the order they arrive in, the
relation waits here, and comes back with its span.
"""

import sqlite3

LOOSE = (
    "(NOT EXISTS(SELECT 1 FROM span WHERE span.layer = relation.layer AND span.id = relation.head)"
    " OR (relation.child IS NOT NULL AND NOT EXISTS(SELECT 1 FROM span WHERE span.layer ="
    " relation.layer AND span.id = relation.child)))"
)


def settle(
    connection: sqlite3.Connection, layer: int, thing: str, name: str, *, is_gone: bool
) -> None:
    """Look at a layer's relations again after one thing of it ("span" or "relation".

    By its id) was put or taken away.
    """
    moved = 0
    if thing == "relation":
        connection.execute("DELETE FROM loose WHERE layer = ? AND id = ?", (layer, name))
        moved = _set_aside(connection, layer, "id = ?", name)
    elif thing == "span":
        moved = (
            _set_aside(connection, layer, "(head = ? OR child = ?)", name, name)
            if is_gone
            else _bring_back(connection, layer)
        )
    if moved:
        _count(connection, layer)


def settle_whole(connection: sqlite3.Connection, layer: int, names: list[str]) -> None:
    """Look at all relations of a layer again.

    Needed after an import came or went that had relations of these ids.
    """
    connection.executemany(
        "DELETE FROM loose WHERE layer = ? AND id = ?", [(layer, name) for name in names]
    )
    _set_aside(connection, layer, "1")
    _bring_back(connection, layer)
    _count(connection, layer)


def loose_relations(connection: sqlite3.Connection, layer: int) -> set[str]:
    """Return the ids of the relations of a layer that end in a span that is not there."""
    rows = connection.execute(
        "SELECT id FROM loose WHERE layer = ? UNION SELECT id FROM relation WHERE layer = ? AND"
        f" {LOOSE}",
        (layer, layer),
    )
    return {name for (name,) in rows}


def _set_aside(connection: sqlite3.Connection, layer: int, where: str, *values: str) -> int:
    chosen = f"FROM relation WHERE layer = ? AND {where} AND {LOOSE}"
    if connection.execute(f"SELECT 1 {chosen} LIMIT 1", (layer, *values)).fetchone() is None:
        return 0
    connection.execute(f"INSERT OR REPLACE INTO loose SELECT * {chosen}", (layer, *values))
    return connection.execute(
        "DELETE FROM relation WHERE layer = ? AND id IN (SELECT id FROM loose WHERE layer = ?)",
        (layer,) * 2,
    ).rowcount


def _bring_back(connection: sqlite3.Connection, layer: int) -> int:
    if (
        connection.execute("SELECT 1 FROM loose WHERE layer = ? LIMIT 1", (layer,)).fetchone()
        is None
    ):
        return 0
    back = connection.execute(
        f"INSERT INTO relation SELECT * FROM loose AS relation WHERE layer = ? AND NOT {LOOSE}",
        (layer,),
    ).rowcount
    connection.execute(
        "DELETE FROM loose WHERE layer = ? AND id IN (SELECT id FROM relation WHERE layer = ?)",
        (layer, layer),
    )
    return back


def _count(connection: sqlite3.Connection, layer: int) -> None:
    connection.execute(
        "UPDATE layer SET spans = (SELECT count(*) FROM span WHERE span.layer = layer.n),"
        " relations = (SELECT count(*) FROM relation WHERE relation.layer = layer.n) WHERE n = ?",
        (layer,),
    )
