"""The view's mouse events, turned into presses, drags and releases of `Mouse`."""

from PySide6.QtCore import QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from annotator.ui.text_view.hit_testing import chip_at
from annotator.ui.text_view.mouse import Mouse, is_over_edge

_SCROLL_INTERVAL_MS = 40
_ALT = Qt.KeyboardModifier.AltModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class MouseEvents(QObject):
    """Counts clicks, shows by the pointer what a press would take, and scrolls beyond the view."""

    def __init__(self, area: QAbstractScrollArea, mouse: Mouse) -> None:
        super().__init__(area)
        self._area = area
        self._mouse = mouse
        self._point = QPointF()
        self._double_clicked_at = QPointF()
        self._third_click = QTimer(self)
        self._third_click.setSingleShot(True)
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(_SCROLL_INTERVAL_MS)
        self._scrolling.timeout.connect(self._scroll_beyond)

    def press(self, event: QMouseEvent) -> None:
        """Begin a selection, take hold of an edge or a chip.

        A third click in a row takes the sentence.
        """
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = event.position()
        modifiers = event.modifiers()
        away = point - self._double_clicked_at
        is_near = away.manhattanLength() < QApplication.startDragDistance()
        if self._third_click.isActive() and is_near:
            self._third_click.stop()
            self._mouse.press_again(point, sentence=True, with_clitics=False)
            return
        self._mouse.press(
            point,
            extend=bool(modifiers & _SHIFT),
            by_character=bool(modifiers & _ALT),
            adds=bool(modifiers & _CONTROL),
        )

    def double_click(self, event: QMouseEvent) -> None:
        """Select a word; with Ctrl, also the clitics written apart from it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._double_clicked_at = event.position()
            self._third_click.start(QApplication.doubleClickInterval())
            with_clitics = bool(event.modifiers() & _CONTROL)
            self._mouse.press_again(event.position(), sentence=False, with_clitics=with_clitics)

    def move(self, event: QMouseEvent) -> None:
        """Follow a drag, or show what a press would take."""
        self._point = event.position()
        if not self._mouse.dragging:
            self._show_pointer()
            return
        self._mouse.drag(self._point, by_character=bool(event.modifiers() & _ALT))
        if not 0 <= self._point.y() < self._mouse.page.view_height:
            self._scrolling.start()

    def release(self, event: QMouseEvent) -> None:
        """End a drag or a click."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._scrolling.stop()
            self._mouse.release(event.position())

    def stop(self) -> None:
        """Let go of everything."""
        self._scrolling.stop()
        self._mouse.cancel()

    def _show_pointer(self) -> None:
        page = self._mouse.page
        shape = Qt.CursorShape.IBeamCursor
        if is_over_edge(page, self._mouse.interaction.selected, self._point):
            shape = Qt.CursorShape.SplitHCursor
        elif chip_at(page, self._point):
            shape = Qt.CursorShape.PointingHandCursor
        viewport = self._area.viewport()
        if viewport.cursor().shape() != shape:
            viewport.setCursor(shape)

    def _scroll_beyond(self) -> None:
        """Scroll while text is dragged beyond the view."""
        y = self._point.y()
        height = self._mouse.page.view_height
        beyond = y if y < 0 else max(y - height, 0)
        if not beyond or not self._mouse.dragging:
            self._scrolling.stop()
            return
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + round(beyond / 3))
        edge = QPointF(self._point.x(), min(max(y, 0), height - 1))
        by_character = bool(QApplication.keyboardModifiers() & _ALT)
        self._mouse.drag(edge, by_character=by_character)
