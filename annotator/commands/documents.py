"""Documents: moving from one to the next, and saying how far one has come."""

from bisect import bisect_right

from annotator.commands._command import command
from annotator.commands.spans import open_document
from annotator.i18n import N_, _
from annotator.session import Session
from annotator.text import segmentation
from annotator.text.direction import LTR, RTL, base_directions


def has_document(session: Session) -> bool:
    """Return whether a document is open."""
    return session.document is not None


def has_documents(session: Session) -> bool:
    """Return whether the project has documents."""
    return bool(session.entries)


def is_done(session: Session) -> bool:
    """Return whether the open document is finished."""
    return session.document is not None and session.status == "done"


def set_status(session: Session, status: str) -> None:
    """Say how far the open document has come."""
    if session.status == status or session.document is None:
        return
    titles = {
        "done": _("Finish {name}"),
        "open": _("Reopen {name}"),
        "new": _("Mark {name} as new"),
    }
    with session.change(titles[status].format(name=session.document.name)) as step:
        step.put_status(open_document(session), session.annotator_id, status)


def waiting(session: Session) -> str:
    """Return the next document, after the open one, that is not finished; "" when all are."""
    here = session.place()
    count = len(session.entries)
    order = (session.entries[(here + step) % count] for step in range(1, count + 1))
    return next((entry.id for entry in order if entry.status != "done"), "")


@command(
    N_("Finish and go on"), keys=("Ctrl+Return", "Ctrl+Enter"), menu="document", when=has_document
)
def finish(session: Session) -> None:
    """Mark the document as done, and open the next one that is not."""
    set_status(session, "done")
    name = waiting(session)
    if name:
        session.open_document(name)


@command(N_("Reopen the document"), keys=("Ctrl+Shift+Return",), menu="document", when=is_done)
def reopen(session: Session) -> None:
    """Mark a finished document as being worked on again."""
    set_status(session, "open")


@command(N_("Next document"), keys=("Ctrl+PgDown", "Alt+Down"), menu="document", when=has_documents)
def following(session: Session) -> None:
    """Open the next document of the list."""
    session.open_document(session.entries[min(session.place() + 1, len(session.entries) - 1)].id)


@command(N_("Previous document"), keys=("Ctrl+PgUp", "Alt+Up"), menu="document", when=has_documents)
def preceding(session: Session) -> None:
    """Open the previous document of the list."""
    session.open_document(session.entries[max(session.place() - 1, 0)].id)


def turn(session: Session, direction: str) -> None:
    """Set the base direction of the open document: "rtl", "ltr" or "auto"."""
    if session.document is not None and session.document.direction != direction:
        with session.change(
            _("Set the text direction of {name}").format(name=session.document.name)
        ) as step:
            step.put_direction(session.document.id, direction)


@command(N_("Turn the text direction"), keys=("Ctrl+Shift+X",), menu="document", when=has_document)
def flip_direction(session: Session) -> None:
    """Switch the document between automatic, right-to-left and left-to-right."""
    if session.document is not None:
        order = ("auto", "rtl", "ltr")
        turn(session, order[(order.index(session.document.direction) + 1) % 3])


def turn_paragraph(session: Session, position: int) -> None:
    """Turn the direction of the paragraph at a position round.

    Or back to what the document's rules say.
    """
    document = session.document
    if document is None:
        return
    found = segmentation.paragraphs(document.text)
    paragraph = found[max(bisect_right(found, position, key=_start) - 1, 0)]
    turned = dict(document.paragraph_directions)
    if turned.pop(paragraph.start, "") == "":
        content = document.text[paragraph.start : paragraph.end]
        is_rtl = base_directions([content], document.language, document.direction) == [RTL]
        turned[paragraph.start] = LTR if is_rtl else RTL
    with session.change(_("Turn a paragraph of {name}").format(name=document.name)) as step:
        step.put_paragraph_directions(document.id, turned)


def _start(paragraph: segmentation.Paragraph) -> int:
    return paragraph.start


@command(
    N_("Turn the paragraph's direction"), keys=("Ctrl+Shift+E",), menu="document", when=has_document
)
def flip_paragraph(session: Session) -> None:
    """Turn the paragraph at the caret round, from right-to-left to left-to-right or back."""
    turn_paragraph(session, session.selection[0])
