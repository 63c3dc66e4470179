"""Tables: one row is one document (as one annotator labelled it, where there is such a column); `.csv`, `.tsv`, `.tab`.

    id,name,language,annotator,status,topic,text
    d1,rasht,fa,a1,done,city,"دولت گفت، قیمت‌ها پایین آمد."

The header is known by its names in several languages, or the columns are chosen. A column named like a document attribute of the
schema (or `attribute:NAME`) becomes that attribute; all others become metadata. A cell that a spreadsheet would take for a formula
is written with an apostrophe before it, which reading takes off again.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import InputError, isolate
from annotator.formats._base import Format, ReadOptions, Report, WriteOptions
from annotator.formats._decode import looks_like_text, read_text
from annotator.formats._files import replacing
from annotator.formats._records import count_losses
from annotator.formats._table import Table, parse_table
from annotator.i18n import _
from annotator.model import STATUSES, Attributes, Document, Labelled, Layer, Schema, Source
from annotator.text.direction import guess_language

_NAMES = """
text: text content body sentence document tweet post message متن محتوا نوشته جمله خبر پیام текст содержание сообщение предложение новость
text: мәтін мазмұны сөйлем хабарлама жаңалық
id: id doc_id docid document_id شناسه کد идентификатор ид код сәйкестендіргіш
name: name title headline نام عنوان تیتر название заголовок имя атауы атау тақырып
language: language lang زبان язык тіл тілі
annotator: annotator coder rater labeler برچسب‌زن کدگذار аннотатор разметчик кодировщик белгілеуші
status: status وضعیت статус күй күйі мәртебе
"""
_ROLE_OF = {name: role for role, _colon, names in (line.partition(":") for line in _NAMES.split("\n")) for name in names.split()}
_ROLES = tuple(dict.fromkeys(_ROLE_OF.values()))
_WRITTEN = ("id", "name", "language", "annotator", "status")
_ATTRIBUTE = "attribute:"
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_LOSES = ("spans", "relations", "attributes", "notes", "origins", "direction", "metadata", "schema", "value types", "empty documents")
_WHOLE = tuple(kind for kind in _LOSES if kind not in ("value types", "empty documents"))


@dataclass(frozen=True, slots=True)
class _Columns:
    """What each column is: roles and attributes by number from 0, the others by name."""

    roles: Mapping[str, int]
    attributes: Mapping[str, int]
    others: Mapping[str, int]
    flags: frozenset[str] = frozenset()


def sniff(head: bytes, path: Path) -> float:
    """Take files that are named as tables and are text."""
    return 0.6 if path.suffix.lower() in FORMAT.extensions and (not head or looks_like_text(head)) else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the rows; a row without text or of another width is a problem with its line."""
    decoded = read_text(path, options, report)
    table = parse_table(decoded.text, path, _ROLE_OF.keys(), report)
    if not table.rows:
        return
    columns = _columns(table, path, options, report)
    source = decoded.source(path)
    guarded = 0
    for number, (line, cells) in enumerate(table.rows, 1):
        if not _row_is_right(path, line, cells, table.width, columns, report):
            continue
        plain = [cell[1:] if _GUARDED.match(cell) else cell for cell in cells]
        guarded += sum(1 for before, after in zip(cells, plain, strict=True) if before != after)
        yield _record(plain, columns, options, source, (number, line))
    if guarded:
        report.change("apostrophes", _("an apostrophe that guards a cell from being a formula was taken off"), guarded)


def write(records: Iterable[Labelled], path: Path, options: WriteOptions, report: Report) -> list[Path]:
    """Write one row a record; a `.tsv` or `.tab` target has tabs between the cells."""
    kept = []
    for record in records:
        count_losses(record, _WHOLE, report, _("a table holds documents, their attributes and status"))
        if record.document.text:
            kept.append(record)
        else:
            report.lose("empty documents", _("a row without text cannot be told from a mistake"))
    names = sorted({name for record in kept if record.layer for name in record.layer.attributes})
    flags = _flags(options.schema)
    buffer = io.StringIO(newline="")
    delimiter = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    table = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    table.writerow([*_WRITTEN, *(_header_of(name, options.schema) for name in names), "text"])
    for record in kept:
        document, layer = record.document, record.layer or Layer()
        values = [_cell(layer.attributes, name, flags, report) for name in names]
        cells = [document.id, document.name, document.language, layer.annotator, layer.status, *values, document.text]
        table.writerow([f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells])
    with replacing(path) as file:
        file.write(buffer.getvalue().encode())
    return [path]


