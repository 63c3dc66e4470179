"""Finding in the open document.

With letters and digits folded (ي/ی, ZWNJ, ё/е, three systems of digits).
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from annotator.i18n import _
from annotator.text.folding import Folded, find_folded, fold
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.text_view import TextView
from annotator.ui.widgets.controls import button, plain_label

if TYPE_CHECKING:
    from annotator.model import Fragment


@guard_overrides
class FindBar(QFrame):
    """A line above the text.

    Enter goes to the next hit, Shift+Enter to the one before, Esc back to the text.
    """

    def __init__(self, view: TextView) -> None:
        super().__init__()
        self.setObjectName("strip")
        self._view = view
        self._text = ""
        self._folded: Folded | None = None
        self._hits: list[Fragment] = []
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Find in the document"))
        self.line.setAccessibleName(_("Find in the document"))
        self._count = plain_label("", "soft")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self.line, 1)
        row.addWidget(self._count)
        row.addWidget(button(_("Previous"), lambda: self.go(-1)))
        row.addWidget(button(_("Next"), lambda: self.go(1)))
        row.addWidget(button(_("Close"), self.end))
        self.line.textChanged.connect(self._search)
        self.line.installEventFilter(self)
        self.hide()

    def show_text(self, text: str) -> None:
        """Take the text of a document."""
        self._text, self._folded = text, None
        if self.isVisible():
            self._search()

    def begin(self) -> None:
        """Show the bar with what is selected as the thing to find."""
        start, end = self._view.selection()
        if start < end:
            self.line.setText(self._text[start:end].partition("\n")[0])
        self.show()
        self.line.selectAll()
        self.line.setFocus()
        self._search()

    def end(self) -> None:
        """Hide the bar and go back to the text."""
        self.hide()
        self._view.setFocus()

    def _search(self) -> None:
        if self._folded is None:
            self._folded = fold(self._text)
        query = self.line.text()
        self._hits = find_folded(query, self._folded) if query.strip() else []
        self._show_count(-1)

    def go(self, by: int) -> None:
        """Select the next hit after the caret (or the one before it)."""
        if not self._hits:
            return
        start, end = self._view.selection()
        here = [
            number
            for number, hit in enumerate(self._hits)
            if (hit[0] >= end if by > 0 else hit[1] <= start)
        ]
        number = (
            (here[0] if by > 0 else here[-1]) if here else (0 if by > 0 else len(self._hits) - 1)
        )
        self._view.select(*self._hits[number])
        self._view.reveal(self._hits[number][0])
        self._show_count(number)

    def _show_count(self, number: int) -> None:
        total = len(self._hits)
        none = _("no hits") if self.line.text().strip() else ""
        self._count.setText(
            f"{number + 1} / {total}" if number >= 0 else (str(total) if total else none)
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter and Shift+Enter from the line: it would make no difference between them."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self.go(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        else:
            super().keyPressEvent(event)
