"""The sample project: opened in the window.

Or, without a screen, worked in through the real window by made-up hands.

The tour does what a person would: it double-clicks words, drags over claims, presses keys of labels
and values, links spans, finishes documents, takes a step back; then it exports, reads the export
back, and prints what it did.
"""

import sys
import tempfile
import time
from pathlib import Path

import platformdirs
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from annotator.errors import UserError
from annotator.formats import ReadOptions, Report, find_format
from annotator.i18n import _, plain
from annotator.jobs import ExportOptions, ExportReport, export_records
from annotator.model import GOLD, Span, reading_order
from annotator.resources import sample_files
from annotator.screen import has_screen
from annotator.session import Session
from annotator.ui.app import application, run, window
from annotator.ui.controllers.projects import SAMPLE_ANNOTATOR, make_sample
from annotator.ui.window.main_window import MainWindow

TOURIST = "tour"
NAME = "sample.annot"
SIZE = (1280, 720)
SPANS_A_DOCUMENT, OTHERS_A_DOCUMENT = 8, 3
NO_KEYS = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def demonstrate(folder: Path | None) -> int:
    """Make the sample project in a folder (a place of the user's own when none is named).

    And show or tour it.
    """
    application()
    if has_screen():
        place = folder or Path(platformdirs.user_data_dir("annotator", appauthor=False)) / "samples"
        project = place / NAME
        if not project.exists():
            make_sample(project, sample_files())
        return run(lambda made: made.open_project(project, SAMPLE_ANNOTATOR))
    place = folder or Path(tempfile.mkdtemp(prefix="annotator-tour-"))
    return Tour(place).go()


