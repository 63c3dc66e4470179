"""Where a person stands: the project, the annotator, the document with its layer, what is selected, which label is active.

The session follows the store: after each step it takes over what changed and tells its listeners which of its TOPICS to
look at again. Widgets show what it says and never keep copies. No Qt here.
"""

import time
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from annotator.errors import NotStoredError, UserError
from annotator.layers.suggestions import Suggestions, place_of
from annotator.model import (
    NONE,
    Attributes,
    Changes,
    Document,
    Fragment,
    Labelled,
    Relation,
    Schema,
    Span,
    is_suggester,
    reading_key,
    reading_order,
)
from annotator.store import Step, Store, annotator_id

if TYPE_CHECKING:
    from annotator.jobs.desk import Desk

TOPICS = ("project", "entries", "document", "marks", "selection", "label", "linking", "history", "cases")
HANDS = frozenset(("document", "marks", "selection", "label", "linking"))
"""Topics that a person's own acts in the open document bring up."""


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
        return [(span, self._lacking[span.id]) for span in self.order if span.id in self._lacking] if self._lacking else []

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


class Timekeeper:
    """Counts a person's active time in the document that is open: the time between two acts, of a longer pause the first minute.

    It knows that something was done, never what. A visit is stored when it ends, a long one now and then; one of a few
    seconds is a passing by. What is not stored yet when the machine fails is lost.
    """

    PAUSE_MS, VISIT_MS, KEEP_MS = 60_000, 3_000, 300_000

    def __init__(self, store: Store, annotator: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._annotator, self._clock = store, annotator, clock
        self._document = ""
        self._active_ms, self._since = 0, 0.0

    def note(self, document: str) -> None:
        """Take note that something was done now, with this document open ("" for none)."""
        now = self._clock()
        if self._document:
            self._active_ms += min(int((now - self._since) * 1000), self.PAUSE_MS)
        self._since = now
        if document != self._document or self._active_ms >= self.KEEP_MS:
            self._keep()
        self._document = document

    def _keep(self) -> None:
        spent, self._active_ms = self._active_ms, 0
        if spent >= self.VISIT_MS and not self._store.readonly:
            # Work goes on without it; a disk that fails is spoken of when work is to be stored.
            with suppress(UserError), self._store.change("", self._annotator) as step:
                step.add_activity(self._document, annotator_id(self._annotator), spent)


class Standing:
    """What lies open before an annotator, and what of it is selected; who listens is told of each change."""

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

    # ── selecting ────────────────────────────────────────────────────────────────────────────────────────────────────

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
        """Select a suggestion, to be accepted or dismissed; the selection of a span or of text ends."""
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
        """Return what the completeness rules still want for a span: ids of relations and attributes."""
        return self.annotations.missing(span)

    def incomplete(self) -> list[tuple[Span, list[str]]]:
        """Return the spans for which something is missing, in reading order."""
        return self.annotations.incomplete()


class Session(Standing):
    """One person at one project."""

    def __init__(self, store: Store, annotator: str) -> None:
        self.store = store
        if not store.readonly and annotator not in store.annotators():
            with store.change("", annotator) as step:
                step.add_annotator(annotator)
        super().__init__(store.schema(), annotator)
        self.shows_suggestions = True
        self.desk: Desk | None = None
        """The cases of the project, while this person adjudicates."""
        self.touched: frozenset[str] | None = frozenset()
        """The spans to look at again when the topic is "marks"; None when it is all of them."""
        self.touched_suggestions: frozenset[str] = frozenset()
        self.touched_entry: int | None = None
        """The line of the document list to look at again when the topic is "entries"; None when it is all of them."""
        self.timekeeper = Timekeeper(store, annotator)
        self.entries = store.listing(annotator)
        store.listeners.append(self.follow)

    def close(self) -> None:
        """Stop following the store, and close it."""
        self.timekeeper.note("")
        self.store.listeners.remove(self.follow)
        self.store.close()

    def tell(self, *topics: str) -> None:
        """Tell the listeners what to look at again."""
        if not HANDS.isdisjoint(topics):
            self.timekeeper.note(self.document.id if self.document else "")
        super().tell(*topics)

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
        if changes.kinds == {"activity"}:
            return
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
        if self.desk is not None and self.desk.follow(changes):
            topics.add("cases")
        self.tell(*topics)

    def reload(self) -> None:
        """Read anew what is stored: after a change that failed, views may show what was only wished."""
        self._list_documents()
        if self.document is not None:
            self._load(self.document.id)
        self.tell("entries", "marks", "selection")

    def _list_documents(self) -> None:
        self.entries = self.store.listing(self.annotator)
        self.entries.complete()
        self.touched_entry = None

    def _refresh_entry(self, document: str) -> None:
        place = self.entries.place(document)
        if place >= 0:
            self.entries.take(place, *self.store.summary(document, self.annotator))
            self.touched_entry = place

    def _refresh_document(self, name: str, changes: Changes) -> set[str]:
        if changes.entities is None:
            if self.entries.place(name) < 0:
                self.leave()
                return {"document", "selection", "marks"}
            self._load(name)
            return {"document", "marks", "selection", "linking"}
        before = [span for entity in changes.entities if (span := self.spans.get(entity))]
        self.touched = self.annotations.take(changes.entities, *self.store.things(name, self.annotator, changes.entities))
        if self.suggestions:
            after = [span for entity in changes.entities if (span := self.spans.get(entity))]
            self.touched_suggestions = self.suggestions.review(map(place_of, (*before, *after)))
            if "answers" in changes.kinds:
                self.touched_suggestions |= self.suggestions.take(self.store.answers(name, self.annotator))
        self._let_go_of_gone()
        if changes.kinds & {"status", "attributes"}:
            layer = self.store.layer(name, self.annotator)
            self.status, self.attributes = layer.status, layer.attributes
        return {"marks", "selection", "linking"}

    # ── moving ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def open_document(self, name: str) -> None:
        """Go to a document."""
        self._load(name)
        self.span, self.suggestion, self.selection, self.linking = "", "", (0, 0), None
        self.tell("document", "marks", "selection", "linking")

    def _load(self, name: str) -> None:
        self.document = self.store.document(name)
        layer = self.store.layer(name, self.annotator)
        self.annotations = Annotations(self.schema, layer.spans, layer.relations)
        self.status, self.attributes = layer.status, layer.attributes
        self.suggestions = self._suggestions(name)
        self.touched, self.touched_suggestions = None, frozenset()
        self._let_go_of_gone()

    def leave(self) -> None:
        """Leave the document; none is open then."""
        self.document = None
        self.annotations, self.status, self.attributes = Annotations(self.schema), "new", NONE
        self.suggestions = self._suggestions(None)
        self.span, self.suggestion, self.selection, self.linking, self.touched = "", "", (0, 0), None, None

    def _suggestions(self, document: str | None) -> Suggestions:
        """Return what models and rules suggest for a document; nothing without one, or where they are not to be shown."""
        if document is None or not self.shows_suggestions:
            return Suggestions({}, {}, self.schema, self.annotations.twin)
        people = [name for name in self.store.annotators() if is_suggester(name) and annotator_id(name) != self.annotator_id]
        layers = {annotator_id(name): self.store.layer(document, name) for name in people}
        return Suggestions(layers, self.store.answers(document, self.annotator) if people else {}, self.schema, self.annotations.twin)

    def show_suggestions(self, *, on: bool) -> None:
        """Show what models and rules suggest, or work without seeing it."""
        self.shows_suggestions = on
        if self.document is not None:
            self._load(self.document.id)
        self.tell("marks", "selection")

    def place(self) -> int:
        """Return the position of the open document in the list, -1 when none is open."""
        return self.entries.place(self.document.id) if self.document else -1

    # ── selecting ────────────────────────────────────────────────────────────────────────────────────────────────────
    # ── derived ──────────────────────────────────────────────────────────────────────────────────────────────────────

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
