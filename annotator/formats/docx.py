"""Word documents (.docx), read only: the text as it is seen, a paragraph a line.

Table cells are parted by tabs, text boxes follow their paragraph, foot- and endnotes stand at the
end. What tracked changes deleted and what is formatted as hidden is left out and counted; comments,
headers and footers are named as not kept. The document is set from right to left where most of its
paragraphs are. Files with a password and old .doc files are refused.
"""

from collections.abc import Iterator
from pathlib import Path

from annotator.errors import InputError
from annotator.formats._api import Format, ReadOptions, Report
from annotator.formats._sandbox.host import COMPOUND, is_compound, records_of
from annotator.i18n import _
from annotator.model import Labelled


def sniff(head: bytes, path: Path) -> float:
    """Recognise an archive with Word's folder in it, or by its name if that is too far down."""
    named = path.suffix.lower() in FORMAT.extensions
    if head.startswith(COMPOUND):
        return 0.5 if named else 0.0
    return 0.9 if head.startswith(b"PK") and (named or b"word/document.xml" in head) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the document of a file."""
    if is_compound(path):
        raise InputError(
            path,
            0,
            _(
                "the file has a password or is an old .doc; open it in its program and save it as"
                " .docx without one"
            ),
        )
    yield from records_of("docx", path, options, report)


FORMAT = Format(
    id="docx",
    name="Word document (text only)",
    extensions=(".docx", ".docm", ".dotx", ".doc"),
    sniff=sniff,
    read=read,
)
