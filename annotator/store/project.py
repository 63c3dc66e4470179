"""The open project: opening and closing it, asking it, changing it in steps, undo and redo."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self
from weakref import WeakSet

import orjson

from annotator.errors import UserError
from annotator.i18n import _, plain
from annotator.model import (
    AnnotationSet,
    Changes,
    Decision,
    Document,
    Labelled,
    Relation,
    Schema,
    Span,
)
from annotator.model.plain import schema_of
from annotator.store.events import copies, history
from annotator.store.events.step import Step, annotator_id
from annotator.store.events.writer import Writer
from annotator.store.file import lock
from annotator.store.file.opening import check_file, connect, real_path, refuse, reported, tidy
from annotator.store.reader import Reader
from annotator.store.tables import activity, ddl, document_list, local_settings, queries

if TYPE_CHECKING:
    from annotator.store.exchange.distribution import Distribution
    from annotator.store.exchange.working_copy import WorkingCopy

# What is imported inside functions is what opening a project, for which a window waits, does
# without. Beside each import stands how long it takes.


class Store:
    """A project file, open.

    One connection does all the writing; all methods may be called from any thread.

    `listeners` are called with the `Changes` of each step after it is stored, in the thread that
    made it: all of them, also when one raises an error. `holder` tells who else has the project
    open, when this store could only be opened for reading.
    """

    open_stores: ClassVar[WeakSet["Store"]] = WeakSet()

    def __init__(self, path: Path, connection: sqlite3.Connection, taken: lock.Lock | None) -> None:
        self.path, self._connection, self._taken = path, connection, taken
        self._mutex = threading.RLock()
        self._reader = Reader(path, connection, self._mutex)
        self.readonly = taken is None
        self.holder: lock.Holder | None = None
        self.listeners: list[Callable[[Changes], None]] = []
        self._writer = Writer(
            connection, "" if self.readonly else local_settings.own_id(connection, path)
        )
        if not self.readonly:
            local_settings.put(connection, "holder", lock.Holder.here().to_json())
        Store.open_stores.add(self)

    # ── opening and closing ───────────────────────────────────────────────────────────────────────

    @classmethod
    def create(cls, path: Path, schema: Schema) -> "Store":
        """Make a new project; an existing file is never touched."""

        def begin(store: Store) -> None:
            with store.change(_("New project"), "") as step:
                step.put_schema(schema)

        return cls.begin(path, begin)

    @classmethod
    def begin(cls, path: Path, first: Callable[["Store"], object]) -> "Store":
        """Make a file and do the first thing in it, which gives it a schema.

        Nothing stays when that fails.
        """
        from annotator.store.file import upgrade  # 80 ms

        upgrade.make_file(path)
        with ExitStack() as on_failure:
            on_failure.callback(upgrade.remove_file, path)
            upgrade.lay_out(path)
            store = cls.open(path)
            on_failure.callback(store.close)
            first(store)
            on_failure.pop_all()
        return store

    @classmethod
    def open(cls, path: Path, *, readonly: bool = False) -> "Store":
        """Open a project.

        When another program has it, the store is read-only and says in `holder` who that is.
        """
        path = real_path(path)
        ours = [store for store in cls.open_stores if store.path == path]
        if any(not store.readonly for store in ours):
            raise refuse(
                path,
                _("it is open in this program already. Go on working there, or close it first."),
            )
        # Closing any other handle of a file that SQLite has open in this process would drop
        # SQLite's locks on it.
        if not ours:
            check_file(path)
        is_writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
        if readonly or not is_writable:
            return cls._open(path, wants_to_write=False)
        return cls._open_or_name_holder(path)

    @classmethod
    def _open_or_name_holder(cls, path: Path) -> "Store":
        """Open a project for writing, or for reading when the program that has it is known."""
        store = cls._open(path, wants_to_write=True)
        for _moment in range(lock.MOMENTS):
            if not store.readonly or store.holder != lock.UNKNOWN:
                break
            # Another program says who it is right after it has taken the lock, and lets it go right
            # after it has said no more.
            store.close()
            time.sleep(lock.MOMENT)
            store = cls._open(path, wants_to_write=True)
        return store

    @classmethod
    def _open(cls, path: Path, *, wants_to_write: bool) -> "Store":
        with ExitStack() as on_failure:
            taken = lock.take(path) if wants_to_write else None
            if taken:
                on_failure.callback(taken.release)
            connection = connect(path, readonly=taken is None)
            on_failure.callback(connection.close)
            with reported(path):
                if connection.execute("PRAGMA user_version").fetchone()[0] != ddl.VERSION:
                    _bring_up_to_date(path, connection, can_write=taken is not None)
                store = cls(path, connection, taken)
            on_failure.pop_all()
        if wants_to_write and taken is None:
            store.holder = lock.Holder.from_json(store.setting("holder")) or lock.UNKNOWN
        return store

    def close(self) -> None:
        """Close the file and let others write it; closing it again does nothing."""
        with self._mutex:
            if self not in Store.open_stores:
                return
            Store.open_stores.discard(self)
            try:
                # A disk that fails now takes nothing with it: all steps are stored, and a stale
                # holder does no harm.
                with suppress(UserError):
                    self.remember("holder", "")
            finally:
                self._connection.close()
                if self._taken:
                    self._taken.release()
                else:
                    tidy(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_reason: object) -> None:
        self.close()

    def remember(self, key: str, value: str) -> None:
        """Set a setting of this copy of the file (who works here …); never part of the work."""
        with self._mutex, reported(self.path):
            if not self.readonly and local_settings.get(self._connection, key) != value:
                local_settings.put(self._connection, key, value)

    @property
    def working_copy(self) -> "WorkingCopy":
        """The project as a copy: what an annotator begins, returns, and is told of."""
        from annotator.store.exchange.working_copy import WorkingCopy  # 20 ms

        return WorkingCopy(self._connection, self._writer, self._reader, self.change)

    @property
    def distribution(self) -> "Distribution":
        """What the lead hands out and collects."""
        from annotator.store.exchange.distribution import Distribution  # 20 ms

        return Distribution(self._connection, self._writer, self._reader, self.change)

    # ── questions ─────────────────────────────────────────────────────────────────────────────────

    def schema(self) -> Schema:
        """Return the project's label schema."""
        with self._reader.reading() as connection:
            row = connection.execute(queries.SCHEMA).fetchone()
            return schema_of(orjson.loads(row[0]))

    def annotators(self) -> list[str]:
        """Return the names of all annotators, gold last."""
        return list(self._reader.ask(queries.annotators).values())

    def annotators_with_work(self) -> list[str]:
        """Return the names of the annotators who have an annotation set, gold last."""
        return self._reader.ask(queries.annotators_with_work)

    def entries(self, annotator: str) -> list[queries.Entry]:
        """Return the document list as an annotator sees it."""
        return self._reader.ask(queries.entries, annotator_id(annotator))

    def listing(self, annotator: str) -> document_list.Listing:
        """Return the document list as an annotator sees it, to be read as far as looked at."""
        return document_list.Listing(self, annotator)

    def some_entries(self, annotator: str, first: int, most: int) -> list[queries.Entry]:
        """Return some lines of the document list."""
        return self._reader.ask(queries.entries, annotator_id(annotator), first, most)

    def count_documents(self) -> int:
        """Return how many documents there are."""
        return self._reader.ask(document_list.count)

    def count_done(self, annotator: str) -> int:
        """Return how many documents an annotator has finished."""
        return self._reader.ask(document_list.count_done, annotator_id(annotator))

    def place(self, name: str) -> int:
        """Return the place of a document in the list of all, -1 when it is not there."""
        return self._reader.ask(document_list.place, name)

    def summary(self, name: str, annotator: str) -> tuple[str, int, int]:
        """Return an annotator's status in a document, and how many spans and relations it has."""
        return self._reader.ask(queries.summary, name, annotator_id(annotator))

    def document(self, name: str) -> Document:
        """Return a document by its id."""
        return self._reader.ask(queries.document, name)

    def text_hash(self, name: str) -> str:
        """Return the SHA-256 of a document's text, "" when the project has no such document."""
        with self._reader.reading() as connection:
            row = connection.execute("SELECT sha256 FROM document WHERE id = ?", (name,)).fetchone()
            return row[0] if row else ""

    def split(self, name: str) -> dict[str, str]:
        """Return the part that each document is in by a recorded split; {} without one."""
        return self._reader.ask(queries.split, name)

    def annotation_set(self, name: str, annotator: str) -> AnnotationSet:
        """Return what an annotator did with a document."""
        return self._reader.ask(queries.annotation_set, name, annotator_id(annotator))

    def answers(self, name: str, annotator: str) -> dict[str, str]:
        """Return an annotator's answers to suggestions for a document: "accepted", "dismissed"."""
        return self._reader.ask(queries.answers, name, annotator_id(annotator))

    def decisions(self, names: Iterable[str] | None = None) -> dict[str, list[Decision]]:
        """Return the decisions on some documents, or on all, by document."""
        return self._reader.ask(queries.decisions, names)

    def spans_and_relations(
        self, name: str, annotator: str, ids: Iterable[str]
    ) -> tuple[list[Span], list[Relation]]:
        """Return those spans and relations of an annotation set whose ids are given."""
        return self._reader.ask(queries.spans_and_relations, name, annotator_id(annotator), ids)

    def records(
        self,
        annotators: tuple[str, ...] | None = None,
        statuses: tuple[str, ...] = (),
        documents_wanted: tuple[str, ...] | None = None,
    ) -> Iterator[Labelled]:
        """Walk over documents with annotation sets.

        annotators: None means all of them, and documents without any annotation set too. The
        project may be changed meanwhile: each record is as it was when the walk came near it.
        """
        people = None if annotators is None else tuple(map(annotator_id, annotators))
        wanted = queries.Wanted(people, statuses, annotators is None, documents_wanted)
        # Not for longer than this: whoever takes the records may take their time.
        with self._reader.reading() as connection:
            tag = connection.execute(queries.SCHEMA).fetchone()[1]
            slices = queries.slices(connection, wanted)
        for names in slices:
            with self._reader.reading() as connection:
                portion = queries.some_records(connection, names, wanted, tag)
            yield from portion

    def undoable(self, actor: str) -> history.StepInfo | None:
        """Return the step that undo would take back."""
        return self._reader.ask(history.undoable, annotator_id(actor))

    def redoable(self, actor: str) -> history.StepInfo | None:
        """Return the step that redo would do again."""
        return self._reader.ask(history.redoable, annotator_id(actor))

    def steps(self, actor: str) -> list[history.StepInfo]:
        """Return an annotator's latest steps, newest first."""
        return self._reader.ask(history.steps, annotator_id(actor))

    def story(self, document: str, annotator: str, entity: str) -> list[history.Past]:
        """Return what happened to one span or relation."""
        return self._reader.ask(history.story, f"{document}/{annotator_id(annotator)}", entity)

    def stretches(self) -> list[activity.Stretch]:
        """Return who was active in which document, when, and for how long."""
        return self._reader.ask(activity.stretches)

    def finishes(self) -> list[activity.Finish]:
        """Return when the finished annotation sets were finished."""
        return self._reader.ask(activity.finishes)

    def is_copy(self) -> bool:
        """Return whether this project was begun from an assignment."""
        return self._reader.ask(copies.is_copy)

    def setting(self, key: str) -> str:
        """Return a setting of this copy of the file, "" when it is not set."""
        return self._reader.ask(local_settings.get, key)

    # ── changing ──────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def change(
        self, title: str, actor: str, continues: str = "", *, alone: bool = False
    ) -> Iterator[Step]:
        """Open a step: all or nothing of it is stored, on disk, when the block ends.

        actor: the annotator's name, "" for the program itself. continues: the id of a step that
        this one goes on with. Within an open step, this gives that same step again (unless
        `alone`), with its own title; the inner block can fail alone.
        """
        with self._mutex, reported(self.path):
            if self.readonly:
                raise refuse(
                    self.path,
                    _(
                        "it is open for reading only, so nothing can be changed. Copy it, and open"
                        " the copy."
                    ),
                )
            is_part = self._writer.step is not None
            if is_part and alone:
                raise RuntimeError("undo and redo are steps of their own; end the open step first")
            with self._writer.open_step(plain(title), actor, continues) as step:
                yield step
            changes = step.changes()
        if not is_part and not changes.is_empty:
            with ExitStack() as calls:
                for listener in reversed(self.listeners):
                    calls.callback(listener, changes)

    def undo(self, actor: str) -> Changes | None:
        """Take back the annotator's latest step; None when there is none."""
        return self._flip(actor, history.undoable, "undone")

    def redo(self, actor: str) -> Changes | None:
        """Do again what was last taken back; None when there is nothing."""
        return self._flip(actor, history.redoable, "done")

    def withdraw(self, step: str, actor: str) -> None:
        """Take back a step that was broken off, for good.

        Nothing happens when it is taken back already.
        """
        self._flip(actor, lambda connection, _actor: history.find_done(connection, step), "gone")

    def _flip(
        self,
        actor: str,
        find: Callable[[sqlite3.Connection, str], history.StepInfo | None],
        state_after: str,
    ) -> Changes | None:
        from annotator.store.events import undo  # 3 ms

        with self.change("", actor, alone=True) as step:
            info = find(self._connection, annotator_id(actor))
            if info is None:
                return None
            undo.flip(self._connection, step, info, state_after)
        return step.changes()

    # ── soundness ─────────────────────────────────────────────────────────────────────────────────

    def state_hash(self) -> str:
        """Return the hash of all documents and annotation sets."""
        from annotator.store.events import integrity  # 1 ms

        return self._reader.ask(integrity.state_hash)

    def faults(self) -> list[str]:
        """Return all that is wrong with the project."""
        from annotator.store.events import integrity  # 1 ms

        with self._reader.reading() as connection:
            return list(integrity.faults(connection))

    def rebuild(self) -> None:
        """Make the current tables anew from the log."""
        from annotator.store.events import integrity  # 1 ms

        with self.change("", "") as _step, self._reader.reading() as connection:
            integrity.rebuild(connection)
            self._writer.forget()

    def back_up(self, target: Path | None = None) -> Path:
        """Copy the project to a new, verified file; return where it is."""
        from annotator.store.file import backup  # 2 ms

        return self._reader.ask(backup.back_up, target or backup.default_place(self.path))


def _bring_up_to_date(path: Path, connection: sqlite3.Connection, *, can_write: bool) -> None:
    from annotator.store.file import upgrade  # 80 ms

    upgrade.bring_up_to_date(path, connection, can_write=can_write)
