"""The design that the view is measured against.

QPlainTextEdit with a QTextEdit.ExtraSelection a span.
"""

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from annotator.text.offsets import Utf16Map
from tests.bench.big_text import BigText, Stretch


class StockView(QPlainTextEdit):
    """Stock Qt: the text as one plain document, spans as extra selections."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self._marks: list[QTextEdit.ExtraSelection] = []
        self._units = Utf16Map("")

    def show_big(self, big: BigText, most: int | None = None) -> None:
        """Show a text with its stretches.

        `most` leaves out the others (100,000 of them take longer than anybody waits).
        """
        self.setPlainText(big.text)
        self._units = Utf16Map(big.text)
        self._marks = [self._selection(stretch) for stretch in big.stretches[:most]]
        self.setExtraSelections(self._marks)

    def add(self, stretch: Stretch) -> None:
        """Add one span."""
        self._marks.append(self._selection(stretch))
        self.setExtraSelections(self._marks)

    def _selection(self, stretch: Stretch) -> QTextEdit.ExtraSelection:
        _label, start, end = stretch
        made = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._units.to_utf16(start))
        cursor.setPosition(self._units.to_utf16(end), QTextCursor.MoveMode.KeepAnchor)
        made.cursor = cursor
        style = QTextCharFormat()
        style.setBackground(QColor("#CCDDEE"))
        style.setFontUnderline(True)
        made.format = style
        return made
