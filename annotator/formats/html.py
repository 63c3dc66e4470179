"""Web pages (.html), read only.

The text as a browser shows it, a block a line, table cells parted by tabs.

Scripts, styles, form fields and what is hidden are left out; nothing is run or fetched. `dir` and
`lang` of the page become the document's direction and language; its title goes into the metadata.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from annotator.formats._api import Format, ReadOptions, Report
from annotator.formats._sandbox.host import records_of
from annotator.formats._shared.decode import looks_like_text
from annotator.model import Labelled

_MARK = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)


def sniff(head: bytes, path: Path) -> float:
    """Recognise a page by how it begins, or by its name."""
    text = looks_like_text(head).lstrip("\ufeff")
    if _MARK.match(text):
        return 0.9
    return 0.5 if text and path.suffix.lower() in FORMAT.extensions else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the document of a file."""
    yield from records_of("html", path, options, report)


FORMAT = Format(
    id="html",
    name="Web page (text only)",
    extensions=(".html", ".htm", ".xhtml"),
    sniff=sniff,
    read=read,
)
