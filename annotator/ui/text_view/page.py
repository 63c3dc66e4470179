"""The page: a text with its marks, laid out where it is looked at.

It knows where everything is and draws nothing.

Words: *page* coordinates begin at the left edge of the text column and at the top of a block;
*view* coordinates are those of the window's viewport. The *anchor* is the place that stays put
while heights become known: a block, and how far below the block's top the view begins.
"""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF

from annotator.ui.look.style import USUAL, Look, Metrics, metrics
from annotator.ui.text_view.blocks import Blocks
from annotator.ui.text_view.cells import Caret, Cell
from annotator.ui.text_view.control_pictures import lines_with_pictures
from annotator.ui.text_view.decorations import (
    NOTHING,
    Arrangement,
    LineDecorations,
    arrange,
    decorate_line,
)
from annotator.ui.text_view.heights import Guess, HeightMap, Sample, estimated
from annotator.ui.text_view.index import MarkIndex
from annotator.ui.text_view.layout import BlockLayout, Remembered
from annotator.ui.text_view.marks import Mark

_SAMPLES = 12
_LONGEST_SAMPLE = 2000


class Placed(NamedTuple):
    """A block in view: its layout, what its marks add, and the view y of its top."""

    block: int
    layout: BlockLayout
    arrangement: Arrangement
    y: int
    height: int


class Hit(NamedTuple):
    """What is under a point: block, line, caret, and cell.

    Caret and cell are text positions; there is no cell in an empty line.
    """

    block: int
    line: int
    caret: Caret
    cell: Cell | None

    @property
    def start(self) -> int:
        """First character under the point, or the caret's position."""
        return self.caret.position if self.cell is None else self.cell.start

    @property
    def end(self) -> int:
        """End of what is under the point."""
        return self.caret.position if self.cell is None else self.cell.end


