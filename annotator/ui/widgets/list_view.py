"""A list of equal rows.

Qt's own list asks the model about every row before it shows the first, its table does not.
"""

from typing import cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QCursor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from annotator.ui.look.style import Palette, mixed
from annotator.ui.runtime.slot_guard import guard_overrides

Index = QModelIndex | QPersistentModelIndex


def paint_back(
    painter: QPainter, option: QStyleOptionViewItem, index: Index, palette: Palette
) -> None:
    """Paint the ground of a row that is selected or under the mouse, and the ring of the focus."""
    # The option's state says the same; but it is the first use of QStyle, whose enums take Python
    # some milliseconds to make.
    view = cast("QAbstractItemView", option.widget)
    box = QRectF(option.rect).adjusted(4, 1, -4, -1)
    is_selected = view.selectionModel().isSelected(index)
    if is_selected or (
        view.underMouse() and option.rect.contains(view.viewport().mapFromGlobal(QCursor.pos()))
    ):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(palette.selection, palette.paper, 1.0 if is_selected else 0.5))
        painter.drawRoundedRect(box, 4, 4)
    if view.hasFocus() and view.currentIndex() == index:
        painter.setPen(QPen(QColor(palette.accent), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)


@guard_overrides
class ListView(QTableView):
    """One column of rows as high as each other; a click or Enter chooses."""

    def __init__(
        self, model: QAbstractItemModel, row: QStyledItemDelegate, height: int, name: str
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(row)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        across = self.horizontalHeader()
        down = self.verticalHeader()
        for header in (across, down):
            header.hide()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setMinimumSectionSize(height)
        down.setDefaultSectionSize(height)
        self.installEventFilter(self)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Go to the first and the last row with Home and End, as in any list.

        A table would go to those columns.
        """
        if action in (
            QAbstractItemView.CursorAction.MoveHome,
            QAbstractItemView.CursorAction.MoveEnd,
        ):
            modifiers |= Qt.KeyboardModifier.ControlModifier
        return super().moveCursor(action, modifiers)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter choose on every platform: on some it would begin to edit."""
        is_enter = (
            isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not event.modifiers()
        )
        if is_enter and event.type() == QEvent.Type.KeyPress and self.currentIndex().isValid():
            self.activated.emit(self.currentIndex())
            return True
        return super().eventFilter(watched, event)
