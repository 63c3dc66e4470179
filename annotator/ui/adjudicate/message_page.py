"""What stands in the place of cases while there is nothing to compare.

A sentence, and what to do, as buttons.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.i18n import _
from annotator.ui.widgets.controls import button, plain_label


class MessagePage(QWidget):
    """Says why there are no cases, and offers to bring in another's work."""

    collecting_wanted = Signal()
    files_wanted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self._title = plain_label("", "title", wraps=True)
        self._text = plain_label("", "soft", wraps=True)
        self.offers = [
            button(_("Collect returned work…"), self.collecting_wanted.emit, "primary"),
            button(_("Import files…"), self.files_wanted.emit),
            button(_("Back to labelling (F8)"), self.left.emit),
        ]
        column = QVBoxLayout()
        column.addStretch(2)
        column.addWidget(self._title)
        column.addSpacing(8)
        column.addWidget(self._text)
        column.addSpacing(20)
        row = QHBoxLayout()
        for made in self.offers:
            row.addWidget(made)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(column, 4)
        outer.addStretch(1)

    def show_text(self, title: str, text: str = "", *, offers: bool = False) -> None:
        """Show a title and a sentence, with or without the buttons."""
        self._title.setText(title)
        self._text.setText(text)
        for made in self.offers:
            made.setVisible(offers)
