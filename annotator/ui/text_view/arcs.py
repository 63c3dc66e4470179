"""Arcs: links between marks, led where there is no text.

Along the gaps under lines and along the column's edge.

Words: an *end* is where an arc meets a mark; its *lane* is the height at which the arc leaves the
mark's line, under all that hangs from the line. A claim's chip stands in the margin and is met
there, at its side.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import hypot, inf
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from annotator.ui.look.style import Metrics, Palette, chip_font, chip_text_width, legible
from annotator.ui.text_view.cells import Caret
from annotator.ui.text_view.hit_testing import bar_chips, chip_rect, handle_of
from annotator.ui.text_view.interaction import Arc
from annotator.ui.text_view.marks import Link, Mark
from annotator.ui.text_view.page import Page

_RADIUS = 3.0
_BEND = 5.0
_ARROW = 5.0
_BESIDE_START, _BESIDE_END, _STEP = 4.0, 8.0, 4.0
_SHARES = (0.5, 0.3, 0.7, 0.15, 0.85)


class _End(NamedTuple):
    """Where an arc meets a mark, and the height at which it leaves the line."""

    point: QPointF
    lane: float
    in_margin: bool = False


def arcs_of(page: Page, links: Sequence[Link]) -> list[Arc]:
    """Return the arcs of links between marks.

    An implicit argument stands in the margin beside the head's line.
    """
    if not links:
        return []
    marks = page.index.marks
    arcs = list[Arc]()
    taken = list(_obstacles(page))
    for link in links:
        head = marks.get(link.head)
        child = marks.get(link.child)
        if head is None:
            continue
        if child is not None:
            points = _route(page, head, child, len(arcs))
            text = link.text
        elif link.implicit:
            points = _to_margin(page, head)
            text = f"{link.text}: {link.implicit}"
        else:
            continue
        sign = _sign_place(page, points, text, taken) if text else QRectF()
        taken.append(sign)
        arcs.append(Arc(points, text, sign, link.color))
    return arcs


def _end(page: Page, mark: Mark) -> _End:
    rect = handle_of(page, mark)
    left = page.column_left
    right = page.column_left + page.width
    if rect.left() >= right or rect.right() <= left:
        return _End(
            QPointF(rect.left() if rect.left() >= right else rect.right(), rect.center().y()),
            rect.center().y(),
            in_margin=True,
        )
    block, line, _x = page.caret_place(Caret(mark.start))
    lane = max(page.view_y(block) + page.layout(block).bottom(line) - 1.0, rect.bottom() + 1)
    return _End(QPointF(rect.center().x(), rect.bottom()), lane)


def _route(page: Page, head: Mark, child: Mark, number: int) -> tuple[QPointF, ...]:
    """Return the corners of the way from mark to mark.

    It leads down from the line, along the column's edge, and up again.
    """
    begin = _end(page, head)
    end = _end(page, child)
    if begin.lane == end.lane and not (begin.in_margin or end.in_margin):
        edge = begin.point.x()
    elif begin.in_margin or end.in_margin:
        edge = _beside(page, head, _BESIDE_START + number % 3 * 2, at_end=False)
    else:
        edge = _beside(page, head, _BESIDE_END + number % 4 * _STEP, at_end=True)
    corners = [
        begin.point,
        QPointF(begin.point.x(), begin.lane),
        QPointF(edge, begin.lane),
        QPointF(edge, end.lane),
        QPointF(end.point.x(), end.lane),
        end.point,
    ]
    return (corners[0], *(after for before, after in pairwise(corners) if after != before))


def _beside(page: Page, mark: Mark, away: float, *, at_end: bool) -> float:
    """Return an x beside the column, where the lines of a mark's paragraph begin or end."""
    rtl = page.blocks.direction_of(page.blocks.at(mark.start)) == "rtl"
    away = min(away, page.column_left - 2.0)
    return page.column_left - away if rtl == at_end else page.column_left + page.width + away


def _to_margin(page: Page, head: Mark) -> tuple[QPointF, ...]:
    """Return the way from a mark to an argument without a place.

    It is a step into the margin where the line begins.
    """
    begin = _end(page, head)
    if begin.in_margin:
        return begin.point, QPointF(begin.point.x(), begin.point.y() + page.metrics.pitch)
    return (
        begin.point,
        QPointF(begin.point.x(), begin.lane),
        QPointF(_beside(page, head, 12, at_end=False), begin.lane),
    )


