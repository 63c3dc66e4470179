"""Undo and redo: unlimited, across documents and restarts."""

from annotator.commands._command import command
from annotator.i18n import N_
from annotator.model import Changes
from annotator.session import Session


def can_undo(session: Session) -> bool:
    """Return whether there is a step to take back."""
    return session.store.undoable(session.annotator) is not None


def can_redo(session: Session) -> bool:
    """Return whether there is a step to do again."""
    return session.store.redoable(session.annotator) is not None


@command(N_("Undo"), keys=("Ctrl+Z",), menu="edit", when=can_undo)
def undo(session: Session) -> None:
    """Take back your latest step, whichever document it was in."""
    _show(session, session.undo())


@command(N_("Redo"), keys=("Ctrl+Shift+Z", "Ctrl+Y"), menu="edit", when=can_redo)
def redo(session: Session) -> None:
    """Do again what was taken back last."""
    _show(session, session.redo())


def _show(session: Session, changes: Changes | None) -> None:
    """Go to where the step happened, if that is another document."""
    if changes is None or len(changes.documents) != 1:
        return
    name = next(iter(changes.documents))
    here = session.document.id if session.document else ""
    if name != here and session.entries.place(name) >= 0:
        session.open_document(name)
    back = [entity for entity in changes.entities or () if entity in session.spans]
    asked = [entity for entity in changes.entities or () if entity in session.suggestions.open]
    if back:
        session.select_span(back[-1])
    elif asked:
        session.select_suggestion(asked[-1])
