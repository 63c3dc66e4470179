"""Where a person stands.

The project, the annotator, the document with their work, what is selected, the active label.

The session follows the store: after each step it takes over what changed and tells its listeners
which of its TOPICS to look at again. Widgets show what it says and never keep copies. No Qt here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.errors import NotStoredError, UserError
from annotator.model import (
    Attributes,
    Changes,
    Document,
    Labelled,
    Relation,
    Span,
    reading_order,
)
from annotator.session.annotations import Annotations
from annotator.session.linking import Linking
from annotator.session.open_document import load, nothing_open
from annotator.session.suggestions import Suggestions
from annotator.session.timekeeper import Timekeeper
from annotator.store import Step, Store, annotator_id

if TYPE_CHECKING:
    from annotator.session.adjudication_session import AdjudicationSession

TOPICS = (
    "project",
    "entries",
    "document",
    "marks",
    "selection",
    "label",
    "linking",
    "history",
    "cases",
)
HANDS = frozenset(("document", "marks", "selection", "label", "linking"))
"""Topics that a person's own acts in the open document bring up."""


class Session:
    """One person at one project; listeners are told of each change by its topics."""

    def __init__(self, store: Store, annotator: str) -> None:
        self.store = store
        if not store.readonly and annotator not in store.annotators():
            with store.change("", annotator) as step:
                step.add_annotator(annotator)
        self.schema, self.annotator = store.schema(), annotator
        self.listeners: list[Callable[[frozenset[str]], None]] = []
        self.open = nothing_open(self.schema)
        self.selection: tuple[int, int] = (0, 0)
        self.span = ""
        self.suggestion = ""
        """The suggestion that is selected; a span or text is not selected then."""
        self.recent = ""
        """The span selected last: what is added to when text is selected by now."""
        self.label = ""
        self.linking: Linking | None = None
        self.shows_suggestions = True
        self.adjudication: AdjudicationSession | None = None
        """The cases of the project, while this person adjudicates."""
        self.touched_entry: int | None = None
        """The line of the document list to look at again when the topic is "entries".

        None when it is all of them.
        """
        self.timekeeper = Timekeeper(store, annotator)
        self.entries = store.listing(annotator)
        self._deliver: Callable[[Changes], None] = self.follow
        store.listeners.append(self._hear)

    def close(self) -> None:
        """Stop following the store, and close it."""
        self.timekeeper.note("")
        self.store.listeners.remove(self._hear)
        self.store.close()

    def tell(self, *topics: str) -> None:
        """Tell the listeners what to look at again."""
        if not HANDS.isdisjoint(topics):
            self.timekeeper.note(self.document.id if self.document else "")
        for listener in tuple(self.listeners):
            listener(frozenset(topics))

    def deliver_through(self, deliver: Callable[[Changes], None] | None) -> None:
        """Let what the store tells go to a function, which hands it on to `follow` in its time.

        None: it goes to `follow` at once, in the thread that made the step.
        """
        self._deliver = deliver or self.follow

    def _hear(self, changes: Changes) -> None:
        self._deliver(changes)

    # ── changing ──────────────────────────────────────────────────────────────────────────────────

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

    # ── following the store ───────────────────────────────────────────────────────────────────────

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
        if self.document is not None and (
            self.document.id in changes.documents or "schema" in changes.kinds
        ):
            topics |= self._refresh_document(self.document.id, changes)
        if self.adjudication is not None and self.adjudication.follow(changes):
            topics.add("cases")
        self.tell(*topics)

    def reload(self) -> None:
        """Read anew what is stored.

        After a change that failed, views may show what was only wished.
        """
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
        self.open.take(self.store, self.annotator, name, changes)
        self._let_go_of_gone()
        return {"marks", "selection", "linking"}

    # ── moving ────────────────────────────────────────────────────────────────────────────────────

    def open_document(self, name: str) -> None:
        """Go to a document."""
        self._load(name)
        self._select_nothing()
        self.tell("document", "marks", "selection", "linking")

    def _load(self, name: str) -> None:
        self.open = load(
            self.store,
            self.schema,
            name,
            self.annotator,
            with_suggestions=self.shows_suggestions,
        )
        self._let_go_of_gone()

    def leave(self) -> None:
        """Leave the document; none is open then."""
        self.open = nothing_open(self.schema)
        self._select_nothing()

    def _select_nothing(self) -> None:
        self.span, self.suggestion, self.selection, self.linking = "", "", (0, 0), None

    def _let_go_of_gone(self) -> None:
        if self.span not in self.spans:
            self.span = ""
        if self.suggestion not in self.suggestions.open:
            self.suggestion = ""
        if self.linking is not None and self.linking.head not in self.spans:
            self.linking = None
        elif self.linking is not None and self.linking.candidate not in self.spans:
            self.linking = replace(self.linking, candidate="")

    def show_suggestions(self, *, on: bool) -> None:
        """Show what models and rules suggest, or work without seeing it."""
        self.shows_suggestions = on
        if self.document is not None:
            self._load(self.document.id)
        self.tell("marks", "selection")

    def place(self) -> int:
        """Return the position of the open document in the list, -1 when none is open."""
        return self.entries.place(self.document.id) if self.document else -1

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

    # ── derived ───────────────────────────────────────────────────────────────────────────────────

    @property
    def document(self) -> Document | None:
        """The document that lies open."""
        return self.open.document

    @property
    def annotations(self) -> Annotations:
        """What this person did in it, indexed."""
        return self.open.annotations

    @property
    def suggestions(self) -> Suggestions:
        """What models and rules suggest in it."""
        return self.open.suggestions

    @property
    def status(self) -> str:
        """How far this person has come with it: "new", "open" or "done"."""
        return self.open.status

    @property
    def attributes(self) -> Attributes:
        """This person's attributes of the document."""
        return self.open.attributes

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

    def record(self) -> Labelled | None:
        """Return the open document with the annotator's work, as an export would hold it."""
        if self.document is None:
            return None
        return Labelled(
            self.document,
            self.store.annotation_set(self.document.id, self.annotator),
            self.schema.tag,
        )


@contextmanager
def _storing() -> Iterator[None]:
    """Tell a change that did not reach the disk from one that was refused.

    The disk's error is its cause.
    """
    try:
        yield
    except UserError as error:
        if error.__cause__ is None:
            raise
        raise NotStoredError(str(error)) from error
