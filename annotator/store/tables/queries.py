"""Reading the current tables: rows become values here, one function a table."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, cast

import orjson

from annotator.errors import UserError
from annotator.gc_pause import collector_paused
from annotator.i18n import _
from annotator.model import (
    GOLD,
    NONE,
    AnnotationSet,
    Attributes,
    Decision,
    Document,
    Labelled,
    Relation,
    Seen,
    Source,
    Span,
)
from annotator.model.plain import attributes_of
from annotator.store.tables.table import DECISIONS, RELATIONS, SPANS, Table

DOCUMENT = (
    "document.id, document.name, text.text, document.language, document.direction,"
    " document.paragraphs, document.meta, document.file, document.encoding, document.newline,"
    " document.raw_sha256"
)
SCHEMA = "SELECT plain, tag FROM schema ORDER BY n LIMIT 1"
DOCUMENTS_AT_ONCE = 200
SETS = (
    "layer JOIN document ON document.n = layer.document"
    " JOIN annotator ON annotator.n = layer.annotator"
)
"""The annotation sets with their documents and annotators, to select from."""
OF_ONE = "document.id = ? AND annotator.id = ?"
"""Which of them is meant, by the ids of both."""


class Entry(NamedTuple):
    """A line of the document list: a document, and how far one annotator has come with it."""

    id: str
    name: str
    language: str
    length: int
    status: str
    spans: int
    relations: int


def span_from(row: Sequence[object]) -> Span:
    """Make a span from a row of the table `span`."""
    _layer, name, type_, label, start, end, fragments, text, attributes, note, origin = cast(
        "tuple[int, str, str, str, int, int, str, str, str, str, str]", row
    )
    if fragments:
        flat = orjson.loads(fragments)
        parts = tuple(zip(flat[::2], flat[1::2], strict=True))
    else:
        parts = ((start, end),)
    return Span(name, type_, label, parts, text, _attributes(attributes), note, origin)


def relation_from(row: Sequence[object]) -> Relation:
    """Make a relation from a row of the table `relation`."""
    _layer, name, label, head, child, implicit, attributes = cast(
        "tuple[int, str, str, str, str | None, str | None, str]", row
    )
    return Relation(name, label, head, child, implicit, _attributes(attributes))


def document_from(row: Sequence[object]) -> Document:
    """Make a document from a row of DOCUMENT's columns."""
    name, title, text, language, direction, paragraphs, meta, *source = cast("list[str]", row)
    turned = tuple(map(tuple, orjson.loads(paragraphs))) if paragraphs else ()
    return Document(
        name,
        title,
        text,
        language,
        direction,
        orjson.loads(meta) if meta else {},
        Source(*source),
        turned,
    )


def decision_from(row: Sequence[object]) -> Decision:
    """Make a decision from a row of the table `decision`."""
    _layer, case, outcome, chosen, reason, note, by, rule, saw, made = cast(
        "tuple[int, str, str, str, str, str, str, str, str, str]", row
    )
    lists = [tuple(orjson.loads(column)) if column else () for column in (chosen, made)]
    seen = tuple(Seen(*entry) for entry in orjson.loads(saw)) if saw else ()
    return Decision(case, outcome, lists[0], reason, note, by, rule, seen, lists[1])


def decisions(
    connection: sqlite3.Connection, names: Iterable[str] | None = None
) -> dict[str, list[Decision]]:
    """Return the decisions on some documents (by id), or on all, by document and case."""
    chosen = [("1", ())] if names is None else [("document.id = ?", (name,)) for name in names]
    by_document: dict[str, list[Decision]] = {}
    for where, values in chosen:
        for name, *row in connection.execute(
            f"SELECT document.id, {DECISIONS.listed}"
            f" FROM {SETS}"
            " JOIN decision ON decision.layer = layer.n"
            f" WHERE {where}"
            " ORDER BY document.n, decision.layer, decision.id",
            values,
        ):
            by_document.setdefault(name, []).append(decision_from(row))
    return by_document


def _attributes(column: str) -> Attributes:
    return attributes_of(orjson.loads(column)) if column else NONE


def entries(
    connection: sqlite3.Connection, annotator: str, first: int = 0, most: int = -1
) -> list[Entry]:
    """Return the document list, or some lines of it, as one annotator (by id) sees it."""
    rows = connection.execute(
        "SELECT document.id, document.name, document.language, document.length,"
        " coalesce(layer.status, 'new'),"
        " coalesce(layer.spans, 0),"
        " coalesce(layer.relations, 0)"
        " FROM (SELECT * FROM document ORDER BY n LIMIT ? OFFSET ?) AS document"
        " LEFT JOIN layer ON layer.document = document.n"
        " AND layer.annotator = (SELECT n FROM annotator WHERE id = ?)"
        " ORDER BY document.n",
        (most, first, annotator),
    )
    return list(map(Entry._make, rows))


