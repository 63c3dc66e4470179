"""What the mouse does to the page: selecting, clicking marks, dragging edges and links.

It knows the page, not the widget.
"""

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from annotator.text.ranges import holds, toggled
from annotator.text.segmentation import trim
from annotator.ui.text_view.caret_navigation import (
    NO_AIM,
    Aim,
    dragged,
    move,
    sentence_at,
    word_at,
    word_with_clitics,
)
from annotator.ui.text_view.cells import Caret
from annotator.ui.text_view.hit_testing import chip_at, edges, is_on_text, marks_under
from annotator.ui.text_view.interaction import Arc, Interaction
from annotator.ui.text_view.page import Hit, Page

_DRAG_DISTANCE = 3.0

Fragments = tuple[tuple[int, int], ...]


class Mouse(QObject):
    """The selection, and what is being dragged.

    dragging: "" (nothing), "text", "fragment" (of the selected mark), "edge" or "link".
    """

    selected = Signal(int, int)
    made = Signal(int, int)
    clicked = Signal(str)
    linked = Signal(str, str)
    bounded = Signal(str, object)
    moved = Signal()
    """The caret or the selection is elsewhere."""
    pulled = Signal()
    """An edge or a link is being pulled, or is not any more."""

    def __init__(self, page: Page, interaction: Interaction, parent: QObject) -> None:
        super().__init__(parent)
        self.page = page
        self.interaction = interaction
        self.characters = False
        self.dragging = ""
        self.is_moving = False
        self._anchor = Caret(0)
        self._aim = NO_AIM
        self._pressed_at = QPointF()
        self._pressed: Hit | None = None
        self._unit = "token"
        self._chip = ""
        self._edge = (0, False)
        self._first = (0, 0)

    # Caret and selection

    def put(self, caret: Caret, extend: bool, aim: Aim = NO_AIM) -> None:
        """Put the caret somewhere; the selection collapses or is extended."""
        self._aim = aim
        if not extend:
            self._anchor = caret
        self.interaction.caret = caret
        self._take(self._anchor.position, caret.position)

    def select(self, start: int, end: int, backwards: bool = False) -> None:
        """Select [start, end)."""
        self._aim = NO_AIM
        first = Caret(start)
        last = Caret(end, before=end > start)
        self._anchor, self.interaction.caret = (last, first) if backwards else (first, last)
        self._take(start, end)

    def move(self, what: str, extend: bool) -> None:
        """Move the caret as named.

        Without extending, an arrow leaves a selection at its edge on that side.
        """
        caret = self.interaction.caret
        start, end = self.interaction.selection
        if not extend and start != end and what in ("left", "right"):
            ends = [Caret(start), Caret(end, before=True)]
            places = {edge: self.page.caret_place(edge) for edge in ends}
            if places[ends[0]][:2] == places[ends[1]][:2]:
                choose = min if what == "left" else max
                self.put(choose(ends, key=lambda edge: places[edge][2]), extend=False)
                return
        moved = move(self.page, caret, what, self._aim)
        self.put(moved.caret, extend, moved.aim)

    def _take(self, a: int, b: int) -> None:
        chosen = (min(a, b), max(a, b))
        is_new = chosen != self.interaction.selection
        self.interaction.selection = chosen
        self.moved.emit()
        if is_new:
            self.selected.emit(*chosen)

    # The mouse

    def press(self, point: QPointF, extend: bool, by_character: bool, adds: bool = False) -> None:
        """Take a press of the left button; `adds` to the selected mark what is dragged over."""
        self._pressed_at = point
        self.is_moving = False
        self._unit = "cell" if by_character or self.characters else "token"
        self._chip = chip_at(self.page, point)
        edge = next(
            (
                edge
                for edge, rect in edges(self.page, self.interaction.selected)
                if rect.contains(point)
            ),
            None,
        )
        self._pressed = self.page.hit(point)
        if self._chip:
            self.dragging = "link"
        elif edge is not None and not extend and not adds:
            self.dragging = "edge"
            self._edge = edge
        elif adds and self.interaction.selected in self.page.index.marks:
            self.dragging = "fragment"
            self._first = (self._pressed.start, self._pressed.end)
        else:
            self.dragging = "text"
            self.put(self._pressed.caret, extend)
            self._first = (
                (self._anchor.position, self._anchor.position)
                if extend
                else (self._pressed.start, self._pressed.end)
            )

    def press_again(self, point: QPointF, sentence: bool, with_clitics: bool) -> None:
        """Take a double click (a word) or a triple click (a sentence)."""
        hit = self.page.hit(point)
        is_beside = not (sentence or is_on_text(self.page, hit, point, self.page.metrics.text_size))
        if is_beside or chip_at(self.page, point):
            return
        self.dragging = "text"
        self.is_moving = True
        self._pressed = hit
        self._pressed_at = point
        self._unit = "sentence" if sentence else "token"
        if sentence:
            found: tuple[int, int] | None = sentence_at(self.page, hit.start)
        else:
            found = (
                word_with_clitics(self.page, hit.start, hit.end)
                if with_clitics
                else word_at(self.page, hit.start, hit.end)
            )
        self._first = found or (hit.start, hit.end)
        self.select(*self._first)

    def drag(self, point: QPointF, by_character: bool) -> None:
        """Follow the mouse with the button down."""
        if not self.is_moving:
            far = point - self._pressed_at
            if abs(far.x()) + abs(far.y()) < _DRAG_DISTANCE:
                return
            self.is_moving = True
        if self._unit != "sentence":
            self._unit = "cell" if by_character or self.characters else "token"
        if self.dragging == "text":
            self._drag_text(self.page.hit(point))
        elif self.dragging == "fragment":
            self._drag_fragment(self.page.hit(point))
        elif self.dragging == "edge":
            self.interaction.preview = self._moved_edge(self.page.hit(point))
            self.pulled.emit()
        elif self.dragging == "link":
            self._drag_link(point)

    def _drag_text(self, hit: Hit) -> None:
        if self._unit == "cell" and self._pressed is not None:
            self.put(hit.caret, extend=True)
            return
        if self._unit == "sentence":
            sentence = sentence_at(self.page, hit.start)
            start = min(self._first[0], sentence[0])
            end = max(self._first[1], sentence[1])
        else:
            start, end = dragged(self.page, self._first, (hit.start, hit.end))
        self.select(start, end, backwards=hit.start < self._first[0])

    def _drag_fragment(self, hit: Hit) -> None:
        """Preview the selected mark with what is dragged over.

        What lies in one of its fragments already is taken away.
        """
        start = min(self._first[0], hit.start)
        end = max(self._first[1], hit.end)
        if self._unit != "cell":
            start, end = dragged(self.page, self._first, (hit.start, hit.end))
        stretch = trim(self.page.blocks.text, start, end)
        fragments = self.page.index.marks[self.interaction.selected].fragments
        self.interaction.preview = toggled(fragments, stretch) if stretch else ()
        if stretch and holds(fragments, stretch):
            trimmed = (
                trim(self.page.blocks.text, *fragment) for fragment in self.interaction.preview
            )
            self.interaction.preview = tuple(fragment for fragment in trimmed if fragment)
        self.pulled.emit()

    def _drag_link(self, point: QPointF) -> None:
        under = [mark_id for mark_id in marks_under(self.page, point) if mark_id != self._chip]
        self.interaction.link_target = under[0] if under else ""
        mark = self.page.index.marks.get(self._chip)
        self.interaction.rubber_band = Arc(
            (self._pressed_at, point), "", QRectF(), mark.color if mark else "#777777"
        )
        self.pulled.emit()

    def _moved_edge(self, hit: Hit) -> Fragments:
        """Return the selected mark's fragments with the dragged edge under the pointer.

        An edge never passes another.
        """
        fragments = self.page.index.marks[self.interaction.selected].fragments
        number, is_end = self._edge
        start, end = fragments[number]
        low, high = _free_around(fragments, number, len(self.page.blocks.text))
        word = None if self._unit == "cell" else word_at(self.page, hit.start, hit.end)
        if is_end:
            least = move(self.page, Caret(start), "next_grapheme").caret.position
            end = min(max(word[1] if word else hit.caret.position, least), high)
        else:
            most = move(self.page, Caret(end), "previous_grapheme").caret.position
            start = max(min(word[0] if word else hit.caret.position, most), low)
        changed = trim(self.page.blocks.text, start, end) or fragments[number]
        return (*fragments[:number], changed, *fragments[number + 1 :])

    def release(self, point: QPointF) -> None:
        """Take the release of the left button."""
        dragging = self.dragging
        was_moving = self.is_moving
        self.dragging = ""
        self.is_moving = False
        if dragging in ("edge", "fragment"):
            if was_moving:
                self._release_edge()
            elif dragging == "edge":
                self._click(point)
        elif dragging == "link" and was_moving:
            child = self.interaction.link_target
            self._let_go()
            if child:
                self.linked.emit(self._chip, child)
        elif dragging == "text" and was_moving:
            self._finish_selection()
        elif dragging:
            self._click(point)

    def cancel(self) -> bool:
        """Let go of what is being dragged; return whether there was anything."""
        was_dragging = bool(self.dragging) and self.is_moving
        self.dragging = ""
        self.is_moving = False
        self._let_go()
        return was_dragging

    def _let_go(self) -> None:
        if self.interaction.rubber_band is not None:  # else the target is the window's
            self.interaction.rubber_band = None
            self.interaction.link_target = ""
        self.interaction.preview = ()
        self.pulled.emit()

    def _release_edge(self) -> None:
        fragments = self.interaction.preview
        mark = self.page.index.marks.get(self.interaction.selected)
        self._let_go()
        if mark is not None and fragments and fragments != mark.fragments:
            self.bounded.emit(mark.id, fragments)

    def _finish_selection(self) -> None:
        """Trim white space and invisible characters off a finished selection."""
        start, end = self.interaction.selection
        found = trim(self.page.blocks.text, start, end)
        if found is None:
            self.put(self.interaction.caret, extend=False)
            return
        if found != (start, end):
            self.select(*found, backwards=self.interaction.caret.position == start)
        self.made.emit(*found)

    def _click(self, point: QPointF) -> None:
        """Report the mark clicked on: the innermost, or the one around the selected."""
        if self._chip:
            self.clicked.emit(self._chip)
            return
        stack = marks_under(self.page, point)
        if not stack:
            self.clicked.emit("")
        elif self.interaction.selected in stack:
            self.clicked.emit(stack[(stack.index(self.interaction.selected) + 1) % len(stack)])
        else:
            self.clicked.emit(stack[0])


def _free_around(fragments: Fragments, number: int, length: int) -> tuple[int, int]:
    """Return between which positions a fragment may reach without touching its neighbours."""
    low = fragments[number - 1][1] if number else 0
    high = fragments[number + 1][0] if number + 1 < len(fragments) else length
    return low, high


def is_over_edge(page: Page, selected: str, point: QPointF) -> bool:
    """Return whether a press here would take hold of an edge of the selected mark."""
    return any(rect.contains(point) for _edge, rect in edges(page, selected))
