"""From a key to the painted, stored change: `python -m tests.bench.window`, one JSON line a row.

The limit is a frame, 16 ms.

Two documents: one of the samples, and one of a million characters with ten thousand spans. The
window is the real one, without a screen. *stored* is the time until the step is on the disk, of
which *commit* is SQLite's COMMIT alone; *painted* is the time until the text view has painted the
change. What the details panel takes a moment later stands apart.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import orjson
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from annotator.model import AnnotationSet, Changes, Document, Relation, Span, new_id
from annotator.model.schema_files import load_schema
from annotator.resources import sample_files
from annotator.store import Store
from annotator.text.segmentation import tokens
from annotator.ui.app import application, window
from annotator.ui.controllers.projects import make_sample
from annotator.ui.window.main_window import MainWindow
from datasets.generate import Plan, lines
from tests.bench.main_job import Row, quantile, row

FRAME_MS = 16.0
LETTERS, SPANS = 1_000_000, 10_000
PERSON = "bench"
NO_KEYS = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description="Measure how long a key takes to be stored and painted."
    )
    parser.add_argument("--keys", type=int, default=300)
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
            os.environ[name] = str(Path(folder, name))
        application()
        sample, large = Path(folder, "sample.annot"), Path(folder, "large.annot")
        make_sample(sample, sample_files())
        make_large(large)
        for name, project in (("sample", sample), ("1 M characters, 10 k spans", large)):
            for entry in rows(name, project, chosen.keys):
                sys.stdout.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE).decode())
                sys.stdout.flush()
    return 0


def make_large(path: Path) -> None:
    """Make a project of one document: all languages, spans of every kind, claims with holders."""
    texts = [orjson.loads(line)["text"] for line in lines(Plan(documents=400))]
    text = "\n".join(texts * (LETTERS // sum(map(len, texts)) + 1))[:LETTERS]
    chance, found = Random(7), tokens(text)
    labels = [(layer.id, label.id) for layer, label in load_schema("news").labels()]
    spans, links = list[Span](), list[Relation]()
    for number in range(SPANS):
        place = len(found) * number // SPANS
        layer, label = labels[number % len(labels)]
        start, end = (
            found[place][0],
            found[min(place + chance.randrange(1, 12 if label == "CLAIM" else 3), len(found) - 1)][
                1
            ],
        )
        spans.append(Span(new_id(), layer, label, ((start, end),), text[start:end]))
        if label == "CLAIM" and number % 2 and number > len(labels):
            links.append(
                Relation(
                    new_id(), "holder", spans[-1].id, spans[-1 - labels.index((layer, label))].id
                )
            )
    with Store.create(path, load_schema("news")) as store, store.change("", "") as step:
        name, _is_new = step.add_document(Document("large", "large", text, "fa"))
        step.import_annotation_set(
            name,
            step.add_annotator(PERSON),
            AnnotationSet(PERSON, "open", tuple(spans), tuple(links)),
            text,
        )


class Clock(QObject):
    """Notes when the text view has painted, when a step's block ended, and when it was stored."""

    def __init__(self, made: MainWindow, store: Store) -> None:
        super().__init__(made)
        self.painted = self.stored = self.begun = 0.0
        made.workspace.view.viewport().installEventFilter(self)
        store.listeners.append(self._stored)  # the last one is called first
        store._connection.set_trace_callback(self._traced)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """See paint events come; they are done before anything else is."""
        if event.type() == QEvent.Type.Paint:
            self.painted = time.perf_counter()
        return False

    def _stored(self, _changes: Changes) -> None:
        self.stored = time.perf_counter()

    def _traced(self, statement: str) -> None:
        if statement == "COMMIT":
            self.begun = time.perf_counter()


def rows(name: str, project: Path, keys: int) -> Iterator[Row]:
    """Walk over the rows of a project."""
    made = window()
    made.resize(1280, 800)
    made.show()
    begin = time.perf_counter()
    made.open_project(project, PERSON)
    QApplication.processEvents()
    yield row(
        f"{name}: project opened and painted",
        (time.perf_counter() - begin) * 1e3,
        "ms",
        1000,
        (time.perf_counter() - begin),
    )
    session = made.session
    if session is None or session.document is None:
        raise SystemExit("The project could not be opened.")
    clock, view = Clock(made, session.store), made.workspace.view
    places = [place for place in tokens(session.document.text) if place[1] - place[0] > 2]
    chance = Random(3)
    spent: dict[str, list[Times]] = {}
    for number in range(keys):
        view.select(*places[chance.randrange(len(places))])
        view.reveal(view.selection()[0])
        settle()
        label = Qt.Key(ord("1234567"[number % 7]))
        for what, key, held in (
            ("label", label, NO_KEYS),
            ("delete", Qt.Key.Key_Delete, NO_KEYS),
            ("undo", Qt.Key.Key_Z, CONTROL),
        ):
            spent.setdefault(what, []).append(timed(clock, view, key, held))
            settle()
    for what, times in spent.items():
        for part in Times._fields:
            values = [getattr(entry, part) for entry in times]
            for share in (50, 99):
                value = quantile(values, share / 100) * 1e3
                yield row(
                    f"{name}: {what} → {part}, p{share}", value, "ms", FRAME_MS, value / FRAME_MS
                )
    for what in ("span", "outline"):
        session.select_span(session.in_order()[0].id if what == "span" else "")
        begin = time.perf_counter()
        made.workspace.show_details()
        value = (time.perf_counter() - begin) * 1e3
        yield row(f"{name}: details, {what}", value, "ms", FRAME_MS, value / FRAME_MS)
    made.close()


class Times(NamedTuple):
    """The seconds from a key to stored, of the commit alone, and from the key to painted."""

    stored: float
    commit: float
    painted: float


def timed(clock: Clock, view: QWidget, key: Qt.Key, held: Qt.KeyboardModifier) -> Times:
    """Press a key and see when what it does is stored and painted."""
    begin = time.perf_counter()
    QTest.keyClick(view, key, held)
    while clock.painted < begin:
        QApplication.processEvents()
    return Times(clock.stored - begin, clock.stored - clock.begun, time.perf_counter() - begin)


def settle() -> None:
    """Let what was begun come to its end: the details follow after a moment."""
    QTest.qWait(80)


if __name__ == "__main__":
    sys.exit(main())
