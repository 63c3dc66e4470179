"""Is the project sound? Its hashes, its tables anew from the log, and what `check` looks for."""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from itertools import groupby
from operator import itemgetter

import orjson

from annotator.i18n import _
from annotator.model import AnnotationSet, Document, surface
from annotator.model.plain import decision_plain, relation_row, span_row
from annotator.store.events.apply import Projection
from annotator.store.events.dangling_relations import IS_DANGLING
from annotator.store.events.log import broken_links, read_events, store
from annotator.store.tables.ddl import CURRENT, DERIVED, TRUTH
from annotator.store.tables.queries import SETS, Wanted, decisions, records, span_from
from annotator.store.tables.table import DECISIONS, RELATIONS, SPANS, TEXTS

SET_ROWS = (
    "SELECT document.id, annotator.id, layer.status, layer.attributes, layer.spans,"
    " layer.relations, layer.n"
    f" FROM {SETS}"
    " ORDER BY 1, 2"
)
ANSWERS_OF_SETS = (
    "SELECT document.id, annotator.id, answer.suggestion, answer.answer"
    f" FROM {SETS}"
    " JOIN answer ON answer.layer = layer.n"
    " ORDER BY 1, 2, 3"
)


def state_hash(connection: sqlite3.Connection) -> str:
    """Return a hash of all documents and annotation sets.

    The same for equal content whatever the order or history.
    """
    digests = set[bytes]()
    for record in records(connection, Wanted(), ""):
        head = _document_content(record.document)
        digests.add(_digest([head, _set_content(record.annotation_set)]))
        digests.add(_digest([head, []]))
    for document_id, decided in decisions(connection).items():
        for decision in decided:
            digests.add(_digest([document_id, decision_plain(decision)]))
    return sha256(b"".join(sorted(digests))).hexdigest()


def _digest(content: list[object]) -> bytes:
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()


def _document_content(document: Document) -> list[object]:
    content: list[object] = [
        document.id,
        document.name,
        document.language,
        document.direction,
        dict(document.meta),
        document.text,
    ]
    if document.paragraph_directions:
        content.append(document.paragraph_directions)
    return content


def _set_content(annotation_set: AnnotationSet | None) -> list[object]:
    if annotation_set is None or annotation_set.is_empty:
        return []
    return [
        annotation_set.annotator,
        annotation_set.status,
        dict(annotation_set.attributes),
        sorted(map(span_row, annotation_set.spans), key=_row_id),
        sorted(map(relation_row, annotation_set.relations), key=_row_id),
    ]


def _row_id(row: list[object]) -> str:
    return str(row[0])


def truth_hash(connection: sqlite3.Connection) -> str:
    """Return a hash of what everything else is made from: the log and the texts.

    It reads a file of any version.
    """
    total = sha256()
    for device, seq, digest in connection.execute(
        "SELECT device, seq, hash FROM event ORDER BY device, seq"
    ):
        total.update(f"{device} {seq} {digest}\n".encode())
    for digest, text in connection.execute("SELECT sha256, text FROM text ORDER BY sha256"):
        total.update(f"{digest} {sha256(text.encode()).hexdigest()}\n".encode())
    return total.hexdigest()


def tables_hash(connection: sqlite3.Connection) -> str:
    """Return a hash of all that the current tables say, row by row.

    Much quicker than the state, which speaks of content alone.
    """
    contents = _set_contents(connection)
    total = sha256()
    for *facts, number in connection.execute(SET_ROWS):
        total.update(orjson.dumps(facts) + contents.get(number, b""))
    for query in (
        "SELECT id, name, sha256, language, direction, paragraphs, meta FROM document ORDER BY id",
        "SELECT id, name FROM annotator ORDER BY id",
        "SELECT n, tag, plain FROM schema ORDER BY n",
        "SELECT name, document, part FROM split ORDER BY name, document",
        "SELECT id, actor, title, state FROM step ORDER BY n",
        ANSWERS_OF_SETS,
        (
            "SELECT device, seq, document, annotator, at_ms, active_ms"
            " FROM activity"
            " ORDER BY device, seq"
        ),
        "SELECT device FROM visitor ORDER BY device",
        "SELECT id, annotator, document FROM assignment ORDER BY document, annotator, id",
        "SELECT device, annotator, seq, hash FROM receipt ORDER BY device",
    ):
        total.update(orjson.dumps(connection.execute(query).fetchall()))
    return total.hexdigest()


def _set_contents(connection: sqlite3.Connection) -> dict[int, bytes]:
    """Return the digests of the spans, relations and decisions of each set, by its number."""
    digests: dict[int, bytes] = {}
    for table in (SPANS, RELATIONS, DECISIONS):
        rows = connection.execute(table.select("1 ORDER BY layer, id"))
        for number, group in groupby(rows, key=itemgetter(0)):
            contents = [content for _number, *content in group]
            digest = sha256(orjson.dumps([table.name, *contents])).digest()
            digests[number] = digests.get(number, b"") + digest
    return digests


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
        store(beside, read_events(connection))
        beside.executemany(TEXTS.insert, connection.execute(TEXTS.select("1")))
        rebuild(beside)
        return tables_hash(beside)
    finally:
        beside.close()


def faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Walk over all that is wrong with an open project: its file, log, tables and spans."""
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
    for (relation,) in connection.execute(f"SELECT id FROM relation WHERE {IS_DANGLING}"):
        yield _("the relation {id} ends in a span that is not there").format(id=relation)
    for table in (SPANS, RELATIONS):
        for number, said, counted in connection.execute(
            f"SELECT n, {table.counter}, {table.count}"
            " FROM layer"
            f" WHERE {table.counter} <> {table.count}"
        ):
            yield _(
                "layer {number} says that it has {said} rows of the table {table}, and has {found}"
            ).format(number=number, said=said, table=table.name, found=counted)


def _wrong_spans(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Walk over the spans that are not what the text says, with their documents.

    SQLite counts in code points too.
    """
    joined = (
        f"FROM {SETS} JOIN span ON span.layer = layer.n JOIN text ON text.sha256 = document.sha256"
    )
    is_wrong = (
        "start_at < 0 OR end_at <= start_at OR substr(text.text, start_at + 1, end_at - start_at)"
        " <> span.text"
    )
    yield from connection.execute(
        f"SELECT span.id, document.id {joined} WHERE fragments = '' AND ({is_wrong})"
    )
    for document, text, *row in connection.execute(
        f"SELECT document.id, text.text, {SPANS.listed} {joined} WHERE fragments <> ''"
    ):
        span = span_from(row)
        if surface(text, span.fragments) != span.text:
            yield span.id, document
