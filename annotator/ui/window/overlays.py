"""The layers of other annotators, laid over one's own: to be read, never changed.

Each person is a letter in a circle.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from annotator.i18n import _
from annotator.model import original
from annotator.session import Session
from annotator.store import annotator_id
from annotator.ui.text_view import Mark
from annotator.ui.widgets.mark_builder import MarkBuilder

PREFIX = "other/"


class Overlays:
    """Whose layers are shown.

    Nothing is kept of what they hold: it is read anew when a document is shown.
    """

    def __init__(self) -> None:
        self.shown: tuple[str, ...] = ()
        self.are_beside = False
        """Whether they stand in columns beside the text, not over it."""

    def names(self, session: Session) -> list[str]:
        """Return the annotators whose layers could be shown; to who repeats documents, none.

        They are to see them afresh.
        """
        if original(session.annotator):
            return []
        return [
            name
            for name in session.store.annotators_with_work()
            if annotator_id(name) != session.annotator_id
        ]

    def toggle(self, name: str) -> None:
        """Show a person's layer, or show it no longer."""
        self.shown = (
            tuple(other for other in self.shown if other != name)
            if name in self.shown
            else (*self.shown, name)
        )

    def _take(self, name: str, changed: Callable[[], None], _on: bool = False) -> None:
        self.toggle(name)
        changed()

    def _put(self, session: Session, changed: Callable[[], None], _on: bool = False) -> None:
        self.turn(session)
        changed()

    def marks(self, session: Session, marker: MarkBuilder) -> list[Mark]:
        """Return the marks of the layers laid over the open document."""
        if session.document is None or self.are_beside:
            return []
        found: list[Mark] = []
        for name, letter in zip(self.shown, letters(self.shown), strict=True):
            annotation_set = session.store.annotation_set(session.document.id, name)
            found += [
                marker.of_other(span, f"{PREFIX}{name}/{span.id}", letter)
                for span in annotation_set.spans
            ]
        return found

    def beside(self) -> tuple[str, ...]:
        """Return whose layers stand beside the text."""
        return self.shown if self.are_beside else ()

    def turn(self, session: Session) -> None:
        """Put the layers beside the text, or over it again.

        With nobody chosen, the first who is there.
        """
        self.are_beside = not self.are_beside
        if self.are_beside and not self.shown:
            self.shown = tuple(self.names(session)[:1])

    def menu(self, session: Session, parent: QWidget, changed: Callable[[], None]) -> QMenu:
        """Return a menu of the people, each to be ticked."""
        made = QMenu(_("Annotations of others"), parent)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in self.names(session):
            action = made.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name in self.shown)
            action.triggered.connect(partial(self._take, name, changed))
        if made.isEmpty():
            made.addAction(_("Nobody else has worked in this project.")).setEnabled(False)
            return made
        made.addSeparator()
        beside = made.addAction(_("Side by side"))
        beside.setCheckable(True)
        beside.setChecked(self.are_beside)
        beside.triggered.connect(partial(self._put, session, changed))
        return made


def letters(names: tuple[str, ...]) -> list[str]:
    """Return a letter for each name: its own first one, or the first that is still free."""
    taken: list[str] = []
    for name in names:
        choices = [*(letter.upper() for letter in name if letter.isalnum()), *"123456789"]
        taken.append(next((letter for letter in choices if letter not in taken), "?"))
    return taken
