"""Spans: labelling, relabelling, moving edges, deleting, walking from one to the next."""

from bisect import bisect_left
from itertools import pairwise

from annotator.commands._command import command
from annotator.errors import UserError
from annotator.i18n import N_, _
from annotator.model import Fragment, Span, Value, new_id, reading_key, surface
from annotator.session import Session
from annotator.store import Step
from annotator.text import segmentation

SHOWN = 40
NEAR = 2000
"""How far from an edge the next token is looked for: a whole book would take a second to split."""


def shown(text: str) -> str:
    """Return a span's text as a step's title shows it: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def has_span(session: Session) -> bool:
    """Return whether a span is selected."""
    return session.selected is not None


def has_spans(session: Session) -> bool:
    """Return whether the open document has spans or suggestions."""
    return bool(session.spans or session.suggestions.open)


def open_document(session: Session) -> str:
    """Return the id of the open document; raise UserError when none is."""
    if session.document is None:
        raise UserError(_("Open a document first."))
    return session.document.id


def add_span(
    session: Session,
    label: str,
    fragments: tuple[Fragment, ...],
    attributes: dict[str, Value] | None = None,
) -> None:
    """Label a stretch of the open document, and select it; the same span twice is only selected."""
    name = open_document(session)
    found = session.schema.find_label(label)
    if session.document is None or found is None:
        raise UserError(_("The schema has no label {label}.").format(label=label))
    text = surface(session.document.text, fragments)
    twin = session.annotations.twin(label, fragments)
    if twin is None or (attributes and dict(twin.attributes) != attributes):
        made = Span(
            twin.id if twin else new_id(), found[0].id, label, fragments, text, attributes or {}
        )
        with session.change(
            _("Label {label} on {text}").format(label=label, text=shown(text))
        ) as step:
            step.put_span(name, session.annotator_id, made)
            begin(session, step)
        twin = made
    session.select_span(twin.id)


def label_selection(session: Session, label: str) -> None:
    """Give the selected text a label; with a span selected, change its label.

    With neither, make the label the active one.
    """
    if session.has_selection and session.document is not None:
        trimmed = segmentation.trim(session.document.text, *session.selection)
        if trimmed is None:
            raise UserError(
                _(
                    "The selection holds only spaces or invisible characters; select at least one"
                    " letter."
                )
            )
        add_span(session, label, (trimmed,))
    elif session.selected is not None:
        relabel(session, session.selected, label)
    else:
        session.set_label("" if session.label == label else label)


def relabel(session: Session, span: Span, label: str) -> None:
    """Change a span's label; attributes that the new label does not know go."""
    found = session.schema.find_label(label)
    if found is None or span.label == label:
        return
    known = {entry.id for entry in found[1].attributes}
    kept = {key: value for key, value in span.attributes.items() if key in known}
    title = _("Change {old} to {new} on {text}").format(
        old=span.label, new=label, text=shown(span.text)
    )
    replace_span(session, span._replace(layer=found[0].id, label=label, attributes=kept), title)


def replace_span(session: Session, span: Span, title: str) -> None:
    """Store a changed span in a step of its own."""
    name = open_document(session)
    with session.change(title) as step:
        step.put_span(name, session.annotator_id, span)
        begin(session, step)


def begin(session: Session, step: Step) -> None:
    """Within a step, mark a document that was new as begun."""
    if session.status == "new" and session.document is not None:
        step.put_status(session.document.id, session.annotator_id, "open")


def set_fragments(session: Session, span: Span, fragments: tuple[Fragment, ...]) -> None:
    """Move a span's boundaries."""
    if session.document is None or fragments == span.fragments:
        return
    if not any(start < end for start, end in fragments):
        raise UserError(
            _(
                "Nothing would be left of the span; a span has at least one letter. Delete it"
                " instead."
            )
        )
    text = surface(session.document.text, fragments)
    title = _("Move the boundary of {label} to {text}").format(label=span.label, text=shown(text))
    replace_span(session, span._replace(fragments=fragments, text=text), title)


