"""Reading the current tables: rows become values here, one function a table."""

import gc
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, cast

import orjson

from annotator.errors import UserError
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

SPAN = "layer, id, type, label, start_at, end_at, fragments, text, attributes, note, origin"
RELATION = "layer, id, label, head, child, implicit, attributes"
DOCUMENT = (
    "document.id, document.name, text.text, document.language, document.direction,"
    " document.paragraphs, document.meta, document.file, document.encoding, document.newline,"
    " document.raw_sha256"
)
DECISION = "layer, id, outcome, chosen, reason, note, adjudicator, rule, saw, made"
SCHEMA = "SELECT plain, tag FROM schema ORDER BY n LIMIT 1"
DOCUMENTS_AT_ONCE = 200


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
    """Return the decisions on some documents, or on all, by document.

    In the order of their cases' ids.
    """
    joined = (
        "FROM decision JOIN layer ON layer.n = decision.layer JOIN document ON document.n ="
        " layer.document"
    )
    columns = ", ".join(f"decision.{column}" for column in DECISION.split(", "))
    ones = [("1", ())] if names is None else [("document.id = ?", (name,)) for name in names]
    found: dict[str, list[Decision]] = {}
    for where, values in ones:
        for name, *row in connection.execute(
            f"SELECT document.id, {columns} {joined} WHERE {where} ORDER BY document.n,"
            " decision.layer, decision.id",
            values,
        ):
            found.setdefault(name, []).append(decision_from(row))
    return found


def _attributes(column: str) -> Attributes:
    return attributes_of(orjson.loads(column)) if column else NONE


def entries(
    connection: sqlite3.Connection, annotator: str, first: int = 0, most: int = -1
) -> list[Entry]:
    """Return the document list as one annotator (by id) sees it, in the project's order.

    All of it, or some lines.
    """
    rows = connection.execute(
        "SELECT document.id, document.name, document.language, document.length,"
        " coalesce(layer.status, 'new'), coalesce(layer.spans, 0), coalesce(layer.relations, 0)"
        " FROM (SELECT * FROM document ORDER BY n LIMIT ? OFFSET ?) AS document LEFT JOIN layer ON"
        " layer.document = document.n AND layer.annotator = (SELECT n FROM annotator WHERE id = ?)"
        " ORDER BY document.n",
        (most, first, annotator),
    )
    return list(map(Entry._make, rows))