class Tour:
    """A walk through the window without a screen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = folder / NAME
        self.by_mouse = self.by_keys = self.links = 0
        self.shots: list[Path] = []

    def go(self) -> int:
        """Do all of it; return the exit code."""
        begun = time.perf_counter()
        if not self.project.exists():
            make_sample(self.project, sample_files())
        made = window()
        made.resize(*SIZE)
        made.show()
        try:
            made.open_project(self.project, TOURIST)
            session = made.session
            if session is None:
                message = _("The sample project {path} could not be opened.")
                raise UserError(message.format(path=str(self.project)))
            for name in _one_a_language(session):
                self._label_document(made, name)
            lines = [self._labelled(session)]
            target, options = self.folder / "tour.jsonl", ExportOptions(annotators=(TOURIST,))
            report = export_records(session.store, target, options)
        finally:
            made.close()
        lines += self._exported(report)
        lines.append(_("{seconds:.1f} seconds.").format(seconds=time.perf_counter() - begun))
        sys.stdout.write("".join(f"{plain(line)}\n" for line in lines))
        return 0 if report.spans and _exact_spans(report) == report.spans else 1

    def _exported(self, report: ExportReport) -> list[str]:
        """Return what was exported, and the pictures that were made, in words."""
        message = _("Exported {path}: {exact} of {spans} spans equal the text they point at.")
        counts = {"exact": _exact_spans(report), "spans": report.spans}
        lines: list[str] = [message.format(path=str(report.files[0]), **counts)]
        for path in self.shots:
            lines.append(_("Screenshot: {path}").format(path=str(path)))
        return lines

    def _labelled(self, session: Session) -> str:
        """Return what was done in the window, in words."""
        entries = list(session.entries)
        message = _(
            "Sample project: {path}, {documents} documents.\n"
            "Labelled {stored} spans ({mouse} by mouse, {keys} by keys alone), {links} relations;"
            " {finished} documents finished."
        )
        return message.format(
            path=str(self.project),
            documents=len(entries),
            stored=sum(entry.spans for entry in entries),
            mouse=self.by_mouse,
            keys=self.by_keys,
            links=self.links,
            finished=sum(entry.status == "done" for entry in entries),
        )

    # ── one document ──────────────────────────────────────────────────────────────────────────────

    def _label_document(self, made: MainWindow, name: str) -> None:
        session = made.session
        if session is None:
            return
        session.open_document(name)
        _settle()
        self._label_as_gold(made, session, _waiting(session, name))
        session.select_text(0, 0)
        _settle()
        language = session.document.language if session.document else ""
        shot = self.folder / f"tour-{language}-{len(self.shots) + 1}.png"
        made.grab().save(str(shot))
        self.shots.append(shot)
        QTest.keyClick(made.workspace.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        _settle()

    def _label_as_gold(self, made: MainWindow, session: Session, gold: list[Span]) -> None:
        """Label entities by mouse and by keys in turn, then some claims and stances by keys."""
        entities = [span for span in gold if span.layer == "entities"]
        others = [span for span in gold if span.layer != "entities"]
        for number, span in enumerate(entities[:SPANS_A_DOCUMENT]):
            if number % 2:
                self._label_by_keys(made, session, span)
            else:
                self._label_by_mouse(made, session, span)
        for span in others[:OTHERS_A_DOCUMENT]:
            self._label_by_keys(made, session, span)
            if span.label == "CLAIM":
                self._link(made, session)

    def _label_by_mouse(self, made: MainWindow, session: Session, span: Span) -> None:
        """Drag over the words, then press the key of the label."""
        view, before = made.workspace.view, len(session.spans)
        view.reveal(span.start)
        _settle()
        first, last = (
            view.rects_of(span.start, span.start + 1),
            view.rects_of(span.end - 1, span.end),
        )
        if not (first and last):
            return
        start, end = first[0].center().toPoint(), last[-1].center().toPoint()
        viewport = view.viewport()
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, NO_KEYS, start)
        for step in range(1, 5):
            QTest.mouseMove(viewport, start + (end - start) * step / 4)
        QTest.mouseMove(viewport, end + QPoint(1, 0))
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, NO_KEYS, end)
        self._press_label(made, session, span)
        self.by_mouse += len(session.spans) - before

    def _label_by_keys(self, made: MainWindow, session: Session, span: Span) -> None:
        """Go to the beginning, extend over the words with Shift, then press the label's key."""
        view, before = made.workspace.view, len(session.spans)
        view.set_caret(span.start)
        forward = (
            Qt.Key.Key_Left if view.paragraph_direction(span.start) == "rtl" else Qt.Key.Key_Right
        )
        for _step in range(2 * (span.end - span.start)):
            if view.selection()[1] >= span.end:
                break
            QTest.keyClick(
                view,
                forward,
                Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | SHIFT,
            )
        self._press_label(made, session, span)
        self.by_keys += len(session.spans) - before

    def _press_label(self, made: MainWindow, session: Session, span: Span) -> None:
        found = session.schema.find_label(span.label)
        if found is None:
            return
        view = made.workspace.view
        _type(view, found[1].key)
        for attribute in found[1].attributes:
            key = attribute.keys.get(str(span.attributes.get(attribute.id, "")))
            if key:
                _type(view, key)
        _settle()

    def _link(self, made: MainWindow, session: Session) -> None:
        """Link the claim to its holder: the nearest one, else the author."""
        view, before = made.workspace.view, len(session.relations)
        _type(view, "H")
        if session.linking is not None:
            QTest.keyClick(view, Qt.Key.Key_Return if session.linking.candidate else Qt.Key.Key_A)
        _settle()
        self.links += len(session.relations) - before


def _type(view: QWidget, key: str) -> None:
    """Press the physical key of this US print."""
    QTest.keyClick(view, Qt.Key(ord(key.upper())))


def _settle() -> None:
    QApplication.processEvents()
    QTest.qWait(30)


def _one_a_language(session: Session) -> list[str]:
    """Return the first unfinished document of each kind in the samples.

    Fa, kk, ru, and one of mixed direction.
    """
    found: dict[str, str] = {}
    for entry in session.entries:
        kind = "mixed" if entry.id.startswith("mx") else entry.language
        if entry.status != "done":
            found.setdefault(kind, entry.id)
    return list(found.values())


def _exact_spans(report: ExportReport) -> int:
    """Read an export back and count the spans whose text is what they point at."""
    read = find_format("jsonl").read
    exact = 0
    for path in report.files if read else ():
        for record in read(path, ReadOptions(), Report()) if read else ():
            text = record.document.text
            spans = record.annotation_set.spans if record.annotation_set else ()
            exact += sum(
                span.text == text[span.start : span.end]
                for span in spans
                if len(span.fragments) == 1
            )
    return exact


def _waiting(session: Session, document: str) -> list[Span]:
    """Return what gold has in a document in one piece and the tour has not labelled yet."""
    done = {span.fragments for span in session.spans.values()}
    waiting = []
    for span in reading_order(session.store.annotation_set(document, GOLD).spans):
        if len(span.fragments) == 1 and span.fragments not in done:
            waiting.append(span)
    return waiting
