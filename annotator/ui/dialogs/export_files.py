"""Export: which format, whose annotation sets, which status.

What the format cannot carry is said before it is written.
"""

from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from annotator.formats import WriteOptions, find_format, formats
from annotator.i18n import _, language
from annotator.jobs import ExportOptions
from annotator.session import Session
from annotator.ui.widgets.controls import button, plain_label
from annotator.ui.widgets.dialog_buttons import dialog_buttons


class ExportFiles(QDialog):
    """Asks what to write and where."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Export"))
        self.setMinimumWidth(560)
        self._session = session
        self._make_choices(session)
        self.path = QLineEdit(str(session.store.path.with_suffix(".jsonl")))
        self.path.setAccessibleName(_("File or folder to write"))
        self.loses = plain_label("", "soft", wraps=True)
        self._lay_out()
        self.format.currentIndexChanged.connect(self._follow_format)
        self._follow_format()

    def _make_choices(self, session: Session) -> None:
        self.format = QComboBox()
        for entry in formats().values():
            if entry.write:
                self.format.addItem(f"{entry.id} – {_(entry.name)}", entry.id)
        self.format.setCurrentIndex(max(self.format.findData("jsonl"), 0))
        self.people = QComboBox()
        self.people.addItem(_("Everybody"), "")
        for name in session.store.annotators_with_work():
            self.people.addItem(name, name)
        self.status = QComboBox()
        for value, text in (("", _("Whatever the status")), ("done", _("Only finished documents"))):
            self.status.addItem(text, value)
        self.layers = [
            QCheckBox(layer.names.in_language(language())) for layer in session.schema.layers
        ]
        for box in self.layers:
            box.setChecked(True)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(_("Format"), self.format)
        form.addRow(_("Annotation sets of"), self.people)
        form.addRow(_("Documents"), self.status)
        marks = QHBoxLayout()
        for box in self.layers:
            marks.addWidget(box)
        marks.addStretch(1)
        form.addRow(_("Layers"), marks)
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(button(_("Choose…"), self._choose))
        form.addRow(_("To"), row)
        buttons, _ok = dialog_buttons(self, _("Export"), is_primary=True)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.loses)
        column.addWidget(buttons)

    @property
    def target(self) -> Path:
        """The file or folder to write."""
        return Path(self.path.text().strip()).expanduser()

    @property
    def options(self) -> ExportOptions:
        """What to export, as chosen."""
        name = str(self.people.currentData())
        status = str(self.status.currentData())
        chosen = [
            layer.id
            for layer, box in zip(self._session.schema.layers, self.layers, strict=True)
            if box.isChecked()
        ]
        layers = () if len(chosen) == len(self.layers) else tuple(chosen)
        return ExportOptions(
            str(self.format.currentData()),
            (name,) if name else None,
            (status,) if status else (),
            WriteOptions(layers=layers),
        )

    def _follow_format(self) -> None:
        entry = find_format(str(self.format.currentData()))
        self.loses.setText(
            _("This format cannot carry: {kinds}.").format(kinds=", ".join(entry.loses))
            if entry.loses
            else _("Nothing is lost.")
        )
        suffix = "" if entry.folder or not entry.extensions else entry.extensions[0]
        self.path.setText(str(self.target.with_name(f"{_stem(self.target.name)}{suffix}")))

    def _choose(self) -> None:
        entry = find_format(str(self.format.currentData()))
        if entry.folder:
            name = QFileDialog.getExistingDirectory(
                self, _("Export to a folder"), str(self.target.parent)
            )
        else:
            name, _filter = QFileDialog.getSaveFileName(self, _("Export"), str(self.target))
        if name:
            self.path.setText(name)


def _stem(name: str) -> str:
    """Return a file's name without the ending that a format gave it; endings may have two parts."""
    endings: set[str] = set()
    for entry in formats().values():
        endings.update(entry.extensions)
    for ending in sorted(endings, key=len, reverse=True):
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending)
    return name
