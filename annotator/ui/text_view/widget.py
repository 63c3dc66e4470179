"""TextView: what the window uses. It shows a text with marks and reports what is done to it."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
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
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from annotator.i18n import _
from annotator.ui.look.style import DARK, LARGEST_ZOOM, LIGHT, SMALLEST_ZOOM, USUAL, Look
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.text_view.accessible import announce, make_accessible, spoken_place
from annotator.ui.text_view.arcs import arcs_of
from annotator.ui.text_view.cells import Caret
from annotator.ui.text_view.control_pictures import count_bidi_controls
from annotator.ui.text_view.hit_testing import marks_under, rects
from annotator.ui.text_view.interaction import Interaction
from annotator.ui.text_view.keys import move_of, selects_all
from annotator.ui.text_view.marks import Link, Mark
from annotator.ui.text_view.minimap import WIDTH as MAP_WIDTH
from annotator.ui.text_view.minimap import Minimap
from annotator.ui.text_view.missing_glyphs import missing_characters
from annotator.ui.text_view.mouse import Mouse
from annotator.ui.text_view.mouse_events import MouseEvents
from annotator.ui.text_view.page import Page, Placed
from annotator.ui.text_view.paint import paint_page
from annotator.ui.text_view.repainter import Repainter

_ZOOM_STEP = 10


@guard_overrides
class TextView(QAbstractScrollArea):
    """A text with marks.

    Positions are code points of the text, ends exclusive; points are those of the viewport.
    """

    selection_changed = Signal(int, int)
    mark_clicked = Signal(str)
    link_dragged = Signal(str, str)
    boundary_dragged = Signal(str, object)
    selection_made = Signal(int, int)
    zoom_changed = Signal(int)
    context_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Asked for its viewport, Python would first make every class of widget that it could be.
        self._canvas = self.findChild(QWidget, "qt_scrollarea_viewport")
        self._palette = LIGHT
        self._zoom = 100
        self._look = USUAL
        self._interaction = Interaction()
        self._page = Page("", "", "auto")
        self._mouse = Mouse(self._page, self._interaction, self)
        self._mouse_events = MouseEvents(self, self._mouse)
        self._repainter = Repainter(self, self._page, self._interaction)
        self._map = Minimap(self)
        self._set_up_area()
        self._connect()
        make_accessible(self, _("Text of the document"))

    def _set_up_area(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The scroll bar would change the width, and so the layout, each time it came or went.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        if self._has_map_on_left():
            self.setViewportMargins(MAP_WIDTH, 0, 0, 0)
        else:
            self.setViewportMargins(0, 0, MAP_WIDTH, 0)
        viewport = self.viewport()
        viewport.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        viewport.setMouseTracking(True)
        viewport.setCursor(Qt.CursorShape.IBeamCursor)

    def _connect(self) -> None:
        mouse = self._mouse
        mouse.moved.connect(self._repainter.repaint_selection)
        mouse.pulled.connect(self.viewport().update)
        mouse.selected.connect(self.selection_changed)
        mouse.made.connect(self.selection_made)
        mouse.clicked.connect(self.mark_clicked)
        mouse.linked.connect(self.link_dragged)
        mouse.bounded.connect(self.boundary_dragged)
        mouse.selected.connect(self._announce_place)
        self._map.wanted.connect(self._scroll_to_share)

    # The document

    def show_document(
        self,
        text: str,
        language: str,
        direction: str = "auto",
        turned: Sequence[tuple[int, str]] = (),
    ) -> None:
        """Show a text from its beginning, without marks.

        direction: "rtl", "ltr" or "auto" (by the language); turned: where paragraphs begin that
        have another one, and which.
        """
        self._mouse.cancel()
        page = Page(text, language, direction)
        self._page = self._mouse.page = self._repainter.page = page
        for start, other in turned:
            page.blocks.choose_direction(start, other)
        self._interaction.forget_document()
        self._mouse.select(0, 0)
        self.fit()

    def clear(self) -> None:
        """Show nothing."""
        self.show_document("", "")

    def text(self) -> str:
        """Return the text shown."""
        return self._page.blocks.text

    def set_paragraph_direction(self, position: int, direction: str) -> None:
        """Set the direction of the paragraph at a position.

        "auto" returns to what the document's rules say.
        """
        self._page.blocks.choose_direction(position, direction)
        self._page.refresh()
        self._repainter.show_scroll()

    def paragraph_direction(self, position: int) -> str:
        """Return the direction of the paragraph at a position: "rtl" or "ltr"."""
        return self._page.blocks.direction_of(self._page.blocks.at(position))

    def missing_characters(self) -> str:
        """Return the characters of the text that no font can show, each once."""
        return missing_characters(self.text())

    def bidi_control_count(self) -> int:
        """Return how many bidi controls the text holds: they can make it look like another text."""
        return count_bidi_controls(self.text())

    # Marks

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Make these all the marks; only what differs is redone."""
        before = self._page.placed
        self._show_change(self._page.show_marks(marks), before)

    def put_mark(self, mark: Mark) -> None:
        """Add a mark or replace the one of its id."""
        before = self._page.placed
        self._show_change(self._page.put_mark(mark), before)

    def remove_mark(self, mark_id: str) -> None:
        """Take a mark away."""
        before = self._page.placed
        self._show_change(self._page.remove_mark(mark_id), before)

    def _show_change(self, touched: set[int], before: list[Placed]) -> None:
        self._map.follow(self._page, self._palette)
        self._repainter.repaint_change(touched, before)

    def select_mark(self, mark_id: str, reveal: bool = True) -> None:
        """Give a mark the focus ring ("" takes it away) and bring its beginning into view."""
        before = self._interaction.selected
        self._interaction.selected = mark_id
        mark = self._page.index.marks.get(mark_id)
        if mark is not None and reveal:
            self.reveal(mark.start)
        if before != mark_id:
            self._repainter.repaint_marks(before, mark_id)

    def selected_mark(self) -> str:
        """Return the id of the selected mark, or ""."""
        return (
            self._interaction.selected
            if self._interaction.selected in self._page.index.marks
            else ""
        )

    def extent_of(self, mark_id: str) -> tuple[int, int]:
        """Return from where to where a mark reaches."""
        mark = self._page.index.marks[mark_id]
        return mark.start, mark.end

    def show_links(self, links: Sequence[Link]) -> None:
        """Draw these arcs and no others."""
        if self._interaction.links != tuple(links):
            self._interaction.links = tuple(links)
            self.viewport().update()

    def set_link_target(self, mark_id: str) -> None:
        """Highlight a mark as the candidate for a relation; "" ends it."""
        before = self._interaction.link_target
        self._interaction.link_target = mark_id
        if before != mark_id:
            self._repainter.repaint_marks(before, mark_id)

    def announce(self, text: str) -> None:
        """Let a screen reader say something."""
        announce(self, text)

    def _announce_place(self, start: int, end: int) -> None:
        """Let a screen reader say what is selected, or the word at the caret, with its labels."""
        if QAccessible.isActive():
            announce(self, self.place_in_words(start, end))

    def place_in_words(self, start: int, end: int) -> str:
        """Return the selected text, or the word at a position, and the labels that cover it."""
        return spoken_place(self._page, start, end)

    # Selection and caret

    def selection(self) -> tuple[int, int]:
        """Return the selected range; both are the caret's position when nothing is selected."""
        return self._interaction.selection

    def select(self, start: int, end: int) -> None:
        """Select a range."""
        length = len(self.text())
        self._mouse.select(min(max(start, 0), length), min(max(end, 0), length))

    def caret(self) -> int:
        """Return the caret's position."""
        return self._interaction.caret.position

    def set_caret(self, position: int, extend: bool = False) -> None:
        """Put the caret before the character at a position."""
        self._mouse.put(Caret(min(max(position, 0), len(self.text()))), extend)

    def set_character_mode(self, on: bool) -> None:
        """Let the mouse select by characters, not by words."""
        self._mouse.characters = on

    def toggle_character_mode(self) -> bool:
        """Let the mouse select by characters, or by words again; return whether by characters."""
        self._mouse.characters = not self._mouse.characters
        return self._mouse.characters

    def move_caret(self, what: str, extend: bool = False) -> None:
        """Move the caret as named in `caret_navigation.MOVES` and keep it in view."""
        self._mouse.move(what, extend)
        self.reveal(self._interaction.caret.position)

    # Scrolling, zoom and looks

    def scroll_position(self) -> int:
        """Return how far the text is scrolled, for `restore_scroll_position`."""
        if not self._page.placed:
            return 0
        first = self._page.placed[0]
        line = first.layout.line_at(-first.y)
        return self._page.blocks.starts[first.block] + first.layout.starts[line]

    def restore_scroll_position(self, position: int) -> None:
        """Scroll to where `scroll_position` was, whatever the size of the window has become."""
        if position > 0:
            self.bring_line(position, 0)

    def top_line(self) -> tuple[int, int]:
        """Return where the first line in view begins, and how far below the view's top it lies."""
        return self._page.first_in_view()

    def bring_line(self, position: int, y: int) -> None:
        """Scroll so that the line of a position lies this far below the view's top."""
        self._page.bring(min(position, len(self.text())), y)
        self._page.settle()
        self._repainter.show_scroll()

    def reveal(self, position: int) -> None:
        """Scroll as little as needed to show a position; one far away comes to the upper third."""
        if self._page.reveal(min(max(position, 0), len(self.text()))):
            self._repainter.show_scroll()

    def _scroll_to_share(self, share: float) -> None:
        self.verticalScrollBar().setValue(round(share * self._page.scroll_range))

    def fit(self) -> None:
        """Lay the page out for the size and zoom of the view."""
        size = self.viewport().size()
        self._page.fit(size.width(), size.height(), self._zoom, self._look)
        self._repainter.show_scroll()
        frame = self.viewport().geometry()
        left = frame.left() - MAP_WIDTH if self._has_map_on_left() else frame.right() + 1
        self._map.setGeometry(left, frame.top(), MAP_WIDTH, frame.height())
        self._map.follow(self._page, self._palette)

    def _has_map_on_left(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def take_looks(self, other: "TextView") -> None:
        """Show the text as another view shows its own: as large, in the same look and colours."""
        self._palette, self._look, self._zoom = other._palette, other._look, other._zoom  # noqa: SLF001 - of the same class
        self.fit()
        self.viewport().update()

    def set_zoom(self, percent: int) -> None:
        """Set the size of the text in per cent."""
        zoom = min(max(percent, SMALLEST_ZOOM), LARGEST_ZOOM)
        if zoom != self._zoom:
            self._zoom = zoom
            self.fit()
            self.zoom_changed.emit(zoom)

    def zoom(self) -> int:
        """Return the size of the text in per cent."""
        return self._zoom

    def set_look(self, look: Look) -> None:
        """Take a line spacing, a width of the column and a font."""
        if look != self._look:
            self._look = look
            self.fit()

    def set_dark(self, dark: bool) -> None:
        """Take the dark or the light colours."""
        self._palette = DARK if dark else LIGHT
        self._map.follow(self._page, self._palette)
        self._map.update()
        self.viewport().update()

    def set_show_invisibles(self, on: bool) -> None:
        """Show ZWNJ, tabs, hard spaces and line ends."""
        self._interaction.invisibles = on
        self.viewport().update()

    # Places

    def rects_of(self, start: int, end: int) -> list[QRectF]:
        """Return the rectangles of the characters [start, end), in viewport coordinates."""
        return list(rects(self._page, start, end))

    def position_at(self, point: QPointF) -> int:
        """Return the caret position nearest to a point."""
        return self._page.hit(point).caret.position

    def paragraph_at(self, position: int) -> tuple[int, int]:
        """Return the paragraph that holds a position; of a huge one, the part laid out as one."""
        block = self._page.blocks.at(position)
        return self._page.blocks.starts[block], self._page.blocks.ends[block]

    def mark_at(self, point: QPointF) -> str:
        """Return the id of the innermost mark under a point, or ""."""
        under = marks_under(self._page, point)
        return under[0] if under else ""

    # Events

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Take a value set by the scroll bar."""
        self._repainter.follow_scroll_bar(is_dragging=bool(self._mouse.dragging))

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
        self._mouse_events.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in view."""
        if not self._page.placed:
            self.fit()
        interaction = self._interaction
        interaction.arcs = arcs_of(self._page, interaction.links)
        interaction.shows_caret = self.hasFocus()
        painter = QPainter(self.viewport())
        try:
            paint_page(painter, self._page, interaction, self._palette, QRectF(event.rect()))
        finally:
            painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection, or take hold of an edge or a chip."""
        self._mouse_events.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        self._mouse_events.double_click(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow a drag, or show what a press would take."""
        self._mouse_events.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag or a click."""
        self._mouse_events.release(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Report a wish for a context menu, with the global point."""
        self.context_requested.emit(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, zoom the text."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        turned = event.angleDelta().y()
        if turned > 0:
            self.set_zoom(self._zoom + _ZOOM_STEP)
        elif turned < 0:
            self.set_zoom(self._zoom - _ZOOM_STEP)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the caret; Esc lets go of a drag; all other keys are the window's."""
        block = self._page.blocks.at(self._interaction.caret.position)
        move = move_of(event, self._page.blocks.direction_of(block) == "rtl")
        if move is not None:
            self.move_caret(*move)
        elif selects_all(event):
            self._mouse.select(0, len(self.text()))
        elif event.key() != Qt.Key.Key_Escape or not self._mouse.cancel():
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the caret."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the caret."""
        super().focusOutEvent(event)
        self.viewport().update()
