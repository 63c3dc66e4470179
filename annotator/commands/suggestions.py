"""Suggestions of models and rules: walking through them, accepting, dismissing.

What was answered does not come back.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from uuid import NAMESPACE_URL, uuid5

from annotator.commands._command import command
from annotator.commands.documents import has_document
from annotator.commands.spans import begin, open_document, shown
from annotator.i18n import N_, _, ngettext
from annotator.model import Relation, Span
from annotator.session import Session
from annotator.store import Step

ACCEPT_KEY, DISMISS_KEY = "Y", "N"
Answer = Callable[[Session], None]
_ACCEPTED = uuid5(NAMESPACE_URL, "annotator:accepted")


def has_suggestion(session: Session) -> bool:
    """Return whether a suggestion is selected."""
    return session.suggested is not None


def has_suggestions(session: Session) -> bool:
    """Return whether there are suggestions in the open document that have no answer yet."""
    return bool(session.suggestions.open)


def press(session: Session, key: str) -> bool:
    """With a suggestion selected.

    Y accepts, N dismisses, the key of a label accepts the place under that label.
    """
    if session.suggested is None:
        return False
    if key == ACCEPT_KEY:
        accept(session)
        return True
    if key == DISMISS_KEY:
        dismiss(session)
        return True
    wanted = next(
        (
            label.id
            for _layer, label in session.schema.labels()
            if label.key.upper() == key and not label.retired
        ),
        "",
    )
    if wanted:
        accept_as(session, wanted)
    return bool(wanted)


def accept_as(session: Session, label: str) -> None:
    """Take the selected suggestion into one's own layer, under a label that may be another.

    And go on to the next.
    """
    span = session.suggested
    found = session.schema.find_label(label)
    if span is None or found is None:
        return
    kept = dict(span.attributes) if label == span.label else {}
    made = span._replace(layer=found[0].id, label=label, attributes=kept)
    place = session.suggestions.order.index(span)
    with session.change(
        _("Accept {label} on {text}").format(label=label, text=shown(span.text))
    ) as step:
        _take(session, step, made)
        _link(session, step, [span])
        begin(session, step)
    _go_on(session, place, _own_id(session, span.id))


def summary(session: Session) -> list[tuple[str, int]]:
    """Return how many suggestions are open for each label, the most frequent first."""
    return Counter(span.label for span in session.suggestions.order).most_common()


@command(N_("Accept the suggestion"), menu="annotate", when=has_suggestion)
def accept(session: Session) -> None:
    """Take the selected suggestion into your own layer, and go on to the next: Y or Enter."""
    if session.suggested is not None:
        accept_as(session, session.suggested.label)


@command(N_("Dismiss the suggestion"), menu="annotate", when=has_suggestion)
def dismiss(session: Session) -> None:
    """Say no to the selected suggestion, so that it does not come back, and go on to the next.

    N or Backspace.
    """
    span = session.suggested
    if span is None:
        return
    place = session.suggestions.order.index(span)
    with session.change(
        _("Dismiss {label} on {text}").format(label=span.label, text=shown(span.text))
    ) as step:
        _answer(session, step, span.id, "dismissed")
        begin(session, step)
    _go_on(session, place, "")


@command(
    N_("Accept all suggestions"), keys=("Ctrl+Shift+Y",), menu="annotate", when=has_suggestions
)
def accept_all(session: Session) -> None:
    """Take all open suggestions of the document into your own layer, in one step."""
    found = list(session.suggestions.order)
    title = ngettext("Accept {count} suggestion", "Accept {count} suggestions", len(found)).format(
        count=len(found)
    )
    with session.change(title) as step:
        for span in found:
            _take(session, step, span)
        _link(session, step, found)
        begin(session, step)


@command(N_("Next suggestion"), keys=("F4",), menu="annotate", when=has_suggestions)
def following(session: Session) -> None:
    """Select the next suggestion in the text."""
    order = session.suggestions.order
    here = session.suggested
    place = order.index(here) + 1 if here else bisect_left(order, session.selection[0], key=_start)
    session.select_suggestion(order[place % len(order)].id)


@command(N_("Previous suggestion"), keys=("Shift+F4",), menu="annotate", when=has_suggestions)
def preceding(session: Session) -> None:
    """Select the previous suggestion in the text."""
    order = session.suggestions.order
    here = session.suggested
    place = order.index(here) if here else bisect_left(order, session.selection[0], key=_start)
    session.select_suggestion(order[place - 1].id)


@command(N_("Show or hide suggestions"), menu="annotate", when=has_document)
def show_or_hide(session: Session) -> None:
    """Show what models and rules suggest, or work without seeing it."""
    session.show_suggestions(on=not session.shows_suggestions)


def _start(span: Span) -> int:
    return span.start


def _own_id(session: Session, suggestion: str) -> str:
    """Return the id that a suggestion gets in the annotator's layer.

    Always the same, so that relations find their ends.
    """
    return str(uuid5(_ACCEPTED, f"{open_document(session)}/{session.annotator_id}/{suggestion}"))


def _take(session: Session, step: Step, span: Span) -> None:
    step.put_span(
        open_document(session), session.annotator_id, span._replace(id=_own_id(session, span.id))
    )
    _answer(session, step, span.id, "accepted")


def _answer(session: Session, step: Step, suggestion: str, answer: str) -> None:
    for twin in session.suggestions.twins(suggestion):
        step.put_answer(open_document(session), session.annotator_id, twin.id, answer)


def _link(session: Session, step: Step, accepted: list[Span]) -> None:
    """Take over relations between suggestions whose ends are both in the annotator's layer now."""
    new = {span.id: _own_id(session, span.id) for span in accepted}
    relations = {
        relation.id: relation
        for span in accepted
        for relation in session.suggestions.relations_of(span.id)
    }
    for relation in relations.values():
        head, child = (
            new.get(end) or _labelled_already(session, end)
            for end in (relation.head, relation.child or "")
        )
        if (
            head
            and (child or relation.child is None)
            and session.schema.find_relation(relation.label)
        ):
            made = Relation(
                _own_id(session, relation.id),
                relation.label,
                head,
                child or None,
                relation.implicit,
                relation.attributes,
            )
            step.put_relation(open_document(session), session.annotator_id, made)


def _labelled_already(session: Session, suggestion: str) -> str:
    """Return the annotator's span that stands for a suggestion.

    The one accepted, or one of their own; "" for none.
    """
    span = session.suggestions.find(suggestion)
    if span is None:
        return ""
    own = _own_id(session, suggestion)
    twin = session.annotations.twin(span.label, span.fragments)
    return own if own in session.spans else twin.id if twin else ""


def _go_on(session: Session, place: int, otherwise: str) -> None:
    """Select the suggestion that has moved up to a place, the first after the last.

    Without any, a span of one's own.
    """
    order = session.suggestions.order
    if order:
        session.select_suggestion(order[place if place < len(order) else 0].id)
    else:
        session.select_span(otherwise)
