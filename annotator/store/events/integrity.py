"""Is the project sound? The state hash, the rebuild of the current tables from the log.

And the checks of `annotator check`.
"""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from operator import itemgetter

import orjson

from annotator.i18n import _
from annotator.model import surface
from annotator.model.plain import decision_plain, relation_row, span_row
from annotator.store.events.apply import Projection
from annotator.store.events.dangling_relations import LOOSE
from annotator.store.events.log import COLUMNS, broken_links, read_events
from annotator.store.tables.ddl import CURRENT, DERIVED, TRUTH
from annotator.store.tables.queries import Wanted, decisions, records, span_from

LAYERS = (
    "SELECT document.id, annotator.id, layer.status, layer.attributes, layer.spans,"
    " layer.relations, layer.n FROM layer JOIN document ON document.n = layer.document JOIN"
    " annotator ON annotator.n = layer.annotator ORDER BY 1, 2"
)

ANSWERS = (
    "SELECT document.id, annotator.id, answer.suggestion, answer.answer FROM answer JOIN layer ON"
    " layer.n = answer.layer JOIN document ON document.n = layer.document JOIN annotator ON"
    " annotator.n = layer.annotator ORDER BY 1, 2, 3"
)


def state_hash(connection: sqlite3.Connection) -> str:
    """Return a hash of all documents and layers.

    The same for equal content whatever the order or history.
    """
    parts: dict[bytes, None] = {}
    for record in records(connection, Wanted(), ""):
        document, annotation_set = record.document, record.annotation_set
        head: list[object] = [
            document.id,
            document.name,
            document.language,
            document.direction,
            dict(document.meta),
            document.text,
        ]
        if document.paragraph_directions:
            head.append(document.paragraph_directions)
        body: list[object] = []
        if annotation_set is not None and not annotation_set.is_empty:
            spans = sorted(map(span_row, annotation_set.spans), key=lambda row: str(row[0]))
            relations = sorted(
                map(relation_row, annotation_set.relations), key=lambda row: str(row[0])
            )
            body = [
                annotation_set.annotator,
                annotation_set.status,
                dict(annotation_set.attributes),
                spans,
                relations,
            ]
        parts[sha256(orjson.dumps([head, body], option=orjson.OPT_SORT_KEYS)).digest()] = None
        parts[sha256(orjson.dumps([head, []], option=orjson.OPT_SORT_KEYS)).digest()] = None
    for document_id, decided in decisions(connection).items():
        for decision in decided:
            parts[
                sha256(
                    orjson.dumps(
                        [document_id, decision_plain(decision)], option=orjson.OPT_SORT_KEYS
                    )
                ).digest()
            ] = None
    return sha256(b"".join(sorted(parts))).hexdigest()


def truth_hash(connection: sqlite3.Connection) -> str:
    """Return a hash of what everything else is made from: the log and the texts.

    It reads a file of any version.
    """
    found = sha256()
    for device, seq, digest in connection.execute(
        "SELECT device, seq, hash FROM event ORDER BY device, seq"
    ):
        found.update(f"{device} {seq} {digest}\n".encode())
    for digest, text in connection.execute("SELECT sha256, text FROM text ORDER BY sha256"):
        found.update(f"{digest} {sha256(text.encode()).hexdigest()}\n".encode())
    return found.hexdigest()


def tables_hash(connection: sqlite3.Connection) -> str:
    """Return a hash of all that the current tables say, row by row.

    Much quicker than the state, which speaks of content alone.
    """
    contents = _layer_contents(connection)
    found = sha256()
    for *facts, number in connection.execute(LAYERS):
        found.update(orjson.dumps(facts) + contents.get(number, b""))
    for query in (
        "SELECT id, name, sha256, language, direction, paragraphs, meta FROM document ORDER BY id",
        "SELECT id, name FROM annotator ORDER BY id",
        "SELECT n, tag, plain FROM schema ORDER BY n",
        "SELECT name, document, part FROM split ORDER BY name, document",
        "SELECT id, actor, title, state FROM step ORDER BY n",
        ANSWERS,
        (
            "SELECT device, seq, document, annotator, at_ms, active_ms FROM activity ORDER BY"
            " device, seq"
        ),
        "SELECT device FROM visitor ORDER BY device",
        "SELECT id, annotator, document FROM assignment ORDER BY document, annotator, id",
        "SELECT device, annotator, seq, hash FROM receipt ORDER BY device",
    ):
        found.update(orjson.dumps(connection.execute(query).fetchall()))
    return found.hexdigest()


