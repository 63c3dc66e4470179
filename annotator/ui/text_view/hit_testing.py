"""Where marks can be taken hold of: chips, edges, and what lies under a point.

All points are view coordinates.
"""

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF

from annotator.ui.text_view.blocks import Blocks
from annotator.ui.text_view.cells import Caret
from annotator.ui.text_view.decorations import Bar, Chip, chip_width
from annotator.ui.text_view.layout import BlockLayout
from annotator.ui.text_view.marks import CLAIM, Mark
from annotator.ui.text_view.page import Hit, Page, Placed

_REACH = 4.0
_MOST_RECT_BLOCKS = 60
_BAR_AWAY, _BAR_STEP, _BAR_WIDTH = 10.0, 6.0, 3.0


def rects(page: Page, start: int, end: int, in_view: bool = False) -> Iterator[QRectF]:
    """Yield the rectangles of the characters [start, end) in view coordinates.

    `in_view` leaves out what is not seen.
    """
    first = page.blocks.at(start)
    last = page.blocks.at(max(end - 1, start))
    if in_view:
        first = max(first, page.placed[0].block)
        last = min(last, page.placed[-1].block)
    else:
        last = min(last, first + _MOST_RECT_BLOCKS)
        for block in range(first, last + 1):
            page.layout(block)  # heights first: they move what follows
    for block in range(first, last + 1):
        yield from _rects_in(page, block, start, end)


def _rects_in(page: Page, block: int, start: int, end: int) -> Iterator[QRectF]:
    layout = page.layout(block)
    begin = page.blocks.starts[block]
    y = page.view_y(block)
    for line in range(len(layout)):
        line_end = max(layout.ends[line], layout.starts[line] + 1)
        if layout.starts[line] < end - begin and start - begin < line_end:
            top = y + layout.tops[line]
            for left, right in layout.cells(line).rects(start - begin, end - begin):
                yield QRectF(page.column_left + left, top, right - left, page.metrics.box)
    if _covers_separator(page.blocks, block, start, end):
        wide = page.metrics.text_size * 0.35
        left = _separator_left(layout, page.blocks.ends[block] - begin, wide)
        yield QRectF(page.column_left + left, y + layout.tops[-1], wide, page.metrics.box)


def _covers_separator(blocks: Blocks, block: int, start: int, end: int) -> bool:
    return blocks.closes[block] and start <= blocks.ends[block] < min(end, blocks.limit(block))


def _separator_left(layout: BlockLayout, length: int, wide: float) -> float:
    """Return the x of what stands for a covered paragraph separator after the last character."""
    x = layout.cells(len(layout) - 1).caret_x(Caret(length, before=True))
    return x - wide if layout.rtl else x


def chip_rect(page: Page, y: float, chip: Chip) -> QRectF:
    """Return a chip's rectangle on a line whose text box begins at a view y."""
    return QRectF(page.column_left + chip.left, y + chip.top, chip.width, chip.height)


def bar_rect(page: Page, placed: Placed, bar: Bar) -> QRectF:
    """Return the rectangle of a claim's bar, at the start side of its paragraph."""
    away = _BAR_AWAY + bar.column * _BAR_STEP
    x = (
        page.column_left + page.width + away
        if placed.layout.rtl
        else page.column_left - away - _BAR_WIDTH
    )
    top = placed.y + placed.layout.tops[bar.first] + 2
    return QRectF(
        x, top, _BAR_WIDTH, placed.y + placed.layout.tops[bar.last] + page.metrics.box - top
    )


def bar_chips(page: Page, placed: Placed) -> Iterator[tuple[Bar, QRectF]]:
    """Yield the claims that begin in a block with their chips' rectangles, none over another."""
    metrics = page.metrics
    lowest = -1e9
    columns = max((bar.column for bar in placed.arrangement.bars), default=0)
    away = _BAR_AWAY + columns * _BAR_STEP + _BAR_WIDTH + 4
    for bar in sorted(placed.arrangement.bars, key=lambda entry: (entry.first, entry.column)):
        if bar.begins:
            wide = chip_width(bar.mark, metrics)
            x = (
                page.column_left + page.width + away
                if placed.layout.rtl
                else page.column_left - away - wide
            )
            rect = QRectF(
                x,
                max(placed.y + placed.layout.tops[bar.first] + 3, lowest),
                wide,
                metrics.chip_height,
            )
            lowest = rect.bottom() + 2
            yield bar, rect


