"""A person at the window.

Hands that drag over words, press keys and click, and eyes that read what the window says.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from annotator.model import Span
from annotator.session import Session
from annotator.ui.text_view import Mark, TextView
from annotator.ui.text_view.hit_testing import chip_at
from annotator.ui.window.main_window import MainWindow
from tests.patience import SECONDS

LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
# Evdev codes of some keys, by their US print; X11 counts 8 more.
SCAN_CODES = {
    "1": 2,
    "2": 3,
    "0": 11,
    "-": 12,
    "=": 13,
    "S": 31,
    "Y": 21,
    "H": 35,
    "Z": 44,
    "C": 46,
    "R": 19,
    "/": 53,
}
X11_SHIFT = 8


@dataclass
class Person:
    """Works in a window."""

    window: MainWindow

    @property
    def session(self) -> Session:
        """The session of the open project."""
        assert self.window.session is not None
        return self.window.session

    @property
    def view(self) -> TextView:
        """The text."""
        return self.window.workspace.view

    # ── hands ─────────────────────────────────────────────────────────────────────────────────────

    def point(self, position: int) -> QPoint:
        """Return the middle of a character."""
        return self.view.rects_of(position, position + 1)[0].center().toPoint()

    def place(self, words: str) -> tuple[int, int]:
        """Return where words stand in the open document, the first time."""
        start = self.view.text().index(words)
        return start, start + len(words)

    def chip(self, words: str) -> QPoint:
        """Return a point on the chip of the mark over words."""
        mark, rect = self.marks()[words], self.view.rects_of(*self.place(words))[0]
        for y in range(round(rect.top()) - 8, round(rect.bottom()) + 40, 3):
            for x in range(0, self.view.viewport().width(), 6):
                if chip_at(self.view._page, QPointF(x, y)) == mark.id:
                    return QPoint(x, y)
        raise AssertionError(f"no chip near “{words}”")

    def drag_over(self, words: str) -> None:
        """Select words with the mouse."""
        start, end = self.place(words)
        self.view.reveal(start)
        self.drag(self.point(start), self.point(end - 1))

    def drag(self, start: QPoint, end: QPoint) -> None:
        """Press, move and release."""
        viewport = self.view.viewport()
        QTest.mousePress(viewport, LEFT, NO_KEYS, start, 1000)
        for step in (0.5, 1.0):
            place = QPointF(start) + (QPointF(end) - QPointF(start)) * step
            event = QMouseEvent(
                QEvent.Type.MouseMove, place, viewport.mapToGlobal(place), LEFT, LEFT, NO_KEYS
            )
            QCoreApplication.sendEvent(viewport, event)
        QTest.mouseRelease(viewport, LEFT, NO_KEYS, end)
        QApplication.processEvents()

    def click(self, words: str) -> None:
        """Click into words."""
        start, end = self.place(words)
        QTest.mouseClick(self.view.viewport(), LEFT, NO_KEYS, self.point((start + end) // 2), 1000)
        QApplication.processEvents()

    def extend_over(self, words: str) -> None:
        """Select words with keys alone.

        The caret is put before them, Shift and arrows do the rest.
        """
        start, end = self.place(words)
        self.view.set_caret(start)
        key = Qt.Key.Key_Left if self.view.paragraph_direction(start) == "rtl" else Qt.Key.Key_Right
        for _step in range(end - start + 1):
            if self.view.selection() == (start, end):
                return
            self.press(key, CONTROL | ALT | SHIFT)
        assert self.view.selection() == (start, end)

    def press(self, key: str | Qt.Key, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Press a key of the US layout where the focus is."""
        code = Qt.Key(ord(key.upper())) if isinstance(key, str) else key
        QTest.keyClick(QApplication.focusWidget() or self.window, code, modifiers)
        QApplication.processEvents()

    def press_physical(
        self, key: str, typed: str, modifiers: Qt.KeyboardModifier = NO_KEYS, *, scan: bool = True
    ) -> None:
        """Press a key by its place, on a layout where it types something else.

        Without `scan` the system tells no place.
        """
        code = Qt.Key(ord(typed.upper())) if len(typed) == 1 else Qt.Key.Key_unknown
        text = "" if modifiers & CONTROL else typed
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(
                kind, code, modifiers, SCAN_CODES[key] + X11_SHIFT if scan else 0, 0, 0, text
            )
            QCoreApplication.sendEvent(QApplication.focusWidget() or self.window, event)
        QApplication.processEvents()

    def label(self, words: str, key: str) -> Span:
        """Drag over words, press the key of a label, and return the span."""
        self.drag_over(words)
        self.press(key)
        assert self.session.selected is not None
        return self.session.selected

    def open_document(self, name: str) -> None:
        """Go to a document by its id."""
        self.session.open_document(name)
        QApplication.processEvents()

    def wait(self, milliseconds: int) -> None:
        """Let the window live on for a while."""
        QTest.qWait(milliseconds)

    def until(self, so: Callable[[], object]) -> None:
        """Let the window live on until something is so.

        Whoever asks says what is wrong when it never is.
        """
        wait_until(so)

    def let_details_follow(self) -> None:
        """Wait until the details panel has followed; it waits for a pause."""
        self.until(lambda: not self.window.workspace._later.isActive())

    def wait_for_work(self) -> None:
        """Wait for the end of what is done beside the window."""
        self.until(lambda: self.window.long_work.worker is None)
        assert self.window.long_work.worker is None
        QApplication.processEvents()

    # ── eyes ──────────────────────────────────────────────────────────────────────────────────────

    def says(self, name: str) -> str:
        """Return what a part of the status bar says."""
        return self.window.status.labels[name].text()

    def notice(self) -> str:
        """Return the notice that is shown, "" when there is none."""
        notices = self.window.notices
        return notices.accessibleName() if notices.isVisible() else ""

    def action(self, name: str) -> QAction:
        """Return the action of a command."""
        self.window.actions_.refresh()
        return self.window.actions_.all[name]

    def marks(self) -> dict[str, Mark]:
        """Return what the text view paints, by the text it covers."""
        text = self.view.text()
        return {text[mark.start : mark.end]: mark for mark in self.view._page.index.marks.values()}

    def spans(self) -> list[tuple[str, str]]:
        """Return the stored spans in reading order as label and text."""
        return [(span.label, span.text) for span in self.session.in_order()]

    def button(self, words: str, inside: QWidget | None = None) -> QPushButton:
        """Return the button whose text or name begins with words."""
        buttons = (inside or self.window).findChildren(QPushButton)
        found = [
            made
            for made in buttons
            if made.isVisible() and words in (made.text() + "|" + made.accessibleName())
        ]
        assert found, f"no button says “{words}”; there are {[made.text() for made in buttons]}"
        return found[0]

    def reads(self, inside: QWidget) -> list[str]:
        """Return the texts of the labels that are seen in a widget."""
        return [label.text() for label in inside.findChildren(QLabel) if label.isVisible()]


def wait_until(so: Callable[[], object]) -> None:
    """Let the window live on until something is so, or for as long as patience lasts."""
    end = time.monotonic() + SECONDS
    while not so() and time.monotonic() < end:
        QTest.qWait(10)
