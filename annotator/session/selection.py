"""What is selected and what is being linked."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from annotator.model import (
    NONE,
    Attributes,
    Document,
    Relation,
    Schema,
    Span,
    reading_order,
)
from annotator.session.annotations import Annotations
from annotator.session.suggestions import Suggestions
from annotator.store import annotator_id

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Linking:
    """A relation being made.

    Its type, the span it starts from, the candidate it would end in ("" for none yet).
    """

    relation: str
    head: str
    candidate: str = ""


class SelectionState:
    """What lies open before an annotator, and what of it is selected.

    Who listens is told of each change.
    """

    def __init__(self, schema: Schema, annotator: str) -> None:
        self.schema, self.annotator = schema, annotator
        self.document: Document | None = None
        self.annotations = Annotations(schema)
        self.suggestions = Suggestions({}, {}, schema, self.annotations.twin)
        self.status = "new"
        self.attributes: Attributes = NONE
        self.selection: tuple[int, int] = (0, 0)
        self.span = ""
        self.suggestion = ""
        """The suggestion that is selected; a span or text is not selected then."""
        self.recent = ""
        """The span selected last: what is added to when text is selected by now."""
        self.label = ""
        self.linking: Linking | None = None
        self.listeners: list[Callable[[frozenset[str]], None]] = []

    def tell(self, *topics: str) -> None:
        """Tell the listeners what to look at again."""
        for listener in tuple(self.listeners):
            listener(frozenset(topics))

    # ── selecting ─────────────────────────────────────────────────────────────────────────────────

    def select_text(self, start: int, end: int) -> None:
        """Select text, or only put the caret somewhere; no span is selected then."""
        if (start, end) != self.selection or self.span or self.suggestion:
            self.selection, self.span, self.suggestion = (start, end), "", ""
            self.tell("selection")

    def select_span(self, name: str) -> None:
        """Select a span ("" for none); the text selection ends."""
        if name != self.span or self.suggestion:
            self.span, self.suggestion = name, ""
            if name:
                self.recent = name
                end = self.spans[name].end
                self.selection = (end, end)
            self.tell("selection")

    def select_suggestion(self, name: str) -> None:
        """Select a suggestion, to be accepted or dismissed.

        The selection of a span or of text ends.
        """
        if name != self.suggestion:
            end = self.suggestions.open[name].end
            self.suggestion, self.span, self.selection = name, "", (end, end)
            self.tell("selection")

    def set_label(self, label: str) -> None:
        """Make a label the active (sticky) one: each selection made gets it; "" for none."""
        self.label = label
        self.tell("label")

    def set_linking(self, linking: Linking | None) -> None:
        """Begin, change or end the making of a relation."""
        self.linking = linking
        self.tell("linking")

    def aim(self, candidate: str) -> None:
        """Take a span as the candidate for the relation being made."""
        if self.linking:
            self.set_linking(replace(self.linking, candidate=candidate))

    def _let_go_of_gone(self) -> None:
        if self.span not in self.spans:
            self.span = ""
        if self.suggestion not in self.suggestions.open:
            self.suggestion = ""
        if self.linking is not None and self.linking.head not in self.spans:
            self.linking = None
        elif self.linking is not None and self.linking.candidate not in self.spans:
            self.linking = replace(self.linking, candidate="")

    # ── derived ───────────────────────────────────────────────────────────────────────────────────

    @property
    def spans(self) -> dict[str, Span]:
        """The spans of the open document by id."""
        return self.annotations.spans

    @property
    def relations(self) -> dict[str, Relation]:
        """The relations of the open document by id."""
        return self.annotations.relations

    @property
    def annotator_id(self) -> str:
        """The annotator's id in the store."""
        return annotator_id(self.annotator)

    @property
    def has_selection(self) -> bool:
        """Return whether text is selected."""
        return self.selection[0] < self.selection[1]

    @property
    def selected(self) -> Span | None:
        """Return the selected span."""
        return self.spans.get(self.span)

    @property
    def suggested(self) -> Span | None:
        """Return the selected suggestion."""
        return self.suggestions.open.get(self.suggestion)

    def stops(self) -> list[Span]:
        """Return the spans and the open suggestions in reading order, outer before inner."""
        return reading_order([*self.annotations.order, *self.suggestions.order])

    def in_order(self) -> list[Span]:
        """Return the spans in reading order, outer before inner."""
        return list(self.annotations.order)

    def relations_of(self, span: str) -> list[Relation]:
        """Return the relations that start or end in a span."""
        return self.annotations.relations_of(span)

    def missing(self, span: Span) -> list[str]:
        """Return what the completeness rules still want for a span.

        Ids of relations and attributes.
        """
        return self.annotations.missing(span)

    def incomplete(self) -> list[tuple[Span, list[str]]]:
        """Return the spans for which something is missing, in reading order."""
        return self.annotations.incomplete()
