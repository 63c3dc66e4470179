"""The bar above the text: something that went wrong, or that one should know.

Never a dialog, never in the way.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from annotator.i18n import _
from annotator.ui.widgets.controls import button, plain_label

PASSES_AFTER_MS = 8000
KEPT = 100


class Notices(QFrame):
    """Shows one notice at a time and keeps the last hundred."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.log: list[str] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        self._text = plain_label("", wraps=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(self._text, 1)
        self._action: QPushButton | None = None
        self._row = row
        self._close = button("×", self.hide, "small", tip=_("Close"))
        self._close.setAccessibleName(_("Close this notice"))
        self._close.setFixedWidth(28)
        row.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def show_text(
        self,
        text: str,
        *,
        stays: bool = True,
        action: str = "",
        does: Callable[[], object] | None = None,
    ) -> None:
        """Show a notice; `stays` until it is closed, otherwise it passes.

        It may offer one action.
        """
        self.log = [*self.log, text][-KEPT:]
        self._text.setText(text)
        self.setAccessibleName(text)
        if self._action is not None:
            self._action.deleteLater()
            self._action = None
        if action and does is not None:
            self._action = button(action, does)
            self._row.insertWidget(1, self._action)
        self.show()
        if stays:
            self._timer.stop()
        else:
            self._timer.start(PASSES_AFTER_MS)
