"""Adjudication.

Deciding the case on the desk, going from one case to the next, reasons and notes.
"""

from typing import NamedTuple

from annotator.commands._command import command
from annotator.commands.spans import shown
from annotator.errors import UserError
from annotator.i18n import N_, _
from annotator.model import Span, surface
from annotator.session import Session
from annotator.text import segmentation


class Act(NamedTuple):
    """A decision with its physical key: with or without Shift, its short name, what it does."""

    key: str
    shift: bool
    name: str
    help: str


ACTS = (
    Act("M", False, N_("Merge"), N_("Take all that anybody marked here as one span.")),
    Act(
        "M",
        True,
        N_("Common part"),
        N_("Take what all of the versions have in common as one span."),
    ),
    Act("N", False, N_("New span"), N_("Take the selected text instead of the versions.")),
    Act("N", True, N_("Add"), N_("Put the selected text into gold, which nobody has marked.")),
    Act("K", False, N_("Keep several"), N_("Keep all versions, because the text is ambiguous.")),
    Act("R", False, N_("Reject all"), N_("Decide that nothing is to be marked here.")),
    Act(
        "X",
        False,
        N_("Nobody is right"),
        N_("Decide that something is to be marked here, and nobody has it right."),
    ),
    Act(
        "C", False, N_("Let stand"), N_("Keep the decision although what it saw has changed since.")
    ),
    Act("O", False, N_("Open again"), N_("Take the decision back, whenever it was made.")),
)
"""What the keys decide at the desk, beside the digits, which take a person's version."""


def is_at_desk(session: Session) -> bool:
    """Return whether the person adjudicates."""
    return session.adjudication is not None


def has_case(session: Session) -> bool:
    """Return whether a case lies on the desk."""
    return session.adjudication is not None and session.adjudication.case is not None


def can_decide(session: Session) -> bool:
    """Return whether the case on the desk can be decided now."""
    case = session.adjudication.case if session.adjudication else None
    return case is not None and case.state != "waiting" and not session.store.readonly


def is_decided(session: Session) -> bool:
    """Return whether there is a decision on the case on the desk."""
    case = session.adjudication.case if session.adjudication else None
    return case is not None and bool(case.decisions) and not session.store.readonly


def is_stale(session: Session) -> bool:
    """Return whether the decision on the case on the desk saw something else than is there now."""
    case = session.adjudication.case if session.adjudication else None
    return case is not None and case.state == "stale" and not session.store.readonly


def show_case(session: Session) -> None:
    """Open the document of the case on the desk, with the caret at the case."""
    case = session.adjudication.case if session.adjudication else None
    if case is not None:
        if session.document is None or session.document.id != case.document:
            session.open_document(case.document)
        session.select_text(case.extent[0], case.extent[0])
    session.tell("cases")


def go_to(session: Session, document: str, name: str) -> None:
    """Put a case on the desk, by its document and id."""
    adjudication = session.adjudication
    found = adjudication.dockets.get(document) if adjudication else None
    if adjudication is not None and found is not None and name in found.by_id:
        adjudication.take(found.by_id[name])
        show_case(session)


def _case_words(session: Session) -> str:
    """Return what a step's title says of the case on the desk."""
    case = session.adjudication.case if session.adjudication else None
    if case is None:
        raise UserError(_("Choose a case from the list first."))
    document = session.document
    return (
        shown(document.text[slice(*case.extent)])
        if document is not None and document.id == case.document
        else case.document
    )


def decide(session: Session, outcome: str, chosen: str = "", drawn: Span | None = None) -> None:
    """Settle the case on the desk, and go on to the next that is open.

    Outcome: see model.OUTCOMES.
    """
    adjudication = session.adjudication
    if adjudication is None or adjudication.case is None:
        raise UserError(_("Choose a case from the list first."))
    if adjudication.case.state == "waiting":
        raise UserError(
            _("Decide the two ends of the relation first; it can only join what gold has.")
        )
    titles = {
        "accept": _("Decide {words}: one version"),
        "merge": _("Decide {words}: merged boundaries"),
        "new": _("Decide {words}: a new span"),
        "several": _("Decide {words}: several kept"),
        "reject": _("Decide {words}: nothing"),
        "nobody": _("Decide {words}: nobody is right"),
    }
    with session.change(titles[outcome].format(words=_case_words(session))) as step:
        adjudication.decide(step, outcome, chosen, drawn, session.annotator)
    go_on(session)


def accept(session: Session, number: int) -> None:
    """Take the version of the nth person shown, counted from 1."""
    case = session.adjudication.case if session.adjudication else None
    if session.adjudication is None or case is None:
        return
    order = session.adjudication.order(case)
    if not 1 <= number <= len(order):
        raise UserError(_("There are only {count} versions here.").format(count=len(order)))
    decide(session, "accept", order[number - 1])


def _merge(session: Session, *, only_common: bool) -> None:
    if session.adjudication is not None and session.document is not None:
        if session.adjudication.case is not None and session.adjudication.case.is_relation:
            raise UserError(
                _("A relation has no boundaries; accept a version, keep several, or reject all.")
            )
        decide(
            session,
            "merge",
            drawn=session.adjudication.merge(session.document.text, only_common=only_common),
        )


@command(N_("Merge the boundaries to the whole"), menu="adjudicate", when=can_decide)
def merge_whole(session: Session) -> None:
    """Take all that anybody marked here as one span (key M)."""
    _merge(session, only_common=False)


