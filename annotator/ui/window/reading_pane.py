"""The reading pane.

The paragraph at the caret and its labels as plain text, for screen readers and for copying.

The text view paints by itself, and assistive technology sees only its name; here it finds a text
widget that it knows.
"""

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from annotator.i18n import _
from annotator.session import Session
from annotator.text.offsets import Utf16Map
from annotator.ui.text_view import TextView

HEIGHT = 110
SHOWN = 60


class ReadingPane(QPlainTextEdit):
    """Shows where the caret of the text view is; nothing can be changed here."""

    def __init__(self, view: TextView) -> None:
        super().__init__()
        self._view = view
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(_("The paragraph at the caret, and its labels"))
        self.hide()

    def follow(self, session: Session | None) -> None:
        """Show the paragraph at the caret.

        With the selection in it, then the spans of the paragraph, a line each.
        """
        if not self.isVisible():
            return
        if session is None or session.document is None:
            self.clear()
            return
        start, end = self._view.paragraph_at(self._view.caret())
        text = session.document.text[start:end]
        order = session.annotations.order
        inside = [
            span
            for span in order[session.annotations.first_from(start) :][:SHOWN]
            if span.start < end
        ]
        lines = [text, "", *(f"{span.label}: {span.text}" for span in inside)]
        shown = "\n".join(lines)
        if shown != self.toPlainText():
            self.setPlainText(shown)
        units, (first, last) = Utf16Map(text), self._view.selection()
        cursor = self.textCursor()
        cursor.setPosition(units.to_utf16(min(max(first - start, 0), len(text))))
        cursor.setPosition(
            units.to_utf16(min(max(last - start, 0), len(text))), QTextCursor.MoveMode.KeepAnchor
        )
        self.setTextCursor(cursor)
