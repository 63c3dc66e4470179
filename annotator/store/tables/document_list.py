"""The document list as one annotator sees it.

What is looked at is read then, for a project may have very many documents.
"""

import sqlite3
from collections.abc import Iterator
from typing import Protocol

from annotator.model import original
from annotator.store.tables.queries import Entry

PAGE, LOOKED_AT = 100, 3
"""How many entries are read together, and how often: whoever asks for more then gets all."""
GONE = Entry("", "", "", 0, "new", 0, 0)
"""What stands for a document that went, until its list is taken anew."""


class Project(Protocol):
    """What a listing asks of the project; each answer is of the moment."""

    def entries(self, annotator: str) -> list[Entry]:
        """Return all lines of the list."""
        ...

    def some_entries(self, annotator: str, first: int, most: int) -> list[Entry]:
        """Return some lines of the list."""
        ...

    def count_documents(self) -> int:
        """Return how many documents there are."""
        ...

    def count_done(self, annotator: str) -> int:
        """Return how many documents an annotator has finished."""
        ...

    def place(self, name: str) -> int:
        """Return the place of a document in the list, -1 when it is not there."""
        ...


class Listing:
    """The entries in the project's order.

    Whoever repeats documents sees those of their round alone: they are open from its beginning.

    Until it is complete, what is looked at is read then; and reading waits for whoever changes the
    project just now.
    """

    def __init__(self, store: Project, annotator: str) -> None:
        self._store, self._annotator = store, annotator
        self._pages: dict[int, list[Entry]] = {}
        self._all: list[Entry] | None = None
        self._places: dict[str, int] = {}
        self._done: int | None = None
        self._count = len(self.complete()) if original(annotator) else store.count_documents()

    def complete(self) -> list[Entry]:
        """Read all that is not read yet; return all of it."""
        if self._all is None:
            entries = self._store.entries(self._annotator)
            if original(self._annotator):
                entries = [entry for entry in entries if entry.status != "new"]
            self._all = entries
            self._places = {entry.id: place for place, entry in enumerate(entries)}
        return self._all

    @property
    def done(self) -> int:
        """How many of the documents are finished; counted once until one changes."""
        if self._done is None and self._all is None:
            self._done = self._store.count_done(self._annotator)
        elif self._done is None:
            self._done = sum(entry.status == "done" for entry in self.complete())
        return self._done

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Entry]:
        return (self[place] for place in range(self._count))

    def __getitem__(self, place: int) -> Entry:
        place += self._count if place < 0 else 0
        if not 0 <= place < self._count:
            raise IndexError(place)
        number, line = divmod(place, PAGE)
        if self._all is None and number not in self._pages:
            self._read(number)
        if self._all is not None:
            page, line = self._all, place
        else:
            page = self._pages[number]
        return page[line] if line < len(page) else GONE

    def _read(self, number: int) -> None:
        if len(self._pages) == LOOKED_AT:
            self.complete()
        else:
            self._pages[number] = self._store.some_entries(self._annotator, number * PAGE, PAGE)

    def place(self, document: str) -> int:
        """Return the place of a document (by id), -1 when it is not in the list."""
        return self._store.place(document) if self._all is None else self._places.get(document, -1)

    def take(self, place: int, status: str, spans: int, relations: int) -> None:
        """Take over how far the annotator has come with a document by now."""
        self._done = None
        if self._all is None:
            self._pages.pop(place // PAGE, None)
        elif place < len(self._all):
            self._all[place] = self._all[place]._replace(
                status=status, spans=spans, relations=relations
            )


def count(connection: sqlite3.Connection) -> int:
    """Return how many documents there are."""
    return int(connection.execute("SELECT count(*) FROM document").fetchone()[0])


def count_done(connection: sqlite3.Connection, annotator: str) -> int:
    """Return how many documents an annotator (by id) has finished."""
    query = (
        "SELECT count(*)"
        " FROM layer"
        " WHERE annotator = (SELECT n FROM annotator WHERE id = ?)"
        " AND status = 'done'"
    )
    return int(connection.execute(query, (annotator,)).fetchone()[0])


def place(connection: sqlite3.Connection, document: str) -> int:
    """Return the place of a document (by id) among all, -1 when it is not there."""
    row = connection.execute(
        "SELECT count(*) - 1 FROM document WHERE n <= (SELECT n FROM document WHERE id = ?)",
        (document,),
    ).fetchone()
    return int(row[0])
