"""Relations: from the selected span to another one.

Or to an argument that has no span in the text.
"""

from annotator.commands._command import command
from annotator.commands.spans import begin, has_span, open_document, shown
from annotator.errors import UserError
from annotator.i18n import N_, _
from annotator.model import Relation, RelationType, Span, new_id
from annotator.session import Linking, Session


def is_linking(session: Session) -> bool:
    """Return whether a relation is being made."""
    return session.linking is not None


def candidates(session: Session, relation: RelationType, head: str) -> list[Span]:
    """Return the spans that a relation from this head may end in, in reading order."""
    allowed = set(relation.children)
    return [
        span
        for span in session.in_order()
        if span.id != head and (not allowed or span.label in allowed)
    ]


def start(session: Session, relation: str) -> None:
    """Begin a relation from the selected span.

    The nearest span that it may end in becomes the candidate.
    """
    head = session.selected
    found = session.schema.find_relation(relation)
    if head is None or found is None:
        raise UserError(_("Select the span that the relation starts from first."))
    if found.heads and head.label not in found.heads:
        message = _("The relation {relation} starts from {labels}, not from {label}.")
        raise UserError(
            message.format(relation=relation, labels=", ".join(found.heads), label=head.label)
        )
    near = min(
        candidates(session, found, head.id), key=lambda span: _distance(span, head), default=None
    )
    session.set_linking(Linking(relation, head.id, near.id if near else ""))


def _distance(one: Span, two: Span) -> tuple[int, int]:
    gap = max(one.start - two.end, two.start - one.end, 0)
    return (gap, abs(one.start - two.start))


def press_to_start(session: Session, key: str) -> bool:
    """Begin the relation that the key stands for, if the selected span may start it."""
    span = session.selected
    for relation in session.schema.relations:
        if (
            span is not None
            and relation.key.upper() == key
            and (not relation.heads or span.label in relation.heads)
        ):
            start(session, relation.id)
            return True
    return False


def press_while_linking(session: Session, key: str) -> bool:
    """While a relation is being made: A names the author as its end, U says it is unknown."""
    argument = {"A": "author", "U": "unknown"}.get(key)
    found = session.schema.find_relation(session.linking.relation) if session.linking else None
    if session.linking is None or found is None or argument not in found.implicit:
        return False
    link(session, session.linking.relation, session.linking.head, None, argument)
    return True


def link(
    session: Session, relation: str, head: str, child: str | None, implicit: str | None = None
) -> None:
    """Store a relation; the same one twice is stored once.

    A head that is not allowed, or an end, is refused with a sentence.
    """
    name = open_document(session)
    found = session.schema.find_relation(relation)
    one, two = session.spans.get(head), session.spans.get(child or "")
    if found is None or one is None:
        raise UserError(_("The relation {relation} cannot start there.").format(relation=relation))
    if child is None and implicit not in found.implicit:
        raise UserError(_("The relation {relation} needs a second span.").format(relation=relation))
    _check_ends(found, one, two)
    made = Relation(new_id(), relation, head, child, implicit)
    session.set_linking(None)
    if any(stored[1:5] == made[1:5] for stored in session.relations.values()):
        return
    end = shown(two.text) if two else str(implicit)
    title = _("Link {relation} from {head} to {end}").format(
        relation=relation, head=shown(one.text), end=end
    )
    with session.change(title) as step:
        step.put_relation(name, session.annotator_id, made)
        begin(session, step)


def _check_ends(relation: RelationType, head: Span, child: Span | None) -> None:
    """Raise UserError where the schema does not let a relation join these spans."""
    is_head_wrong = relation.heads and head.label not in relation.heads
    has_child = child is not None and relation.children
    is_child_wrong = has_child and child is not None and child.label not in relation.children
    if is_head_wrong or is_child_wrong:
        message = _("{relation} joins {heads} to {children}; choose such spans.")
        heads, children = ", ".join(relation.heads) or "…", ", ".join(relation.children) or "…"
        raise UserError(message.format(relation=relation.id, heads=heads, children=children))


def allowed_between(session: Session, head: str, child: str) -> list[RelationType]:
    """Return the relation types that may lead from one span to another."""
    one, two = session.spans[head], session.spans[child]
    return [
        entry
        for entry in session.schema.relations
        if (not entry.heads or one.label in entry.heads)
        and (not entry.children or two.label in entry.children)
    ]


def remove(session: Session, relation: str) -> None:
    """Take a relation away."""
    name = open_document(session)
    gone = session.relations[relation]
    title = _("Remove {relation} from {head}").format(
        relation=gone.label, head=shown(session.spans[gone.head].text)
    )
    with session.change(title) as step:
        step.remove_relation(name, session.annotator_id, relation)


@command(N_("Start a relation"), keys=("Alt+R",), menu="relation", when=has_span)
def begin_relation(session: Session) -> None:
    """Begin a relation from the selected span: the first type that may start there."""
    span = session.selected
    for relation in session.schema.relations:
        if span is not None and (not relation.heads or span.label in relation.heads):
            start(session, relation.id)
            return
    raise UserError(_("The schema has no relation that starts from this label."))


@command(N_("Next candidate"), keys=("Right", "Down"), menu="relation", when=is_linking)
def next_candidate(session: Session) -> None:
    """While making a relation, aim at the next span it may end in."""
    _aim(session, 1)


@command(N_("Previous candidate"), keys=("Left", "Up"), menu="relation", when=is_linking)
def previous_candidate(session: Session) -> None:
    """While making a relation, aim at the previous span it may end in."""
    _aim(session, -1)


def _aim(session: Session, by: int) -> None:
    linking = session.linking
    found = session.schema.find_relation(linking.relation) if linking else None
    if linking is None or found is None:
        return
    names = [span.id for span in candidates(session, found, linking.head)]
    if names:
        place = names.index(linking.candidate) + by if linking.candidate in names else 0
        session.aim(names[place % len(names)])


@command(N_("Make the relation"), keys=("Return", "Enter"), menu="relation", when=is_linking)
def confirm(session: Session) -> None:
    """Make the relation to the span that is aimed at."""
    linking = session.linking
    if linking is None:
        return
    if not linking.candidate:
        raise UserError(
            _(
                "There is no span that the relation may end in. Press A for the author, U for"
                " unknown, Esc to give up."
            )
        )
    link(session, linking.relation, linking.head, linking.candidate)


@command(N_("Reverse the relation"), keys=("Shift+R",), menu="relation", when=is_linking)
def reverse(session: Session) -> None:
    """While making a relation, swap its two ends, if the schema allows it."""
    linking = session.linking
    if linking is None or not linking.candidate:
        return
    if linking.relation not in {
        entry.id for entry in allowed_between(session, linking.candidate, linking.head)
    }:
        raise UserError(_("{relation} may not lead that way.").format(relation=linking.relation))
    session.set_linking(Linking(linking.relation, linking.candidate, linking.head))
