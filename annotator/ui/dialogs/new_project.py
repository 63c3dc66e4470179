"""A new project: where, with which labels, for whom."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from annotator.errors import UserError
from annotator.i18n import _, language
from annotator.jobs.schema_files import schema_from
from annotator.model.schema_files import load_schema, name_fault, presets
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.widgets.controls import button, plain_label
from annotator.ui.widgets.dialog_buttons import dialog_buttons


@guard_overrides
class NewProject(QDialog):
    """Asks for all that a new project needs; sensible answers are filled in."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("New project"))
        self.setMinimumWidth(560)
        folder = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DocumentsLocation
        ) or str(Path.home())
        self.path = QLineEdit(str(_free(Path(folder) / "project.annot")))
        self.path.setAccessibleName(_("Project file"))
        self.person = QLineEdit(name)
        self.person.setAccessibleName(_("Your name"))
        self._fault = plain_label("", "warning", wraps=True)
        self._schemas = QButtonGroup(self)
        self._other = ""
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(button(_("Choose…"), self._choose_path))
        form.addRow(_("Project file"), row)
        form.addRow(_("Your name"), self.person)
        form.addRow(_("Labels"), self._schema_choice())
        buttons, _ok = dialog_buttons(self, _("Make the project"), accept=self._check)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self._fault)
        column.addWidget(buttons)

    def _schema_choice(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        for number, name in enumerate(presets()):
            schema = load_schema(name)
            choice = QRadioButton(schema.names.in_language(language()))
            choice.setProperty("schema", name)
            choice.setChecked(number == 0)
            self._schemas.addButton(choice)
            column.addWidget(choice)
            labels = "  ".join(label.id for _layer, label in schema.labels())
            column.addWidget(
                plain_label(
                    labels or _("You add labels while you work, or a file brings them."),
                    "soft",
                    wraps=True,
                )
            )
        self._own = QRadioButton(_("A schema file of your own: TOML, or XML of Label Studio…"))
        self._own.clicked.connect(self._choose_schema)
        self._schemas.addButton(self._own)
        column.addWidget(self._own)
        return made

    def _choose_path(self) -> None:
        name, _filter = QFileDialog.getSaveFileName(
            self, _("New project"), self.path.text(), _("Annotator projects (*.annot)")
        )
        if name:
            self.path.setText(name)

    def _choose_schema(self) -> None:
        name, _filter = QFileDialog.getOpenFileName(
            self, _("Label schema"), "", _("Label schemas (*.toml *.xml)")
        )
        if name:
            self._other = name
            self._own.setText(name)

    @property
    def file(self) -> Path:
        """The project file to make."""
        path = Path(self.path.text().strip()).expanduser()
        return path if path.suffix else path.with_name(f"{path.name}.annot")

    @property
    def schema(self) -> str:
        """The preset's name, or the path of a schema file."""
        chosen = self._schemas.checkedButton()
        return str(chosen.property("schema") or self._other) if chosen else "news"

    def _check(self) -> None:
        name = self.person.text().strip()
        fault = name_fault(name)
        if not self.path.text().strip():
            fault = _("choose where the project file shall be")
        elif self.file.exists():
            fault = _("there is a file of this name already; choose another name")
        elif not self.schema:
            fault = _("choose the schema file, or one of the schemas above it")
        if not fault:
            try:
                schema_from(self.schema)
            except UserError as error:
                fault = str(error)
        self._fault.setText(fault)
        if not fault:
            self.accept()

    def showEvent(self, event: object) -> None:
        """Begin in the file name."""
        self.path.setFocus(Qt.FocusReason.OtherFocusReason)


def _free(path: Path) -> Path:
    number = 1
    made = path
    while made.exists():
        number += 1
        made = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return made
