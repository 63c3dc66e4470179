"""doccano JSON Lines: a text and its entities a line, with relations or without.

    {"id":"d1","text":"😊 دولت گفت","label":[[3,7,"ORG"]],"Comments":[],"offset_unit":"utf-16"}
    {"text":"…","entities":[{"id":1,"label":"ORG","start_offset":3,"end_offset":7}],"relations":[{"id":1,"from_id":1,"to_id":1,"type":"of"}]}

doccano counts UTF-16 units, or graphemes where the project says so, and keeps the offsets of
imports as they came. `offset_unit` is written as metadata, which doccano gives back; without it the
unit is told by the words' boundaries, or refused where it cannot be. Metadata stands in the record
itself; labels of whole documents become the document attributes `labels` and `cats`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from annotator.errors import UserError
from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.json_files import (
    Plain,
    apart_from,
    first_object,
    list_at,
    object_at,
    objects_at,
    offset_at,
    offset_of,
    records_of_lines,
    text_at,
)
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.metadata import language_of
from annotator.formats._shared.offset_units import (
    CODEPOINT,
    GRAPHEME,
    UTF16,
    Found,
    Link,
    checked_canonical,
    continuous,
    explicit,
    linked,
    placed_spans,
)
from annotator.formats._shared.records import (
    count_losses,
    count_lost_layers,
    in_layers,
    layer_finder,
)
from annotator.i18n import _
from annotator.model import AnnotationSet, Document, Labelled, Source, Value
from annotator.text.offsets import Utf16Map

_WHOLE = (
    "annotators",
    "status",
    "schema",
    "direction",
    "document attributes",
    "attributes",
    "notes",
    "origins",
)
_LOSES = (
    *_WHOLE,
    "layers",
    "discontinuous",
    "implicit arguments",
    "metadata",
    "records without text",
)
_OWN = (
    "id",
    "name",
    "language",
    "text",
    "label",
    "labels",
    "entities",
    "relations",
    "cats",
    "Comments",
    "meta",
    "offset_unit",
)
_UNITS = (UTF16, CODEPOINT, GRAPHEME)


def sniff(head: bytes, _path: Path) -> float:
    """Recognise the keys of the first record."""
    plain = first_object(head)
    if not isinstance(plain.get("text"), str):
        is_marked = b'"Comments":[' in head[-200:] or b'"offset_unit":"utf-16"' in head[:4096]
        return 0.85 if is_marked else 0.0
    if isinstance(plain.get("Comments"), list) or plain.get("offset_unit") == UTF16:
        return 1.0
    label = plain.get("label", plain.get("labels"))
    if _are_entities(plain.get("entities")) or _are_labels(label):
        return 0.9
    return 0.7 if "cats" in plain else 0.0


def _are_entities(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(entry, list) or (isinstance(entry, dict) and "start_offset" in entry)
        for entry in value
    )


def _are_labels(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, list | str) for entry in value)


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the records; lines without a text are left out and counted, as doccano does."""
    if options.unit and options.unit not in _UNITS:
        message = _("There is no unit {unit} for doccano files. Choose one of: {known}.")
        raise UserError(message.format(unit=options.unit, known=", ".join(_UNITS)))
    yield from records_of_lines(path, options, report, _Reader(path, options, report).record)


