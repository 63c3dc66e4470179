"""Tables as values: each knows its columns and makes its own statements.

The tables of annotation sets have the columns `layer` (the number of the set's row in the table
`layer`) and, most of them, `id`.
"""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Table:
    """A table of the project file.

    counter: the column of `layer` that counts its rows. key: which row of a set one is.
    """

    name: str
    columns: tuple[str, ...]
    counter: str = ""
    key: str = "id"

    @cached_property
    def listed(self) -> str:
        """The columns, each with the table's name."""
        return ", ".join(f"{self.name}.{column}" for column in self.columns)

    @cached_property
    def insert(self) -> str:
        """The statement that inserts a row whose key is not there."""
        return self._insert()

    @cached_property
    def add(self) -> str:
        """The statement that inserts a row unless one of its key is there."""
        return self._insert("OR IGNORE ")

    @cached_property
    def put(self) -> str:
        """The statement that inserts a row in the place of any of its key."""
        return self._insert("OR REPLACE ")

    @cached_property
    def count(self) -> str:
        """The expression for how many rows of a set there are, within a query of `layer`."""
        return f"(SELECT count(*) FROM {self.name} WHERE {self.name}.layer = layer.n)"

    @cached_property
    def count_more(self) -> str:
        """The statement that adds a number to what a set (by number) counts."""
        return f"UPDATE layer SET {self.counter} = {self.counter} + ? WHERE n = ?"

    @cached_property
    def delete_one(self) -> str:
        """The statement that deletes the row of a set (by number) and a key."""
        return self.delete(f"layer = ? AND {self.key} = ?")

    @cached_property
    def select_one(self) -> str:
        """The query of the row of a set (by number) and a key."""
        return self.select(f"layer = ? AND {self.key} = ?")

    def select(self, where: str) -> str:
        """Return the query of all columns of some rows."""
        return f"SELECT {self.listed} FROM {self.name} WHERE {where}"

    def delete(self, where: str) -> str:
        """Return the statement that deletes some rows."""
        return f"DELETE FROM {self.name} WHERE {where}"

    def _insert(self, conflict: str = "") -> str:
        columns, marks = ", ".join(self.columns), ", ".join("?" * len(self.columns))
        return f"INSERT {conflict}INTO {self.name}({columns}) VALUES({marks})"


_RELATION = ("layer", "id", "label", "head", "child", "implicit", "attributes")
TEXTS = Table("text", ("sha256", "text"))
DOCUMENTS = Table(
    "document",
    (
        "id",
        "name",
        "sha256",
        "length",
        "language",
        "direction",
        "paragraphs",
        "meta",
        "file",
        "encoding",
        "newline",
        "raw_sha256",
    ),
)
SPANS = Table(
    "span",
    (
        "layer",
        "id",
        "type",
        "label",
        "start_at",
        "end_at",
        "fragments",
        "text",
        "attributes",
        "note",
        "origin",
    ),
    "spans",
)
RELATIONS = Table("relation", _RELATION, "relations")
DANGLING = Table("loose", _RELATION)
ANSWERS = Table("answer", ("layer", "suggestion", "answer"), key="suggestion")
DECISIONS = Table(
    "decision",
    (
        "layer",
        "id",
        "outcome",
        "chosen",
        "reason",
        "note",
        "adjudicator",
        "rule",
        "saw",
        "made",
    ),
)
STRETCHES = Table("activity", ("device", "seq", "document", "annotator", "at_ms", "active_ms"))
SPLITS = Table("split", ("name", "document", "part"))
VISITORS = Table("visitor", ("device",))
ASSIGNMENTS = Table("assignment", ("id", "annotator", "document", "at_ms"))
RECEIPTS = Table("receipt", ("device", "annotator", "seq", "hash", "at_ms"))

OF_ANNOTATION_SETS = (SPANS, RELATIONS, DANGLING, ANSWERS, DECISIONS)
