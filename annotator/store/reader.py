"""The reading end of a project: what is stored at this moment, as values."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import orjson

from annotator.model import AnnotationSet, Decision, Document, Labelled, Relation, Schema, Span
from annotator.model.plain import schema_of
from annotator.store.events import copies, history
from annotator.store.events.step import annotator_id
from annotator.store.file.opening import reported
from annotator.store.tables import activity, document_list, local_settings, queries

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class Reader:
    """A project file, open, as one reads it.

    Methods return what is stored at that moment and hold nothing afterwards.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self._connection = path, connection
        self._mutex = threading.RLock()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._mutex, reported(self.path):
            yield self._connection

    def _ask(
        self,
        query: Callable[Concatenate[sqlite3.Connection, Asked], Answer],
        *what: Asked.args,
        **how: Asked.kwargs,
    ) -> Answer:
        with self._reading() as connection:
            return query(connection, *what, **how)

    def schema(self) -> Schema:
        """Return the project's label schema."""
        with self._reading() as connection:
            row = connection.execute(queries.SCHEMA).fetchone()
            return schema_of(orjson.loads(row[0]))

    def annotators(self) -> list[str]:
        """Return the names of all annotators, gold last."""
        return list(self._ask(queries.annotators).values())

    def annotators_with_work(self) -> list[str]:
        """Return the names of those annotators who have a layer, gold last."""
        return self._ask(queries.annotators_with_work)

    def entries(self, annotator: str) -> list[queries.Entry]:
        """Return the document list as an annotator sees it."""
        return self._ask(queries.entries, annotator_id(annotator))

    def listing(self, annotator: str) -> document_list.Listing:
        """Return the document list as an annotator sees it, to be read as far as looked at."""
        return document_list.Listing(self, annotator)

    def some_entries(self, annotator: str, first: int, most: int) -> list[queries.Entry]:
        """Return some lines of the document list."""
        return self._ask(queries.entries, annotator_id(annotator), first, most)

    def count_documents(self) -> int:
        """Return how many documents there are."""
        return self._ask(document_list.count)

    def count_done(self, annotator: str) -> int:
        """Return how many documents an annotator has finished."""
        return self._ask(document_list.count_done, annotator_id(annotator))

    def place(self, name: str) -> int:
        """Return the place of a document in the list of all, -1 when it is not there."""
        return self._ask(document_list.place, name)

    def summary(self, name: str, annotator: str) -> tuple[str, int, int]:
        """Return how far an annotator is with a document.

        Status, number of spans, number of relations.
        """
        return self._ask(queries.summary, name, annotator_id(annotator))

    def document(self, name: str) -> Document:
        """Return a document by its id."""
        return self._ask(queries.document, name)

    def text_hash(self, name: str) -> str:
        """Return the SHA-256 of a document's text, "" when the project has no such document."""
        with self._reading() as connection:
            row = connection.execute("SELECT sha256 FROM document WHERE id = ?", (name,)).fetchone()
            return row[0] if row else ""

    def split(self, name: str) -> dict[str, str]:
        """Return a recorded split: the part that each document is in.

        Empty when there is none of this name.
        """
        return self._ask(queries.split, name)

    def annotation_set(self, name: str, annotator: str) -> AnnotationSet:
        """Return what an annotator did with a document."""
        return self._ask(queries.annotation_set, name, annotator_id(annotator))

    def answers(self, name: str, annotator: str) -> dict[str, str]:
        """Return which suggestions for a document an annotator has answered.

        "accepted" or "dismissed".
        """
        return self._ask(queries.answers, name, annotator_id(annotator))

    def decisions(self, names: Iterable[str] | None = None) -> dict[str, list[Decision]]:
        """Return the decisions on some documents, or on all, by document."""
        return self._ask(queries.decisions, names)

    def things(
        self, name: str, annotator: str, ids: Iterable[str]
    ) -> tuple[list[Span], list[Relation]]:
        """Return those spans and relations of a layer whose ids are given."""
        return self._ask(queries.things, name, annotator_id(annotator), ids)

    def records(
        self,
        annotators: tuple[str, ...] | None = None,
        statuses: tuple[str, ...] = (),
        documents_wanted: tuple[str, ...] | None = None,
    ) -> Iterator[Labelled]:
        """Walk over documents with layers.

        Annotators None means all of them, and bare documents too.

        The project may be changed meanwhile: each record is as it was when the walk came near it.
        """
        people = None if annotators is None else tuple(map(annotator_id, annotators))
        wanted = queries.Wanted(people, statuses, annotators is None, documents_wanted)
        with (
            self._reading() as connection
        ):  # and not for longer: whoever takes the records may take his time
            tag = connection.execute(queries.SCHEMA).fetchone()[1]
            slices = queries.slices(connection, wanted)
        for names in slices:
            with self._reading() as connection:
                portion = queries.some_records(connection, names, wanted, tag)
            yield from portion

    def undoable(self, actor: str) -> history.StepInfo | None:
        """Return the step that undo would take back."""
        return self._ask(history.undoable, annotator_id(actor))

    def redoable(self, actor: str) -> history.StepInfo | None:
        """Return the step that redo would do again."""
        return self._ask(history.redoable, annotator_id(actor))

    def steps(self, actor: str) -> list[history.StepInfo]:
        """Return an annotator's latest steps, newest first."""
        return self._ask(history.steps, annotator_id(actor))

    def story(self, document: str, annotator: str, entity: str) -> list[history.Past]:
        """Return what happened to one span or relation."""
        return self._ask(history.story, f"{document}/{annotator_id(annotator)}", entity)

    def stretches(self) -> list[activity.Stretch]:
        """Return who was active in which document, when, and for how long."""
        return self._ask(activity.stretches)

    def finishes(self) -> list[activity.Finish]:
        """Return when the finished layers were finished."""
        return self._ask(activity.finishes)

    def is_copy(self) -> bool:
        """Return whether this project was begun from an assignment."""
        return bool(self._ask(copies.is_copy))

    def setting(self, key: str) -> str:
        """Return a setting of this copy of the file, "" when it is not set."""
        with self._reading():
            return local_settings.kept(self._connection, key)