def _obstacles(page: Page) -> Iterator[QRectF]:
    """Yield what the name of an arc should not cover: text, chips, and what is out of view."""
    for placed in page.placed:
        for line, top in enumerate(placed.layout.tops):
            cells = placed.layout.cells(line).cells
            y = placed.y + top
            if cells:
                yield QRectF(
                    page.column_left + cells[0].left,
                    y,
                    cells[-1].right - cells[0].left,
                    page.metrics.box,
                )
            for chip in page.decorations(placed, line).chips:
                yield chip_rect(page, y, chip)
        for _bar, rect in bar_chips(page, placed):
            yield rect
    far = 10.0 * page.view_height + page.view_width
    yield from (QRectF(-far, -far, far, 3 * far), QRectF(page.view_width, -far, far, 3 * far))
    yield from (QRectF(-far, -far, 3 * far, far), QRectF(-far, page.view_height, 3 * far, far))


def _sign_place(
    page: Page, points: Sequence[QPointF], text: str, taken: Iterable[QRectF]
) -> QRectF:
    """Return where on its way the name of an arc covers nothing, or least."""
    wide = chip_text_width(text, page.metrics.chip_size) + 8
    high = page.metrics.chip_height
    best = QRectF()
    least = inf
    for corner in _along(page, points, wide, high):
        place = QRectF(corner.x(), corner.y(), wide, high)
        covered = sum(_shared(place, other) for other in taken if place.intersects(other))
        if covered < least:
            best = place
            least = covered
        if not covered:
            break
    return best


def _along(page: Page, points: Sequence[QPointF], wide: float, high: float) -> Iterator[QPointF]:
    """Yield corners for a name of this size, on the longest stretch of a way first."""
    for one, two in sorted(
        pairwise(points), key=lambda stretch: -(stretch[1] - stretch[0]).manhattanLength()
    ):
        for share in _SHARES:
            middle = one + (two - one) * share
            if one.y() == two.y():  # above the lane: there hang the chips, below it stands text
                yield QPointF(middle.x() - wide / 2, middle.y() - high - 1)
                yield QPointF(middle.x() - wide / 2, middle.y() - high / 2)
            else:
                yield _outwards(page, middle, wide, high)
    yield _outwards(page, points[-1], wide, high)


def _outwards(page: Page, point: QPointF, wide: float, high: float) -> QPointF:
    """Return the corner of what begins at a point and lies away from the column."""
    is_right = point.x() > page.column_left + page.width / 2
    return QPointF(point.x() - (2 if is_right else wide - 2), point.y() - high / 2)


def _shared(one: QRectF, other: QRectF) -> float:
    """Return how much of two rectangles is the same."""
    both = one.intersected(other)
    return both.width() * both.height()


def paint_arc(painter: QPainter, arc: Arc, palette: Palette, metrics: Metrics) -> None:
    """Paint a link as a line with round corners, with an arrow head and its name."""
    color = legible(arc.color, palette.paper, palette.ink, 3.0)
    path = _rounded(arc.points)
    halo = QColor(palette.paper)
    halo.setAlphaF(0.75)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(halo, 3), QPen(color, 1.4)):
        painter.setPen(pen)
        painter.drawPath(path)
    painter.fillPath(_arrow(*arc.points[-2:]), QBrush(color))
    if arc.text:
        painter.setPen(QPen(color, 1))
        painter.setBrush(QColor(palette.paper))
        painter.drawRoundedRect(arc.sign, _RADIUS, _RADIUS)
        painter.setFont(chip_font(metrics.chip_size))
        painter.setPen(QColor(palette.ink))
        painter.drawText(arc.sign, Qt.AlignmentFlag.AlignCenter, arc.text)


def _rounded(points: Sequence[QPointF]) -> QPainterPath:
    path = QPainterPath(points[0])
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        path.lineTo(corner + _towards(corner, before, _BEND))
        path.quadTo(corner, corner + _towards(corner, after, _BEND))
    path.lineTo(points[-1])
    return path


def _arrow(before: QPointF, tip: QPointF) -> QPainterPath:
    back = _towards(tip, before, _ARROW, shortens=False)
    aside = QPointF(-back.y(), back.x()) * 0.6
    path = QPainterPath(tip)
    path.lineTo(tip + back + aside)
    path.lineTo(tip + back - aside)
    path.closeSubpath()
    return path


def _towards(here: QPointF, there: QPointF, far: float, *, shortens: bool = True) -> QPointF:
    """Return a step from here to there; where it `shortens`, of half the way at most."""
    way = there - here
    length = hypot(way.x(), way.y())
    if not length:
        return QPointF()
    if shortens:
        far = min(far, length / 2)
    return way * (far / length)
