"""Where a person stands: the project, the annotator, the document with its layer, what is selected, which label is active.

The session follows the store: after each step it takes over what changed and tells its listeners which of its TOPICS to
look at again. Widgets show what it says and never keep copies. No Qt here.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from annotator.errors import NotStoredError, UserError
from annotator.model import NONE, Attributes, Changes, Document, Fragment, Labelled, Relation, Schema, Span, reading_key, reading_order
from annotator.store import Entry, Step, Store, annotator_id

TOPICS = ("project", "entries", "document", "marks", "selection", "label", "linking", "history")


@dataclass(frozen=True, slots=True)
class Linking:
    """A relation being made: its type, the span it starts from, the candidate it would end in ("" for none yet)."""

    relation: str
    head: str
    candidate: str = ""


class Annotations:
    """The spans and relations of a layer, kept so that what every key asks for is found without a walk over all of them."""

    def __init__(self, schema: Schema, spans: Iterable[Span] = (), relations: Iterable[Relation] = ()) -> None:
        self.spans = {span.id: span for span in spans}
        self.order = reading_order(self.spans.values())
        self.relations: dict[str, Relation] = {}
        self._of_span: dict[str, dict[str, Relation]] = {}
        self._needs: dict[str, list[str]] = {}
        for rule in schema.rules:
            self._needs.setdefault(rule.label, []).append(rule.needs)
        for relation in relations:
            self._add(relation)
        self._lacking = {span.id: needs for span in self.order if (needs := self.missing(span))}

    def relations_of(self, span: str) -> list[Relation]:
        """Return the relations that start or end in a span."""
        return list(self._of_span.get(span, {}).values())

    def missing(self, span: Span) -> list[str]:
        """Return what the completeness rules still want for a span: ids of relations and attributes."""
        needs = self._needs.get(span.label)
        if not needs:
            return []
        have = {relation.label for relation in self.relations_of(span.id) if relation.head == span.id} | set(span.attributes)
        return [need for need in needs if need not in have]

    @property
    def lacking(self) -> int:
        """Return for how many spans something is missing."""
        return len(self._lacking)

    def incomplete(self) -> list[tuple[Span, list[str]]]:
        """Return the spans for which something is missing, in reading order."""
        return [(span, self._lacking[span.id]) for span in reading_order(self.spans[name] for name in self._lacking)]

    def place(self, span: Span) -> int:
        """Return the position of a span in reading order."""
        return bisect_left(self.order, reading_key(span), key=reading_key)

    def first_from(self, position: int) -> int:
        """Return the place in reading order of the first span that begins at a position or after it."""
        return bisect_left(self.order, position, key=_start)

    def twin(self, label: str, fragments: tuple[Fragment, ...]) -> Span | None:
        """Return the span that has this label on these fragments."""
        start = fragments[0][0]
        first = self.first_from(start)
        last = bisect_right(self.order, start, lo=first, key=_start)
        return next((span for span in self.order[first:last] if (span.label, span.fragments) == (label, fragments)), None)

    def take(self, ids: Iterable[str], spans: Iterable[Span], relations: Iterable[Relation]) -> frozenset[str]:
        """Put these in the place of what had the ids; return the ids of spans that are to be looked at again."""
        touched = set[str]()
        for name in ids:
            touched |= self._remove(name)
        for span in spans:
            self.spans[span.id] = span
            insort(self.order, span, key=reading_key)
            touched |= {span.id, *(relation.child or "" for relation in self.relations_of(span.id))}
        for relation in relations:
            self._add(relation)
            touched |= {relation.head, relation.child or ""}
        for name in touched:
            self._ask(name)
        return frozenset(touched - {""})

    def _remove(self, name: str) -> set[str]:
        relation = self.relations.pop(name, None)
        if relation is not None:
            ends = {relation.head, relation.child or ""}
            for end in ends:
                self._of_span.get(end, {}).pop(name, None)
            return ends
        span = self.spans.pop(name, None)
        if span is None:
            return set()
        del self.order[self.place(span)]
        return {name}

    def _add(self, relation: Relation) -> None:
        self.relations[relation.id] = relation
        for end in (relation.head, relation.child):
            if end:
                self._of_span.setdefault(end, {})[relation.id] = relation

    def _ask(self, name: str) -> None:
        span = self.spans.get(name)
        needs = self.missing(span) if span else []
        self._lacking.pop(name, None)
        if needs:
            self._lacking[name] = needs


class Session:
    """One person at one project."""

    def __init__(self, store: Store, annotator: str) -> None:
        self.store = store
        self.annotator = annotator
        if not store.readonly and annotator not in store.annotators():
            with store.change("", annotator) as step:
                step.add_annotator(annotator)
        self.schema: Schema = store.schema()
        self.document: Document | None = None
        self.annotations = Annotations(self.schema)
        self.status = "new"
        self.attributes: Attributes = NONE
        self.selection: tuple[int, int] = (0, 0)
        self.span = ""
        self.recent = ""
        """The span selected last: what is added to when text is selected by now."""
        self.label = ""
        self.linking: Linking | None = None
        self.listeners: list[Callable[[frozenset[str]], None]] = []
        self.touched: frozenset[str] | None = frozenset()
        """The spans to look at again when the topic is "marks"; None when it is all of them."""
        self.touched_entry: int | None = None
        """The line of the document list to look at again when the topic is "entries"; None when it is all of them."""
        self._list_documents()
        store.listeners.append(self.follow)

    def close(self) -> None:
        """Stop following the store, and close it."""
        self.store.listeners.remove(self.follow)
        self.store.close()

    def tell(self, *topics: str) -> None:
        """Tell the listeners what to look at again."""
        for listener in tuple(self.listeners):
            listener(frozenset(topics))

    # ── changing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def change(self, title: str) -> Iterator[Step]:
        """Open a step of this person's; NotStoredError says that nothing of it is kept."""
        try:
            with self.store.change(title, self.annotator) as step:
                yield step
        except UserError as error:
            raise NotStoredError(str(error)) from error

    def undo(self) -> Changes | None:
        """Take back the latest step; None when there is none."""
        with _storing():
            return self.store.undo(self.annotator)

    def redo(self) -> Changes | None:
        """Do again what was taken back last; None when there is nothing."""
        with _storing():
            return self.store.redo(self.annotator)

    # ── following the store ──────────────────────────────────────────────────────────────────────────────────────────

    def follow(self, changes: Changes) -> None:
        """Take over what a step changed."""
        topics = {"history"}
        if changes.kinds & {"documents", "annotators"} or len(changes.documents) > 1:
            self._list_documents()
            topics |= {"entries", "project"}
        elif changes.documents:
            self._refresh_entry(next(iter(changes.documents)))
            topics.add("entries")
        if "schema" in changes.kinds:
            self.schema = self.store.schema()
            topics |= {"project", "marks"}
        if self.document is not None and (self.document.id in changes.documents or "schema" in changes.kinds):
            topics |= self._refresh_document(self.document.id, changes)
        self.tell(*topics)

    def reload(self) -> None:
        """Read anew what is stored: after a change that failed, views may show what was only wished."""
        self._list_documents()
        if self.document is not None:
            self._load(self.document.id)
        self.tell("entries", "marks", "selection")

    def _list_documents(self) -> None:
        self.entries: list[Entry] = self.store.entries(self.annotator)
        self._places = {entry.id: place for place, entry in enumerate(self.entries)}
        self.touched_entry = None

    def _refresh_entry(self, document: str) -> None:
        place = self._places.get(document)
        if place is not None:
            status, spans, relations = self.store.summary(document, self.annotator)
            self.entries[place] = self.entries[place]._replace(status=status, spans=spans, relations=relations)
            self.touched_entry = place

    def _refresh_document(self, name: str, changes: Changes) -> set[str]:
        if changes.entities is None:
            if name not in self._places:
                self.leave()
                return {"document", "selection", "marks"}
            self._load(name)
            return {"document", "marks", "selection", "linking"}
        self.touched = self.annotations.take(changes.entities, *self.store.things(name, self.annotator, changes.entities))
        self._let_go_of_gone()
        if changes.kinds & {"status", "attributes"}:
            layer = self.store.layer(name, self.annotator)
            self.status, self.attributes = layer.status, layer.attributes
        return {"marks", "selection", "linking"}

    def _let_go_of_gone(self) -> None:
        if self.span not in self.spans:
            self.span = ""
        if self.linking is not None and self.linking.head not in self.spans:
            self.linking = None
        elif self.linking is not None and self.linking.candidate not in self.spans:
            self.linking = replace(self.linking, candidate="")

    # ── moving ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def open_document(self, name: str) -> None:
        """Go to a document."""
        self._load(name)
        self.span, self.selection, self.linking = "", (0, 0), None
        self.tell("document", "marks", "selection", "linking")

    def _load(self, name: str) -> None:
        self.document = self.store.document(name)
        layer = self.store.layer(name, self.annotator)
        self.annotations = Annotations(self.schema, layer.spans, layer.relations)
        self.status, self.attributes = layer.status, layer.attributes
        self.touched = None
        self._let_go_of_gone()

    def leave(self) -> None:
        """Leave the document; none is open then."""
        self.document = None
        self.annotations, self.status, self.attributes = Annotations(self.schema), "new", NONE
        self.span, self.selection, self.linking, self.touched = "", (0, 0), None, None

    def place(self) -> int:
        """Return the position of the open document in the list, -1 when none is open."""
        return self._places.get(self.document.id, -1) if self.document else -1

    # ── selecting ────────────────────────────────────────────────────────────────────────────────────────────────────
    def select_text(self, start: int, end: int) -> None:
        """Select text, or only put the caret somewhere; no span is selected then."""
        if (start, end) != self.selection or self.span:
            self.selection, self.span = (start, end), ""
            self.tell("selection")

    def select_span(self, name: str) -> None:
        """Select a span ("" for none); the text selection ends."""
        if name != self.span:
            self.span = name
            if name:
                self.recent = name
                end = self.spans[name].end
                self.selection = (end, end)
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

    # ── derived ──────────────────────────────────────────────────────────────────────────────────────────────────────

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
        """Tell whether text is selected."""
        return self.selection[0] < self.selection[1]

    @property
    def selected(self) -> Span | None:
        """Return the selected span."""
        return self.spans.get(self.span)

    def in_order(self) -> list[Span]:
        """Return the spans in reading order, outer before inner."""
        return list(self.annotations.order)

    def relations_of(self, span: str) -> list[Relation]:
        """Return the relations that start or end in a span."""
        return self.annotations.relations_of(span)

    def missing(self, span: Span) -> list[str]:
        """Return what the completeness rules still want for a span: ids of relations and attributes."""
        return self.annotations.missing(span)

    def incomplete(self) -> list[tuple[Span, list[str]]]:
        """Return the spans for which something is missing, in reading order."""
        return self.annotations.incomplete()

    def record(self) -> Labelled | None:
        """Return the open document with the annotator's layer, as an export would hold it."""
        if self.document is None:
            return None
        return Labelled(self.document, self.store.layer(self.document.id, self.annotator), self.schema.tag)


def _start(span: Span) -> int:
    return span.fragments[0][0]


@contextmanager
def _storing() -> Iterator[None]:
    """Tell a change that did not reach the disk from one that was refused: the disk's error is its cause."""
    try:
        yield
    except UserError as error:
        if error.__cause__ is None:
            raise
        raise NotStoredError(str(error)) from error