def summary(connection: sqlite3.Connection, name: str, annotator: str) -> tuple[str, int, int]:
    """Return how far an annotator (by id) is with a document: status, spans, relations."""
    row = connection.execute(
        "SELECT layer.status, layer.spans, layer.relations FROM layer JOIN document ON document.n ="
        " layer.document JOIN annotator ON annotator.n = layer.annotator WHERE document.id = ? AND"
        " annotator.id = ?",
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
    """Return what an annotator (by id) did with a document; an empty layer when nothing."""
    row = connection.execute(
        "SELECT layer.n, layer.status, layer.attributes, annotator.name FROM layer JOIN document ON"
        " document.n = layer.document JOIN annotator ON annotator.n = layer.annotator WHERE"
        " document.id = ? AND annotator.id = ?",
        (name, annotator),
    ).fetchone()
    if row is None:
        found = connection.execute(
            "SELECT name FROM annotator WHERE id = ?", (annotator,)
        ).fetchone()
        return AnnotationSet(found[0] if found else "")
    number, status, attributes, title = row
    spans = connection.execute(
        f"SELECT {SPAN} FROM span WHERE layer = ? ORDER BY start_at, end_at DESC, id", (number,)
    )
    relations = connection.execute(
        f"SELECT {RELATION} FROM relation WHERE layer = ? ORDER BY id", (number,)
    )
    return AnnotationSet(
        title,
        status,
        tuple(map(span_from, spans)),
        tuple(map(relation_from, relations)),
        _attributes(attributes),
    )


def answers(connection: sqlite3.Connection, name: str, annotator: str) -> dict[str, str]:
    """Return what an annotator (by id) said to the suggestions for a document.

    Suggestion → "accepted" or "dismissed".
    """
    rows = connection.execute(
        "SELECT suggestion, answer FROM answer JOIN layer ON layer.n = answer.layer JOIN document"
        " ON document.n = layer.document JOIN annotator ON annotator.n = layer.annotator WHERE"
        " document.id = ? AND annotator.id = ?",
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


def has_annotation_set(connection: sqlite3.Connection, name: str, annotator: str) -> bool:
    """Return whether a layer has a row at all."""
    query = (
        "SELECT 1 FROM layer WHERE document = (SELECT n FROM document WHERE id = ?) AND annotator ="
        " (SELECT n FROM annotator WHERE id = ?)"
    )
    return connection.execute(query, (name, annotator)).fetchone() is not None


def things(
    connection: sqlite3.Connection, name: str, annotator: str, ids: Iterable[str]
) -> tuple[list[Span], list[Relation]]:
    """Return those spans and relations of a layer whose ids are given.

    What is not there is left out.
    """
    here = (
        "layer = (SELECT layer.n FROM layer JOIN document ON document.n = layer.document JOIN"
        " annotator ON annotator.n = layer.annotator WHERE document.id = ? AND annotator.id = ?)"
        " AND id = ?"
    )
    spans, relations = list[Span](), list[Relation]()
    for entity in ids:
        values = (name, annotator, entity)
        spans += map(span_from, connection.execute(f"SELECT {SPAN} FROM span WHERE {here}", values))
        relations += map(
            relation_from,
            connection.execute(f"SELECT {RELATION} FROM relation WHERE {here}", values),
        )
    return spans, relations


def relations_at(connection: sqlite3.Connection, name: str, annotator: str, span: str) -> list[str]:
    """Return the ids of the relations of a layer that end in a span."""
    rows = connection.execute(
        "SELECT relation.id FROM relation JOIN layer ON layer.n = relation.layer JOIN document ON"
        " document.n = layer.document JOIN annotator ON annotator.n = layer.annotator WHERE"
        " document.id = ? AND annotator.id = ? AND (relation.head = ? OR relation.child = ?) ORDER"
        " BY relation.id",
        (name, annotator, span, span),
    )
    return [row[0] for row in rows]


def annotators(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the annotators of the project, id → name, gold last."""
    rows = connection.execute("SELECT id, name FROM annotator ORDER BY id = ?, n", (GOLD,))
    return dict(rows.fetchall())


def annotators_with_work(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the annotators who have a layer, gold last."""
    rows = connection.execute(
        "SELECT name FROM annotator WHERE EXISTS (SELECT 1 FROM layer WHERE layer.annotator ="
        " annotator.n) ORDER BY id = ?, n",
        (GOLD,),
    )
    return [name for (name,) in rows]


class _Row(NamedTuple):
    """A row of the table `layer`."""

    number: int
    annotator: str
    status: str
    attributes: str


class Wanted(NamedTuple):
    """Which layers to read: annotators' ids (None: all), statuses (() : all); bare.

    Also documents that nobody has labelled.
    """

    annotators: tuple[str, ...] | None = None
    statuses: tuple[str, ...] = ()
    bare: bool = True
    documents: tuple[str, ...] | None = None


def records(connection: sqlite3.Connection, wanted: Wanted, schema: str) -> Iterator[Labelled]:
    """Walk over documents with the layers wanted, in the project's order, a record for each."""
    for names in slices(connection, wanted):
        yield from some_records(connection, names, wanted, schema)


def slices(connection: sqlite3.Connection, wanted: Wanted) -> list[list[str]]:
    """Return the ids of all documents wanted, in the project's order.

    In portions for `some_records`.
    """
    where, values = _layers_wanted(wanted)
    everything = "1" if wanted.bare and not wanted.statuses else "0"
    rows = connection.execute(
        f"SELECT document.id FROM document WHERE {everything} OR document.n IN (SELECT"
        f" layer.document FROM layer JOIN annotator ON annotator.n = layer.annotator WHERE {where})"
        " ORDER BY document.n",
        values,
    ).fetchall()
    chosen = None if wanted.documents is None else frozenset(wanted.documents)
    names = [name for (name,) in rows if chosen is None or name in chosen]
    return [
        names[start : start + DOCUMENTS_AT_ONCE]
        for start in range(0, len(names), DOCUMENTS_AT_ONCE)
    ]


def _layers_wanted(wanted: Wanted) -> tuple[str, list[str]]:
    where, values = ["1"], list[str]()
    for column, chosen in (
        ("annotator.id", wanted.annotators),
        ("layer.status", wanted.statuses or None),
    ):
        if chosen is not None:
            where.append(f"{column} IN ({','.join('?' * len(chosen))})")
            values += chosen
    return " AND ".join(where), values


def some_records(
    connection: sqlite3.Connection, names: Sequence[str], wanted: Wanted, schema: str
) -> list[Labelled]:
    """Return the records of some documents; what has gone meanwhile is left out."""
    marks = ",".join("?" * len(names))
    rows = connection.execute(
        f"SELECT {DOCUMENT}, document.n FROM document JOIN text USING(sha256) WHERE document.id IN"
        f" ({marks}) ORDER BY document.n",
        names,
    ).fetchall()
    with _no_collector():
        return _made(connection, rows, wanted, schema)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Pause the search for garbage cycles.

    It costs a third of the time where very many values are made at once.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _made(
    connection: sqlite3.Connection, rows: Sequence[Sequence[object]], wanted: Wanted, schema: str
) -> list[Labelled]:
    numbers = [cast("int", row[-1]) for row in rows]
    layers = _layers_of(connection, numbers, wanted)
    inside = [annotation_set.number for group in layers.values() for annotation_set in group]
    spans = _by_layer(
        connection,
        f"SELECT {SPAN} FROM span WHERE layer IN",
        " ORDER BY layer, start_at, end_at DESC, id",
        inside,
    )
    relations = _by_layer(
        connection, f"SELECT {RELATION} FROM relation WHERE layer IN", " ORDER BY layer, id", inside
    )
    made = []
    for row, number in zip(rows, numbers, strict=True):
        document = document_from(row[:-1])
        for annotation_set in layers.get(number, ()):
            parts = (
                tuple(map(span_from, spans.get(annotation_set.number, ()))),
                tuple(map(relation_from, relations.get(annotation_set.number, ()))),
            )
            made.append(
                Labelled(
                    document,
                    AnnotationSet(
                        annotation_set.annotator,
                        annotation_set.status,
                        *parts,
                        _attributes(annotation_set.attributes),
                    ),
                    schema,
                )
            )
        if number not in layers and wanted.bare and not wanted.statuses:
            made.append(Labelled(document, None, schema))
    return made


def _layers_of(
    connection: sqlite3.Connection, documents: Sequence[int], wanted: Wanted
) -> dict[int, list[_Row]]:
    where, values = _layers_wanted(wanted)
    layers: dict[int, list[_Row]] = {}
    for number, *columns in connection.execute(
        "SELECT layer.document, layer.n, annotator.name, layer.status, layer.attributes FROM layer"
        " JOIN annotator ON annotator.n = layer.annotator WHERE layer.document IN"
        f" ({','.join(map(str, documents))}) AND {where} ORDER BY annotator.id = '{GOLD}',"
        " annotator.n",
        values,
    ):
        layers.setdefault(number, []).append(_Row(*columns))
    return layers


def _by_layer(
    connection: sqlite3.Connection, select: str, order: str, layers: Iterable[int]
) -> dict[int, list[Sequence[object]]]:
    rows = connection.execute(f"{select} ({','.join(map(str, layers))}){order}")
    return {key: list(group) for key, group in groupby(rows, key=itemgetter(0))}