def summary(connection: sqlite3.Connection, name: str, annotator: str) -> tuple[str, int, int]:
    """Return how far an annotator (by id) is with a document: status, spans, relations."""
    row = connection.execute(
        f"SELECT layer.status, layer.spans, layer.relations FROM {SETS} WHERE {OF_ONE}",
        (name, annotator),
    ).fetchone()
    return tuple(row) if row else ("new", 0, 0)


def document(connection: sqlite3.Connection, name: str) -> Document:
    """Return one document by its id."""
    row = connection.execute(
        f"SELECT {DOCUMENT} FROM document JOIN text USING(sha256) WHERE document.id = ?", (name,)
    ).fetchone()
    if row is None:
        raise UserError(_("There is no document {name} in this project.").format(name=name))
    return document_from(row)


def annotation_set(connection: sqlite3.Connection, name: str, annotator: str) -> AnnotationSet:
    """Return what an annotator (by id) did with a document; an empty set when nothing."""
    row = connection.execute(
        f"SELECT {_ROW} FROM {SETS} WHERE {OF_ONE}",
        (name, annotator),
    ).fetchone()
    if row is None:
        return AnnotationSet(_name_of(connection, annotator))
    stored = _Row(*row)
    spans = connection.execute(
        SPANS.select("layer = ? ORDER BY start_at, end_at DESC, id"), (stored.number,)
    )
    relations = connection.execute(RELATIONS.select("layer = ? ORDER BY id"), (stored.number,))
    return stored.annotation_set(spans, relations)


def _name_of(connection: sqlite3.Connection, annotator: str) -> str:
    row = connection.execute("SELECT name FROM annotator WHERE id = ?", (annotator,)).fetchone()
    return str(row[0]) if row else ""


def answers(connection: sqlite3.Connection, name: str, annotator: str) -> dict[str, str]:
    """Return an annotator's (by id) answers for a document, "accepted" or "dismissed".

    The keys are the suggestions.
    """
    rows = connection.execute(
        "SELECT suggestion, answer"
        f" FROM {SETS}"
        " JOIN answer ON answer.layer = layer.n"
        f" WHERE {OF_ONE}",
        (name, annotator),
    )
    return dict(rows.fetchall())


def split(connection: sqlite3.Connection, name: str) -> dict[str, str]:
    """Return which part of a split each document is in, by the documents' ids."""
    return dict(
        connection.execute(
            "SELECT document, part FROM split WHERE name = ? ORDER BY document", (name,)
        ).fetchall()
    )


def set_number(connection: sqlite3.Connection, name: str, annotator: str) -> int | None:
    """Return the number of an annotation set's row, by its document and annotator."""
    row = connection.execute(
        f"SELECT layer.n FROM {SETS} WHERE {OF_ONE}", (name, annotator)
    ).fetchone()
    return int(row[0]) if row else None


def has_annotation_set(connection: sqlite3.Connection, name: str, annotator: str) -> bool:
    """Return whether an annotation set has a row at all."""
    return set_number(connection, name, annotator) is not None


def spans_and_relations(
    connection: sqlite3.Connection, name: str, annotator: str, ids: Iterable[str]
) -> tuple[list[Span], list[Relation]]:
    """Return those spans and relations of an annotation set whose ids are given.

    What is not there is left out.
    """
    number = set_number(connection, name, annotator)
    spans, relations = list[Span](), list[Relation]()
    for entity in ids:
        one = (number, entity)
        spans += map(span_from, connection.execute(SPANS.select_one, one))
        relations += map(relation_from, connection.execute(RELATIONS.select_one, one))
    return spans, relations


def relations_at(connection: sqlite3.Connection, name: str, annotator: str, span: str) -> list[str]:
    """Return the ids of the relations of an annotation set that end in a span."""
    rows = connection.execute(
        "SELECT relation.id"
        f" FROM {SETS}"
        " JOIN relation ON relation.layer = layer.n"
        f" WHERE {OF_ONE}"
        " AND (relation.head = ? OR relation.child = ?)"
        " ORDER BY relation.id",
        (name, annotator, span, span),
    )
    return [row[0] for row in rows]


