"""Arcs: links between marks, from place to place and drawn."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from annotator.ui.text_view.marks import Link
from annotator.ui.text_view.page import Page
from annotator.ui.text_view.places import handle_of
from annotator.ui.text_view.scene import Arc
from annotator.ui.text_view.style import Metrics, Palette, chip_font, chip_text_width, legible

_RADIUS = 3.0


def arcs_of(page: Page, links: Sequence[Link]) -> list[Arc]:
    """Return the arcs of links between marks; an implicit argument stands in the margin beside the head's line."""
    marks, arcs = page.index.marks, []
    for link in links:
        head, child = marks.get(link.head), marks.get(link.child)
        if head is None:
            continue
        begin = handle_of(page, head)
        if child is not None:
            arcs.append(_arc(page, begin, handle_of(page, child), link))
        elif link.implicit:
            rtl = page.blocks.direction_of(page.blocks.at(head.start)) == "rtl"
            x = page.column_left - 12 if rtl else page.column_left + page.width + 12
            tail = QPointF(begin.center().x(), begin.bottom())
            arcs.append(Arc(tail, QPointF(x, begin.bottom() + page.metrics.pitch), f"{link.text}: {link.implicit}", link.color))
    return arcs


def _arc(page: Page, begin: QRectF, end: QRectF, link: Link) -> Arc:
    """Leave and reach the marks on the sides that face each other; on one line, under both."""
    same_line = abs(begin.top() - end.top()) < page.metrics.pitch
    down = end.center().y() > begin.center().y() or same_line
    tail = QPointF(begin.center().x(), begin.bottom() if down else begin.top())
    head = QPointF(end.center().x(), end.bottom() if same_line or not down else end.top())
    return Arc(tail, head, link.text, link.color, same_line)


def paint_arc(painter: QPainter, arc: Arc, palette: Palette, metrics: Metrics) -> None:
    """Paint a link as a flat curve with an arrow head and its name in the middle."""
    color = legible(arc.color, palette.paper, palette.ink, 3.0)
    tail, head = arc.tail, arc.head
    path = QPainterPath(tail)
    if arc.dips:
        lift = min(28.0, 10.0 + abs(head.x() - tail.x()) / 12)
        path.cubicTo(tail + QPointF(0, lift), head + QPointF(0, lift), head)
    else:
        middle = (tail.y() + head.y()) / 2
        path.cubicTo(QPointF(tail.x(), middle), QPointF(head.x(), middle), head)
    halo = QColor(palette.paper)
    halo.setAlphaF(0.75)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(halo, 4))
    painter.drawPath(path)
    painter.setPen(QPen(color, 1.4))
    painter.drawPath(path)
    back = -6.0 if not arc.dips and head.y() >= tail.y() else 6.0
    point = QPainterPath(head)
    point.lineTo(head + QPointF(-3.5, back))
    point.lineTo(head + QPointF(3.5, back))
    point.closeSubpath()
    painter.fillPath(point, QBrush(color))
    if arc.text:
        wide = chip_text_width(arc.text, metrics.chip_size) + 8
        centre = path.pointAtPercent(0.5)
        rect = QRectF(centre.x() - wide / 2, centre.y() - metrics.chip_height / 2, wide, metrics.chip_height)
        painter.setPen(QPen(color, 1))
        painter.setBrush(QColor(palette.paper))
        painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
        painter.setFont(chip_font(metrics.chip_size))
        painter.setPen(QColor(palette.ink))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, arc.text)