def write(
    records: Iterable[Labelled], path: Path, options: WriteOptions, report: Report
) -> list[Path]:
    """Write one line a record; all in the shape with relations where one has any."""
    kept = [in_layers(record, options.layers, report) for record in records]
    find_layer = layer_finder(options.schema, "")
    with_relations = any(
        record.annotation_set and record.annotation_set.relations for record in kept
    )
    with replacing(path) as file:
        for record in kept:
            count_losses(record, _WHOLE, report, _("doccano has no place for it"))
            count_lost_layers(
                record.annotation_set.spans if record.annotation_set else (), find_layer, report
            )
            file.write(
                orjson.dumps(
                    _plain(record, with_relations, report), option=orjson.OPT_APPEND_NEWLINE
                )
            )
    return [path]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes records of the parsed lines of one file."""

    path: Path
    options: ReadOptions
    report: Report

    def record(self, plain: Plain, line: int) -> Labelled | None:
        """Return the record; None where it has no text."""
        if "text" not in plain:
            self.report.lose(
                "records without text", _("a line without a text was left out, as doccano does")
            )
            return None
        raw = text_at(plain, "text", None)
        made = checked_canonical(raw, self.report)
        found, attributes = _found(plain)
        find_layer = layer_finder(self.options.schema, self.options.layer)
        spans = placed_spans(found, raw, made, self._units(plain), find_layer, self.report)
        links = [_link(entry) for entry in objects_at(plain, "relations")]
        annotation_set = AnnotationSet(
            spans=tuple(spans), relations=tuple(linked(links, found, spans)), attributes=attributes
        )
        return Labelled(self._document(plain, made.text), annotation_set, line=line)

    def _units(self, plain: Plain) -> tuple[str, ...]:
        """Return the offset units to try: the chosen or stated one, else all."""
        unit = self.options.unit or text_at(plain, "offset_unit")
        if not unit:
            return _UNITS
        if unit not in _UNITS:
            raise RecordError(_("the offset unit {unit} is unknown").format(unit=unit))
        return (unit,)

    def _document(self, plain: Plain, text: str) -> Document:
        meta = {**apart_from(plain, _OWN), **object_at(plain, "meta")}
        if plain.get("Comments"):
            meta["Comments"] = plain["Comments"]
        name = plain.get("id")
        if name is not None and not isinstance(name, str):
            meta["id"] = name  # a number of doccano's database, which another project has as well
        return Document(
            name if isinstance(name, str) else "",
            text_at(plain, "name"),
            text,
            language_of(plain, text, self.options),
            meta=meta,
            source=Source(self.path.name),
        )


def _found(plain: Plain) -> tuple[list[Found], dict[str, Value]]:
    """Return the spans of a record, and the labels of the whole document as attributes."""
    found: list[Found] = []
    attributes: dict[str, Value] = {}
    for key in ("label", "labels", "entities", "cats"):
        entries = list_at(plain, key)
        labels = tuple(entry for entry in entries if isinstance(entry, str))
        if labels:
            attributes["cats" if key == "cats" else "labels"] = labels
        found += [
            _entity(entry, key, len(found) + number)
            for number, entry in enumerate(entries)
            if not isinstance(entry, str)
        ]
    return found, attributes


def _entity(entry: object, key: str, number: int) -> Found:
    if isinstance(entry, list) and len(entry) == 3 and isinstance(entry[2], str):
        start, end, label = entry
        return Found(f"#{number}", label, ((offset_of(start, "start"), offset_of(end, "end")),))
    if isinstance(entry, dict):
        places = ((offset_at(entry, "start_offset"), offset_at(entry, "end_offset")),)
        return Found(str(entry.get("id", f"#{number}")), text_at(entry, "label", None), places)
    raise RecordError(_("{key} should list entities as [start, end, label]").format(key=key))


def _link(plain: Plain) -> Link:
    return Link(text_at(plain, "type", None), str(plain.get("from_id")), str(plain.get("to_id")))


def _plain(record: Labelled, with_relations: bool, report: Report) -> dict[str, object]:
    document, annotation_set = record.document, record.annotation_set or AnnotationSet()
    plain = _metadata(document, report)
    if document.name:
        plain["name"] = document.name
    plain["language"] = document.language
    plain["text"] = document.text
    spans = list(continuous(annotation_set.spans, document.text, report))
    numbers = {span.id: number for number, span in enumerate(spans, 1)}
    units = Utf16Map(document.text)
    entities = [
        (units.to_utf16(span.start), units.to_utf16(span.end), span.label) for span in spans
    ]
    relations = _plain_relations(annotation_set, numbers, report)
    if with_relations:
        plain["entities"] = [
            {"id": number, "start_offset": start, "end_offset": end, "label": label}
            for number, (start, end, label) in enumerate(entities, 1)
        ]
        plain["relations"] = relations
    else:
        plain["label"] = entities
    return {**plain, "Comments": plain.get("Comments", []), "offset_unit": UTF16}


def _metadata(document: Document, report: Report) -> dict[str, object]:
    """Return the document's id and metadata, as doccano has them in the record itself."""
    plain: dict[str, object] = {"id": document.id} if document.id else {}
    for key, value in document.meta.items():
        is_its_number = key == "id" and not document.id and not isinstance(value, str)
        if key in _OWN and key != "Comments" and not is_its_number:
            report.lose("metadata", _("doccano has a key of that name itself"))
        else:
            plain[key] = value
    return plain


def _plain_relations(
    annotation_set: AnnotationSet, numbers: Mapping[str, int], report: Report
) -> list[dict[str, object]]:
    return [
        {
            "id": number,
            "from_id": numbers[relation.head],
            "to_id": numbers[child],
            "type": relation.label,
        }
        for number, (relation, child) in enumerate(explicit(annotation_set.relations, report), 1)
    ]


FORMAT = Format(
    id="doccano",
    name="doccano JSON Lines",
    extensions=(".doccano.jsonl", ".jsonl"),
    sniff=sniff,
    read=read,
    write=write,
    loses=_LOSES,
    units=_UNITS,
)
