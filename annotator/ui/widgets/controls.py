"""Small pieces that panels and dialogs are put together from."""

from collections.abc import Callable, Container, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.errors import FSI, PDI
from annotator.ui.look.style import LIGHT, Palette, legible, mixed, text_font
from annotator.ui.runtime.slot_guard import guard_overrides

OF_A_PROJECT = "of a project"
"""The object name of windows that close with the project they show."""

Guard = Callable[[Callable[[], object]], bool]
"""Does something that may fail for the user's own reasons, and says why.

Returns whether it was done.
"""


def first_in(widget: QWidget) -> QWidget:
    """Return the first thing in a widget that takes the focus, else the widget itself."""
    inside = [
        child
        for child in widget.findChildren(QWidget)
        if child.isVisibleTo(widget) and child.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(widget, QScrollArea)
    return widget if takes or not inside else inside[0]


def plain_label(text: str, role: str = "", *, wraps: bool = False) -> QLabel:
    """Return a label that shows its text as it is: never as markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wraps)
    if role:
        made.setProperty("role", role)
    return made


def surface_label(text: str) -> QLabel:
    """Return a label for a stretch of a document: of its own direction, in the document's font."""
    made = plain_label(f"{FSI}{text}{PDI}", "surface", wraps=True)
    made.setFont(text_font(15, arabic=any("\u0600" <= char <= "\u06ff" for char in text)))
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def button(text: str, pressed: Callable[[], object], role: str = "", tip: str = "") -> QPushButton:
    """Return a push button; `&` in names is shown, never a shortcut."""
    made = QPushButton(text.replace("&", "&&"))
    made.clicked.connect(lambda _checked=False: pressed())
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAutoDefault(True)  # Enter presses it in the window too, not in dialogs alone
    if role:
        made.setProperty("role", role)
    if tip:
        made.setToolTip(tip)
    return made


def name_columns(table: QTableWidget, names: Sequence[str], numbers: Container[int]) -> None:
    """Name the columns of a table.

    A name stands at the end of a column of numbers, else at the start.
    """
    for column, name in enumerate(names):
        item = QTableWidgetItem(name)
        side = (
            Qt.AlignmentFlag.AlignTrailing if column in numbers else Qt.AlignmentFlag.AlignLeading
        )
        item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        table.setHorizontalHeaderItem(column, item)


@guard_overrides
class _Line(QPushButton):
    """A button with a line of a document's text, shortened at its own end where it is too long."""

    def __init__(self, text: str, extra: str, *, leads: bool) -> None:
        super().__init__()
        self._words = " ".join(text.split())
        self._extra = extra
        self._leads = leads
        self.setProperty("role", "link")
        self.setMinimumWidth(40)
        self.setAccessibleName(f"{extra} {self._words}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the text to the width there is."""
        super().resizeEvent(event)
        metrics = self.fontMetrics()
        available_width = max(self.width() - metrics.horizontalAdvance(self._extra) - 24, 20)
        words = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, available_width)
        short = f"{FSI}{words}{PDI}"
        parts = (self._extra, short) if self._leads else (short, self._extra)
        self.setText("  ".join(parts).replace("&", "&&"))

    def sizeHint(self) -> QSize:
        """Take the width there is, not that of the text."""
        return QSize(60, self.fontMetrics().height() + 8)


def line_button(
    text: str, extra: str, pressed: Callable[[], object], *, leads: bool = False
) -> QPushButton:
    """Return a button that shows a stretch of a document in one line.

    The word `extra` stands behind it, or before it if it leads.
    """
    made = _Line(text, extra, leads=leads)
    made.clicked.connect(lambda _checked=False: pressed())
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAutoDefault(True)
    made.setToolTip(f"{FSI}{text[:400]}{PDI}")
    return made


def hairline() -> QFrame:
    """Return a thin line."""
    made = QFrame()
    made.setObjectName("line")
    made.setFixedHeight(1)
    return made


def stacked(*widgets: QWidget, gap: int = 4) -> QWidget:
    """Return a widget that holds others, one below the other."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(gap)
    for widget in widgets:
        column.addWidget(widget)
    return made


@guard_overrides
class Chip(QAbstractButton):
    """A label as one can press it: key cap, code, name; filled with its tint when active."""

    HEIGHT = 26

    def __init__(
        self,
        code: str,
        color: str,
        pressed: Callable[[], object],
        *,
        cap: str = "",
        look: str = "entity",
    ) -> None:
        super().__init__()
        self._code = code
        self._color = color
        self._cap = cap
        self._look = look
        self._active = False
        self.clicked.connect(lambda _checked=False: pressed())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._palette: Palette = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{code} {cap}".strip())
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def apply_theme(self, palette: Palette, cap: str, *, active: bool) -> None:
        """Show in an appearance, with the key's print in the active layout, as active or not."""
        if (palette, cap, active) != (self._palette, self._cap, self._active):
            self._palette = palette
            self._cap = cap
            self._active = active
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size of key cap and code."""
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self._code) + 16
        if self._cap:
            width += max(metrics.horizontalAdvance(self._cap), 10) + 14
        return QSize(width, self.HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint cap, code, and the underline in the label's colour and manner."""
        painter = QPainter(self)
        try:
            self._paint(painter)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        self._paint_ground(painter, box)
        code_box = box.adjusted(6, 0, -6, 0)
        if self._cap:
            cap_box = self._cap_box(box)
            self._paint_cap(painter, cap_box)
            if self._is_mirrored():
                code_box.adjust(0, 0, -cap_box.width() - 6, 0)
            else:
                code_box.adjust(cap_box.width() + 5, 0, -1, 0)
        self._paint_code(painter, code_box)

    def _is_mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _paint_ground(self, painter: QPainter, box: QRectF) -> None:
        palette = self._palette
        fill = 0.0
        if self._active:
            fill = 0.34
        elif self.underMouse() or self.hasFocus():
            fill = 0.12
        painter.setPen(QPen(QColor(self._color) if self._active else QColor(palette.hairline), 1))
        painter.setBrush(mixed(self._color, palette.paper, fill))
        painter.drawRoundedRect(box, 4, 4)
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)

    def _cap_box(self, box: QRectF) -> QRectF:
        """Return where the key's cap is painted: where reading begins."""
        width = max(self.fontMetrics().horizontalAdvance(self._cap), 10) + 6.0
        left = box.right() - 5 - width if self._is_mirrored() else box.left() + 5
        return QRectF(left, box.top() + 4, width, box.height() - 8)

    def _paint_cap(self, painter: QPainter, box: QRectF) -> None:
        palette = self._palette
        painter.setPen(QPen(mixed(palette.ink, palette.paper, 0.25), 1))
        painter.setBrush(mixed(palette.ink, palette.paper, 0.06))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(palette.ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._cap)

    def _paint_code(self, painter: QPainter, box: QRectF) -> None:
        palette = self._palette
        painter.setPen(legible(self._color, palette.paper, palette.ink, 4.5))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._code)
        styles = {"claim": Qt.PenStyle.DotLine, "stance": Qt.PenStyle.DashLine}
        style = styles.get(self._look, Qt.PenStyle.SolidLine)
        painter.setPen(QPen(QColor(self._color), 2, style))
        base = box.bottom() - 4
        painter.drawLine(QPointF(box.left(), base), QPointF(box.right(), base))
