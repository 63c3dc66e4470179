"""What stands around the text, most of it made when it is first seen.

The start does not wait for it.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.ui.panels.suggestion_bar import SuggestionBar
from annotator.ui.runtime.keyboard import Keyboard
from annotator.ui.text_view import TextView
from annotator.ui.widgets.controls import Guard

if TYPE_CHECKING:
    from annotator.ui.panels.empty import EmptyPage
    from annotator.ui.window.find_bar import FindBar
    from annotator.ui.window.reading_pane import ReadingPane


class LazyPanels(QWidget):
    """Has the text, and room for what is made later; who lays it out places `room`."""

    files_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, guard: Guard) -> None:
        super().__init__()
        self._guard = guard
        self.keyboard = Keyboard(self)
        self.view = TextView()
        self.room = {
            part: QVBoxLayout() for part in ("find_bar", "empty", "reading", "suggestions")
        }

    def is_made(self, part: str) -> bool:
        """Return whether a part is there already; asked for by its name, it is made."""
        return part in vars(self)

    @cached_property
    def find_bar(self) -> "FindBar":
        """The line above the text to find something in it."""
        # The start does not wait for it.
        from annotator.ui.window.find_bar import FindBar

        made = FindBar(self.view)
        self.room["find_bar"].addWidget(made)
        made.show_text(self.view.text())
        return made

    @cached_property
    def empty(self) -> "EmptyPage":
        """What stands in the place of the text while no document is open."""
        # The start does not wait for it.
        from annotator.ui.panels.empty import EmptyPage

        made = EmptyPage(self._guard)
        made.hide()
        self.room["empty"].addWidget(made)
        made.files_wanted.connect(self.files_wanted)
        made.folder_wanted.connect(self.folder_wanted)
        return made

    @cached_property
    def reading(self) -> "ReadingPane":
        """The paragraph at the caret as plain text."""
        # The start does not wait for it.
        from annotator.ui.window.reading_pane import ReadingPane

        made = ReadingPane(self.view)
        self.room["reading"].addWidget(made)
        return made

    @cached_property
    def suggestions(self) -> SuggestionBar:
        """The line that counts open suggestions and takes the answers."""
        made = SuggestionBar(self.keyboard, self._guard)
        self.room["suggestions"].addWidget(made)
        return made
