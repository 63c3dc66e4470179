"""A text → rows of cells, for tables of documents and tables of codings alike.

The delimiter is found by trying each on the rows, quoted newlines included.
"""

import csv
import io
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import InputError
from annotator.formats._api import Report
from annotator.i18n import _

_DELIMITERS = "\t;,|"
_ROWS_TRIED = 200
_SAMPLE = 65536
_LARGEST_FIELD = 2**31 - 1

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the line each begins at; blank lines are left out.

    `width` is that of the first row.
    """

    rows: list[Row]
    width: int
    first_line: int = 1


def parse_table(text: str, path: Path, known: AbstractSet[str], report: Report) -> Table:
    """Parse the rows of a table; `known` are names of columns, which help to find the delimiter."""
    csv.field_size_limit(_LARGEST_FIELD)
    delimiter = find_delimiter(text, path, known)
    try:
        rows = _rows(text, delimiter, quoted=True)
    except _TableError as error:
        # In tab-separated files quotes are often nothing but quotes.
        if delimiter != "\t":
            raise InputError(path, error.line, error.reason) from error
        rows = _rows(text, delimiter, quoted=False)
        report.change("quotes", _("quotation marks in the table were taken as part of the text"))
    return Table(rows, len(rows[0][1]), rows[0][0]) if rows else Table([], 0)


def find_delimiter(text: str, path: Path, known: AbstractSet[str]) -> str:
    """Return the delimiter that gives the most rows of one width, more than one cell each.

    Where none does, it is a comma, or a tab in a file that is named so.
    """
    best, chosen = (0.0, 0, 0), ""
    favoured = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    for delimiter in _DELIMITERS:
        widths, first = _widths(text, delimiter)
        if not widths or widths[0] < 2:
            continue
        even = sum(1 for width in widths if width == widths[0]) / len(widths)
        names = sum(1 for cell in first if cell.strip().casefold() in known)
        rank = (even, names, int(delimiter == favoured))
        if rank > best:
            best, chosen = rank, delimiter
    return chosen or favoured


class _TableError(ValueError):
    """The rows cannot be parsed."""

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(reason)


def _rows(text: str, delimiter: str, quoted: bool) -> list[Row]:
    found: list[Row] = []
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        strict=True,
    )
    line = 1
    try:
        for cells in reader:
            if cells:
                found.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise _TableError(
            line, _("the row cannot be parsed: {reason}").format(reason=error)
        ) from error
    return found


def _widths(text: str, delimiter: str) -> tuple[list[int], list[str]]:
    """Return the widths of the first rows, and the first row."""
    sample = text[:_SAMPLE]
    widths: list[int] = []
    first: list[str] = []
    for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
        if cells:
            first = first or cells
            widths.append(len(cells))
        if len(widths) > _ROWS_TRIED:
            break
    if len(sample) < len(text) and len(widths) > 1:
        widths.pop()  # the sample may end within a row
    return widths, first
