"""What stands at a place now, for undo and redo.

The state as the log would hold it, and questions about whole layers.

Words as in undo.py: a *place* is (layer, entity); its *state* is the payload that puts it there,
None where nothing stands.
"""

import sqlite3
from typing import cast

import orjson

from annotator.model.plain import Plain, decision_plain, relation_row, span_row
from annotator.store.events import dangling_relations
from annotator.store.events.apply import (
    ATTRIBUTES,
    DIRECTION,
    PARAGRAPHS,
    SPLIT,
    STATUS,
    Row,
    compact,
    relation_columns,
    span_columns,
)
from annotator.store.tables import queries

Place = tuple[str, str]
State = dict[str, object] | None


def state(connection: sqlite3.Connection, place: Place) -> State:
    """Return what stands at a place."""
    layer, entity = place
    if not layer:
        return _shared_state(connection, entity)
    number, status, attributes = _layer_row(connection, layer)
    if entity == STATUS:
        return {"status": status}
    if entity == ATTRIBUTES:
        return {"attributes": orjson.loads(attributes) if attributes else {}}
    kind, _slash, name = entity.partition("/")
    if kind == "span":
        row = connection.execute(
            f"SELECT {queries.SPAN} FROM span WHERE layer = ? AND id = ?", (number, name)
        ).fetchone()
        return {"span": _plain(span_row(queries.span_from(row)))} if row else None
    if kind == "decision":
        row = connection.execute(
            f"SELECT {queries.DECISION} FROM decision WHERE layer = ? AND id = ?", (number, name)
        ).fetchone()
        return {"decision": decision_plain(queries.decision_from(row))} if row else None
    if kind == "answer":
        row = connection.execute(
            "SELECT answer FROM answer WHERE layer = ? AND suggestion = ?", (number, name)
        ).fetchone()
        return {"answer": row[0]} if row else None
    row = connection.execute(
        f"SELECT {queries.RELATION} FROM relation WHERE layer = ? AND id = ?", (number, name)
    ).fetchone()
    return {"relation": _plain(relation_row(queries.relation_from(row)))} if row else None


def _shared_state(connection: sqlite3.Connection, entity: str) -> State:
    if entity.startswith(DIRECTION):
        row = connection.execute(
            "SELECT direction FROM document WHERE id = ?", (entity.removeprefix(DIRECTION),)
        ).fetchone()
        return {"direction": row[0]} if row else None
    if entity.startswith(PARAGRAPHS):
        row = connection.execute(
            "SELECT paragraphs FROM document WHERE id = ?", (entity.removeprefix(PARAGRAPHS),)
        ).fetchone()
        return {"paragraphs": orjson.loads(row[0]) if row[0] else []} if row else None
    if entity.startswith(SPLIT):
        parts = queries.split(connection, entity.removeprefix(SPLIT))
        return {"parts": parts} if parts else None
    row = connection.execute(queries.SCHEMA).fetchone()
    return cast("State", orjson.loads(row[0])) if row else None


def _layer_row(connection: sqlite3.Connection, layer: str) -> tuple[int, str, str]:
    document, _slash, annotator = layer.rpartition("/")
    row = connection.execute(
        "SELECT layer.n, layer.status, layer.attributes FROM layer JOIN document ON document.n ="
        " layer.document JOIN annotator ON annotator.n = layer.annotator WHERE document.id = ? AND"
        " annotator.id = ?",
        (document, annotator),
    ).fetchone()
    return cast("tuple[int, str, str]", row or (-1, "new", ""))


def _plain(row: list[object]) -> object:
    return orjson.loads(orjson.dumps(row))


def holds(connection: sqlite3.Connection, layer: str, payload: Plain) -> bool:
    """Return whether a layer holds all that an import brought, just as it came."""
    number, status, attributes = _layer_row(connection, layer)
    if "status" in payload and (status, attributes) != (
        payload["status"],
        compact(payload["attributes"]),
    ):
        return False
    spans, relations = _rows(connection, number)
    return all(
        spans.get(str(row[0])) == span_columns(number, row)
        for row in cast("list[Row]", payload["spans"])
    ) and all(
        relations.get(str(row[0])) == relation_columns(number, row)
        for row in cast("list[Row]", payload["relations"])
    )


def has_room(connection: sqlite3.Connection, layer: str, payload: Plain) -> bool:
    """Return whether nothing stands where an import would bring something."""
    number, status, attributes = _layer_row(connection, layer)
    if "status" in payload and (status, attributes) != ("new", ""):
        return False
    spans, relations = _rows(connection, number)
    return spans.keys().isdisjoint(
        str(row[0]) for row in cast("list[Row]", payload["spans"])
    ) and relations.keys().isdisjoint(
        str(row[0]) for row in cast("list[Row]", payload["relations"])
    )


def _rows(connection: sqlite3.Connection, layer: int) -> tuple[dict[str, Row], dict[str, Row]]:
    spans = connection.execute(f"SELECT id, {queries.SPAN} FROM span WHERE layer = ?", (layer,))
    relations = connection.execute(
        f"SELECT id, {queries.RELATION} FROM relation WHERE layer = ?", (layer,)
    )
    return {row[0]: row[1:] for row in spans}, {row[0]: row[1:] for row in relations}


def is_worked_on(connection: sqlite3.Connection, document: str) -> bool:
    """Return whether anybody's layer of a document holds something."""
    row = connection.execute(
        "SELECT 1 FROM layer JOIN document ON document.n = layer.document WHERE document.id = ?"
        " AND (layer.spans OR layer.relations OR layer.status <> 'new' OR layer.attributes <> '')",
        (document,),
    ).fetchone()
    return row is not None


def loose_relations(connection: sqlite3.Connection, layer: str) -> set[str]:
    """Return the ids of the relations of a layer that end in a span that is not there."""
    number, _status, _attributes = _layer_row(connection, layer)
    return dangling_relations.loose_relations(connection, number)
