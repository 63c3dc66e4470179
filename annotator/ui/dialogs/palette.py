"""The command palette: type a part of a command's name, press Enter."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.i18n import _
from annotator.text.folding import fold
from annotator.ui.runtime.slot_guard import guard_overrides


@guard_overrides
class Palette(QDialog):
    """Lists the actions that can be done now."""

    def __init__(self, actions: Iterable[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Commands"))
        self.resize(520, 380)
        self._actions = [action for action in actions if action.isEnabled()]
        self.chosen: QAction | None = None
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Type a command"))
        self.line.setAccessibleName(_("Type a command"))
        self.list = QTreeWidget()
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setStretchLastSection(False)
        self.list.setAccessibleName(_("Commands"))
        self._lay_out()
        self._filter("")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(self.line)
        column.addWidget(self.list)
        self.line.textChanged.connect(self._filter)
        self.line.returnPressed.connect(self._take)
        self.list.itemActivated.connect(self._take)
        self.line.installEventFilter(self)

    def _filter(self, needle: str) -> None:
        words = fold(needle).text.split()
        self.list.clear()
        fitting = [
            action
            for action in self._actions
            if _holds(f"{action.text()} {action.statusTip()}", words)
        ]
        for action in sorted(fitting, key=lambda action: not _holds(action.text(), words)):
            item = QTreeWidgetItem(
                [
                    action.text().replace("&&", "&"),
                    action.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
                ]
            )
            item.setToolTip(0, action.statusTip())
            item.setData(0, Qt.ItemDataRole.UserRole, action.objectName())
            self.list.addTopLevelItem(item)
        self._go_to(0)

    def _go_to(self, row: int) -> None:
        item = self.list.topLevelItem(max(0, min(self.list.topLevelItemCount() - 1, row)))
        if item is not None:
            self.list.setCurrentItem(item)

    def _take(self) -> None:
        item: QTreeWidgetItem | None = self.list.currentItem()
        name = "" if item is None else item.data(0, Qt.ItemDataRole.UserRole)
        for action in self._actions:
            if action.objectName() == name:
                self.chosen = action
                break
        self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows in the line move through the list."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        ):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            here = self.list.currentItem()
            self._go_to(self.list.indexOfTopLevelItem(here) + step if here else 0)
            return True
        return super().eventFilter(watched, event)


def _holds(text: str, words: list[str]) -> bool:
    folded = fold(text).text
    return all(word in folded for word in words)
