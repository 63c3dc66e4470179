"""Exact hands: a span selected to the character, by the mouse and by keys."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from annotator.ui.text_view import TextView
from annotator.ui.text_view.cells import Cell

_ALT, _CONTROL, _SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
_LEFT = Qt.MouseButton.LeftButton
Place = tuple[Cell, QPointF]


def select_by_keys(view: TextView, start: int, end: int) -> None:
    """Put the caret before the span and extend the selection over it, a character as written at a
    time.
    """
    view.select(0, 0)
    view.set_caret(start)
    for _step in range(end - start):
        if view.caret() >= end:
            break
        rtl = view.paragraph_direction(view.caret()) == "rtl"
        key = Qt.Key.Key_Left if rtl else Qt.Key.Key_Right
        QApplication.sendEvent(view, QKeyEvent(QEvent.Type.KeyPress, key, _CONTROL | _ALT | _SHIFT))


def select_by_mouse(view: TextView, start: int, end: int) -> bool:
    """Press in the first character near where it begins, release in the last near where it ends.

    With Alt held.

    False where the first or last character has no cell, as a newline, or is not in view with the
    other.
    """
    view.select(0, 0)
    view.reveal(start)
    first, last = cell_at(view, start), cell_at(view, end - 1)
    if first is None or last is None:
        return False
    press, release = near(first, at_end=False), near(last, at_end=True)
    viewport = view.viewport()
    if not viewport.rect().contains(press.toPoint()) or not viewport.rect().contains(
        release.toPoint()
    ):
        return False
    for kind, place in (
        (QEvent.Type.MouseButtonPress, press),
        (QEvent.Type.MouseMove, (press + release) / 2),
        (QEvent.Type.MouseMove, release + QPointF(0, 4)),
        (QEvent.Type.MouseMove, release),
        (QEvent.Type.MouseButtonRelease, release),
    ):
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else _LEFT
        QApplication.sendEvent(
            viewport, QMouseEvent(kind, place, viewport.mapToGlobal(place), button, _LEFT, _ALT)
        )
    return True


def cell_at(view: TextView, position: int) -> Place | None:
    """Return the cell of a character.

    And the view point of its left end at half the height of its letters.
    """
    page = view._page
    block = page.blocks.at(position)
    layout, start = page.layout(block), page.blocks.starts[block]
    for line in range(len(layout)):
        for cell in layout.cells(line).cells:
            if cell.start <= position - start < cell.end:
                y = page.view_y(block) + layout.tops[line] + page.metrics.ascent / 2
                return cell, QPointF(page.column_left + cell.left, y)
    return None


def near(found: Place, *, at_end: bool) -> QPointF:
    """Return a point in a cell near where it begins or ends as it is read."""
    cell, corner = found
    share = 0.25 if cell.rtl == at_end else 0.75
    return corner + QPointF((cell.right - cell.left) * share, 0)
