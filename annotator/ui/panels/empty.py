"""What stands in the place of the text while no document is open.

A sentence, and what to do, as buttons.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.commands.documents import waiting
from annotator.i18n import _, ngettext
from annotator.session import Session
from annotator.ui.widgets.controls import Guard, button, plain_label


class EmptyPage(QWidget):
    """Says that the project has no documents yet, or that none is open."""

    files_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, guard: Guard) -> None:
        super().__init__()
        self.setObjectName("page")
        self._guard = guard
        self._session: Session | None = None
        self._title = plain_label("", "title", wraps=True)
        self._text = plain_label("", "soft", wraps=True)
        self.files = button(_("Import files…"), self.files_wanted.emit, "primary")
        self.folder = button(_("Import a folder…"), self.folder_wanted.emit)
        self.begin = button(_("Open the first that is not finished"), self._begin, "primary")
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        column = QVBoxLayout()
        outer.addLayout(column, 4)
        outer.addStretch(1)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addSpacing(8)
        column.addWidget(self._text)
        column.addSpacing(20)
        row = QHBoxLayout()
        for made in (self.begin, self.files, self.folder):
            row.addWidget(made)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(3)

    def show_session(self, session: Session | None) -> None:
        """Say what is missing in a session."""
        self._session = session
        count = len(session.entries) if session else 0
        can_write = session is not None and not session.store.readonly
        if count:
            self._title.setText(_("No document is open"))
            text = ngettext(
                "The project has {count} document.", "The project has {count} documents.", count
            ).format(count=count)
            self._text.setText(
                f"{text} {_('Choose one from the list, or begin where the work stands.')}"
            )
        elif can_write:
            self._title.setText(_("This project has no documents yet"))
            text = _(
                "Bring in texts, tables, or files of other annotation programs: choose them, or"
                " drop them anywhere in this window."
            )
            self._text.setText(f"{text} {_('You see how each is read before anything is stored.')}")
        else:
            self._title.setText(_("This project has no documents"))
            self._text.setText(
                _(
                    "It is open for reading only. Copy the project file, and open the copy to"
                    " import documents."
                )
            )
        self.begin.setVisible(bool(count))
        for made in (self.files, self.folder):
            made.setVisible(not count and can_write)

    def take_focus(self) -> None:
        """Give the focus to the first thing to do."""
        shown = [made for made in (self.begin, self.files) if not made.isHidden()]
        if shown:
            shown[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin(self) -> None:
        session = self._session
        if session is not None and session.entries:
            self._guard(lambda: session.open_document(waiting(session) or session.entries[0].id))
