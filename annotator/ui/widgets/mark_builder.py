"""From the session's spans and relations to what the text view paints."""

from annotator.model import Label, Schema, Span
from annotator.session import Session
from annotator.ui.text_view import Link, Mark

NOTE = "✎"
UNKNOWN_COLOR = "#777777"
SUGGESTED = "suggestion/"
"""What the name of a suggestion's mark begins with."""


class MarkBuilder:
    """Makes marks of a session's spans; knows the looks and colours of the schema."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.read_schema(session.schema)

    def read_schema(self, schema: Schema) -> None:
        """Take the looks of labels from a schema."""
        self._labels: dict[tuple[str, str], tuple[Label, str, int]] = {}
        for number, (layer, label) in enumerate(schema.labels()):
            self._labels[layer.id, label.id] = (label, layer.look, number)
        self._signs: dict[str, dict[str, str]] = {}
        for _layer, label in schema.labels():
            for entry in label.attributes:
                if entry.signs:
                    self._signs.setdefault(entry.id, {}).update(entry.signs)

    def all(self) -> list[Mark]:
        """Return the marks of all spans and open suggestions."""
        session = self._session
        return [
            *map(self._mark, session.spans.values()),
            *map(self._of_suggestion, session.suggestions.open.values()),
        ]

    def changes(self) -> tuple[list[Mark], list[str]]:
        """Return the marks that the session's last step made or changed, and the ids that went."""
        session = self._session
        spans = session.spans
        asked = session.suggestions.open
        touched = session.open.touched or ()
        answered = session.open.touched_suggestions
        made = [self._mark(spans[name]) for name in touched if name in spans]
        made += [self._of_suggestion(asked[name]) for name in answered if name in asked]
        gone = [name for name in touched if name not in spans]
        return made, gone + [f"{SUGGESTED}{name}" for name in answered if name not in asked]

    def _of_suggestion(self, span: Span) -> Mark:
        _label, look, order = self._labels.get((span.layer, span.label), (None, "entity", 99))
        name = f"{SUGGESTED}{span.id}"
        return Mark(
            name,
            span.fragments,
            look,
            span.label,
            UNKNOWN_COLOR,
            self._sign(span),
            origin="suggestion",
            order=order + 50,
        )

    def _aimed_sign(self, span: Span) -> str:
        """Return the sign of the stance that a claim is the target of; of several, the latest."""
        session = self._session
        heads = [
            session.spans.get(relation.head)
            for relation in session.relations_of(span.id)
            if relation.child == span.id
        ]
        signs = [sign for head in heads if head is not None and (sign := self._sign(head))]
        return signs[-1] if signs else ""

    def _sign(self, span: Span) -> str:
        for name, value in span.attributes.items():
            sign = self._signs.get(name, {}).get(str(value))
            if sign:
                return sign
        return ""

    def of_file(self, span: Span, name: str, badge: str = "") -> Mark:
        """Return the mark of a span to be read only, of a file or of another annotation set.

        A label that the schema lacks is grey.
        """
        schema = self._session.schema
        found = schema.find_label(span.label, span.layer) or schema.find_label(span.label)
        _label, look, order = (
            self._labels[found[0].id, found[1].id] if found else (None, "entity", 99)
        )
        color = found[1].color if found else UNKNOWN_COLOR
        return Mark(
            name, span.fragments, look, span.label, color, self._sign(span), badge, order=order
        )

    def of_other(self, span: Span, name: str, letter: str) -> Mark:
        """Return the mark of another annotator's span, under a name of its own."""
        label, look, order = self._labels.get((span.layer, span.label), (None, "entity", 99))
        color = label.color if label else UNKNOWN_COLOR
        return Mark(
            name,
            span.fragments,
            look,
            span.label,
            color,
            self._sign(span),
            origin="other",
            letter=letter,
            order=order + 100,
        )

    def _mark(self, span: Span) -> Mark:
        label, look, order = self._labels.get((span.layer, span.label), (None, "entity", 99))
        ends = len(self._session.relations_of(span.id))
        badge = " ".join(
            part for part in (f"⇄{ends}" if ends else "", NOTE if span.note else "") if part
        )
        return Mark(
            id=span.id,
            fragments=span.fragments,
            look=look,
            code=span.label,
            color=label.color if label else UNKNOWN_COLOR,
            sign=self._sign(span) or (self._aimed_sign(span) if look == "claim" else ""),
            badge=badge,
            incomplete=bool(self._session.missing(span)),
            order=order,
        )


def links(session: Session) -> list[Link]:
    """Return the arcs to draw: the relations of the selected span, and the one being made."""
    found = []
    linking = session.linking
    if linking and linking.candidate:
        kind = session.schema.find_relation(linking.relation)
        found.append(
            Link(
                linking.head,
                linking.candidate,
                linking.relation,
                kind.color if kind else UNKNOWN_COLOR,
            )
        )
    for relation in session.relations_of(session.span) if session.span else ():
        kind = session.schema.find_relation(relation.label)
        color = kind.color if kind else UNKNOWN_COLOR
        found.append(
            Link(
                relation.head, relation.child or "", relation.label, color, relation.implicit or ""
            )
        )
    return found
