"""A chart painted by ourselves: points on a field from 0 to 1, by size or over time.

A point can be chosen.
"""

from datetime import date
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from annotator.errors import FSI, PDI
from annotator.i18n import _, ngettext
from annotator.jobs.reports import Behind, Report
from annotator.ui.look.style import Palette, mixed
from annotator.ui.runtime.slot_guard import guard_overrides

MARGINS = (44, 12, 16, 26)  # left, top, right, bottom
HEIGHT, RADIUS, REACH = 190, 3.5, 9.0
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


class Point(NamedTuple):
    """A point: its place on both axes (0 to 1), what is said of it, what stands behind it."""

    across: float
    up: float
    title: str
    behind: Behind | None = None


class Field(NamedTuple):
    """What a chart shows: points, whether a line joins them, and the ends of the lower axis."""

    points: tuple[Point, ...]
    is_joined: bool
    ends: tuple[str, str]
    name: str


def over_time(report: Report) -> Field | None:
    """Return agreement by day, None where there are not two days."""
    shown = [
        (moment.start, moment.value, moment.numbers)
        for moment in report.moments
        if moment.value is not None
    ]
    if len(shown) < 2:
        return None
    first = shown[0][0]
    last = shown[-1][0]
    points = tuple(
        Point(
            _share(day, first, last),
            value,
            _on_day(day, value, len(numbers)),
            Behind(among=numbers, differing=True),
        )
        for day, value, numbers in shown
    )
    return Field(points, True, (first.isoformat(), last.isoformat()), _("Agreement over time"))


def _on_day(day: date, value: float, count: int) -> str:
    said = ngettext(
        "{day}: {value:.3f} on {count} document", "{day}: {value:.3f} on {count} documents", count
    )
    return said.format(day=day.isoformat(), value=value, count=count)


def _share(day: date, first: date, last: date) -> float:
    return (day - first).days / max((last - first).days, 1)


def by_document(report: Report) -> Field | None:
    """Return the agreement of documents by the number of their spans, None if there are not two."""
    lines = [line for line in report.documents if line.value is not None]
    if len(lines) < 2:
        return None
    least = min(line.spans for line in lines)
    most = max(line.spans for line in lines)
    points = tuple(
        Point(
            (line.spans - least) / max(most - least, 1),
            line.value or 0.0,
            f"{FSI}{line.name}{PDI}: {line.value or 0:.3f}",
            Behind(document=line.number, differing=True),
        )
        for line in lines
    )
    return Field(
        points,
        False,
        (f"{least}", ngettext("{count} span", "{count} spans", most).format(count=most)),
        _("Agreement of documents by their spans"),
    )


@guard_overrides
class Chart(QWidget):
    """Shows a field; a click, or arrows and Enter, choose a point."""

    chosen = Signal(object)

    def __init__(self, field: Field, palette: Palette) -> None:
        super().__init__()
        self.field = field
        self._palette = palette
        self.current = -1
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(320)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(field.name)
        self._order = sorted(
            range(len(field.points)),
            key=lambda number: (field.points[number].across, field.points[number].up),
        )

    def place(self, number: int) -> QPointF:
        """Return where a point is painted."""
        left, top, right, bottom = MARGINS
        point = self.field.points[number]
        up = min(1.0, max(0.0, point.up))
        return QPointF(
            left + point.across * (self.width() - left - right),
            top + (1 - up) * (self.height() - top - bottom),
        )

    def point_at(self, position: QPointF) -> int:
        """Return the number of the point near a position, -1 when there is none."""
        far = ((self.place(number) - position, number) for number in range(len(self.field.points)))
        near = min(
            ((apart.x() ** 2 + apart.y() ** 2, number) for apart, number in far),
            default=(REACH**2, -1),
        )
        return near[1] if near[0] < REACH**2 else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the mouse."""
        number = self.point_at(event.position())
        if number >= 0:
            QToolTip.showText(
                event.globalPosition().toPoint(), self.field.points[number].title, self
            )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the point under the mouse."""
        number = self.point_at(event.position())
        if number >= 0:
            self._choose(number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from point to point with the arrows, choose with Enter."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        key = Qt.Key(event.key())
        if key in steps and self._order:
            here = self._order.index(self.current) if self.current in self._order else -1
            self.current = self._order[min(max(here + steps[key], 0), len(self._order) - 1)]
            self.setAccessibleDescription(self.field.points[self.current].title)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self._choose(self.current)
        else:
            super().keyPressEvent(event)

    def _choose(self, number: int) -> None:
        self.current = number
        self.update()
        behind = self.field.points[number].behind
        if behind is not None:
            self.chosen.emit(behind)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the field."""
        painter = QPainter(self)
        try:
            self._paint(painter)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter)
        self._paint_points(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._palette.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_axes(self, painter: QPainter) -> None:
        palette = self._palette
        left, top, right, bottom = MARGINS
        soft = mixed(palette.ink, palette.paper, 0.68)
        near_axis = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        at_start = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for tick in TICKS:
            y = top + (1 - tick) * (self.height() - top - bottom)
            painter.setPen(QPen(QColor(palette.hairline), 1))
            painter.drawLine(QPointF(left, y), QPointF(self.width() - right, y))
            painter.setPen(soft)
            painter.drawText(QRectF(0, y - 9, left - 8, 18), near_axis, f"{tick:g}")
        below = QRectF(left, self.height() - bottom + 6, self.width() - left - right, 18)
        painter.drawText(below, at_start, self.field.ends[0])
        painter.drawText(below, near_axis, self.field.ends[1])

    def _paint_points(self, painter: QPainter) -> None:
        palette = self._palette
        places = [self.place(number) for number in range(len(self.field.points))]
        if self.field.is_joined:
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.drawPolyline(places)
        dot = QColor(palette.accent)
        dot.setAlphaF(0.65)
        for number, place in enumerate(places):
            chosen = number == self.current
            painter.setPen(QPen(QColor(palette.ink), 1.5) if chosen else Qt.PenStyle.NoPen)
            painter.setBrush(dot)
            painter.drawEllipse(place, RADIUS + chosen, RADIUS + chosen)
