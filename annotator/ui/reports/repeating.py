"""Asks how many of one's earlier documents to label again, blind."""

from PySide6.QtWidgets import QDialog, QFormLayout, QSpinBox, QVBoxLayout, QWidget

from annotator.i18n import _
from annotator.jobs.team.repeats import RepeatOptions
from annotator.ui.widgets.controls import plain_label
from annotator.ui.widgets.dialog_buttons import dialog_buttons

USUAL, MOST, MOST_DAYS = 10, 500, 3650


class RepeatDocuments(QDialog):
    """Asks for the number of documents, and how long ago they were finished at least."""

    def __init__(self, annotator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Repeat earlier documents"))
        self.setMinimumWidth(420)
        self._annotator = annotator
        self.documents = QSpinBox()
        self.days = QSpinBox()
        self.seed = QSpinBox()
        self.documents.setRange(1, MOST)
        self.documents.setValue(USUAL)
        self.days.setRange(0, MOST_DAYS)
        self.seed.setRange(0, 999_999)
        self._lay_out()

    def _lay_out(self) -> None:
        about = _(
            "Documents that you have finished are drawn by lot and come back without your marks."
            " How far you agree with yourself then stands in the report. Your first work stays as"
            " it is; “Back to my own work” ends the round at any time."
        )
        buttons, _ok = dialog_buttons(self, _("Begin"))
        form = QFormLayout()
        for text, box in (
            (_("Documents"), self.documents),
            (_("Finished at least so many days ago"), self.days),
            (_("Seed of the lot"), self.seed),
        ):
            box.setAccessibleName(text)
            form.addRow(text, box)
        column = QVBoxLayout(self)
        column.addWidget(plain_label(about, wraps=True))
        column.addLayout(form)
        column.addWidget(buttons)

    @property
    def options(self) -> RepeatOptions:
        """What was asked for."""
        return RepeatOptions(
            self._annotator, self.documents.value(), self.days.value(), self.seed.value()
        )
