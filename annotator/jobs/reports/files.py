"""A report as files: one web page, one table, or a folder of all tables; each is there whole or not at all."""

import csv
import io
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from annotator.errors import UserError, isolate
from annotator.i18n import _
from annotator.jobs.reports.building import Report
from annotator.jobs.reports.page import page
from annotator.jobs.reports.tables import Sheet, Value, sheets
from annotator.store.bundle_file import spare_project

PAGES = (".html", ".htm")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_report(report: Report, target: Path, table: str = "") -> list[Path]:
    """Write a page (.html), one table (.csv), or all tables into a folder; return what was written.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it. Tables begin with the mark of UTF-8, by
    which spreadsheets know the encoding.
    """
    spare_project(target)
    found = sheets(report)
    if target.suffix.lower() in PAGES:
        return [_write(target, page(report))]
    if target.suffix.lower() == ".csv" or table:
        chosen = next((sheet for sheet in found if sheet.id == table), None)
        if chosen is None:
            known = ", ".join(sheet.id for sheet in found)
            raise UserError(_("Name the table to write; this report has {known}.").format(known=known))
        return [_write(target, as_csv(chosen), "utf-8-sig")]
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refusal(target, error) from error
    return [_write(target / f"{sheet.id}.csv", as_csv(sheet), "utf-8-sig") for sheet in found]


def as_csv(sheet: Sheet) -> str:
    """Return a table as CSV for spreadsheets."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_guarded(sheet.headings))
    writer.writerows(_guarded(cell.value for cell in row) for row in sheet.rows)
    return text.getvalue()


def _guarded(values: Iterable[Value]) -> list[Value]:
    return [f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value for value in values]


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write a file beside its place, and move it there when it is whole on the disk."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        beside = Path(name)
        try:
            with os.fdopen(handle, "w", encoding=encoding, newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.chmod(0o644)
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _refusal(path, error) from error
    return path


def _refusal(path: Path, error: OSError) -> UserError:
    return UserError(_("{path} cannot be written: {reason}.").format(path=isolate(str(path)), reason=error.strerror))
