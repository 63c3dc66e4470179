"""Tables: one row is one document (as one annotator labelled it, where there is such a column).

`.csv`, `.tsv`, `.tab`.

    id,name,language,annotator,status,topic,text
    d1,rasht,fa,a1,done,city,"دولت گفت، قیمت‌ها پایین آمد."

The header is known by its names in several languages, or the columns are chosen (see
`_tables/rows.py`). A column named like a document attribute of the schema (or `attribute:NAME`)
becomes that attribute; all others become metadata. A cell that a spreadsheet would take for a
formula is written with an apostrophe before it, which reading takes off again.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.decode import looks_like_text, read_text
from annotator.formats._shared.records import count_losses
from annotator.formats._tables.cells import parse_table
from annotator.formats._tables.rows import ROLE_OF, flags
from annotator.formats._tables.rows import records as table_records
from annotator.i18n import _
from annotator.model import AnnotationSet, Attributes, Labelled, Schema
from annotator.text.offsets import canonical

_WRITTEN = ("id", "name", "language", "annotator", "status")
_ATTRIBUTE = "attribute:"
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_WHOLE = ("spans", "relations", "attributes", "notes", "origins", "direction", "metadata", "schema")
_LOSES = (*_WHOLE, "document attributes", "value types", "newlines", "empty documents")


def sniff(head: bytes, path: Path) -> float:
    """Take files that are named as tables and are text."""
    if path.suffix.lower() not in FORMAT.extensions:
        return 0.0
    return 0.6 if not head or looks_like_text(head) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the rows; a row without text or of another width is a problem with its line."""
    decoded = read_text(path, options, report)
    table = parse_table(decoded.text, path, ROLE_OF.keys(), report)
    guarded = 0
    for _line, cells in table.rows:
        for number, cell in enumerate(cells):
            if _GUARDED.match(cell):
                cells[number] = cell[1:]
                guarded += 1
    if guarded:
        report.change(
            "apostrophes",
            _("an apostrophe that guards a cell from being a formula was taken off"),
            guarded,
        )
    yield from table_records(table, path, decoded.source(path), options, report)


def first_row(path: Path, options: ReadOptions) -> list[str]:
    """Return the cells of the first row."""
    report = Report()
    table = parse_table(read_text(path, options, report).text, path, ROLE_OF.keys(), report)
    return table.rows[0][1] if table.rows else []


def write(
    records: Iterable[Labelled], path: Path, options: WriteOptions, report: Report
) -> list[Path]:
    """Write one row a record; a `.tsv` or `.tab` target has tabs between the cells."""
    kept = _with_text(records, report)
    names = sorted(_names_of(kept, report))
    headers = [_with_line_feeds(_header_of(name, options.schema), report) for name in names]
    known_flags = flags(options.schema)
    buffer = io.StringIO(newline="")
    delimiter = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    table = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    table.writerow([*_WRITTEN, *headers, "text"])
    for record in kept:
        attributes = record.annotation_set.attributes if record.annotation_set else {}
        values = [_cell(attributes, name, known_flags, report) for name in names]
        cells = [_with_line_feeds(cell, report) for cell in _cells(record, values)]
        table.writerow([f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells])
    with replacing(path) as file:
        file.write(buffer.getvalue().encode())
    return [path]


def _with_text(records: Iterable[Labelled], report: Report) -> list[Labelled]:
    """Return the records that a row can hold; what of them has no place is counted."""
    kept = []
    for record in records:
        count_losses(
            record, _WHOLE, report, _("a table holds documents, their attributes and status")
        )
        if record.document.text.strip():
            kept.append(record)
        else:
            report.lose("empty documents", _("a row without text cannot be told from a mistake"))
    return kept


def _cells(record: Labelled, values: Iterable[str]) -> list[str]:
    """Return the cells of a row, in the order of the header."""
    document, annotation_set = record.document, record.annotation_set or AnnotationSet()
    return [
        document.id,
        document.name,
        document.language,
        annotation_set.annotator,
        annotation_set.status,
        *values,
        document.text,
    ]


def _header_of(name: str, schema: Schema | None) -> str:
    is_known = schema is not None and any(entry.id == name for entry in schema.attributes)
    return name if is_known and name.casefold() not in ROLE_OF else f"{_ATTRIBUTE}{name}"


def _names_of(records: Iterable[Labelled], report: Report) -> set[str]:
    """Return the names of the document attributes that can be a column's."""
    used: list[str] = []
    for record in records:
        if record.annotation_set:
            used.extend(record.annotation_set.attributes)
    fit = {name for name in used if name and name == name.strip()}
    odd = sum(1 for name in used if name not in fit)
    if odd:
        report.lose(
            "document attributes", _("their names are empty, or begin or end with a space"), odd
        )
    return fit


def _with_line_feeds(cell: str, report: Report) -> str:
    if "\r" in cell:
        report.lose("newlines", _("CR and CR LF in names and values became LF"))
    return canonical(cell).text if "\r" in cell else cell


def _cell(attributes: Attributes, name: str, known_flags: frozenset[str], report: Report) -> str:
    value = attributes.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) and not (value is True and name in known_flags):
        report.lose(
            "value types", _("a table holds texts; numbers, lists and yes or no come back as texts")
        )
    elif value == "":
        report.lose("value types", _("an empty value cannot be told from none"))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "; ".join(value) if isinstance(value, tuple) else str(value)


FORMAT = Format(
    id="csv",
    name="CSV or TSV table",
    extensions=(".csv", ".tsv", ".tab"),
    sniff=sniff,
    read=read,
    write=write,
    loses=_LOSES,
    columns=first_row,
)
