"""Is the project sound? The state hash, the rebuild of the current tables from the log, and the checks of `annotator check`."""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256

import orjson

from annotator.i18n import _
from annotator.model import surface
from annotator.plain import relation_row, span_row
from annotator.store.current import LOOSE
from annotator.store.documents import Wanted, records
from annotator.store.fold import Fold
from annotator.store.log import COLUMNS, broken_links, read_events
from annotator.store.tables import CURRENT, DERIVED, TRUTH

COUNTS = (
    "SELECT document.id, annotator.id, layer.spans, layer.relations FROM layer JOIN document ON document.n = layer.document"
    " JOIN annotator ON annotator.n = layer.annotator ORDER BY 1, 2"
)


def state_hash(connection: sqlite3.Connection) -> str:
    """Return a hash of all documents and layers, the same for equal content whatever the order or history."""
    parts: dict[bytes, None] = {}
    for record in records(connection, Wanted(), ""):
        document, layer = record.document, record.layer
        head: list[object] = [document.id, document.name, document.language, document.direction, dict(document.meta), document.text]
        if document.turned:
            head.append(document.turned)
        body: list[object] = []
        if layer is not None and not layer.is_empty:
            spans = sorted(map(span_row, layer.spans), key=lambda row: str(row[0]))
            relations = sorted(map(relation_row, layer.relations), key=lambda row: str(row[0]))
            body = [layer.annotator, layer.status, dict(layer.attributes), spans, relations]
        parts[sha256(orjson.dumps([head, body], option=orjson.OPT_SORT_KEYS)).digest()] = None
        parts[sha256(orjson.dumps([head, []], option=orjson.OPT_SORT_KEYS)).digest()] = None
    return sha256(b"".join(sorted(parts))).hexdigest()


def truth_hash(connection: sqlite3.Connection) -> str:
    """Return a hash of what everything else is made from: the log and the texts. It reads a file of any version."""
    found = sha256()
    for device, seq, digest in connection.execute("SELECT device, seq, hash FROM event ORDER BY device, seq"):
        found.update(f"{device} {seq} {digest}\n".encode())
    for digest, text in connection.execute("SELECT sha256, text FROM text ORDER BY sha256"):
        found.update(f"{digest} {sha256(text.encode()).hexdigest()}\n".encode())
    return found.hexdigest()


def tables_hash(connection: sqlite3.Connection) -> str:
    """Return a hash of all that the current tables say: the state, and with it people, schema, steps and counts."""
    found = sha256(state_hash(connection).encode())
    for query in (
        "SELECT id, name FROM annotator ORDER BY id",
        "SELECT tag, plain FROM schema",
        "SELECT id, actor, title, state FROM step ORDER BY n",
        COUNTS,
    ):
        found.update(orjson.dumps(connection.execute(query).fetchall()))
    return found.hexdigest()


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the current tables anew from the log; the caller has begun a transaction."""
    for table in DERIVED:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in CURRENT.split(";"):
        if statement.strip():
            connection.execute(statement)
    fold = Fold(connection)
    for event in list(read_events(connection)):
        fold.apply(event)


def rebuilt_hash(connection: sqlite3.Connection) -> str:
    """Return the hash of the tables that the log alone gives, worked out beside the file."""
    beside = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for statement in f"{TRUTH}{CURRENT}".split(";"):
            if statement.strip():
                beside.execute(statement)
        marks = ",".join("?" * len(COLUMNS.split(",")))
        beside.executemany(f"INSERT INTO event({COLUMNS}) VALUES({marks})", connection.execute(f"SELECT {COLUMNS} FROM event"))
        beside.executemany("INSERT INTO text VALUES(?,?)", connection.execute("SELECT sha256, text FROM text"))
        rebuild(beside)
        return tables_hash(beside)
    finally:
        beside.close()


def faults(connection: sqlite3.Connection) -> Iterator[str]:
    """Walk over all that is wrong with an open project: the file, the log, the tables, the spans."""
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield line
    yield from broken_links(connection)
    for digest, text in connection.execute("SELECT sha256, text FROM text"):
        if sha256(text.encode()).hexdigest() != digest:
            yield _("the text {digest} is not the one that was stored").format(digest=digest[:16])
    yield from _wrong_rows(connection)
    if rebuilt_hash(connection) != tables_hash(connection):
        yield _("the tables are not what the log says; “annotator check --rebuild” makes them anew from the log")


def _wrong_rows(connection: sqlite3.Connection) -> Iterator[str]:
    for record in records(connection, Wanted(), ""):
        for span in record.layer.spans if record.layer else ():
            if surface(record.document.text, span.fragments) != span.text:
                yield _("the span {id} of document {document} is not what the text says there").format(
                    id=span.id, document=record.document.id
                )
    for (digest,) in connection.execute("SELECT sha256 FROM document WHERE sha256 NOT IN (SELECT sha256 FROM text)"):
        yield _("the text {digest} of a document is missing").format(digest=digest[:16])
    for (relation,) in connection.execute(f"SELECT id FROM relation WHERE {LOOSE}"):
        yield _("the relation {id} ends in a span that is not there").format(id=relation)
    for table in ("span", "relation"):
        counted = f"(SELECT count(*) FROM {table} WHERE {table}.layer = layer.n)"
        for number, said, found in connection.execute(f"SELECT n, {table}s, {counted} FROM layer WHERE {table}s <> {counted}"):
            yield _("layer {number} says that it has {said} rows of the table {table}, and has {found}").format(
                number=number, said=said, table=table, found=found
            )
