"""Spreadsheets (.xlsx, .ods) → the rows of one sheet, every cell a text.

Dates as ISO 8601, whole numbers without a point.
"""

import datetime as dt
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import python_calamine as calamine

from annotator.errors import InputError
from annotator.formats._api import ReadOptions, Report
from annotator.formats._sandbox.extracted import SHEET, Piece
from annotator.formats._shared.zip import opened_archive
from annotator.i18n import _, name_list

_FAULTS = (calamine.CalamineError, calamine.PasswordError, OSError, ValueError)
_MOST_CELLS = 50_000_000
Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def pieces(path: Path, options: ReadOptions, report: Report) -> list[Piece]:
    """Return the rows of the chosen sheet, else of the first shown one that holds anything.

    The other sheets are counted.
    """
    _check_archive(path)
    wanted = options.columns.get(SHEET, "")
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        sheets = [
            (entry.name, entry.visible == calamine.SheetVisibleEnum.Visible)
            for entry in book.sheets_metadata
        ]
        filled = _filled(book, _chosen(wanted, sheets, path))
        if not filled:
            raise InputError(path, 0, _("no sheet holds anything"))
        name, sheet = filled[0]
        rows = list(_rows(sheet, path))
    except _FAULTS as error:
        raise InputError(
            path, 0, _("the table cannot be read: {reason}").format(reason=str(error))
        ) from error
    if not wanted:
        hidden = sum(1 for _name, is_shown in sheets if not is_shown)
        _count_unread(name, len(filled) - 1, hidden, report)
    return [Piece(name=name, rows=rows, sheets=[name for name, _is_shown in sheets])]


def _filled(
    book: calamine.CalamineWorkbook, names: list[str]
) -> list[tuple[str, calamine.CalamineSheet]]:
    """Return the sheets that hold anything."""
    sheets = [(name, book.get_sheet_by_name(name)) for name in names]
    return [(name, sheet) for name, sheet in sheets if sheet.height and sheet.width]


def _count_unread(name: str, others: int, hidden: int, report: Report) -> None:
    if others:
        why = _("one sheet is read, here {name}; choose another (--column sheet=NAME)").format(
            name=name
        )
        report.lose("sheets", why, others)
    if hidden:
        report.lose("hidden sheets", _("sheets that are not shown are left out"), hidden)


def _check_archive(path: Path) -> None:
    """Unpack every part once, within the limits of an archive: what reads the table has none."""
    with opened_archive(path) as archive:
        for name in archive.names:
            if name.endswith((".xml", ".rels")):
                archive.read(name)


def _chosen(wanted: str, known: list[tuple[str, bool]], path: Path) -> list[str]:
    if not wanted:
        return [name for name, is_shown in known if is_shown]
    if wanted in {name for name, _is_shown in known}:
        return [wanted]
    raise InputError(
        path,
        0,
        _("there is no sheet {wanted}; the sheets are: {names}").format(
            wanted=wanted, names=name_list(name for name, _is_shown in known)
        ),
    )


def _rows(sheet: calamine.CalamineSheet, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Walk over the rows that hold anything, without the columns at the end that never do."""
    if sheet.height * sheet.width > _MOST_CELLS:
        raise InputError(
            path,
            0,
            _("the sheet has more than {count} cells; delete empty rows and columns").format(
                count=_MOST_CELLS
            ),
        )
    first = sheet.start[0] + 1 if sheet.start else 1
    rows = [[_text(cell) for cell in row] for row in sheet.iter_rows()]
    width = max(
        chain([0], (number for row in rows for number, cell in enumerate(row, 1) if cell.strip()))
    )
    for number, row in enumerate(rows, first):
        if any(cell.strip() for cell in row):
            yield number, row[:width]


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)