def write_note(session: Session, document: str, name: str, note: str) -> None:
    """Write a note on a span of any document: one may have gone on to another while writing."""
    spans, _relations = session.store.spans_and_relations(document, session.annotator, (name,))
    if spans and spans[0].note != note:
        with session.change(_("Note on {text}").format(text=shown(spans[0].text))) as step:
            step.put_span(document, session.annotator_id, spans[0]._replace(note=note))


@command(N_("Delete span"), keys=("Del", "Backspace"), menu="annotate", when=has_span)
def delete(session: Session) -> None:
    """Delete the selected span, and the relations that end in it."""
    span = session.selected
    if span is None:
        return
    place = session.annotations.place(span)
    title = _("Delete {label} on {text}").format(label=span.label, text=shown(span.text))
    with session.change(title) as step:
        step.remove_span(open_document(session), session.annotator_id, span.id)
    rest = session.in_order()
    session.select_span(rest[min(place, len(rest) - 1)].id if rest else "")


@command(N_("Next span"), keys=("Tab",), menu="annotate", when=has_spans)
def following(session: Session) -> None:
    """Select the next span, or suggestion, in the text."""
    _walk(session, 1)


@command(N_("Previous span"), keys=("Shift+Tab",), menu="annotate", when=has_spans)
def preceding(session: Session) -> None:
    """Select the previous span, or suggestion, in the text."""
    _walk(session, -1)


def _walk(session: Session, by: int) -> None:
    order = session.stops() if session.suggestions.open else session.in_order()
    if not order:
        return
    span = session.selected or session.suggested
    if span is not None:
        place = (bisect_left(order, reading_key(span), key=reading_key) + by) % len(order)
    elif by > 0:
        place = next(
            (number for number, entry in enumerate(order) if entry.start >= session.selection[0]), 0
        )
    else:
        place = next(
            (
                number
                for number, entry in reversed(list(enumerate(order)))
                if entry.start < session.selection[0]
            ),
            -1,
        )
    if order[place].id in session.suggestions.open:
        session.select_suggestion(order[place].id)
    else:
        session.select_span(order[place].id)


@command(N_("Grow at the end"), keys=("Alt+]",), menu="annotate", when=has_span)
def grow_end(session: Session) -> None:
    """Grow the selected span by a word at its logical end."""
    _move_edge(session, at_end=True, outwards=True)


@command(N_("Shrink at the end"), keys=("Alt+[",), menu="annotate", when=has_span)
def shrink_end(session: Session) -> None:
    """Shrink the selected span by a word at its logical end."""
    _move_edge(session, at_end=True, outwards=False)


@command(N_("Grow at the start"), keys=("Alt+Shift+[",), menu="annotate", when=has_span)
def grow_start(session: Session) -> None:
    """Grow the selected span by a word at its logical start."""
    _move_edge(session, at_end=False, outwards=True)


@command(N_("Shrink at the start"), keys=("Alt+Shift+]",), menu="annotate", when=has_span)
def shrink_start(session: Session) -> None:
    """Shrink the selected span by a word at its logical start."""
    _move_edge(session, at_end=False, outwards=False)


def _move_edge(session: Session, *, at_end: bool, outwards: bool) -> None:
    span, document = session.selected, session.document
    if span is None or document is None:
        return
    start, end = span.fragments[-1 if at_end else 0]
    tokens = _tokens_near(document.text, end if at_end else start)
    if at_end:
        choices = [
            stop for _first, stop in tokens if (stop > end if outwards else start < stop < end)
        ]
        moved = (start, (min if outwards else max)(choices, default=end))
    else:
        choices = [
            first for first, _stop in tokens if (first < start if outwards else start < first < end)
        ]
        moved = ((max if outwards else min)(choices, default=start), end)
    fragments = (*span.fragments[:-1], moved) if at_end else (moved, *span.fragments[1:])
    if all(one[1] <= two[0] for one, two in pairwise(fragments)):
        set_fragments(session, span, fragments)


def _tokens_near(text: str, edge: int) -> list[Fragment]:
    low = max(0, edge - NEAR)
    return [
        (low + first, low + stop) for first, stop in segmentation.tokens(text[low : edge + NEAR])
    ]
