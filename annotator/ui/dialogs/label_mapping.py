"""What becomes of labels that the schema does not have.

Each is taken as one of ours, added, or left out.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.errors import isolate
from annotator.i18n import _, language
from annotator.model import Schema
from annotator.model.schema_files import name_fault
from annotator.ui.widgets.controls import plain_label

UNDECIDED, ADD, LEAVE_OUT, OURS = "", "+", "-", "="
"""What is chosen for a label; one of ours is OURS and its id."""


class LabelMapping(QWidget):
    """A row for each foreign label, with how often it comes and what is to become of it."""

    changed = Signal()

    def __init__(self, schema: Schema, kept: Mapping[str, str]) -> None:
        super().__init__()
        self._schema = schema
        self.chosen = dict(kept)
        self.boxes: dict[str, QComboBox] = {}
        self._about = plain_label("", "soft", wraps=True)
        self.table = QTableWidget(0, 3)
        self.table.setAccessibleName(_("Labels that the schema does not have"))
        self.table.setHorizontalHeaderLabels([_("Their label"), _("How often"), _("Becomes")])
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self._about)
        column.addWidget(self.table, 1)
        self.show_labels([])

    def show_labels(self, labels: Sequence[tuple[str, int]]) -> None:
        """Ask for a decision on these labels; what was decided before is kept."""
        self.boxes = {}
        self.table.setRowCount(len(labels))
        for row, (name, count) in enumerate(labels):
            self.table.setItem(row, 0, QTableWidgetItem(isolate(name)))
            counted = QTableWidgetItem(str(count))
            counted.setTextAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, 1, counted)
            self.table.setCellWidget(row, 2, self._box(name))
        self.table.setVisible(bool(labels))
        if labels:
            self._about.setText(
                _(
                    "The schema does not have these labels. What you choose is kept for the next"
                    " import into this project."
                )
            )
        else:
            self._about.setText(_("The schema has all labels that the files bring."))

    def _box(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(_("What becomes of {label}").format(label=name))
        box.addItem(_("As chosen for all others"), UNDECIDED)
        if not name_fault(name):
            box.addItem(_("Add it to the schema"), ADD)
        box.addItem(_("Leave it out"), LEAVE_OUT)
        box.insertSeparator(box.count())
        for _layer, label in self._schema.labels():
            box.addItem(f"{label.id} – {label.names.in_language(language())}", f"{OURS}{label.id}")
        for relation in self._schema.relations:
            box.addItem(
                f"{relation.id} – {relation.names.in_language(language())}", f"{OURS}{relation.id}"
            )
        box.setCurrentIndex(max(box.findData(self.chosen.get(name, self._alike(name))), 0))
        box.currentIndexChanged.connect(
            lambda _index: self._choose(name, str(box.currentData() or ""))
        )
        self.boxes[name] = box
        self.chosen[name] = str(box.currentData() or "")
        return box

    def _alike(self, name: str) -> str:
        """Return our label that is written alike but for case, or is called that in a language."""
        wanted = name.casefold()
        for _layer, label in self._schema.labels():
            if wanted in (
                label.id.casefold(),
                *(known.casefold() for known in label.names.by_language.values()),
            ):
                return f"{OURS}{label.id}"
        return UNDECIDED

    def _choose(self, name: str, choice: str) -> None:
        self.chosen[name] = choice
        self.changed.emit()

    @property
    def undecided(self) -> list[str]:
        """Return the labels shown for which nothing was chosen."""
        return [name for name in self.boxes if not self.chosen.get(name)]

    @property
    def mapping(self) -> dict[str, str]:
        """Return their label → ours, "" where it is left out."""
        return {
            name: choice[1:]
            for name, choice in self.chosen.items()
            if choice and choice[0] in (OURS, LEAVE_OUT)
        }

    @property
    def welcome(self) -> frozenset[str]:
        """Return the labels that are to be added to the schema."""
        return frozenset(name for name, choice in self.chosen.items() if choice == ADD)