def chip_at(page: Page, point: QPointF) -> str:
    """Return the id of the mark whose chip (or bar) is under a point, or ""."""
    for placed in page.placed:
        if not placed.y - 2 <= point.y() <= placed.y + placed.layout.height:
            continue
        line = placed.layout.line_at(point.y() - placed.y)
        for chip in reversed(page.decorations(placed, line).chips):
            if chip_rect(page, placed.y + placed.layout.tops[line], chip).contains(point):
                return chip.mark.id
        for bar, rect in bar_chips(page, placed):
            if rect.contains(point):
                return bar.mark.id
        for bar in placed.arrangement.bars:
            if bar_rect(page, placed, bar).adjusted(-2, 0, 2, 0).contains(point):
                return bar.mark.id
    return ""


def marks_under(page: Page, point: QPointF) -> list[str]:
    """Return the ids of the marks under a point, the innermost first."""
    chip = chip_at(page, point)
    if chip:
        return [chip]
    hit = page.hit(point)
    return (
        [mark.id for mark in page.index.covering(hit.start)]
        if is_on_text(page, hit, point, 2)
        else []
    )


def is_on_text(page: Page, hit: Hit, point: QPointF, near: float) -> bool:
    """Return whether a point lies over what was hit there, or near to it."""
    return (
        hit.cell is not None
        and hit.cell.left - near <= point.x() - page.column_left <= hit.cell.right + near
    )


def edges(page: Page, mark_id: str) -> Iterator[tuple[tuple[int, bool], QRectF]]:
    """Yield where a mark's edges can be taken: (fragment number, whether its end), a rectangle."""
    mark = page.index.marks.get(mark_id)
    if mark is None:
        return
    in_view = {placed.block: placed for placed in page.placed}
    for number, (start, end) in enumerate(mark.fragments):
        # Of a short mark the middle half stays free: a press there begins a selection.
        most = min(_REACH, sum(rect.width() for rect in rects(page, start, end, in_view=True)) / 4)
        for is_end, caret in ((False, Caret(start)), (True, Caret(end, before=True))):
            placed = in_view.get(page.blocks.at(caret.position - is_end))
            if placed is not None:
                yield (number, is_end), _edge_rect(page, placed, caret, most)


def _edge_rect(page: Page, placed: Placed, caret: Caret, most: float) -> QRectF:
    _block, line, x = page.caret_place(caret)
    left = min(most, _reach(page, placed, line, x - 0.5))
    right = min(most, _reach(page, placed, line, x + 0.5))
    y = placed.y + placed.layout.tops[line]
    return QRectF(page.column_left + x - left, y, left + right, page.metrics.box)


def _reach(page: Page, placed: Placed, line: int, x: float) -> float:
    """Return how far an edge may be taken hold of over what stands at x.

    Of a thin letter the middle stays free.
    """
    cell = placed.layout.cells(line).cell_at(x)
    if (
        cell is None
        or not cell.left <= x <= cell.right
        or page.blocks.content(placed.block)[cell.start].isspace()
    ):
        return _REACH
    return (cell.right - cell.left) / 3


def handle_of(page: Page, mark: Mark) -> QRectF:
    """Return where arcs meet a mark: from the top of its first line to the bottom of its chip.

    A claim is met at its chip in the margin.
    """
    block = page.blocks.at(mark.start)
    for placed in page.placed:
        if placed.block == block and mark.look == CLAIM:
            for bar, rect in bar_chips(page, placed):
                if bar.mark.id == mark.id:
                    return rect
    _block, line, x = page.caret_place(Caret(mark.start))
    top = page.view_y(block) + page.layout(block).tops[line]
    for placed in page.placed:
        if placed.block == block:
            for chip in page.decorations(placed, line).chips:
                if chip.mark.id == mark.id:
                    rect = chip_rect(page, top, chip)
                    return rect.united(QRectF(rect.left(), top, rect.width(), 1))
    return QRectF(page.column_left + x - 1, top, 2, page.metrics.box)
