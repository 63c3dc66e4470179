"""What stands at a place now, for undo and redo: as the log would hold it.

And questions about whole annotation sets.

Words as in undo.py: a *place* is (layer, entity); its *state* is the payload that puts it there,
None where nothing stands.
"""

import sqlite3
from collections.abc import Callable
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
from annotator.store.tables.table import ANSWERS, DECISIONS, RELATIONS, SPANS, Table

Place = tuple[str, str]
State = dict[str, object] | None


def state(connection: sqlite3.Connection, place: Place) -> State:
    """Return what stands at a place."""
    layer, entity = place
    if not layer:
        return _shared_state(connection, entity)
    number, status, attributes = _set_row(connection, layer)
    if entity == STATUS:
        return {"status": status}
    if entity == ATTRIBUTES:
        return {"attributes": orjson.loads(attributes) if attributes else {}}
    kind, _slash, name = entity.partition("/")
    table, payload = _PAYLOADS[kind]
    row = connection.execute(table.select_one, (number, name)).fetchone()
    return payload(row) if row else None


def _span_payload(row: Row) -> dict[str, object]:
    return {"span": _plain(span_row(queries.span_from(row)))}


def _relation_payload(row: Row) -> dict[str, object]:
    return {"relation": _plain(relation_row(queries.relation_from(row)))}


def _decision_payload(row: Row) -> dict[str, object]:
    return {"decision": decision_plain(queries.decision_from(row))}


def _answer_payload(row: Row) -> dict[str, object]:
    _layer, _suggestion, answer = row
    return {"answer": answer}


_PAYLOADS: dict[str, tuple[Table, Callable[[Row], dict[str, object]]]] = {
    "span": (SPANS, _span_payload),
    "relation": (RELATIONS, _relation_payload),
    "decision": (DECISIONS, _decision_payload),
    "answer": (ANSWERS, _answer_payload),
}
"""Which table holds a kind of entity of an annotation set, and what the log holds for its row."""


def _shared_state(connection: sqlite3.Connection, entity: str) -> State:
    kind, _slash, name = entity.partition("/")
    if f"{kind}/" == DIRECTION:
        direction = _column(connection, name, "direction")
        return None if direction is None else {"direction": direction}
    if f"{kind}/" == PARAGRAPHS:
        paragraphs = _column(connection, name, "paragraphs")
        return None if paragraphs is None else {"paragraphs": orjson.loads(paragraphs or "[]")}
    if f"{kind}/" == SPLIT:
        parts = queries.split(connection, name)
        return {"parts": parts} if parts else None
    row = connection.execute(queries.SCHEMA).fetchone()
    return cast("State", orjson.loads(row[0])) if row else None


def _column(connection: sqlite3.Connection, document: str, column: str) -> str | None:
    """Return a column of a document's row; None where there is no such document."""
    row = connection.execute(f"SELECT {column} FROM document WHERE id = ?", (document,)).fetchone()
    return str(row[0]) if row else None


def _set_row(connection: sqlite3.Connection, layer: str) -> tuple[int, str, str]:
    """Return a set's number, status and attributes; -1, "new", "" where none is."""
    document, _slash, annotator = layer.rpartition("/")
    row = connection.execute(
        "SELECT layer.n, layer.status, layer.attributes"
        f" FROM {queries.SETS}"
        f" WHERE {queries.OF_ONE}",
        (document, annotator),
    ).fetchone()
    return cast("tuple[int, str, str]", row or (-1, "new", ""))


def _plain(row: list[object]) -> object:
    return orjson.loads(orjson.dumps(row))


def holds(connection: sqlite3.Connection, layer: str, payload: Plain) -> bool:
    """Return whether an annotation set holds all that an import brought, just as it came."""
    number, status, attributes = _set_row(connection, layer)
    if "status" in payload:
        facts = (payload["status"], compact(payload["attributes"]))
        if (status, attributes) != facts:
            return False
    spans = {span_columns(number, row) for row in cast("list[Row]", payload["spans"])}
    relations = {relation_columns(number, row) for row in cast("list[Row]", payload["relations"])}
    return spans <= _rows(connection, SPANS, number) and relations <= _rows(
        connection, RELATIONS, number
    )


def has_room(connection: sqlite3.Connection, layer: str, payload: Plain) -> bool:
    """Return whether nothing stands where an import would bring something."""
    number, status, attributes = _set_row(connection, layer)
    if "status" in payload and (status, attributes) != ("new", ""):
        return False
    return not any(
        _ids(connection, table, number) & {str(row[0]) for row in cast("list[Row]", payload[key])}
        for table, key in ((SPANS, "spans"), (RELATIONS, "relations"))
    )


def _rows(connection: sqlite3.Connection, table: Table, number: int) -> set[Row]:
    return set(connection.execute(table.select("layer = ?"), (number,)))


def _ids(connection: sqlite3.Connection, table: Table, number: int) -> set[str]:
    rows = connection.execute(f"SELECT id FROM {table.name} WHERE layer = ?", (number,))
    return {name for (name,) in rows}


def is_worked_on(connection: sqlite3.Connection, document: str) -> bool:
    """Return whether anybody's annotation set of a document holds something."""
    row = connection.execute(
        "SELECT 1"
        " FROM layer"
        " JOIN document ON document.n = layer.document"
        " WHERE document.id = ?"
        " AND (layer.spans OR layer.relations"
        " OR layer.status <> 'new' OR layer.attributes <> '')",
        (document,),
    ).fetchone()
    return row is not None


def dangling(connection: sqlite3.Connection, layer: str) -> set[str]:
    """Return the ids of the relations of a set that end in a span that is not there."""
    number, _status, _attributes = _set_row(connection, layer)
    return dangling_relations.ids(connection, number)
