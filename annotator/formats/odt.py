"""OpenDocument texts (.odt), read only.

A paragraph a line, table cells parted by tabs, notes at the end.

Text deleted under tracked changes, hidden text and comments are left out and counted. Files with a
password are refused.
"""

from collections.abc import Iterator
from pathlib import Path

from annotator.formats._api import Format, ReadOptions, Report
from annotator.formats._sandbox.host import records_of
from annotator.model import Labelled

_MARK = b"mimetypeapplication/vnd.oasis.opendocument.text"


def sniff(head: bytes, path: Path) -> float:
    """Recognise the kind that the archive names first."""
    if _MARK in head[:200]:
        return 0.95
    return 0.5 if head.startswith(b"PK") and path.suffix.lower() in FORMAT.extensions else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the document of a file."""
    yield from records_of("odt", path, options, report)


FORMAT = Format(
    id="odt",
    name="OpenDocument text (text only)",
    extensions=(".odt", ".ott"),
    sniff=sniff,
    read=read,
)
