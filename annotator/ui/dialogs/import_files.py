"""Import: what the files are, how they are read, what will come in; shown before anything is stored."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from annotator.errors import FSI, PDI, UserError
from annotator.formats import ReadOptions, formats
from annotator.i18n import _, ngettext
from annotator.jobs import ImportOptions, Preview, Source, look_into, sources
from annotator.text.direction import document_direction
from annotator.ui.parts import plain_label

ENCODINGS = (
    "", "utf-8", "utf-16", "windows-1251", "koi8-r", "cp866", "mac-cyrillic", "kz1048", "ptcp154", "windows-1256", "iso8859-6",
)  # fmt: skip
LANGUAGES = ("", "fa", "kk", "ru", "en")
SHOWN = 1500


class ImportFiles(QDialog):
    """Shows the first documents of each file as they would come in."""

    def __init__(self, paths: Sequence[Path], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Import"))
        self.resize(860, 560)
        self.paths = list(paths)
        self._found: list[Source] = []
        self.files = QListWidget()
        self.files.setAccessibleName(_("Files"))
        self.format = QComboBox()
        self.format.addItem(_("Recognise each file"), "")
        for entry in formats().values():
            if entry.read:
                self.format.addItem(f"{entry.id} – {_(entry.name)}", entry.id)
        self.encoding = _choice(ENCODINGS, _("Detect"))
        self.language = _choice(LANGUAGES, _("Detect"))
        self.unit = QComboBox()
        self.labels = QComboBox()
        for value, text in (("", _("As the schema says")), ("add", _("Add to the schema")), ("refuse", _("Refuse the file"))):
            self.labels.addItem(text, value)
        self.person = QLineEdit(name)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(_("Preview"))
        self.about = plain_label("", "soft", wraps=True)
        self._lay_out()
        self.files.currentRowChanged.connect(self._preview)
        for box in (self.format, self.encoding, self.language, self.unit):
            box.currentIndexChanged.connect(self._preview)
        self.format.currentIndexChanged.connect(self._find)
        self._find()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(_("Format"), self.format)
        form.addRow(_("Encoding"), self.encoding)
        form.addRow(_("Language"), self.language)
        form.addRow(_("A document is"), self.unit)
        form.addRow(_("Unknown labels"), self.labels)
        form.addRow(_("Annotations are by"), self.person)
        left = QVBoxLayout()
        left.addWidget(self.files, 1)
        left.addLayout(form)
        right = QVBoxLayout()
        right.addWidget(self.text, 1)
        right.addWidget(self.about)
        row = QHBoxLayout()
        row.addLayout(left, 2)
        row.addLayout(right, 3)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self._ok.setText(_("Import"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(row, 1)
        column.addWidget(buttons)

    @property
    def options(self) -> ImportOptions:
        """How to import, as chosen."""
        reading = ReadOptions(str(self.encoding.currentData()), str(self.language.currentData()), str(self.unit.currentData() or ""))
        return ImportOptions(
            str(self.format.currentData()), self.person.text().strip(), str(self.labels.currentData()), reading, together=False
        )

    def _find(self) -> None:
        self.files.clear()
        try:
            self._found = sources(self.paths, str(self.format.currentData()))
        except UserError as error:
            self._found = []
            self.about.setText(str(error))
        for path, entry, _root in self._found:
            self.files.addItem(f"{FSI}{path.name}{PDI}  ({entry.id if entry else '?'})")
        self._ok.setEnabled(bool(self._found))
        units = {unit: None for _path, entry, _root in self._found if entry for unit in entry.units}
        self.unit.clear()
        self.unit.addItem(_("As the format has it"), "")
        for unit in units:
            self.unit.addItem(unit, unit)
        self.files.setCurrentRow(0)

    def _preview(self) -> None:
        row = self.files.currentRow()
        if not 0 <= row < len(self._found):
            self.text.clear()
            return
        path, entry, _root = self._found[row]
        options = self.options
        self._show(look_into(path, replace(options, format=options.format or (entry.id if entry else ""))))

    def _show(self, preview: Preview) -> None:
        first = preview.records[0] if preview.records else None
        text = first.document.text[:SHOWN] if first else ""
        is_rtl = document_direction(text, first.document.language if first else "") == "rtl"
        self.text.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight)
        self.text.setPlainText(text)
        lines = [_("Read as {encoding}.").format(encoding=encoding) for encoding in dict.fromkeys(preview.encodings.values())]
        if first and first.layer:
            spans = len(first.layer.spans)
            lines.append(
                ngettext("The first document brings {count} span.", "The first document brings {count} spans.", spans).format(count=spans)
            )
        lines += [_("Changed: {count} × {kind} ({why})").format(count=loss.count, kind=loss.kind, why=loss.why) for loss in preview.changed]
        lines += [_("Not kept: {count} × {kind} ({why})").format(count=loss.count, kind=loss.kind, why=loss.why) for loss in preview.lost]
        lines += [str(problem) for problem in preview.problems]
        self.about.setText("\n".join(lines))


def _choice(values: Sequence[str], empty: str) -> QComboBox:
    made = QComboBox()
    for value in values:
        made.addItem(value or empty, value)
    return made
