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
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.widgets.list_view import Index, ListView, paint_back

ROW_HEIGHT = 28
LINE = Qt.ItemDataRole.UserRole
SHORT = 200
GAP = 8


class Line(NamedTuple):
    """A line of the outline: a span with a word on it, or (without a span) a heading."""

    span: str
    text: str
    extra: str = ""


@guard_overrides
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


@guard_overrides
class _Row(QStyledItemDelegate):
    """Paints a line: the text, shortened at its own end, and the word on it behind it."""

    palette = LIGHT

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(LINE)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        painter.save()
        painter.setPen(mixed(self.palette.ink, self.palette.paper, 0.68))
        if line.span:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_back(painter, option, index, self.palette)
            self._paint_span(painter, QRectF(option.rect).adjusted(6, 0, -6, 0), line, mirrored)
        else:
            font = option.font
            font.setBold(True)
            painter.setFont(font)
            painter.drawText(QRectF(option.rect), _start(mirrored), line.text)
        painter.restore()

    def _paint_span(self, painter: QPainter, box: QRectF, line: Line, mirrored: bool) -> None:
        width = painter.fontMetrics().horizontalAdvance(line.extra)
        painter.drawText(box, _start(not mirrored), line.extra)
        short = line.text[:SHORT]
        painter.setFont(text_font(14, arabic=any("\u0600" <= char <= "\u06ff" for char in short)))
        painter.setPen(QColor(self.palette.ink))
        if mirrored:
            text_box = box.adjusted(width + GAP, 0, 0, 0)
        else:
            text_box = box.adjusted(0, 0, -width - GAP, 0)
        text = painter.fontMetrics().elidedText(
            " ".join(short.split()), Qt.TextElideMode.ElideRight, int(text_box.width()) - GAP
        )
        painter.drawText(text_box, _start(mirrored), f"{FSI}{text}{PDI}")


def _start(mirrored: bool) -> Qt.AlignmentFlag:
    """Return the alignment to the side where a line of the window's language begins."""
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter


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