@command(N_("Merge the boundaries to what is common"), menu="adjudicate", when=can_decide)
def merge_common(session: Session) -> None:
    """Take what all of the versions have in common as one span (key Shift+M)."""
    _merge(session, only_common=True)


@command(N_("Keep several versions"), menu="adjudicate", when=can_decide)
def keep_several(session: Session) -> None:
    """Keep all versions, because the text is ambiguous (key K)."""
    decide(session, "several")


@command(N_("Reject all versions"), menu="adjudicate", when=can_decide)
def reject_all(session: Session) -> None:
    """Decide that nothing is to be marked here (key R)."""
    decide(session, "reject")


@command(N_("Nobody is right"), menu="adjudicate", when=can_decide)
def nobody(session: Session) -> None:
    """Decide that something is to be marked here and nobody has it right.

    It is listed as a guideline issue (key X).
    """
    decide(session, "nobody")


@command(N_("Let the decision stand"), menu="adjudicate", when=is_stale)
def let_stand(session: Session) -> None:
    """Keep a decision although what it saw has changed since (key C)."""
    if session.adjudication is not None:
        with session.change(
            _("Confirm the decision on {words}").format(words=_case_words(session))
        ) as step:
            session.adjudication.let_stand(step)
        go_on(session)


@command(N_("Open the case again"), menu="adjudicate", when=is_decided)
def open_again(session: Session) -> None:
    """Take back the decision on the case, whenever it was made (key O)."""
    if session.adjudication is not None:
        with session.change(_("Open {words} again").format(words=_case_words(session))) as step:
            session.adjudication.open_again(step)
        show_case(session)


def drawn(session: Session, label: str) -> Span:
    """Return the span that the selected text would be with a label."""
    document, found = session.document, session.schema.find_label(label)
    if document is None or not session.has_selection:
        raise UserError(_("Select the right words in the text first."))
    trimmed = segmentation.trim(document.text, *session.selection)
    if trimmed is None:
        raise UserError(
            _(
                "The selection holds only spaces or invisible characters; select at least one"
                " letter."
            )
        )
    if found is None:
        raise UserError(_("The schema has no label {label}.").format(label=label))
    return Span("", found[0].id, label, (trimmed,), surface(document.text, (trimmed,)))


def draw(session: Session, label: str) -> None:
    """Settle the case on the desk by the selected text with a label."""
    if (
        session.adjudication is not None
        and session.adjudication.case is not None
        and session.adjudication.case.is_relation
    ):
        raise UserError(
            _("A relation has no boundaries; accept a version, keep several, or reject all.")
        )
    decide(session, "new", drawn=drawn(session, label))


def add(session: Session, label: str) -> None:
    """Put the selected text into gold, which nobody has marked."""
    if session.adjudication is not None and session.document is not None:
        span = drawn(session, label)
        with session.change(
            _("Add {label} on {text}").format(label=label, text=shown(span.text))
        ) as step:
            session.adjudication.add(step, session.document.id, span, session.annotator)
        show_case(session)


def explain(session: Session, reason: str, note: str) -> None:
    """Give a reason (a code, "" for none) and a note.

    To the decision that is there, else to the one that comes.
    """
    adjudication = session.adjudication
    if adjudication is None or adjudication.case is None:
        return
    decision = adjudication.case.decision
    if decision is None:
        adjudication.reason, adjudication.note = reason, note
        session.tell("cases")
    elif (decision.reason, decision.note) != (reason, note):
        with session.change(
            _("Explain the decision on {words}").format(words=_case_words(session))
        ) as step:
            adjudication.annotate(step, reason, note)


@command(N_("Next case to decide"), menu="adjudicate", when=has_case)
def go_on(session: Session) -> None:
    """Go to the next case that is open or stale (Enter)."""
    adjudication = session.adjudication
    case = adjudication.next_open() if adjudication else None
    if adjudication is not None and case is not None:
        adjudication.take(case)
    show_case(session)


@command(N_("Previous case"), menu="adjudicate", when=has_case)
def go_back(session: Session) -> None:
    """Go to the case before this one in the list (Backspace)."""
    move(session, -1)


def move(session: Session, by: int) -> None:
    """Go so many cases on or back in the list."""
    case = session.adjudication.beside(by) if session.adjudication else None
    if session.adjudication is not None and case is not None:
        session.adjudication.take(case)
        show_case(session)


@command(N_("Hide or show the annotators' names"), menu="adjudicate", when=is_at_desk)
def hide_names(session: Session) -> None:
    """Show letters for the annotators' names, or the names again."""
    if session.adjudication is not None:
        session.adjudication.hides_names = not session.adjudication.hides_names
        session.tell("cases")


def press(session: Session, key: str, *, shift: bool = False) -> bool:
    """Do what a physical key stands for at the desk; False when it stands for nothing.

    New spans need a label, so N is not here.
    """
    if key.isdecimal() and key != "0" and not shift:
        accept(session, int(key))
        return True
    acts = {
        "M": merge_common if shift else merge_whole,
        "K": keep_several,
        "R": reject_all,
        "X": nobody,
        "C": let_stand,
        "O": open_again,
    }
    act = acts.get(key.upper())
    if act is None or (shift and key.upper() != "M"):
        return False
    act(session)
    return True
