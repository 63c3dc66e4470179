"""The rows of a table → documents, for text tables and spreadsheets alike.

The header is known by its names in several languages, or the columns are chosen. Date and source go
into the metadata under these names, a column named like a document attribute of the schema (by its
id or its name in any language, or as `attribute:NAME`) becomes that attribute, and all others
become metadata under their own names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import InputError
from annotator.formats._api import ReadOptions, Report
from annotator.formats._sandbox.extracted import SHEET
from annotator.formats._tables.cells import Table
from annotator.i18n import _, name_list
from annotator.model import (
    STATUSES,
    AnnotationSet,
    AttributeType,
    Document,
    Labelled,
    Schema,
    Source,
    Value,
)
from annotator.text.direction import guess_language
from annotator.text.offsets import canonical

_NAMES = """
text: text content body sentence document tweet post message متن محتوا نوشته جمله خبر پیام
text: текст содержание сообщение предложение новость
text: мәтін мазмұны сөйлем хабарлама жаңалық
id: id doc_id docid document_id شناسه کد идентификатор ид код сәйкестендіргіш
name: name title headline نام عنوان تیتر название заголовок имя атауы атау тақырып
language: language lang زبان язык тіл тілі
annotator: annotator coder rater labeler برچسب‌زن کدگذار аннотатор разметчик кодировщик белгілеуші
status: status وضعیت статус күй күйі мәртебе
date: date published time تاریخ дата күні уақыты
source: source outlet media publisher منبع رسانه источник издание дереккөз басылым
"""
ROLE_OF = {
    name: role
    for role, _colon, names in (line.partition(":") for line in _NAMES.split("\n"))
    for name in names.split()
}
ROLES = tuple(dict.fromkeys(ROLE_OF.values()))
_ABOUT = ("date", "source")
_ATTRIBUTE = "attribute:"
_YES = frozenset(("true", "yes", "1", "x", "بله", "آری", "да", "иә", "+"))
_NO = frozenset(("false", "no", "0", "خیر", "نه", "нет", "жоқ", "-"))


@dataclass(frozen=True, slots=True)
class _Columns:
    """What each column is: roles, attributes (by id) and others, by number from 0.

    `types` are the schema's attributes that have a column.
    """

    roles: Mapping[str, int]
    attributes: Mapping[str, int]
    others: Mapping[str, int]
    types: Mapping[str, AttributeType]


def records(
    table: Table, path: Path, source: Source, options: ReadOptions, report: Report
) -> Iterator[Labelled]:
    """Read the rows; a row without text or of another width is a problem with its line."""
    if not table.rows:
        return
    columns = _columns(table, path, options, report)
    for number, (line, cells) in enumerate(table.rows, 1):
        if _row_is_right(path, line, cells, table.width, columns, report):
            document = _document(cells, columns, options, source, number)
            yield Labelled(document, _annotation_set(cells, columns, report), line=line)


def flags(schema: Schema | None) -> frozenset[str]:
    """Return the document attributes of a schema that are true or absent."""
    return (
        frozenset(entry.id for entry in schema.attributes if entry.kind == "flag")
        if schema
        else frozenset()
    )


def _columns(table: Table, path: Path, options: ReadOptions, report: Report) -> _Columns:
    header = _header(table, options)
    names = [name.strip() for name in header]
    if not header:
        names = [f"column {number}" for number in range(1, table.width + 1)]
        report.change(
            "header", _("the first row was taken as a document, since none of its names is known")
        )
    everything = name_list(filter(str.strip, header or table.rows[0][1]))
    chosen = _chosen_columns(options, names, path, everything)
    roles = {role: chosen[role] for role in ROLES if role in chosen}
    if header:
        _add_known(roles, names, set(chosen.values()))
    _check_roles(roles, table, path, everything)
    attribute_ids = _names_of(options.schema)
    attributes = {
        attribute_ids.get(role.casefold(), role): number
        for role, number in chosen.items()
        if role not in ROLES
    }
    others = _add_attributes(attributes, names, roles, attribute_ids)
    return _Columns(roles, attributes, others, _types(options.schema, attributes))


def _types(schema: Schema | None, attributes: Mapping[str, int]) -> dict[str, AttributeType]:
    entries = schema.attributes if schema else ()
    return {entry.id: entry for entry in entries if entry.id in attributes}


def _chosen_columns(
    options: ReadOptions, names: list[str], path: Path, everything: str
) -> dict[str, int]:
    """Return the columns that were chosen, by the role or attribute that they were chosen for."""
    return {
        role: _chosen(names, wanted, path, everything)
        for role, wanted in options.columns.items()
        if role != SHEET
    }


def _check_roles(roles: dict[str, int], table: Table, path: Path, everything: str) -> None:
    """See that one column is the text, and that a column named as the status holds statuses."""
    if "text" not in roles:
        if table.width > 1:
            reason = _("no column is known as the text; choose one of: {names}").format(
                names=everything
            )
            raise InputError(path, table.first_line, reason)
        roles["text"] = 0
    if "status" in roles and not _is_status(table, roles["status"]):
        del roles["status"]


def _add_attributes(
    attributes: dict[str, int],
    names: list[str],
    roles: Mapping[str, int],
    attribute_ids: Mapping[str, str],
) -> dict[str, int]:
    """Give the columns that are named like an attribute to it; return those that are left."""
    others: dict[str, int] = {}
    taken = {*roles.values(), *attributes.values()}
    for number, name in enumerate(names):
        if number in taken:
            continue
        attribute = attribute_ids.get(name.casefold(), "")
        if not attribute and name.startswith(_ATTRIBUTE):
            attribute = name.removeprefix(_ATTRIBUTE)
        if attribute and attribute not in attributes:
            attributes[attribute] = number
        else:
            others[name if name and name not in others else f"column {number + 1}"] = number
    return others


def _names_of(schema: Schema | None) -> dict[str, str]:
    """Return the schema's document attributes by their ids and by their names in all languages."""
    entries = schema.attributes if schema else ()
    by_name = {
        name.casefold(): entry.id for entry in entries for name in entry.names.by_language.values()
    }
    return by_name | {entry.id.casefold(): entry.id for entry in entries}


