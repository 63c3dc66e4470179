"""Where a person stands.

The project, the annotator, the document with its layer, what is selected, which label is active.

The session follows the store: after each step it takes over what changed and tells its listeners
which of its TOPICS to look at again. Widgets show what it says and never keep copies. No Qt here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from annotator.errors import NotStoredError, UserError
from annotator.model import (
    NONE,
    Changes,
    Labelled,
    is_suggester,
)
from annotator.session.annotations import Annotations
from annotator.session.selection import SelectionState
from annotator.session.suggestions import Suggestions, place_of
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


class Session(SelectionState):
    """One person at one project."""

    def __init__(self, store: Store, annotator: str) -> None:
        self.store = store
        if not store.readonly and annotator not in store.annotators():
            with store.change("", annotator) as step:
                step.add_annotator(annotator)
        super().__init__(store.schema(), annotator)
        self.shows_suggestions = True
        self.adjudication: AdjudicationSession | None = None
        """The cases of the project, while this person adjudicates."""
        self.touched: frozenset[str] | None = frozenset()
        """The spans to look at again when the topic is "marks"; None when it is all of them."""
        self.touched_suggestions: frozenset[str] = frozenset()
        self.touched_entry: int | None = None
        """The line of the document list to look at again when the topic is "entries".

        None when it is all of them.
        """
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
        before = [span for entity in changes.entities if (span := self.spans.get(entity))]
        self.touched = self.annotations.take(
            changes.entities,
            *self.store.spans_and_relations(name, self.annotator, changes.entities),
        )
        if self.suggestions:
            after = [span for entity in changes.entities if (span := self.spans.get(entity))]
            self.touched_suggestions = self.suggestions.review(map(place_of, (*before, *after)))
            if "answers" in changes.kinds:
                self.touched_suggestions |= self.suggestions.take(
                    self.store.answers(name, self.annotator)
                )
        self._let_go_of_gone()
        if changes.kinds & {"status", "attributes"}:
            annotation_set = self.store.annotation_set(name, self.annotator)
            self.status, self.attributes = annotation_set.status, annotation_set.attributes
        return {"marks", "selection", "linking"}

    # ── moving ────────────────────────────────────────────────────────────────────────────────────

    def open_document(self, name: str) -> None:
        """Go to a document."""
        self._load(name)
        self.span, self.suggestion, self.selection, self.linking = "", "", (0, 0), None
        self.tell("document", "marks", "selection", "linking")

    def _load(self, name: str) -> None:
        self.document = self.store.document(name)
        annotation_set = self.store.annotation_set(name, self.annotator)
        self.annotations = Annotations(self.schema, annotation_set.spans, annotation_set.relations)
        self.status, self.attributes = annotation_set.status, annotation_set.attributes
        self.suggestions = self._suggestions(name)
        self.touched, self.touched_suggestions = None, frozenset()
        self._let_go_of_gone()

    def leave(self) -> None:
        """Leave the document; none is open then."""
        self.document = None
        self.annotations, self.status, self.attributes = Annotations(self.schema), "new", NONE
        self.suggestions = self._suggestions(None)
        self.span, self.suggestion, self.selection, self.linking, self.touched = (
            "",
            "",
            (0, 0),
            None,
            None,
        )

    def _suggestions(self, document: str | None) -> Suggestions:
        """Return what models and rules suggest for a document.

        Nothing without one, or where they are not to be shown.
        """
        if document is None or not self.shows_suggestions:
            return Suggestions({}, {}, self.schema, self.annotations.twin)
        people = [
            name
            for name in self.store.annotators()
            if is_suggester(name) and annotator_id(name) != self.annotator_id
        ]
        annotation_sets = {
            annotator_id(name): self.store.annotation_set(document, name) for name in people
        }
        return Suggestions(
            annotation_sets,
            self.store.answers(document, self.annotator) if people else {},
            self.schema,
            self.annotations.twin,
        )

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
    # ── derived ───────────────────────────────────────────────────────────────────────────────────

    def record(self) -> Labelled | None:
        """Return the open document with the annotator's layer, as an export would hold it."""
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
