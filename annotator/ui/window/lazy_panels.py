"""What stands around the text, most of it made when it is first seen.

The start does not wait for it.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from annotator.ui.panels.suggestion_bar import SuggestionBar
from annotator.ui.runtime.keyboard import Keyboard
from annotator.ui.text_view import TextView
from annotator.ui.widgets.controls import Guard

if TYPE_CHECKING:
    from annotator.ui.panels.empty import EmptyPage
    from annotator.ui.window.find_bar import FindBar
    from annotator.ui.window.reading_pane import ReadingPane

PARTS = ("find_bar", "empty", "reading", "suggestions")


class LazyPanels(QObject):
    """Makes the panels around a text when they are asked for; who lays them out places `slots`."""

    files_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, view: TextView, keyboard: Keyboard, guard: Guard) -> None:
        super().__init__(view)
        self._view, self._keyboard, self._guard = view, keyboard, guard
        self.slots = {part: QVBoxLayout() for part in PARTS}

    def is_made(self, part: str) -> bool:
        """Return whether a part is there already; asked for by its name, it is made."""
        return part in vars(self)

    @cached_property
    def find_bar(self) -> "FindBar":
        """The line above the text to find something in it."""
        # The start does not wait for it.
        from annotator.ui.window.find_bar import FindBar

        made = FindBar(self._view)
        self.slots["find_bar"].addWidget(made)
        made.show_text(self._view.text())
        return made

    @cached_property
    def empty(self) -> "EmptyPage":
        """What stands in the place of the text while no document is open."""
        # The start does not wait for it.
        from annotator.ui.panels.empty import EmptyPage

        made = EmptyPage(self._guard)
        made.hide()
        self.slots["empty"].addWidget(made)
        made.files_wanted.connect(self.files_wanted)
        made.folder_wanted.connect(self.folder_wanted)
        return made

    @cached_property
    def reading(self) -> "ReadingPane":
        """The paragraph at the caret as plain text."""
        # The start does not wait for it.
        from annotator.ui.window.reading_pane import ReadingPane

        made = ReadingPane(self._view)
        self.slots["reading"].addWidget(made)
        return made

    @cached_property
    def suggestions(self) -> SuggestionBar:
        """The line that counts open suggestions and takes the answers."""
        made = SuggestionBar(self._keyboard, self._guard)
        self.slots["suggestions"].addWidget(made)
        return made
