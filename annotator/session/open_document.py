"""The document that lies open, with all that one annotator did in it and what is suggested."""

from dataclasses import dataclass, field

from annotator.model import Attributes, Changes, Document, Schema, Span, is_suggester
from annotator.session.annotations import Annotations
from annotator.session.suggestions import Suggestions, place_of
from annotator.store import Store, annotator_id


@dataclass(slots=True)
class OpenDocument:
    """One document as the store has it; `document` is None while none is open.

    `touched` are the spans to look at again after a change, None when it is all of them.
    """

    document: Document | None
    annotations: Annotations
    suggestions: Suggestions
    status: str = "new"
    attributes: Attributes = field(default_factory=dict)
    touched: frozenset[str] | None = None
    touched_suggestions: frozenset[str] = field(default_factory=frozenset)

    def take(self, store: Store, annotator: str, name: str, changes: Changes) -> None:
        """Take over what a step changed one by one; `changes.entities` names them."""
        entities = changes.entities or frozenset()
        before = self._spans_of(entities)
        self.touched = self.annotations.take(
            entities, *store.spans_and_relations(name, annotator, entities)
        )
        if self.suggestions:
            places = map(place_of, (*before, *self._spans_of(entities)))
            self.touched_suggestions = self.suggestions.review(places)
            if "answers" in changes.kinds:
                answers = store.answers(name, annotator)
                self.touched_suggestions |= self.suggestions.take(answers)
        if changes.kinds & {"status", "attributes"}:
            annotation_set = store.annotation_set(name, annotator)
            self.status, self.attributes = annotation_set.status, annotation_set.attributes

    def _spans_of(self, entities: frozenset[str]) -> list[Span]:
        spans = []
        for entity in entities:
            span = self.annotations.spans.get(entity)
            if span is not None:
                spans.append(span)
        return spans


def nothing_open(schema: Schema) -> OpenDocument:
    """Return what lies open while no document does."""
    annotations = Annotations(schema)
    return OpenDocument(None, annotations, Suggestions({}, {}, schema, annotations.twin))


def load(
    store: Store, schema: Schema, name: str, annotator: str, *, with_suggestions: bool
) -> OpenDocument:
    """Read a document with what an annotator did, and what models and rules suggest to them."""
    annotation_set = store.annotation_set(name, annotator)
    annotations = Annotations(schema, annotation_set.spans, annotation_set.relations)
    suggesters: list[str] = []
    if with_suggestions:
        own = annotator_id(annotator)
        for other in store.annotators():
            if is_suggester(other) and annotator_id(other) != own:
                suggesters.append(other)
    sets = {annotator_id(other): store.annotation_set(name, other) for other in suggesters}
    answers = store.answers(name, annotator) if suggesters else {}
    suggestions = Suggestions(sets, answers, schema, annotations.twin)
    status, attributes = annotation_set.status, annotation_set.attributes
    return OpenDocument(store.document(name), annotations, suggestions, status, attributes)
