"""The physical limits.

The same rows with nothing but sqlite3 and orjson, in one transaction, with no log, checks or index.

Tables hold what a project's current tables hold: a text once, a row a layer, span and relation.
"""

import sqlite3
from collections.abc import Iterable
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import orjson

TABLES = """
CREATE TABLE document(n INTEGER PRIMARY KEY, id TEXT, name TEXT, text TEXT, language TEXT,
    direction TEXT, meta TEXT);
CREATE TABLE layer(n INTEGER PRIMARY KEY, document INTEGER, annotator TEXT, status TEXT,
    attributes TEXT, schema TEXT);
CREATE TABLE span(layer INTEGER, id TEXT, type TEXT, label TEXT, start INTEGER, end INTEGER,
    fragments TEXT, text TEXT, attributes TEXT, note TEXT, origin TEXT);
CREATE TABLE relation(layer INTEGER, id TEXT, label TEXT, head TEXT, child TEXT, implicit TEXT,
    attributes TEXT);
"""
Row = tuple[object, ...]


def connect(path: Path) -> sqlite3.Connection:
    """Open a database as safe as a project's: WAL, each commit on the disk."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def load(source: Path, target: Path) -> None:
    """Read native JSONL into rows."""
    connection = connect(target)
    connection.executescript(TABLES)
    connection.execute("BEGIN")
    documents: dict[str, int] = {}
    layers = 0
    with source.open("rb") as file:
        for line in file:
            plain = orjson.loads(line)
            number = documents.get(plain["id"])
            if number is None:
                number = documents[plain["id"]] = len(documents) + 1
                head = (
                    number,
                    *(plain[key] for key in ("id", "name", "text", "language", "direction")),
                    _json(plain["meta"]),
                )
                connection.execute("INSERT INTO document VALUES(?,?,?,?,?,?,?)", head)
            layers += 1
            facts = (
                layers,
                number,
                plain["annotator"],
                plain["status"],
                _json(plain["attributes"]),
                plain["schema"],
            )
            connection.execute("INSERT INTO layer VALUES(?,?,?,?,?,?)", facts)
            connection.executemany(
                "INSERT INTO span VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                [_span(layers, span) for span in plain["spans"]],
            )
            relations = [_relation(layers, relation) for relation in plain["relations"]]
            connection.executemany("INSERT INTO relation VALUES(?,?,?,?,?,?,?)", relations)
    connection.execute("COMMIT")
    connection.close()


def _json(value: object) -> str:
    return orjson.dumps(value).decode() if value else ""


def _span(layer: int, span: dict[str, object]) -> Row:
    fragments = span["fragments"]
    parts = _json(fragments) if isinstance(fragments, list) and len(fragments) > 1 else ""
    head = (
        layer,
        span["id"],
        span["layer"],
        span["label"],
        span["start"],
        span["end"],
        parts,
        span["text"],
    )
    return (*head, _json(span["attributes"]), span["note"], span["origin"])


def _relation(layer: int, relation: dict[str, object]) -> Row:
    return (
        layer,
        *(relation[key] for key in ("id", "label", "head", "child", "implicit")),
        _json(relation["attributes"]),
    )


def dump(source: Path, target: Path) -> None:
    """Write the rows as native JSONL, in document order."""
    connection = connect(source)
    spans = _by_layer(connection.execute("SELECT * FROM span ORDER BY layer"))
    relations = _by_layer(connection.execute("SELECT * FROM relation ORDER BY layer"))
    layers = connection.execute(
        "SELECT layer.n, document.id, document.name, text, language, direction, annotator, status,"
        " attributes, meta, schema FROM layer JOIN document ON document.n = layer.document ORDER BY"
        " layer.n"
    )
    with target.open("wb") as file:
        for number, *head in layers:
            file.write(_line(head, spans.get(number, []), relations.get(number, [])))
    connection.close()


def _by_layer(rows: Iterable[Row]) -> dict[int, list[Row]]:
    return {int(str(key)): list(group) for key, group in groupby(rows, key=itemgetter(0))}


def _line(head: list[str], spans: list[Row], relations: list[Row]) -> bytes:
    name, title, text, language, direction, annotator, status, attributes, meta, schema = head
    record = {
        "id": name,
        "name": title,
        "text": text,
        "language": language,
        "direction": direction,
        "annotator": annotator,
        "status": status,
        "spans": [_span_plain(row) for row in spans],
        "relations": [_relation_plain(row) for row in relations],
        "attributes": orjson.loads(attributes) if attributes else {},
        "meta": orjson.loads(meta) if meta else {},
        "schema": schema,
        "offset_unit": "codepoint",
        "text_sha256": sha256(text.encode()).hexdigest(),
    }
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def _span_plain(row: Row) -> dict[str, object]:
    return {
        "id": row[1],
        "layer": row[2],
        "label": row[3],
        "start": row[4],
        "end": row[5],
        "text": row[7],
        "fragments": orjson.loads(str(row[6])) if row[6] else ((row[4], row[5]),),
        "attributes": orjson.loads(str(row[8])) if row[8] else {},
        "note": row[9],
        "origin": row[10],
    }


def _relation_plain(row: Row) -> dict[str, object]:
    return {
        "id": row[1],
        "label": row[2],
        "head": row[3],
        "child": row[4],
        "implicit": row[5],
        "attributes": orjson.loads(str(row[6])) if row[6] else {},
    }