def _layer_contents(connection: sqlite3.Connection) -> dict[int, bytes]:
    """Return what the layers hold, by number.

    The digests of their spans, relations and decisions.
    """
    found: dict[int, bytes] = {}
    for table in ("span", "relation", "decision"):
        rows = connection.execute(f"SELECT * FROM {table} ORDER BY layer, id")
        for number, group in groupby(rows, key=itemgetter(0)):
            digest = sha256(orjson.dumps([table, *(row[1:] for row in group)])).digest()
            found[number] = found.get(number, b"") + digest
    return found


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the current tables anew from the log; the caller has begun a transaction."""
    for table in DERIVED:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in CURRENT.split(";"):
        if statement.strip():
            connection.execute(statement)
    projection = Projection(connection)
    for event in list(read_events(connection)):
        projection.apply(event)


def rebuilt_hash(connection: sqlite3.Connection) -> str:
    """Return the hash of the tables that the log alone gives, worked out beside the file."""
    beside = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for statement in f"{TRUTH}{CURRENT}".split(";"):
            if statement.strip():
                beside.execute(statement)
        marks = ",".join("?" * len(COLUMNS.split(",")))
        beside.executemany(
            f"INSERT INTO event({COLUMNS}) VALUES({marks})",
            connection.execute(f"SELECT {COLUMNS} FROM event"),
        )
        beside.executemany(
            "INSERT INTO text VALUES(?,?)", connection.execute("SELECT sha256, text FROM text")
        )
        rebuild(beside)
        return tables_hash(beside)
    finally:
        beside.close()


def faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Walk over all that is wrong with an open project.

    The file, the log, the tables, the spans.
    """
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield line
    yield from broken_links(connection)
    for digest, text in connection.execute("SELECT sha256, text FROM text"):
        if sha256(text.encode()).hexdigest() != digest:
            yield _("the text {digest} is not the one that was stored").format(digest=digest[:16])
    yield from _wrong_rows(connection)
    if rebuilt_hash(connection) != tables_hash(connection):
        yield _(
            "the tables are not what the log says; “annotator check --rebuild” makes them anew from"
            " the log"
        )


def _wrong_rows(connection: sqlite3.Connection) -> Iterator[str]:
    for span, document in _wrong_spans(connection):
        yield _("the span {id} of document {document} is not what the text says there").format(
            id=span, document=document
        )
    for (digest,) in connection.execute(
        "SELECT sha256 FROM document WHERE sha256 NOT IN (SELECT sha256 FROM text)"
    ):
        yield _("the text {digest} of a document is missing").format(digest=digest[:16])
    for (relation,) in connection.execute(f"SELECT id FROM relation WHERE {LOOSE}"):
        yield _("the relation {id} ends in a span that is not there").format(id=relation)
    for table in ("span", "relation"):
        counted = f"(SELECT count(*) FROM {table} WHERE {table}.layer = layer.n)"
        for number, said, found in connection.execute(
            f"SELECT n, {table}s, {counted} FROM layer WHERE {table}s <> {counted}"
        ):
            yield _(
                "layer {number} says that it has {said} rows of the table {table}, and has {found}"
            ).format(number=number, said=said, table=table, found=found)


def _wrong_spans(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Walk over the spans that are not what the text says, with their documents.

    SQLite counts in code points too.
    """
    joined = (
        "FROM span JOIN layer ON layer.n = span.layer JOIN document ON document.n = layer.document"
        " JOIN text ON text.sha256 = document.sha256"
    )
    is_wrong = (
        "start_at < 0 OR end_at <= start_at OR substr(text.text, start_at + 1, end_at - start_at)"
        " <> span.text"
    )
    yield from connection.execute(
        f"SELECT span.id, document.id {joined} WHERE fragments = '' AND ({is_wrong})"
    )
    for document, text, *row in connection.execute(
        f"SELECT document.id, text.text, span.* {joined} WHERE fragments <> ''"
    ):
        span = span_from(row)
        if surface(text, span.fragments) != span.text:
            yield span.id, document
