"""Excel tables (.xlsx), read only: a row is a document, as in a text table.

What a formula gave is read, never the formula.

The first sheet that is shown and holds anything is read, or the one chosen with the role "sheet".
Files with a password and old .xls files are refused.
"""

from pathlib import Path

from annotator.formats._api import Format
from annotator.formats._sandbox.host import COMPOUND
from annotator.formats._tables.spreadsheet import first_row, read_sheet, sheet_names


def sniff(head: bytes, path: Path) -> float:
    """Recognise an archive with Excel's folder in it, or by its name if that is too far down."""
    named = path.suffix.lower() in FORMAT.extensions
    if head.startswith(COMPOUND):
        return 0.5 if named else 0.0
    return 0.9 if head.startswith(b"PK") and (named or b"xl/workbook.xml" in head) else 0.0


FORMAT = Format(
    id="xlsx",
    name="Excel table",
    extensions=(".xlsx", ".xlsm", ".xls"),
    sniff=sniff,
    read=read_sheet,
    columns=first_row,
    sheets=sheet_names,
)
