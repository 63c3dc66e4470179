"""Small projects and their parts for the store's tests.

And ways to look at all that a project holds.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import orjson

from annotator.model import (
    AnnotationSet,
    Attributes,
    Document,
    Fragment,
    Label,
    Labelled,
    Layer,
    Names,
    Relation,
    Schema,
    Span,
    surface,
)
from annotator.model.plain import schema_plain
from annotator.store import Step, Store, annotator_id
from annotator.store.events.integrity import rebuilt_hash, state_hash, tables_hash
from tests.processes import unmeasured

SCHEMA = Schema(
    "news",
    1,
    Names({"en": "News"}),
    (Layer("entity", Names({"en": "Entities"}), "entity", (Label("PER", Names({})),)),),
)
TEXTS = (
    "رئیس‌جمهور Қасым-Жомарт Тоқаев گفت 😀 که «نه».",
    "Алматыда жаңа мектеп ашылды.\nПрезидент приехал.",
    "سلام دنیا 👩‍👩‍👧",
)
ANNOTATORS = ("Айгерім", "Сара سارا")


def new_project(folder: Path, *, documents: int = 0, name: str = "project.annot") -> Store:
    """Make a project with documents d0, d1, … and both annotators."""
    store = Store.create(folder / name, SCHEMA)
    with store.change("people and documents", "") as step:
        for annotator in ANNOTATORS:
            step.add_annotator(annotator)
        for number in range(documents):
            step.add_document(
                Document(f"d{number}", f"Document {number}", TEXTS[number % len(TEXTS)])
            )
    return store


def make_span(
    name: str,
    text: str,
    *fragments: Fragment,
    label: str = "PER",
    attributes: Attributes | None = None,
) -> Span:
    """Make a span over fragments of a text."""
    return Span(name, "entity", label, fragments, surface(text, fragments), attributes or {})


def make_relation(name: str, head: str, child: str | None) -> Relation:
    """Make a relation; without a child its argument is the author."""
    return Relation(name, "about", head, child, "author" if child is None else None)


def add_span(store: Store, document: str, annotator: str, name: str, *fragments: Fragment) -> None:
    """Add one span in a step of its own."""
    span = make_span(name, store.document(document).text, *(fragments or ((0, 4),)))
    with store.change(f"add {name}", annotator) as step:
        step.put_span(document, step.add_annotator(annotator), span)


def add_document(store: Store, actor: str, document: Document) -> None:
    """Add one document in a step of its own."""
    with store.change("add a document", actor) as step:
        step.add_document(document)


def add_relation(store: Store, document: str, annotator: str, relation: Relation) -> None:
    """Add one relation in a step of its own."""
    with store.change("add a relation", annotator) as step:
        step.put_relation(document, annotator_id(annotator), relation)


def in_step(
    store: Store, actor: str, work: Callable[[Step], object], title: str = "a step"
) -> None:
    """Do one thing in a step of its own."""
    with store.change(title, actor) as step:
        work(step)


def set_of(
    *spans: Span,
    relations: Iterable[Relation] = (),
    status: str = "new",
    attributes: Attributes | None = None,
) -> AnnotationSet:
    """Make a layer as an import brings it."""
    return AnnotationSet("", status, spans, tuple(relations), attributes or {})


def content(store: Store) -> tuple[str, bytes]:
    """Return all that undo has to bring back: documents, layers and the schema."""
    return store.state_hash(), orjson.dumps(schema_plain(store.schema()))


def annotation_sets(store: Store) -> dict[tuple[str, str], AnnotationSet]:
    """Return all annotation sets that hold something, by document and annotator."""
    walk = ((record.document.id, record.annotation_set) for record in store.records())
    return {
        (name, annotation_set.annotator): annotation_set
        for name, annotation_set in walk
        if annotation_set is not None and not annotation_set.is_empty
    }


def ids(records: Iterable[Labelled]) -> list[str]:
    """Return the documents' ids of some records."""
    return [record.document.id for record in records]


def id_of(annotator: str) -> str:
    """Return the id of an annotator."""
    return annotator_id(annotator)


def hashes(path: Path) -> tuple[str, str, str]:
    """Return the state hash, the hash of all tables, and the one that the log alone gives.

    Of a closed project.
    """
    with closing(sqlite3.connect(path)) as connection:
        return state_hash(connection), tables_hash(connection), rebuilt_hash(connection)


def query(path: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    """Do something to a closed project from outside."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(sql, values).fetchall()


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a program of its own; the caller ends it."""
    command = [sys.executable, "-c", dedent(code), *map(str, arguments)]
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env=unmeasured(),
    )
