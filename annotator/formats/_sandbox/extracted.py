"""What is taken out of other programs' files: texts with what is said of them, or rows."""

from dataclasses import dataclass, field

SHEET = "sheet"
"""A role of `ReadOptions.columns` that is no column: which sheet of a spreadsheet is read."""


@dataclass(slots=True)
class Piece:
    """One text of a file, or one table of it.

    name: what tells it from the file's other pieces, "" where it is the only one. direction: "rtl",
    "ltr" or "auto". rows: of a table, each with its number in the file, from 1. sheets: of a
    spreadsheet, the names of all that it has.
    """

    text: str = ""
    name: str = ""
    language: str = ""
    direction: str = "auto"
    meta: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)


def text_of(lines: list[str], notes: list[str]) -> str:
    """Return paragraphs as a text, without empty lines at its ends.

    Footnotes stand at the end, after an empty line.
    """
    body = "\n".join(lines).strip("\n")
    end = "\n".join(note.strip("\n") for note in notes if note.strip())
    return f"{body}\n\n{end}" if body and end else body or end


def cell_of(lines: list[str]) -> str:
    """Return the lines of a table's cell as one, without the tabs that part cells."""
    return " ".join(lines).replace("\n", " ").replace("\t", " ").strip()


def direction_of(rtl: int, count: int) -> str:
    """Return a document's direction by how many of its paragraphs are set from right to left."""
    return "rtl" if 2 * rtl > count else "auto"
