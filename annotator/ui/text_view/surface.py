"""The part of the view that takes events: painting, mouse, keys, wheel, scroll bar."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from annotator.ui.look.style import LIGHT, USUAL
from annotator.ui.text_view.arcs import arcs_of
from annotator.ui.text_view.hit_testing import chip_at
from annotator.ui.text_view.interaction import Interaction
from annotator.ui.text_view.keys import move_of, selects_all
from annotator.ui.text_view.minimap import WIDTH as MAP_WIDTH
from annotator.ui.text_view.minimap import Minimap
from annotator.ui.text_view.mouse import Mouse, is_over_edge
from annotator.ui.text_view.page import Page
from annotator.ui.text_view.paint import paint_page

if TYPE_CHECKING:
    from annotator.ui.text_view.marks import Link

_ZOOM_STEP = 10
_SCROLL_INTERVAL = 40
_ALT = Qt.KeyboardModifier.AltModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class Surface(QAbstractScrollArea):
    """Shows a page and lets hands work on it."""

    zoom_wanted = Signal(int)
    context_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._zoom, self._look = 100, USUAL
        self._links: tuple[Link, ...] = ()
        self._interaction = Interaction()
        # Asked for its viewport, Python would first make every class of widget that it could be.
        self._canvas = self.findChild(QWidget, "qt_scrollarea_viewport")
        self._page = Page("", "", "auto")
        self._mouse = Mouse(self._page, self._interaction, self)
        self._mouse.moved.connect(self._repaint_selection)
        self._mouse.pulled.connect(self.viewport().update)
        self._painted_blocks: tuple[int, int] = (0, 0)
        self._is_scrolling = False
        self._pointer = QPointF()
        self._doubled_at = QPointF()
        self._triple = QTimer(self)
        self._triple.setSingleShot(True)
        self._beyond = QTimer(self)
        self._beyond.setInterval(_SCROLL_INTERVAL)
        self._beyond.timeout.connect(self._scroll_beyond)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The scroll bar would change the width, and so the layout, each time it came or went.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._map = Minimap(self)
        self._map.wanted.connect(
            lambda share: self.verticalScrollBar().setValue(round(share * self._page.scroll_range))
        )
        on_left = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setViewportMargins(MAP_WIDTH if on_left else 0, 0, 0 if on_left else MAP_WIDTH, 0)
        viewport = self.viewport()
        viewport.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        viewport.setMouseTracking(True)
        viewport.setCursor(Qt.CursorShape.IBeamCursor)

    # Size and scrolling

    def fit(self) -> None:
        """Lay the page out for the size and zoom of the view."""
        size = self.viewport().size()
        self._page.fit(size.width(), size.height(), self._zoom, self._look)
        self.show_scroll()
        frame = self.viewport().geometry()
        on_left = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self._map.setGeometry(
            frame.left() - MAP_WIDTH if on_left else frame.right() + 1,
            frame.top(),
            MAP_WIDTH,
            frame.height(),
        )
        self._map.follow(self._page, self._palette)

    def show_scroll(self, repaint: bool = True) -> None:
        """Let the scroll bar show where the page is, and repaint."""
        bar = self.verticalScrollBar()
        self._is_scrolling = True
        bar.setRange(0, self._page.scroll_range)
        bar.setPageStep(self._page.view_height)
        bar.setSingleStep(self._page.metrics.pitch)
        bar.setValue(self._page.scroll_value)
        self._is_scrolling = False
        if repaint:
            self.viewport().update()

    def take_looks(self, other: "Surface") -> None:
        """Show the text as another view shows its own: as large, in the same look and colours."""
        self._palette, self._look, self._zoom = other._palette, other._look, other._zoom  # noqa: SLF001 - of the same class
        self.fit()
        self.viewport().update()

    def top_line(self) -> tuple[int, int]:
        """Return where the first line in view begins in the text.

        And how far below the view's top it lies.
        """
        return self._page.first_in_view()

    def bring_line(self, position: int, y: int) -> None:
        """Scroll so that the line of a position lies this far below the view's top."""
        self._page.bring(min(position, len(self._page.blocks.text)), y)
        self._page.settle()
        self.show_scroll()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Take a value set by the scroll bar; what stays in view is moved, not painted again."""
        if self._is_scrolling:
            return
        before = {placed.block: placed.y for placed in self._page.placed}
        self._page.scroll_to(self.verticalScrollBar().value())
        moved = next(
            (
                placed.y - before[placed.block]
                for placed in self._page.placed
                if placed.block in before
            ),
            None,
        )
        is_plain = moved is not None and not self._links and not self._mouse.dragging
        self.show_scroll(repaint=not is_plain)
        if is_plain and moved:
            self.move_pixels(moved, 0)

    def move_pixels(self, by: int, top: int) -> None:
        """Move what is painted below a height, and repaint what comes into view.

        With the ink that reaches over its edge.
        """
        wide, high, margin = self._page.view_width, self._page.view_height, self._page.metrics.pitch
        self.viewport().scroll(0, by, QRect(0, top, wide, high - top))
        self.viewport().update(0, high + by - margin if by < 0 else top, wide, abs(by) + margin)

    def repaint_blocks(self, first: int, last: int) -> None:
        """Repaint what is in view of some blocks."""
        tops = [placed for placed in self._page.placed if first <= placed.block <= last]
        if (
            self._links
        ):  # their arcs lead past other blocks, and their names give way to what is new
            self.viewport().update()
        elif tops:
            margin = self._page.metrics.pitch
            top, bottom = tops[0].y - margin, tops[-1].y + tops[-1].height + margin
            self.viewport().update(0, top, self._page.view_width, bottom - top)

    def _repaint_selection(self) -> None:
        """Repaint where selection and caret were and are."""
        blocks, interaction = self._page.blocks, self._interaction
        places = (*interaction.selection, interaction.caret.position)
        now = (blocks.at(min(places)), blocks.at(max(places)))
        then, self._painted_blocks = self._painted_blocks, now
        for first, last in {then, now}:
            self.repaint_blocks(first, last)

    def _scroll_beyond(self) -> None:
        """Scroll while text is dragged beyond the view."""
        y, height, bar = self._pointer.y(), self._page.view_height, self.verticalScrollBar()
        over = y if y < 0 else max(y - height, 0)
        if not over or not self._mouse.dragging:
            self._beyond.stop()
            return
        bar.setValue(bar.value() + round(over / 3))
        self._mouse.drag(
            QPointF(self._pointer.x(), min(max(y, 0), height - 1)),
            by_character=self._is_by_character(),
        )

    @staticmethod
    def _is_by_character() -> bool:
        return bool(QApplication.keyboardModifiers() & _ALT)

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new size."""
        super().resizeEvent(event)
        self.fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Lay out before the first painting."""
        super().showEvent(event)
        self.fit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go of everything when hidden."""
        super().hideEvent(event)
        self._beyond.stop()
        self._mouse.cancel()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in view."""
        if not self._page.placed:
            self.fit()
        self._interaction.arcs = arcs_of(self._page, self._links)
        self._interaction.shows_caret = self.hasFocus()
        painter = QPainter(self.viewport())
        try:
            paint_page(painter, self._page, self._interaction, self._palette, QRectF(event.rect()))
        finally:
            painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection, take hold of an edge or a chip.

        A third click in a row takes the sentence.
        """
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point, modifiers = event.position(), event.modifiers()
        far = point - self._doubled_at
        if self._triple.isActive() and far.manhattanLength() < QApplication.startDragDistance():
            self._triple.stop()
            self._mouse.press_again(point, sentence=True, with_clitics=False)
        else:
            keys = {
                "extend": bool(modifiers & _SHIFT),
                "by_character": bool(modifiers & _ALT),
                "adds": bool(modifiers & _CONTROL),
            }
            self._mouse.press(point, **keys)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word; with Ctrl, also the clitics written apart from it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._doubled_at = event.position()
            self._triple.start(QApplication.doubleClickInterval())
            self._mouse.press_again(
                event.position(), sentence=False, with_clitics=bool(event.modifiers() & _CONTROL)
            )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow a drag, or show what a press would take."""
        self._pointer = event.position()
        if self._mouse.dragging:
            self._mouse.drag(self._pointer, by_character=bool(event.modifiers() & _ALT))
            if not 0 <= self._pointer.y() < self._page.view_height:
                self._beyond.start()
            return
        shape = Qt.CursorShape.IBeamCursor
        if is_over_edge(self._page, self._interaction.selected, self._pointer):
            shape = Qt.CursorShape.SplitHCursor
        elif chip_at(self._page, self._pointer):
            shape = Qt.CursorShape.PointingHandCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag or a click."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._beyond.stop()
            self._mouse.release(event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Report a wish for a context menu, with the global point."""
        self.context_requested.emit(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, zoom the text."""
        if event.modifiers() & _CONTROL:
            turned = event.angleDelta().y()
            if turned:
                self.zoom_wanted.emit(self._zoom + (_ZOOM_STEP if turned > 0 else -_ZOOM_STEP))
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the caret; Esc lets go of a drag; all other keys are the window's."""
        block = self._page.blocks.at(self._interaction.caret.position)
        found = move_of(event, self._page.blocks.direction_of(block) == "rtl")
        if found is not None:
            self.move_caret(*found)
        elif selects_all(event):
            self._mouse.select(0, len(self._page.blocks.text))
        elif event.key() != Qt.Key.Key_Escape or not self._mouse.cancel():
            event.ignore()

    def move_caret(self, what: str, extend: bool = False) -> None:
        """Move the caret as named in `moves.MOVES` and keep it in view."""
        self._mouse.move(what, extend)
        self.reveal(self._interaction.caret.position)

    def reveal(self, position: int) -> None:
        """Scroll as little as needed to show a position; one far away comes to the upper third."""
        if self._page.reveal(min(max(position, 0), len(self._page.blocks.text))):
            self.show_scroll()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the caret."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the caret."""
        super().focusOutEvent(event)
        self.viewport().update()
