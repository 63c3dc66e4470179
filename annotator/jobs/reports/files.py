"""A report as files: one web page, one table, or a folder of all tables; whole or not at all."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from annotator.errors import UserError
from annotator.files import replacing
from annotator.i18n import _
from annotator.jobs.reports.building import Report
from annotator.jobs.reports.page import page
from annotator.jobs.reports.tables import Sheet, Value, sheets
from annotator.store.file.opening import spare_project
from annotator.workroom import put_files

PAGES = (".html", ".htm")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_report(report: Report, target: Path, table: str = "") -> list[Path]:
    """Write a page (.html), one table (.csv), or all tables into a folder; return what was written.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it. Tables begin
    with the mark of UTF-8, by which spreadsheets know the encoding.
    """
    spare_project(target)
    found = sheets(report)
    if target.suffix.lower() in PAGES:
        return [_write(_place(target), page(report).encode())]
    if target.suffix.lower() == ".csv" or table:
        chosen = next((sheet for sheet in found if sheet.id == table), None)
        if chosen is None:
            known = ", ".join(sheet.id for sheet in found)
            raise UserError(
                _("Name the table to write; this report has {known}.").format(known=known)
            )
        return [_write(_place(target), _bytes(chosen))]
    return put_files(target, {f"{sheet.id}.csv": _bytes(sheet) for sheet in found})


def as_csv(sheet: Sheet) -> str:
    """Return a table as CSV for spreadsheets."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_guarded(sheet.headings))
    writer.writerows(_guarded(cell.value for cell in row) for row in sheet.rows)
    return text.getvalue()


def _bytes(sheet: Sheet) -> bytes:
    return as_csv(sheet).encode("utf-8-sig")


def _guarded(values: Iterable[Value]) -> list[Value]:
    # The writer does not put quotes around a CR, which ends a row for its readers.
    plain = [
        value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value
        for value in values
    ]
    return [
        f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
        for value in plain
    ]


def _place(target: Path) -> Path:
    """Refuse a file in a folder that is not there: a slip in its name would make one."""
    if not target.parent.is_dir():
        message = _(
            "{path} cannot be written: there is no such folder. Make it, or choose another."
        )
        raise UserError(message.format(path=str(target)))
    return target


def _write(path: Path, content: bytes) -> Path:
    with replacing(path) as file:
        file.write(content)
    return path
