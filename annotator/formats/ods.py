"""OpenDocument tables (.ods), read only: a row is a document, as in a text table.

What a formula gave is read, never the formula.
"""

from pathlib import Path

from annotator.formats._api import Format
from annotator.formats._tables.spreadsheet import first_row, read_sheet, sheet_names

_MARK = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"


def sniff(head: bytes, path: Path) -> float:
    """Recognise the kind that the archive names first."""
    if _MARK in head[:200]:
        return 0.95
    return 0.5 if head.startswith(b"PK") and path.suffix.lower() in FORMAT.extensions else 0.0


FORMAT = Format(
    id="ods",
    name="OpenDocument table",
    extensions=(".ods", ".ots"),
    sniff=sniff,
    read=read_sheet,
    columns=first_row,
    sheets=sheet_names,
)
