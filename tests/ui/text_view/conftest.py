"""A text view on the screen, and hands for it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.ui.text_view import Mark, TextView

_LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier


@dataclass
class Reader:
    """A person with a mouse before a view."""

    view: TextView

    def point(self, position: int, share: float = 0.5, end: int | None = None) -> QPoint:
        """Return a point inside a character, `share` of its width from its left edge."""
        rect = self.view.rects_of(position, position + 1 if end is None else end)[0]
        return QPointF(rect.left() + rect.width() * share, rect.center().y()).toPoint()

    def drag(self, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Press, move and release."""
        viewport = self.view.viewport()
        QTest.mousePress(viewport, _LEFT, keys, start)
        self.move((start + end) / 2, keys)
        self.move(end, keys)
        QTest.mouseRelease(viewport, _LEFT, keys, end)

    def move(self, point: QPoint, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Move the mouse with the button down (QTest's own moves carry neither button nor keys)."""
        place = QPointF(point)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            place,
            self.view.viewport().mapToGlobal(place),
            _LEFT,
            _LEFT,
            keys,
        )
        self.view.mouseMoveEvent(event)

    def click(self, point: QPoint, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Click once, and long enough after the last time."""
        QTest.mouseClick(self.view.viewport(), _LEFT, keys, point, 1000)

    def double_click(self, point: QPoint, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Click twice."""
        QTest.mouseDClick(self.view.viewport(), _LEFT, keys, point)

    def chosen(self) -> str:
        """Return the selected text."""
        start, end = self.view.selection()
        return self.view.text()[start:end]


Opens = Callable[..., Reader]


@pytest.fixture
def opened(qtbot: QtBot) -> Opens:
    """Return a function that shows a text in a view of its own."""

    def show(text: str, language: str = "fa", width: int = 780, height: int = 600) -> Reader:
        view = TextView()
        qtbot.addWidget(view)
        view.resize(width, height)
        view.show_document(text, language)
        view.show()
        return Reader(view)

    return show


def entity(mark_id: str, start: int, end: int, code: str = "PER") -> Mark:
    """Return an entity."""
    return Mark(mark_id, ((start, end),), "entity", code, "#0072B2")


def claim(mark_id: str, start: int, end: int) -> Mark:
    """Return a claim."""
    return Mark(mark_id, ((start, end),), "claim", "CLAIM", "#D55E00")