def _columns(table: Table, path: Path, options: ReadOptions, report: Report) -> _Columns:
    schema_names = {entry.id for entry in options.schema.attributes} if options.schema else set()
    header = _header(table, options)
    if not header:
        report.change("header", _("the first row was taken as a document, since none of its names is known"))
    names = [name.strip() for name in header] or [f"column {number}" for number in range(1, table.width + 1)]
    listed = ", ".join(map(isolate, header or table.rows[0][1]))
    chosen = {role: _chosen(names, wanted, path, listed) for role, wanted in options.columns.items()}
    roles = {role: number for role, number in chosen.items() if role in _ROLES}
    if header:
        _add_known(roles, names, set(chosen.values()))
    if "text" not in roles:
        if table.width > 1:
            reason = _("no column is known as the text; choose one of: {names}").format(names=listed)
            raise InputError(path, table.first_line, reason)
        roles["text"] = 0
    if "status" in roles and not _is_status(table, roles["status"]):
        del roles["status"]
    attributes = {role: number for role, number in chosen.items() if role not in _ROLES}
    others: dict[str, int] = {}
    for number in sorted(set(range(len(names))) - {*roles.values(), *attributes.values()}):
        name = names[number]
        if name in schema_names or name.startswith(_ATTRIBUTE):
            attributes[name.removeprefix(_ATTRIBUTE)] = number
        else:
            others[name if name and name not in others else f"column {number + 1}"] = number
    return _Columns(roles, attributes, others, _flags(options.schema))


def _add_known(roles: dict[str, int], names: list[str], taken: set[int]) -> None:
    """Give the columns with known names their roles, the first of each, unless they were chosen for something."""
    for number, name in enumerate(names):
        role = _ROLE_OF.get(name.casefold(), "")
        if role and role not in roles and number not in taken:
            roles[role] = number


def _header(table: Table, options: ReadOptions) -> list[str]:
    """Return the first row and take it off the table where it is a header; else nothing."""
    first = table.rows[0][1]
    named = {wanted for wanted in options.columns.values() if not wanted.isdecimal()}
    stripped = {cell.strip() for cell in first}
    if named & stripped or any(cell.casefold() in _ROLE_OF for cell in stripped):
        del table.rows[0]
        return first
    return []


def _chosen(names: list[str], wanted: str, path: Path, listed: str) -> int:
    if wanted in names:
        return names.index(wanted)
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    raise InputError(path, 1, _("there is no column {wanted}; the columns are: {names}").format(wanted=isolate(wanted), names=listed))


def _is_status(table: Table, column: int) -> bool:
    return all(len(cells) <= column or cells[column] in ("", *STATUSES) for _line, cells in table.rows)


def _row_is_right(path: Path, line: int, cells: list[str], width: int, columns: _Columns, report: Report) -> bool:
    if len(cells) != width:
        reason = _("the row has {found} cells, not {width} as the first one").format(found=len(cells), width=width)
    elif not cells[columns.roles["text"]].strip():
        reason = _("the text is empty")
    else:
        return True
    report.wrong(path, line, reason)
    return False


def _record(cells: list[str], columns: _Columns, options: ReadOptions, source: Source, place: tuple[int, int]) -> Labelled:
    got = {role: cells[number] for role, number in columns.roles.items()}
    text = got["text"]
    document = Document(
        id=got.get("id", ""),
        name=got.get("name", got.get("id", f"{Path(source.file).stem}-{place[0]}")),
        text=text,
        language=got.get("language", "") or options.language or guess_language(text),
        meta={name: cells[number] for name, number in columns.others.items()},
        source=source,
    )
    attributes: Attributes = {
        name: True if name in columns.flags and cells[number] == "true" else cells[number]
        for name, number in columns.attributes.items()
        if cells[number] and not (name in columns.flags and cells[number] == "false")
    }
    layer = Layer(got.get("annotator", ""), got.get("status", "") or "new", attributes=attributes)
    return Labelled(document, None if layer.is_empty and not layer.annotator else layer, line=place[1])


def _flags(schema: Schema | None) -> frozenset[str]:
    return frozenset(entry.id for entry in schema.attributes if entry.kind == "flag") if schema else frozenset()


def _header_of(name: str, schema: Schema | None) -> str:
    is_known = schema is not None and any(entry.id == name for entry in schema.attributes)
    return name if is_known and name.casefold() not in _ROLE_OF else f"{_ATTRIBUTE}{name}"


def _cell(attributes: Attributes, name: str, flags: frozenset[str], report: Report) -> str:
    value = attributes.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) and not (value is True and name in flags):
        report.lose("value types", _("a table holds texts; numbers, lists and yes or no come back as texts"))
    elif value == "":
        report.lose("value types", _("an empty value cannot be told from none"))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "; ".join(value) if isinstance(value, tuple) else str(value)


FORMAT = Format(id="csv", name="CSV or TSV table", extensions=(".csv", ".tsv", ".tab"), sniff=sniff, read=read, write=write, loses=_LOSES)