def _add_known(roles: dict[str, int], names: list[str], taken: set[int]) -> None:
    """Give each role the first column of a known name that was not chosen for something."""
    for number, name in enumerate(names):
        role = ROLE_OF.get(name.casefold(), "")
        if role and role not in roles and number not in taken:
            roles[role] = number


def _header(table: Table, options: ReadOptions) -> list[str]:
    """Return the first row and take it off the table where it is a header; else nothing."""
    first = table.rows[0][1]
    named = {
        wanted
        for role, wanted in options.columns.items()
        if role != SHEET and not wanted.isdecimal()
    }
    stripped = {cell.strip() for cell in first}
    if named & stripped or any(cell.casefold() in ROLE_OF for cell in stripped):
        del table.rows[0]
        return first
    return []


def _chosen(names: list[str], wanted: str, path: Path, everything: str) -> int:
    if wanted in names:
        return names.index(wanted)
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    raise InputError(
        path,
        1,
        _("there is no column {wanted}; the columns are: {names}").format(
            wanted=wanted, names=everything
        ),
    )


def _is_status(table: Table, column: int) -> bool:
    return all(
        len(cells) <= column or cells[column] in ("", *STATUSES) for _line, cells in table.rows
    )


def _row_is_right(
    path: Path, line: int, cells: list[str], width: int, columns: _Columns, report: Report
) -> bool:
    if len(cells) != width:
        reason = _("the row has {found} cells, not {width} as the first one").format(
            found=len(cells), width=width
        )
    elif not cells[columns.roles["text"]].strip():
        reason = _("the text is empty")
    else:
        return True
    report.wrong(path, line, reason)
    return False


def _document(
    cells: list[str], columns: _Columns, options: ReadOptions, source: Source, number: int
) -> Document:
    by_role = {role: cells[column] for role, column in columns.roles.items()}
    text = canonical(by_role["text"]).text
    about = {role: by_role[role] for role in _ABOUT if by_role.get(role)}
    others = {name: cells[column] for name, column in columns.others.items()}
    return Document(
        id=by_role.get("id", ""),
        name=by_role.get("name", by_role.get("id", f"{Path(source.file).stem}-{number}")),
        text=text,
        language=by_role.get("language", "") or options.language or guess_language(text),
        meta=about | others,
        source=source,
    )


def _annotation_set(cells: list[str], columns: _Columns, report: Report) -> AnnotationSet | None:
    """Return what a row says of its document; None where it says nothing, and nobody says it."""
    attributes: dict[str, Value] = {}
    for name, column in columns.attributes.items():
        value = _value(columns.types.get(name), name, cells[column], report)
        if value is not None:
            attributes[name] = value
    annotator, status = (
        cells[columns.roles[role]] if role in columns.roles else ""
        for role in ("annotator", "status")
    )
    annotation_set = AnnotationSet(annotator, status or "new", attributes=attributes)
    return None if annotation_set.is_empty and not annotator else annotation_set


def _value(kind: AttributeType | None, name: str, cell: str, report: Report) -> Value | None:
    """Return the value that a cell gives an attribute, as the schema has it; None for none."""
    plain = cell.strip().casefold()
    if not cell or kind is None or kind.kind == "text":
        return cell or None
    if kind.kind == "flag":
        return None if plain in _NO else True if plain in _YES else cell
    if cell in kind.values:
        return cell
    meant = (
        value for value in kind.values if plain in {value.casefold(), *_value_names(kind, value)}
    )
    value = next(meant, None)
    if value is None:
        report.change(
            "values",
            _("{name}: values that the schema does not have were kept as they are").format(
                name=name
            ),
        )
        return cell
    report.change(
        "values", _("{name}: values were written as the schema has them").format(name=name)
    )
    return value


def _value_names(kind: AttributeType, value: str) -> set[str]:
    names = kind.value_names.get(value)
    return {name.casefold() for name in names.by_language.values()} if names else set()
