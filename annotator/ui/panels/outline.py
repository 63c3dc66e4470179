"""The outline of a document: what is incomplete, then its spans by layer.

Any number of them, for only what is seen is painted.
"""

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from annotator.errors import FSI, PDI
from annotator.i18n import _
from annotator.ui.look.style import LIGHT, Palette, mixed, text_font
from annotator.ui.widgets.list_view import Index, ListView, paint_back

ROW_HEIGHT = 28
LINE = Qt.ItemDataRole.UserRole
SHORT = 200
GAP = 8


class Line(NamedTuple):
    """A line of the outline.

    A span with its text and a word on it, or (without a span) a heading.
    """

    span: str
    text: str
    extra: str = ""


class OutlineModel(QAbstractListModel):
    """The lines."""

    def __init__(self, lines: Iterable[Line]) -> None:
        super().__init__()
        self.lines = list(lines)

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a line, its text, or what a screen reader says of it."""
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{FSI}{line.text}{PDI}" if line.span else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{line.extra} {line.text}".strip()
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let headings be read and passed over."""
        kept = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return kept if self.lines[index.row()].span else Qt.ItemFlag.NoItemFlags


class _Row(QStyledItemDelegate):
    """Paints a line: the text, shortened at its own end, and the word on it behind it."""

    palette = LIGHT

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(LINE)
        palette, box = self.palette, QRectF(option.rect)
        painter.save()
        soft, mirrored = (
            mixed(palette.ink, palette.paper, 0.68),
            option.direction == Qt.LayoutDirection.RightToLeft,
        )
        side = Qt.AlignmentFlag.AlignAbsolute | (
            Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        )
        if not line.span:
            font = option.font
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(soft)
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, line.text)
            painter.restore()
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_back(painter, option, index, palette)
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(line.extra)
        inner = box.adjusted(6, 0, -6, 0)
        painter.setPen(soft)
        other = Qt.AlignmentFlag.AlignAbsolute | (
            Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
        )
        painter.drawText(inner, other | Qt.AlignmentFlag.AlignVCenter, line.extra)
        painter.setFont(
            text_font(14, arabic=any("\u0600" <= char <= "\u06ff" for char in line.text[:SHORT]))
        )
        painter.setPen(QColor(palette.ink))
        room = (
            inner.adjusted(width + GAP, 0, 0, 0)
            if mirrored
            else inner.adjusted(0, 0, -width - GAP, 0)
        )
        text = painter.fontMetrics().elidedText(
            " ".join(line.text[:SHORT].split()),
            Qt.TextElideMode.ElideRight,
            int(room.width()) - GAP,
        )
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, f"{FSI}{text}{PDI}")
        painter.restore()


class Outline(ListView):
    """The list; a click or Enter chooses a span."""

    chosen = Signal(str)

    def __init__(self, lines: Iterable[Line], palette: Palette) -> None:
        self.lines = OutlineModel(lines)
        self._row = _Row()
        self._row.palette = palette
        super().__init__(self.lines, self._row, ROW_HEIGHT, _("Outline of the document"))
        self.setObjectName("outline")
        self.setMinimumHeight(6 * ROW_HEIGHT)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def _choose(self, index: QModelIndex) -> None:
        if index.data(LINE).span:
            self.chosen.emit(index.data(LINE).span)
