"""Tables of a report as Qt's tables show them.

A figure has a ground as strong as it is, some rows end in a bar.
"""

from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from annotator.errors import FSI, PDI
from annotator.i18n import _
from annotator.jobs.reports import Cell, Place, Sheet
from annotator.ui.look.style import Palette, mixed
from annotator.ui.runtime.slot_guard import guard_overrides

CELL, VALUE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
GROUND, BAR_ROOM = 0.4, 180
Index = QModelIndex | QPersistentModelIndex


class Bar(NamedTuple):
    """What a bar shows: a value from 0 to 1 with its interval, or shares side by side."""

    shares: tuple[float, ...]
    interval: tuple[float, float] | None = None


@guard_overrides
class SheetModel(QAbstractTableModel):
    """One table; a column of bars follows where its rows have some."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.sheet = sheet
        self.bars = [_bar(sheet.id, row) for row in sheet.rows] if sheet.id in _FIGURES else []

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many rows there are."""
        return 0 if parent is not None and parent.isValid() else len(self.sheet.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns there are."""
        return (
            0
            if parent is not None and parent.isValid()
            else len(self.sheet.headings) + bool(self.bars)
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell, its text, or what a screen reader says of it."""
        if index.column() >= len(self.sheet.headings):
            return self.bars[index.row()] if role == CELL else None
        cell = self.sheet.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text if cell.is_number else f"{FSI}{cell.text}{PDI}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._side(index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.sheet.headings[index.column()]}: {cell.text or '–'}"
        return {CELL: cell, VALUE: cell.value}.get(role)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a column's heading, on the side of its cells."""
        if orientation != Qt.Orientation.Horizontal or section >= len(self.sheet.headings):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.sheet.headings[section]
        return self._side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _side(self, column: int) -> Qt.AlignmentFlag:
        side = (
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
            if self.sheet.numeric[column]
            else Qt.AlignmentFlag.AlignLeft
        )
        return side | Qt.AlignmentFlag.AlignVCenter


# Where in a row the figures of its bar stand: value and interval, or counts beside one another.
_FIGURES = {"agreement": (2, 5), "labels": (2, 5), "work": (1, 4)}


def _bar(sheet: str, row: tuple[Cell, ...]) -> Bar:
    numbers = [
        cell.value if isinstance(cell.value, int | float) else None
        for cell in row[slice(*_FIGURES[sheet])]
    ]
    if sheet == "work":
        counts = [float(number or 0) for number in numbers]
        return Bar(tuple(count / (sum(counts) or 1) for count in counts))
    value, low, high = numbers
    return Bar(
        (float(value),) if value is not None else (),
        (low, high) if low is not None and high is not None else None,
    )


@guard_overrides
class PlaceModel(QAbstractTableModel):
    """The places behind a figure."""

    def __init__(self, places: list[Place]) -> None:
        super().__init__()
        self.places = places
        self.headings = (
            _("document"),
            _("text"),
            _("annotator"),
            _("label"),
            _("annotator"),
            _("label"),
        )

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many places there are."""
        return 0 if parent is not None and parent.isValid() else len(self.places)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(self.headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a column says of a place."""
        place = self.places[index.row()]
        if role != Qt.ItemDataRole.DisplayRole:
            return place if role == CELL else None
        one, other = place.annotators
        first, second = place.labels
        text = (place.name, " ".join(place.text.split()), one, first or "∅", other, second or "∅")[
            index.column()
        ]
        return f"{FSI}{text}{PDI}"

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a column's heading."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None


@guard_overrides
class CellDelegate(QStyledItemDelegate):
    """Paints the ground of figures, and bars."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.palette = palette

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell; where it leads on, a ring shows that it is the one chosen."""
        shown = index.data(CELL)
        box = QRectF(option.rect)
        if isinstance(shown, Cell) and shown.share is not None:
            painter.fillRect(
                box.adjusted(1, 1, -1, -1),
                mixed(self.palette.accent, self.palette.paper, shown.share * GROUND),
            )
        if isinstance(shown, Bar):
            self._paint_bar(
                painter,
                box.adjusted(10, box.height() / 2 - 5, -10, 5 - box.height() / 2),
                shown,
                option,
            )
            return
        super().paint(painter, option, index)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(self.palette.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(1, 1, -1, -1))

    def _paint_bar(
        self, painter: QPainter, box: QRectF, bar: Bar, option: QStyleOptionViewItem
    ) -> None:
        palette = self.palette
        painter.save()
        if (
            option.direction == Qt.LayoutDirection.RightToLeft
        ):  # bars grow from where reading begins
            painter.translate(box.left() + box.right(), 0)
            painter.scale(-1, 1)
        painter.fillRect(box, QColor(palette.hairline))
        left = box.left()
        colors = (palette.accent, palette.warning, palette.hairline)
        for share, color in zip(bar.shares, colors, strict=False):
            width = box.width() * min(1.0, max(0.0, share))
            painter.fillRect(QRectF(left, box.top(), width, box.height()), QColor(color))
            left += width
        if bar.interval:
            self._paint_interval(painter, box, bar.interval)
        painter.restore()

    def _paint_interval(
        self, painter: QPainter, box: QRectF, interval: tuple[float, float]
    ) -> None:
        low, high = (box.left() + box.width() * min(1.0, max(0.0, end)) for end in interval)
        middle = box.center().y()
        painter.setPen(QPen(QColor(self.palette.ink), 1.5))
        painter.drawLine(QPointF(low, middle), QPointF(high, middle))
        for end in (low, high):
            painter.drawLine(QPointF(end, middle - 4), QPointF(end, middle + 4))
