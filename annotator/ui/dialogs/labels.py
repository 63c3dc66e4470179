"""The labels of a project, to be renamed, retired, or merged into one another.

One step for all that is changed here.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.i18n import _, language
from annotator.jobs.relabeling import Revision
from annotator.model import Label, Schema
from annotator.ui.widgets.controls import plain_label
from annotator.ui.widgets.dialog_buttons import dialog_buttons

SIZE = (620, 460)
SWATCH = 14
IN_USE, RETIRED = "", "-"


class Labels(QDialog):
    """Shows each label with its name and what becomes of it; `revision` is what was changed."""

    def __init__(self, schema: Schema, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Labels"))
        self.resize(*SIZE)
        self._labels = [label for _layer, label in schema.labels()]
        self._make_table()
        self._lay_out()
        self._show_whether_changed()

    def _make_table(self) -> None:
        self.table = QTableWidget(len(self._labels), 3)
        self.table.setHorizontalHeaderLabels([_("Label"), _("Name"), _("What becomes of it")])
        self.table.setAccessibleName(_("Labels"))
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for row, label in enumerate(self._labels):
            self._fill(row, label)
        self.table.itemChanged.connect(lambda _item: self._show_whether_changed())

    def _lay_out(self) -> None:
        explanation = _(
            "A merged label's spans get the other label, also those that come in later. A retired"
            " label keeps its spans and is not offered any more. All of it is one step; Ctrl+Z"
            " takes it back."
        )
        buttons, self._ok = dialog_buttons(self, _("Change the labels"))
        column = QVBoxLayout(self)
        column.addWidget(self.table, 1)
        column.addWidget(plain_label(explanation, "quiet", wraps=True))
        column.addWidget(buttons)

    def _fill(self, row: int, label: Label) -> None:
        swatch = QPixmap(SWATCH, SWATCH)
        swatch.fill(QColor(label.color))
        code = QTableWidgetItem(QIcon(swatch), label.id)
        code.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self.table.setItem(row, 0, code)
        self.table.setItem(row, 1, QTableWidgetItem(label.names.in_language("en")))
        self.table.setCellWidget(row, 2, self._fate_choice(label))

    def _fate_choice(self, label: Label) -> QComboBox:
        fate = QComboBox()
        fate.setAccessibleName(_("What becomes of {label}").format(label=label.id))
        fate.addItem(_("stays in use"), IN_USE)
        fate.addItem(_("is retired"), RETIRED)
        for other in self._labels:
            if other.id != label.id and not other.merged_into:
                fate.addItem(
                    _("is merged into {label}").format(label=other.names.in_language(language())),
                    other.id,
                )
        fate.setCurrentIndex(max(0, fate.findData(_fate(label))))
        fate.setEnabled(not label.merged_into and not label.retired)
        fate.currentIndexChanged.connect(lambda _index: self._show_whether_changed())
        return fate

    def fate(self, row: int) -> QComboBox:
        """Return the choice of what becomes of the label in a row."""
        found = self.table.cellWidget(row, 2)
        assert isinstance(found, QComboBox)  # noqa: S101 - this class put it there
        return found

    def _show_whether_changed(self) -> None:
        self._ok.setEnabled(self.revision != Revision())

    @property
    def revision(self) -> Revision:
        """What was changed in the table."""
        merged = {}
        renamed = {}
        retired = []
        for row, label in enumerate(self._labels):
            item = self.table.item(row, 1)
            name = item.text().strip() if item else ""
            if name and name != label.names.in_language("en"):
                renamed[label.id] = name
            fate = str(self.fate(row).currentData())
            if fate == RETIRED and not label.retired:
                retired.append(label.id)
            elif fate not in (IN_USE, RETIRED, label.merged_into):
                merged[label.id] = fate
        return Revision(merged, renamed, tuple(retired))


def _fate(label: Label) -> str:
    return label.merged_into or (RETIRED if label.retired else IN_USE)
