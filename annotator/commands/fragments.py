"""Fragments: adding selected text to a span that is there already, and taking it out again."""

from annotator.commands._command import command
from annotator.commands.spans import set_fragments
from annotator.errors import UserError
from annotator.i18n import N_, _
from annotator.model import Fragment, Span
from annotator.session import Session
from annotator.text import segmentation
from annotator.text.ranges import united, without


def has_text_for_span(session: Session) -> bool:
    """Return whether text is selected that could be added to the span selected before.

    Or taken out of it.
    """
    return session.has_selection and session.recent in session.spans


def open_text(session: Session) -> str:
    """Return the text of the open document."""
    return session.document.text if session.document else ""


def _chosen(session: Session) -> tuple[Span, Fragment]:
    span = session.spans.get(session.recent)
    if span is None or session.document is None or not session.has_selection:
        raise UserError(
            _("Select a span first, then the text that is to be added to it or taken out of it.")
        )
    trimmed = segmentation.trim(session.document.text, *session.selection)
    if trimmed is None:
        raise UserError(
            _(
                "The selection holds only spaces or invisible characters; select at least one"
                " letter."
            )
        )
    return span, trimmed


@command(
    N_("Add the selection to the span"), keys=("Alt+=",), menu="annotate", when=has_text_for_span
)
def add(session: Session) -> None:
    """Add the selected text to the span selected before, as a fragment of it."""
    span, stretch = _chosen(session)
    set_fragments(session, span, united(span.fragments, stretch))
    session.select_span(span.id)


@command(
    N_("Take the selection out of the span"),
    keys=("Alt+-",),
    menu="annotate",
    when=has_text_for_span,
)
def take_out(session: Session) -> None:
    """Take the selected text out of the span selected before.

    A fragment, a part of one, or a hole in it.
    """
    span, stretch = _chosen(session)
    text = open_text(session)
    left = (segmentation.trim(text, *fragment) for fragment in without(span.fragments, stretch))
    set_fragments(session, span, tuple(fragment for fragment in left if fragment))
    session.select_span(span.id)
