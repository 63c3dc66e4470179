"""Plain text: a file is a document, or each block between blank lines is one, or each line.

    دولت گفت قیمت‌ها پایین آمد.

A document's name is its file's, numbered where a file holds several. Writing makes a folder with
one file a document.
"""

from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from annotator.errors import UserError
from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.decode import encoded, looks_like_text, read_text
from annotator.formats._shared.output import numbered
from annotator.formats._shared.records import count_losses
from annotator.i18n import _
from annotator.model import Document, Labelled
from annotator.text.direction import guess_language
from annotator.text.offsets import canonical

FILE, BLANK_LINE, LINE = "file", "blank-line", "line"
_LOSES = (
    "spans",
    "relations",
    "attributes",
    "document attributes",
    "notes",
    "origins",
    "status",
    "annotators",
    "ids",
    "names",
    "language",
    "direction",
    "metadata",
    "schema",
)


def sniff(head: bytes, path: Path) -> float:
    """Take files that are named as text, or not at all, and are text."""
    if path.suffix.lower() not in (*FORMAT.extensions, ""):
        return 0.0
    return 0.2 if not head or looks_like_text(head) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the documents of a file."""
    unit = options.unit or FILE
    if unit not in FORMAT.units:
        message = _("There is no unit {unit} for text files. Choose one of: {known}.")
        raise UserError(message.format(unit=unit, known=", ".join(FORMAT.units)))
    decoded = read_text(path, options, report)
    source = decoded.source(path)
    for number, (start, end, line) in enumerate(_pieces(decoded.text, unit), 1):
        text = canonical(
            decoded.text[start:end]
        ).text  # files that were joined have byte order marks within
        name = path.stem if unit == FILE else f"{path.stem}-{number}"
        yield Labelled(
            Document("", name, text, options.language or guess_language(text), source=source),
            line=line,
        )


def write(
    records: Iterable[Labelled], path: Path, _options: WriteOptions, report: Report
) -> list[Path]:
    """Write each document once, however many annotators labelled it."""
    seen: set[tuple[str, str]] = set()
    files: list[Path] = []
    numbers = count(1)
    for record in records:
        count_losses(record, _LOSES, report, _("plain text holds the text only"))
        document = record.document
        # Two documents may have equal texts; only what has an id can be told to be the same one.
        key = (document.id, document.text)
        if document.id and key in seen:
            continue
        seen.add(key)
        target = path / f"{numbered(next(numbers), document.name)}.txt"
        with replacing(target, durable=False) as file:
            file.write(encoded(document.text))
        files.append(target)
    return files


def _pieces(text: str, unit: str) -> Iterator[tuple[int, int, int]]:
    """Walk over the documents of a file as start, end and line."""
    if unit == FILE:
        yield 0, len(text), 1
        return
    begun: tuple[int, int] | None = None
    start = 0
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line and not line.isspace():
            begun = begun or (start, number)
            if unit == LINE:
                yield start, start + len(line), number
        elif begun:
            if unit == BLANK_LINE:
                yield begun[0], start - 1, begun[1]
            begun = None
        start += len(line) + 1


FORMAT = Format(
    id="text",
    name="Plain text",
    extensions=(".txt", ".text", ".md"),
    sniff=sniff,
    read=read,
    write=write,
    loses=_LOSES,
    units=(FILE, BLANK_LINE, LINE),
    folder=True,
)
