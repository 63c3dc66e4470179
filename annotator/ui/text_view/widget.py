"""TextView: what the window uses. It shows a text with marks and reports what is done to it."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from annotator.i18n import _
from annotator.text.segmentation import token_at
from annotator.ui.look.style import DARK, LARGEST_ZOOM, LIGHT, SMALLEST_ZOOM, Look
from annotator.ui.text_view.accessible import announce, make_accessible
from annotator.ui.text_view.cells import Caret
from annotator.ui.text_view.control_pictures import count_bidi_controls
from annotator.ui.text_view.hit_testing import marks_under, rects
from annotator.ui.text_view.marks import Link, Mark
from annotator.ui.text_view.missing_glyphs import missing_characters
from annotator.ui.text_view.page import Page, Placed
from annotator.ui.text_view.surface import Surface

_SPOKEN = 200


class TextView(Surface):
    """A text with marks.

    Positions are code points of the text, ends exclusive; points are those of the viewport.
    """

    selection_changed = Signal(int, int)
    mark_clicked = Signal(str)
    link_dragged = Signal(str, str)
    boundary_dragged = Signal(str, object)
    selection_made = Signal(int, int)
    zoom_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mouse = self._mouse
        mouse.selected.connect(self.selection_changed)
        mouse.made.connect(self.selection_made)
        mouse.clicked.connect(self.mark_clicked)
        mouse.linked.connect(self.link_dragged)
        mouse.bounded.connect(self.boundary_dragged)
        self.zoom_wanted.connect(self.set_zoom)
        mouse.selected.connect(self._tell_place)
        make_accessible(self, _("Text of the document"))

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
        self._page = self._mouse.page = Page(text, language, direction)
        for start, other in turned:
            self._page.blocks.choose_direction(start, other)
        self._links = ()
        interaction = self._interaction
        (
            interaction.selected,
            interaction.link_target,
            interaction.preview,
            interaction.rubber_band,
        ) = "", "", (), None
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

        "auto" returns to that of the document's rules.
        """
        self._page.blocks.choose_direction(position, direction)
        self._page.refresh()
        self.show_scroll()

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
        self._redo(self._page.show_marks(marks), before)

    def put_mark(self, mark: Mark) -> None:
        """Add a mark or replace the one of its id."""
        before = self._page.placed
        self._redo(self._page.put_mark(mark), before)

    def remove_mark(self, mark_id: str) -> None:
        """Take a mark away."""
        before = self._page.placed
        self._redo(self._page.remove_mark(mark_id), before)

    def _redo(self, touched: set[int], before: list[Placed]) -> None:
        """Repaint the touched blocks; what lies below them and only moved is moved as it is."""
        after = self._page.placed
        self._map.follow(self._page, self._palette)
        is_elsewhere = (
            bool(self._links)
            or not before
            or (before[0].block, before[0].y) != (after[0].block, after[0].y)
        )
        self.show_scroll(repaint=is_elsewhere)
        if is_elsewhere:
            return
        if not touched:
            return
        first, last = min(touched), max(touched)
        tops = {placed.block: placed.y for placed in before}
        below = next(
            (placed for placed in after if placed.block > last and placed.block in tops), None
        )
        if below is not None and below.y != tops[below.block]:
            self.move_pixels(below.y - tops[below.block], min(tops[below.block], below.y))
        self.repaint_blocks(first, last)

    def select_mark(self, mark_id: str, reveal: bool = True) -> None:
        """Give a mark the focus ring ("" takes it away) and bring its beginning into view."""
        before, self._interaction.selected = self._interaction.selected, mark_id
        mark = self._page.index.marks.get(mark_id)
        if mark is not None and reveal:
            self.reveal(mark.start)
        if before != mark_id:
            self._repaint_marks(before, mark_id)

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
        if self._links != tuple(links):
            self._links = tuple(links)
            self.viewport().update()

    def set_link_target(self, mark_id: str) -> None:
        """Highlight a mark as the candidate for a relation; "" ends it."""
        before, self._interaction.link_target = self._interaction.link_target, mark_id
        if before != mark_id:
            self._repaint_marks(before, mark_id)

    def _repaint_marks(self, *names: str) -> None:
        blocks = self._page.blocks
        for mark in filter(None, map(self._page.index.marks.get, names)):
            self.repaint_blocks(blocks.at(mark.start), blocks.at(mark.end))

    def announce(self, text: str) -> None:
        """Let a screen reader say something."""
        announce(self, text)

    def _tell_place(self, start: int, end: int) -> None:
        """Let a screen reader say what is selected, or the word at the caret, with its labels."""
        if QAccessible.isActive():
            announce(self, self.place_in_words(start, end))

    def place_in_words(self, start: int, end: int) -> str:
        """Return the selected text, or the word at a position, and the labels that cover it.

        The inner first.
        """
        labels = [mark.caption for mark in self._page.index.covering(start)]
        if start < end:
            words: str = _("Selected: {text}").format(text=self.text()[start:end][:_SPOKEN])
        else:
            block = self._page.blocks.at(start)
            offset = self._page.blocks.starts[block]
            token = token_at(self._page.blocks.tokens(block), start - offset)
            words = (
                self.text()[token[0] + offset : token[1] + offset]
                if token
                else self.text()[start : start + 1]
            )
        return " · ".join([words, *labels])

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
        """Let the mouse select by characters, or by words again; tell whether by characters now."""
        self._mouse.characters = not self._mouse.characters
        return self._mouse.characters

    # Scrolling, zoom and looks

    def scroll_position(self) -> int:
        """Return how far the text is scrolled, for `restore_scroll_position`."""
        first = self._page.placed[0] if self._page.placed else None
        return (
            self._page.blocks.starts[first.block]
            + first.layout.starts[first.layout.line_at(-first.y)]
            if first
            else 0
        )

    def restore_scroll_position(self, position: int) -> None:
        """Scroll to where `scroll_position` was, whatever the size of the window has become."""
        if position > 0:
            self._page.bring(min(position, len(self.text())), 0)
            self._page.settle()
            self.show_scroll()

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
        """Return the paragraph that holds a position.

        Of a huge one, the part that is laid out as a whole.
        """
        block = self._page.blocks.at(position)
        return self._page.blocks.starts[block], self._page.blocks.ends[block]

    def mark_at(self, point: QPointF) -> str:
        """Return the id of the innermost mark under a point, or ""."""
        under = marks_under(self._page, point)
        return under[0] if under else ""
