"""PDF files, read only: the text of the pages, as one document or one a page.

Lines that go on are joined to paragraphs. A text in visual order, as some programs write Persian,
stays line by line as it is: the repairs offered at import turn it. Files with a password and scans
without text are refused.
"""

from collections.abc import Iterator
from pathlib import Path

from annotator.errors import UserError
from annotator.formats._api import Format, ReadOptions, Report
from annotator.formats._sandbox.host import records_of
from annotator.i18n import _
from annotator.model import Labelled

_HEAD = 1024
_MARK = b"%PDF-"


def sniff(head: bytes, path: Path) -> float:
    """Recognise the mark of PDF at the beginning, or near it in a file of that name.

    In other files it must come first, since a text may speak of it.
    """
    near = head[:_HEAD] if path.suffix.lower() in FORMAT.extensions else head[: len(_MARK)]
    return 0.95 if _MARK in near else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the documents of a file."""
    if options.unit not in ("", *FORMAT.units):
        message = _("There is no unit {unit} for PDF files. Choose one of: {known}.")
        raise UserError(message.format(unit=options.unit, known=", ".join(FORMAT.units)))
    yield from records_of("pdf", path, options, report)


FORMAT = Format(
    id="pdf",
    name="PDF (text only)",
    extensions=(".pdf",),
    sniff=sniff,
    read=read,
    units=("file", "page"),
)