def annotators(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the annotators of the project, id → name, gold last."""
    rows = connection.execute("SELECT id, name FROM annotator ORDER BY id = ?, n", (GOLD,))
    return dict(rows.fetchall())


def annotators_with_work(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the annotators who have an annotation set, gold last."""
    rows = connection.execute(
        "SELECT name"
        " FROM annotator"
        " WHERE EXISTS (SELECT 1 FROM layer WHERE layer.annotator = annotator.n)"
        " ORDER BY id = ?, n",
        (GOLD,),
    )
    return [name for (name,) in rows]


_ROW = "layer.n, annotator.name, layer.status, layer.attributes"


class _Row(NamedTuple):
    """A row of the table `layer`, with the annotator's name."""

    number: int
    annotator: str
    status: str
    attributes: str

    def annotation_set(
        self, spans: Iterable[Sequence[object]], relations: Iterable[Sequence[object]]
    ) -> AnnotationSet:
        """Return the annotation set of this row and of the rows of its spans and relations."""
        return AnnotationSet(
            self.annotator,
            self.status,
            tuple(map(span_from, spans)),
            tuple(map(relation_from, relations)),
            _attributes(self.attributes),
        )


class Wanted(NamedTuple):
    """Which annotation sets to read.

    annotators: their ids (None: all of them). statuses: () means all of them. bare: whether
    documents that nobody has labelled are wanted too. documents: their ids (None: all of them).
    """

    annotators: tuple[str, ...] | None = None
    statuses: tuple[str, ...] = ()
    bare: bool = True
    documents: tuple[str, ...] | None = None

    @property
    def takes_unlabelled(self) -> bool:
        """Return whether a document without any annotation set is wanted."""
        return self.bare and not self.statuses

    def condition(self) -> tuple[str, list[str]]:
        """Return the condition of SQL for the sets that are wanted, and its values."""
        conditions, values = ["1"], list[str]()
        if self.annotators is not None:
            conditions.append(f"annotator.id IN ({_marks(self.annotators)})")
            values += self.annotators
        if self.statuses:
            conditions.append(f"layer.status IN ({_marks(self.statuses)})")
            values += self.statuses
        return " AND ".join(conditions), values


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def records(connection: sqlite3.Connection, wanted: Wanted, schema: str) -> Iterator[Labelled]:
    """Walk over documents with the annotation sets wanted, a record for each."""
    for names in slices(connection, wanted):
        yield from some_records(connection, names, wanted, schema)


def slices(connection: sqlite3.Connection, wanted: Wanted) -> list[list[str]]:
    """Return the ids of all documents wanted, in the project's order and in portions."""
    where, values = wanted.condition()
    rows = connection.execute(
        "SELECT document.id"
        " FROM document"
        f" WHERE ? OR document.n IN (SELECT layer.document FROM {SETS} WHERE {where})"
        " ORDER BY document.n",
        (wanted.takes_unlabelled, *values),
    ).fetchall()
    names = [name for (name,) in rows]
    if wanted.documents is not None:
        chosen = frozenset(wanted.documents)
        names = [name for name in names if name in chosen]
    starts = range(0, len(names), DOCUMENTS_AT_ONCE)
    return [names[start : start + DOCUMENTS_AT_ONCE] for start in starts]


def some_records(
    connection: sqlite3.Connection, names: Sequence[str], wanted: Wanted, schema: str
) -> list[Labelled]:
    """Return the records of some documents; what has gone meanwhile is left out."""
    rows = connection.execute(
        f"SELECT {DOCUMENT}, document.n"
        " FROM document"
        " JOIN text USING(sha256)"
        f" WHERE document.id IN ({_marks(names)})"
        " ORDER BY document.n",
        names,
    ).fetchall()
    with collector_paused():  # a third of the time, where so many values are made at once
        return _labelled(connection, rows, wanted, schema)


def _labelled(
    connection: sqlite3.Connection, rows: Sequence[Sequence[object]], wanted: Wanted, schema: str
) -> list[Labelled]:
    sets = _sets_of(connection, [cast("int", row[-1]) for row in rows], wanted)
    records = []
    for *columns, number in rows:
        document = document_from(columns)
        for annotation_set in sets.get(cast("int", number), ()):
            records.append(Labelled(document, annotation_set, schema))
        if number not in sets and wanted.takes_unlabelled:
            records.append(Labelled(document, None, schema))
    return records


def _sets_of(
    connection: sqlite3.Connection, documents: Sequence[int], wanted: Wanted
) -> dict[int, list[AnnotationSet]]:
    """Return the annotation sets wanted by the numbers of their documents, gold last."""
    where, values = wanted.condition()
    rows = connection.execute(
        f"SELECT layer.document, {_ROW}"
        f" FROM {SETS}"
        f" WHERE layer.document IN ({_numbers(documents)})"
        f" AND {where}"
        f" ORDER BY annotator.id = '{GOLD}', annotator.n",
        values,
    ).fetchall()
    numbers = [number for _document, number, *_facts in rows]
    spans = _by_set(connection, SPANS, "start_at, end_at DESC, id", numbers)
    relations = _by_set(connection, RELATIONS, "id", numbers)
    sets: dict[int, list[AnnotationSet]] = {}
    for document, *columns in rows:
        row = _Row(*columns)
        annotation_set = row.annotation_set(
            spans.get(row.number, ()), relations.get(row.number, ())
        )
        sets.setdefault(document, []).append(annotation_set)
    return sets


def _by_set(
    connection: sqlite3.Connection, table: Table, order: str, sets: Sequence[int]
) -> dict[int, list[Sequence[object]]]:
    rows = connection.execute(table.select(f"layer IN ({_numbers(sets)}) ORDER BY layer, {order}"))
    return {key: list(group) for key, group in groupby(rows, key=itemgetter(0))}


def _numbers(numbers: Sequence[int]) -> str:
    # In the statement, not as its values: these are of the file itself, and may be very many.
    return ", ".join(map(str, numbers))
