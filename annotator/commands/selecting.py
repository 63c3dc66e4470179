"""Selecting: giving up what was begun, the innermost first."""

from annotator.commands._command import command
from annotator.i18n import N_
from annotator.session import Session


def has_begun(session: Session) -> bool:
    """Return whether there is something to give up."""
    return bool(
        session.linking
        or session.span
        or session.suggestion
        or session.has_selection
        or session.label
    )


@command(N_("Let go"), keys=("Esc",), menu="annotate", when=has_begun)
def let_go(session: Session) -> None:
    """Give up the relation being made, else the selection, else the active label."""
    if session.linking is not None:
        session.set_linking(None)
    elif session.span or session.suggestion or session.has_selection:
        session.select_text(session.selection[1], session.selection[1])
    else:
        session.set_label("")
