"""Asking an open project: one question at a time, from any thread."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from annotator.store.file.opening import reported

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class Reader:
    """What a project is read through: a connection, and whose turn it is to use it.

    The connection is the one that writes, and `turn` is what the writer holds while a step is
    open. Answers are what is stored at that moment; nothing is held afterwards.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, turn: threading.RLock) -> None:
        self._path, self._connection, self._turn = path, connection, turn

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Have the connection to oneself for a block, whose errors become sentences."""
        with self._turn, reported(self._path):
            yield self._connection

    def ask(
        self,
        query: Callable[Concatenate[sqlite3.Connection, Asked], Answer],
        *what: Asked.args,
        **how: Asked.kwargs,
    ) -> Answer:
        """Return what a query answers."""
        with self.reading() as connection:
            return query(connection, *what, **how)
