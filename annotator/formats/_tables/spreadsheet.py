"""What both kinds of spreadsheet share: the rows of a sheet become documents."""

from collections.abc import Iterator
from pathlib import Path

from annotator.errors import InputError
from annotator.formats._api import ReadOptions, Report
from annotator.formats._sandbox.extracted import Piece
from annotator.formats._sandbox.host import extracted, is_compound, source_of
from annotator.formats._shared.decode import refuse_forbidden
from annotator.formats._tables.cells import Table
from annotator.formats._tables.rows import records
from annotator.i18n import _
from annotator.model import Labelled


def read_sheet(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the documents of one sheet."""
    source = source_of(path)
    yield from records(_table(path, options, report), path, source, options, report)


def first_row(path: Path, options: ReadOptions) -> list[str]:
    """Return the cells of the first row."""
    table = _table(path, options, Report())
    return table.rows[0][1] if table.rows else []


def sheet_names(path: Path, options: ReadOptions) -> list[str]:
    """Return the names of the sheets."""
    return _sheet(path, options, Report()).sheets


def _sheet(path: Path, options: ReadOptions, report: Report) -> Piece:
    if is_compound(path):
        raise InputError(
            path,
            0,
            _(
                "the file has a password or is an old .xls; open it in its program and save it as"
                " .xlsx without one"
            ),
        )
    (piece,) = extracted("sheets", path, options, report)
    return piece


def _table(path: Path, options: ReadOptions, report: Report) -> Table:
    piece = _sheet(path, options, report)
    for line, cells in piece.rows:
        for cell in cells:
            refuse_forbidden(cell, path, line)
    rows = [(line, list(cells)) for line, cells in piece.rows]
    return Table(rows, len(rows[0][1]), rows[0][0]) if rows else Table([], 0)
