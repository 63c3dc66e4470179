"""Opening steps on the one connection that writes: all of a step is stored, or nothing of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from annotator.store.events.apply import Projection
from annotator.store.events.log import Log
from annotator.store.events.step import Step, annotator_id
from annotator.store.tables import queries


class Writer:
    """The writing end of a project; its methods are called by one thread at a time.

    `step` is the one that is open.
    """

    def __init__(self, connection: sqlite3.Connection, device: str) -> None:
        self._connection = connection
        self._projection = Projection(connection)
        self._log = Log(connection, device)
        self._text = lru_cache(maxsize=4)(lambda name: queries.document(connection, name).text)
        self.step: Step | None = None

    @contextmanager
    def open_step(self, title: str, actor: str, continues: str) -> Iterator[Step]:
        """Open a step, or a part of the one that is open.

        The parameters are those of Store.change.
        """
        if self.step is not None:
            with self._part(self.step):
                yield self.step
            return
        step = Step(
            self._log,
            self._projection,
            self._connection,
            self._text,
            annotator_id(actor) if actor else "",
            title,
        )
        with self._transaction(step, continues):
            yield step

    @contextmanager
    def _transaction(self, step: Step, continues: str) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        self.step = step
        try:
            self._log.reload()
            if continues:
                step.continue_as(continues)
            yield
            step.check_open()
            self._connection.execute("COMMIT")
        except BaseException:
            self._roll_back("ROLLBACK")
            raise
        finally:
            self.step = None
            # A document that went can come again with another text.
            if "documents" in step.kinds:
                self._text.cache_clear()

    @contextmanager
    def _part(self, step: Step) -> Iterator[None]:
        mark = step.mark()
        step.check_open()
        self._connection.execute("SAVEPOINT part")
        try:
            yield
            step.check_open()
            self._connection.execute("RELEASE part")
        except BaseException:
            self._roll_back("ROLLBACK TO part", "RELEASE part")
            self._log.reload()
            step.go_back(mark)
            raise

    def _roll_back(self, *statements: str) -> None:
        self.forget()
        if self._connection.in_transaction:  # SQLite ends it itself when the disk is full
            for statement in statements:
                self._connection.execute(statement)

    @property
    def device(self) -> str:
        """The device that writes here."""
        return self._log.device

    def follow(self, lamport: int) -> None:
        """Write after what happened elsewhere, from where the log in the file now ends."""
        self._log.reload()
        self._log.follow(lamport)

    def forget(self) -> None:
        """Drop what is remembered of the tables, when they were changed from elsewhere."""
        self._projection.forget()
        self._text.cache_clear()
