"""The projection: what each kind of event does to the current tables, and their one writer.

Kinds: `import` brings a document (layer "") or what an annotator did in it; `put` sets one thing,
`del` takes it away;
`undel` brings an import back that was undone; `schema` sets the label schema. Places, by layer and
entity:
    "", "document/<id>"        a document               "", "direction/<document>"    its direction
    "", "paragraphs/<document>"  the directions of paragraphs that were set by hand
    "", "annotator/<id>"       an annotator's name      "", "schema"                  the label
                               schema
    "", "split/<name>"         which documents are for training, tuning and testing
    "", "schema/copy"          the schema as a copy of the project has it (see copies.py, also for
                               `start`, `lend` …)
    <document>/<annotator>     that annotator's set: entity "" for the whole (imports), "status",
                               "attributes",
                               "span/<id>", "relation/<id>", of gold "decision/<case>" (put by
                               `decide`),
                               "answer/<suggester>/<span>": what the annotator said to a suggestion,
                               "activity": time spent (each event adds a row and makes no layer)
Every entity begins with its kind, because ids come from files: a span may have the id of a
relation, or be called "status".
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import cast

import orjson

from annotator.errors import UserError
from annotator.i18n import _
from annotator.model.plain import Plain
from annotator.store.events import dangling_relations
from annotator.store.events.copies import COPY_SCHEMA, KINDS, OWN_SCHEMA, Copies
from annotator.store.events.log import Event
from annotator.store.tables import queries
from annotator.store.tables.table import (
    ANSWERS,
    DECISIONS,
    DOCUMENTS,
    OF_ANNOTATION_SETS,
    RELATIONS,
    SPANS,
    SPLITS,
    STRETCHES,
    Table,
)

STATUS, ATTRIBUTES, SCHEMA, ACTIVITY, SPLIT = "status", "attributes", "schema", "activity", "split/"
SCHEMA_OF_COPY = "schema/copy"
DOCUMENT, DIRECTION, PARAGRAPHS = "document/", "direction/", "paragraphs/"
ANNOTATOR, SPAN, RELATION, ANSWER, DECISION = (
    "annotator/",
    "span/",
    "relation/",
    "answer/",
    "decision/",
)
Row = Sequence[object]
_TABLES = {"span": SPANS, "relation": RELATIONS, "answer": ANSWERS, "decision": DECISIONS}
_ID: Callable[[Row], str] = itemgetter(0)


class Projection:
    """Applies events to the current tables of one connection.

    Remembers the numbers of the annotation sets.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.copies = Copies(connection)
        self.forget()

    def forget(self) -> None:
        """Drop what is remembered, after a rollback."""
        self._set_numbers: dict[str, int] = {}
        self.copies.reload()

    def apply(self, event: Event, known: Plain | None = None) -> None:
        """Do to the tables what the event says; `known` is its payload where the caller has it."""
        payload = orjson.loads(event.payload) if known is None else known
        if event.kind in KINDS:
            self.copies.note(event, payload)
        elif not (self.copies.devices and self.copies.ignores(event)):
            self._apply(event, payload)
        self.note_step(event)

    def _apply(self, event: Event, payload: Plain) -> None:
        if event.kind == "undel":
            payload = self._imported(cast("list[object]", payload["of"]))
        if event.kind == "schema":
            self._put_schema(payload, COPY_SCHEMA if event.entity == SCHEMA_OF_COPY else OWN_SCHEMA)
        elif event.entity == ACTIVITY:
            self._add_activity(event, payload)
        elif not event.layer:
            self._apply_shared(event, payload)
        else:
            layer = self.set_number(event.layer)
            kind, _slash, name = event.entity.partition("/")
            self._apply_set(event, payload, layer, kind, name)
            if self.copies.devices:
                dangling_relations.settle(
                    self._connection, layer, kind, name, is_gone=event.kind == "del"
                )

    def _apply_shared(self, event: Event, payload: Plain) -> None:
        kind, _slash, name = event.entity.partition("/")
        if kind == "annotator":
            self._put_annotator(name, str(payload["name"]))
        elif kind == "split":
            self._put_split(name, cast("Mapping[str, str]", payload.get("parts", {})))
        elif kind == "direction":
            self._update_document(name, "direction", payload["direction"])
        elif kind == "paragraphs":
            self._update_document(name, "paragraphs", compact(payload["paragraphs"]))
        elif event.kind == "del":
            self._remove_document(name)
        else:
            self._put_document(name, payload)

    def _apply_set(self, event: Event, payload: Plain, layer: int, kind: str, name: str) -> None:
        if kind and event.kind == "del":
            self._remove(_TABLES[kind], layer, name)
        elif kind:
            self._put(kind, layer, name, payload)
        elif event.kind == "del":
            self._withdraw(layer, self._imported(cast("list[object]", payload["of"])))
        else:
            self._import_set(layer, payload)

    # ── documents, annotators, schema ─────────────────────────────────────────────────────────────

    def _put_document(self, document: str, payload: Plain) -> None:
        source = cast("Mapping[str, str]", payload["source"])
        self._connection.execute(
            DOCUMENTS.add,
            (
                document,
                *(payload[key] for key in ("name", "sha256", "length", "language", "direction")),
                compact(payload.get("paragraphs")),
                compact(payload["meta"]),
                *(source[key] for key in ("file", "encoding", "newline", "sha256")),
            ),
        )

    def _update_document(self, document: str, column: str, value: object) -> None:
        self._expect_document(document)
        self._connection.execute(
            f"UPDATE document SET {column} = ? WHERE id = ?", (value, document)
        )

    def _remove_document(self, document: str) -> None:
        sets = f"SELECT layer.n FROM {queries.SETS} WHERE document.id = ?"
        for table in OF_ANNOTATION_SETS:
            self._connection.execute(table.delete(f"layer IN ({sets})"), (document,))
        self._connection.execute(f"DELETE FROM layer WHERE n IN ({sets})", (document,))
        self._connection.execute("DELETE FROM document WHERE id = ?", (document,))
        self._set_numbers.clear()

    def _put_annotator(self, annotator: str, name: str) -> None:
        self._connection.execute(
            "INSERT INTO annotator(id, name)"
            " VALUES(?,?)"
            " ON CONFLICT(id) DO UPDATE SET name = excluded.name",
            (annotator, name),
        )

    def _put_split(self, name: str, parts: Mapping[str, str]) -> None:
        self._connection.execute("DELETE FROM split WHERE name = ?", (name,))
        rows = [(name, document, parts[document]) for document in sorted(parts)]
        self._connection.executemany(SPLITS.insert, rows)

    def _put_schema(self, payload: Plain, number: int) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO schema(n, tag, plain) VALUES(?, ?, ?)",
            (number, f"{payload['id']}@{payload['version']}", compact(payload)),
        )

    def _add_activity(self, event: Event, payload: Plain) -> None:
        document, _slash, annotator = event.layer.rpartition("/")
        columns = (
            event.device,
            event.seq,
            document,
            annotator,
            event.wall_ms,
            payload["active_ms"],
        )
        self._connection.execute(STRETCHES.put, columns)

    # ── annotation sets ───────────────────────────────────────────────────────────────────────────

    def set_number(self, layer: str) -> int:
        """Return the number of an annotation set's row, made if it is not there."""
        if layer in self._set_numbers:
            return self._set_numbers[layer]
        document, _slash, annotator = layer.rpartition("/")
        inserted = self._connection.execute(
            "INSERT OR IGNORE INTO layer(document, annotator, status, attributes, spans, relations)"
            " SELECT document.n, annotator.n, 'new', '', 0, 0"
            " FROM document, annotator"
            " WHERE document.id = ?"
            " AND annotator.id = ?",
            (document, annotator),
        )
        if inserted.rowcount == 1 and inserted.lastrowid is not None:
            self._set_numbers[layer] = inserted.lastrowid
            return inserted.lastrowid
        number = queries.set_number(self._connection, document, annotator)
        if number is None:
            self._expect_document(document)
            raise KeyError(annotator)
        self._set_numbers[layer] = number
        return number

    def _expect_document(self, document: str) -> None:
        rows = self._connection.execute("SELECT 1 FROM document WHERE id = ?", (document,))
        if rows.fetchone() is None:
            raise UserError(
                _("The document {name} is not in this project any more.").format(name=document)
            )

    def _imported(self, reference: list[object]) -> Plain:
        row = self._connection.execute(
            "SELECT payload FROM event WHERE device = ? AND seq = ?", reference
        ).fetchone()
        return cast("Plain", orjson.loads(row[0]))

    def bring(self, layer: str, payload: Plain) -> None:
        """Put many spans and relations into a set at once, as an import holds them."""
        self._import_set(self.set_number(layer), payload)

    def _import_set(self, layer: int, payload: Plain) -> None:
        spans = cast("list[Row]", payload["spans"])
        relations = cast("list[Row]", payload["relations"])
        # In the order of the key, so that pages are filled one after the other and none is split.
        self._connection.executemany(
            SPANS.put, [span_columns(layer, row) for row in sorted(spans, key=_ID)]
        )
        if relations:
            self._connection.executemany(
                RELATIONS.put,
                [relation_columns(layer, row) for row in sorted(relations, key=_ID)],
            )
        self._follow(
            layer,
            payload,
            (payload.get("status"), payload.get("attributes")),
            (len(spans), len(relations)),
        )

    def _withdraw(self, layer: int, payload: Plain) -> None:
        spans = [(layer, row[0]) for row in cast("list[Row]", payload["spans"])]
        relations = [(layer, row[0]) for row in cast("list[Row]", payload["relations"])]
        self._connection.executemany(SPANS.delete_one, spans)
        self._connection.executemany(RELATIONS.delete_one, relations)
        self._follow(layer, payload, ("new", {}), (-len(spans), -len(relations)))

    def _follow(
        self, layer: int, payload: Plain, facts: tuple[object, object], more: tuple[int, int]
    ) -> None:
        """Bring a set's own row up to date after its spans and relations.

        That is its counts, and its status and attributes where the import had them.
        """
        self._connection.execute(
            "UPDATE layer SET spans = spans + ?, relations = relations + ? WHERE n = ?",
            (*more, layer),
        )
        if "status" in payload:
            status, attributes = facts
            self._connection.execute(
                "UPDATE layer SET status = ?, attributes = ? WHERE n = ?",
                (status, compact(attributes), layer),
            )
        if self.copies.devices:
            relations = cast("list[Row]", payload["relations"])
            names = [str(row[0]) for row in relations]
            dangling_relations.settle_whole(self._connection, layer, names)

    def _put(self, kind: str, layer: int, name: str, payload: Plain) -> None:
        if kind == STATUS:
            self._connection.execute(
                "UPDATE layer SET status = ? WHERE n = ?", (payload["status"], layer)
            )
        elif kind == ATTRIBUTES:
            self._connection.execute(
                "UPDATE layer SET attributes = ? WHERE n = ?",
                (compact(payload["attributes"]), layer),
            )
        elif kind == "decision":
            decision = cast("Plain", payload["decision"])
            self._connection.execute(DECISIONS.put, decision_columns(layer, decision))
        elif kind == "answer":
            self._connection.execute(ANSWERS.put, (layer, name, str(payload["answer"])))
        elif kind == "span":
            self._put_counted(SPANS, span_columns(layer, cast("Row", payload["span"])))
        else:
            self._put_counted(RELATIONS, relation_columns(layer, cast("Row", payload["relation"])))

    def _put_counted(self, table: Table, columns: Row) -> None:
        layer, name, *_content = columns
        replaced = self._connection.execute(table.delete_one, (layer, name)).rowcount
        self._connection.execute(table.insert, columns)
        if not replaced:
            self._connection.execute(table.count_more, (1, layer))

    def _remove(self, table: Table, layer: int, name: str) -> None:
        deleted = self._connection.execute(table.delete_one, (layer, name)).rowcount
        if table.counter:
            self._connection.execute(table.count_more, (-deleted, layer))

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    def note_step(self, event: Event) -> None:
        """Keep the list of steps up to date.

        A new step drops what was undone before it; an undo or redo flips the step it names.
        """
        if event.undoes:
            name, _space, state = event.undoes.partition(" ")
            self._connection.execute(
                "UPDATE step SET state = ? WHERE id = ? AND state <> ?", (state, name, state)
            )
        elif event.title:
            self._connection.execute(
                "UPDATE step SET state = 'gone' WHERE actor = ? AND state = 'undone'",
                (event.actor,),
            )
            self._connection.execute(
                "INSERT OR IGNORE INTO step(id, actor, title, wall_ms, state)"
                " VALUES(?,?,?,?,'done')",
                (event.step, event.actor, event.title, event.wall_ms),
            )


def compact(value: object) -> str:
    """Return a plain value as a column holds it: JSON with sorted keys, "" when it is empty."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode() if value else ""


def span_columns(layer: int, row: Row) -> Row:
    """Return the columns of a span's row from its list in the log (see plain.span_row)."""
    flat = cast("list[int]", row[3])
    length = len(row)
    return (
        layer,
        row[0],
        row[1],
        row[2],
        flat[0],
        flat[-1],
        "" if len(flat) == 2 else compact(flat),
        row[4],
        compact(row[5]) if length > 5 else "",
        row[6] if length > 6 else "",
        row[7] if length > 6 else "human",
    )


def relation_columns(layer: int, row: Row) -> Row:
    """Return the columns of a relation's row from its list in the log (see plain.relation_row)."""
    return (layer, *row[:5], compact(row[5]))


def decision_columns(layer: int, plain: Plain) -> Row:
    """Return the columns of a decision's row from its plain form (see plain.decision_plain)."""
    texts = (plain[key] for key in ("reason", "note", "by", "rule"))
    return (
        layer,
        plain["case"],
        plain["outcome"],
        compact(plain["chosen"]),
        *texts,
        compact(plain["saw"]),
        compact(plain["made"]),
    )