class Page:
    """The geometry of one document at one width and zoom."""

    def __init__(self, text: str, language: str, direction: str) -> None:
        self.blocks = Blocks(text, language, direction)
        self.index = MarkIndex(self.blocks)
        self.metrics: Metrics = metrics(100)
        self.zoom = 100
        self.look = USUAL
        self.width = 0
        self.view_width = 0
        self.view_height = 0
        self.column_left = 0
        self.anchor_block = 0
        self.anchor_offset = -self.metrics.top
        self.placed: list[Placed] = []
        self._layouts = Remembered()
        self._arrangements: dict[int, Arrangement] = {}
        self._kept_lanes: dict[int, dict[str, int]] = {}
        self._columns: dict[str, int] = {}
        self.heights = HeightMap([0] * len(self.blocks))
        self._is_stale = True

    # Size and scrolling

    def fit(self, view_width: int, view_height: int, zoom: int, look: Look = USUAL) -> None:
        """Take a new size, zoom or look; what was at the top of the view stays there."""
        is_same = (view_width, zoom, look) == (
            self.view_width,
            self.zoom,
            self.look,
        ) and not self._is_stale
        self.view_height = view_height
        if not is_same:
            first = None if self._is_stale else self.first_in_view()
            self.view_width = view_width
            self.zoom = zoom
            self.look = look
            self.metrics = metrics(zoom, look)
            first_direction = self.blocks.direction_of(0)
            margin = min(self.metrics.margin, max(view_width // 6, 24))
            self.width = max(min(self.metrics.column(first_direction), view_width - 2 * margin), 60)
            self.column_left = (view_width - self.width) // 2
            self._start_over()
            if first is not None:
                self.bring(first[0], first[1])
        self.settle()

    def refresh(self) -> None:
        """Lay everything out anew, after a change of directions."""
        first = self.first_in_view()
        self._start_over()
        self.bring(*first)
        self.settle()

    def _start_over(self) -> None:
        self._layouts.forget()
        self._arrangements.clear()
        self.heights = self._estimated()
        self._is_stale = False

    def first_in_view(self) -> tuple[int, int]:
        """Return the first position of the first line in view, and the view y of that line."""
        for placed in self.placed:
            for line, top in enumerate(placed.arrangement.tops):
                if placed.y + top >= 0:
                    return self.blocks.starts[placed.block] + placed.layout.starts[
                        line
                    ], placed.y + top
        return self.blocks.starts[self.anchor_block], -self.anchor_offset

    def _estimated(self) -> HeightMap:
        """Guess all heights from a few blocks: the scroll bar is right from the beginning."""
        lengths = [
            end - start for start, end in zip(self.blocks.starts, self.blocks.ends, strict=True)
        ]
        for block in range(0, len(lengths), max(len(lengths) // _SAMPLES, 1)):
            if lengths[block] <= _LONGEST_SAMPLE:
                self.layout(block)
        samples = {
            block: Sample(len(layout), layout.height) for block, layout in self._layouts.items()
        }
        gaps = [self._gap(block) for block in range(len(lengths))]
        plain = Guess(self.width / self.metrics.text_size * 2, self.metrics.pitch)
        return HeightMap(estimated(lengths, gaps, samples, plain))

    def _gap(self, block: int) -> int:
        """Return the gap after a block: an empty paragraph is gap enough."""
        blocks = self.blocks
        return (
            self.metrics.paragraph_gap
            if blocks.closes[block] and blocks.starts[block] < blocks.ends[block]
            else 0
        )

    @property
    def scroll_range(self) -> int:
        """Return the largest scroll value."""
        return max(
            self.heights.total + self.metrics.top + self.metrics.bottom - self.view_height, 0
        )

    @property
    def scroll_value(self) -> int:
        """Return how far the page is scrolled."""
        return self.heights.top(self.anchor_block) + self.anchor_offset + self.metrics.top

    def scroll_to(self, value: int) -> None:
        """Scroll to a value of the scroll bar."""
        y = value - self.metrics.top
        self.anchor_block = self.heights.find(y)
        self.anchor_offset = y - self.heights.top(self.anchor_block)
        self.settle()

    def bring(self, position: int, y: int) -> None:
        """Scroll so that the line of a position has its top at a view y."""
        block = self.blocks.at(position)
        layout = self.layout(block)
        line = layout.line_of(Caret(position - self.blocks.starts[block]))
        self.anchor_block = block
        self.anchor_offset = layout.tops[line] - y

    def reveal(self, position: int) -> bool:
        """Scroll as little as needed to show a position; one far away comes to the upper third.

        Return whether anything moved.
        """
        block, line = self.locate(Caret(position))
        layout = self.layout(block)
        top = self.view_y(block) + layout.tops[line]
        height = layout.bottom(line) - layout.tops[line]
        if not self.placed or (top >= 0 and top + height <= self.view_height):
            return False
        margin = self.metrics.pitch // 2
        is_near = -self.view_height < top < 2 * self.view_height
        self.bring(
            position,
            (margin if top < 0 else self.view_height - height - margin)
            if is_near
            else self.view_height // 3,
        )
        self.settle()
        return True

    def settle(self) -> None:
        """Lay out what is in view, and keep the view within the page."""
        self._climb()
        self._place()
        last = self.placed[-1]
        missing = self.view_height - self.metrics.bottom - (last.y + last.layout.height)
        if last.block == len(self.blocks) - 1 and missing > 0:
            self.anchor_offset -= missing
            self._climb()
            self._place()

    def _climb(self) -> None:
        """Let the anchor be the first block in view."""
        while self.anchor_offset < 0 and self.anchor_block > 0:
            self.anchor_block -= 1
            self.anchor_offset += self.layout(self.anchor_block).height
        while self.anchor_block + 1 < len(self.blocks) and self.anchor_offset >= (
            height := self.layout(self.anchor_block).height
        ):
            self.anchor_offset -= height
            self.anchor_block += 1
        if self.anchor_block == 0:
            self.anchor_offset = max(self.anchor_offset, -self.metrics.top)

    def _place(self) -> None:
        self.placed = []
        y = -self.anchor_offset
        for block in range(self.anchor_block, len(self.blocks)):
            layout = self.layout(block)
            self.placed.append(Placed(block, layout, self._arrangements[block], y, layout.height))
            y += layout.height
            if (
                y >= self.view_height + self.metrics.pitch
            ):  # ink of the next block may reach up into the view
                break

    # Layouts and marks

    def layout(self, block: int) -> BlockLayout:
        """Return the layout of a block with its lines in place."""
        layout = self._layouts.find(block)
        if layout is None:
            layout = BlockLayout(
                self.blocks.content(block),
                self.blocks.direction_of(block),
                self.width,
                self.metrics,
            )
            given_up = self._layouts.keep(block, layout)
            if given_up is not None:
                self._arrangements.pop(given_up, None)
                self._kept_lanes.pop(given_up, None)
            self._arrange(block, layout)
        return layout

    def _arrange(self, block: int, layout: BlockLayout) -> None:
        lines = list(zip(layout.starts, layout.ends, strict=True))
        pieces = self.index.pieces(block)
        kept = self._kept_lanes.get(block, {})
        pictured = lines_with_pictures(self.blocks.content(block), lines) if pieces else ()
        arrangement = arrange(pieces, lines, self.metrics, kept, self._columns, pictured)
        if self.index.marks:
            self._kept_lanes[block] = {**arrangement.lanes, **arrangement.claim_lanes}
        gap = self._gap(block)
        layout.place(arrangement.tops, arrangement.height + gap)
        self._arrangements[block] = arrangement
        self.heights.change(block, layout.height)

    def decorations(self, placed: Placed, line: int) -> LineDecorations:
        """Return what the marks add to a line in view."""
        if not placed.arrangement.pieces[line]:
            return NOTHING  # and no need to know the cells of the line
        decorations = placed.arrangement.lines[line]
        if decorations is not None:
            return decorations
        cells = placed.layout.cells(line)
        return decorate_line(placed.arrangement, line, cells, self.metrics, self.width)

    def show_marks(self, marks: Sequence[Mark]) -> set[int]:
        """Make these all the marks; return the blocks that changed."""
        is_first = not self.index.marks
        touched = self._rearranged(self.index.show(marks))
        if is_first and touched and self.placed:
            self.heights = self._estimated()  # marks make lines higher, in the samples too
            self.settle()
        return touched

    def put_mark(self, mark: Mark) -> set[int]:
        """Add or replace a mark; return the blocks that changed."""
        return self._rearranged(self.index.put(mark))

    def remove_mark(self, mark_id: str) -> set[int]:
        """Take a mark away; return the blocks that changed."""
        self._columns.pop(mark_id, None)
        return self._rearranged(self.index.remove(mark_id))

    def _rearranged(self, touched: set[int]) -> set[int]:
        for block in touched & self._arrangements.keys():
            layout = self._layouts.find(block)
            if layout is not None:
                self._arrange(block, layout)
        if self.placed:
            self.settle()
        return touched

    # Places

    def locate(self, caret: Caret) -> tuple[int, int]:
        """Return block and line of a caret."""
        block = self.blocks.at(caret.position)
        return block, self.layout(block).line_of(self.local(block, caret))

    def local(self, block: int, caret: Caret) -> Caret:
        """Return a caret in characters of a block."""
        start = self.blocks.starts[block]
        return Caret(min(caret.position, self.blocks.ends[block]) - start, caret.before)

    def caret_place(self, caret: Caret) -> tuple[int, int, float]:
        """Return block, line and page x of a caret."""
        block, line = self.locate(caret)
        return block, line, self.layout(block).cells(line).caret_x(self.local(block, caret))

    def caret_at(self, block: int, line: int, x: float) -> Caret:
        """Return the caret nearest to x on a line."""
        found = self.layout(block).cells(line).hit(x)
        return Caret(found.position + self.blocks.starts[block], found.before)

    def view_y(self, block: int) -> int:
        """Return the view y of a block's top; an estimate when it is far from the view."""
        for placed in self.placed:
            if placed.block == block:
                return placed.y
        return self.heights.top(block) + self.metrics.top - self.scroll_value

    def hit(self, point: QPointF) -> Hit:
        """Return what lies under a view point; outside of the text, the nearest."""
        found = self.placed[0]
        for placed in self.placed:
            if point.y() >= placed.y:
                found = placed
        line = found.layout.line_at(point.y() - found.y)
        cells = found.layout.cells(line)
        x = point.x() - self.column_left
        cell = cells.cell_at(x)
        caret = cells.hit(x)
        start = self.blocks.starts[found.block]
        shifted = cell._replace(start=cell.start + start, end=cell.end + start) if cell else None
        return Hit(found.block, line, Caret(caret.position + start, caret.before), shifted)
