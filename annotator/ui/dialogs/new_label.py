"""A new label for an open schema: its code, its key, what kind of mark it is."""

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from annotator.commands.schema import free_keys
from annotator.i18n import N_, _
from annotator.session import Session
from annotator.ui.widgets.dialog_buttons import dialog_buttons

LOOKS = {
    "entity": N_("Entity: a word or a few"),
    "claim": N_("Claim: a clause or a sentence"),
    "stance": N_("Stance: an expression"),
}


class NewLabel(QDialog):
    """Asks for a label; the first free key is filled in."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("New label"))
        self.setMinimumWidth(360)
        self.name = QLineEdit()
        self.name.setPlaceholderText("PRODUCT")
        self.name.setAccessibleName(_("Code of the label"))
        self.key = QComboBox()
        self.key.setAccessibleName(_("Key"))
        for key in free_keys(session):
            self.key.addItem(key, key)
        self.key.addItem(_("none"), "")
        self.look = QComboBox()
        self.look.setAccessibleName(_("Kind of mark"))
        for look, text in LOOKS.items():
            self.look.addItem(_(text), look)
        self._lay_out()

    def _lay_out(self) -> None:
        buttons, ok = dialog_buttons(self, _("Add the label"))
        ok.setEnabled(False)
        self.name.textChanged.connect(lambda text: ok.setEnabled(bool(text.strip())))
        form = QFormLayout()
        form.addRow(_("Code"), self.name)
        form.addRow(_("Key"), self.key)
        form.addRow(_("Kind"), self.look)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(buttons)

    @property
    def chosen(self) -> tuple[str, str, str]:
        """Code, key and look of the label."""
        return self.name.text().strip(), str(self.key.currentData()), str(self.look.currentData())
