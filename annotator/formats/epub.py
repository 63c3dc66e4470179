"""Electronic books (.epub), read only.

The chapters' text in order, as one document or one a chapter.

Title, author and date go into the metadata; a book whose pages turn from right to left is set so.
Copy-protected books are refused.
"""

from collections.abc import Iterator
from pathlib import Path

from annotator.errors import UserError
from annotator.formats._api import Format, ReadOptions, Report
from annotator.formats._sandbox.host import records_of
from annotator.i18n import _
from annotator.model import Labelled

_MARK = b"mimetypeapplication/epub+zip"


def sniff(head: bytes, path: Path) -> float:
    """Recognise the kind that the archive names first."""
    if _MARK in head[:200]:
        return 0.95
    return 0.5 if head.startswith(b"PK") and path.suffix.lower() in FORMAT.extensions else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the documents of a book."""
    if options.unit not in ("", *FORMAT.units):
        message = _("There is no unit {unit} for books. Choose one of: {known}.")
        raise UserError(message.format(unit=options.unit, known=", ".join(FORMAT.units)))
    yield from records_of("epub", path, options, report)


FORMAT = Format(
    id="epub",
    name="Electronic book (text only)",
    extensions=(".epub",),
    sniff=sniff,
    read=read,
    units=("file", "chapter"),
)
