"""GATE bdoc JSON: one file a document, its annotations in sets.

Gatenlp and GATE's Format_Bdoc read it.

    {"text":"دولت
    گفت","offset_type":"p","features":{},"name":"","annotation_sets":{"a1":{"name":"a1","next_annid":1,
      "annotations":[{"type":"ORG","start":0,"end":4,"id":0,"features":{"layer":"entities"}}]}}}

A set is an annotator (the default one: nobody named). `offset_type` says the unit: `p` code points,
`j` UTF-16. Relations stand in the feature `relations` of their head; what the document and each
annotator say stands in the document's feature `annotator`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.json_files import (
    Plain,
    apart_from,
    list_at,
    object_at,
    object_of,
    objects_at,
    offset_at,
    parsed_file,
    text_at,
)
from annotator.formats._shared.json_record import RecordError, attributes_of
from annotator.formats._shared.metadata import document_of, implicit_of, layer_of, told_of
from annotator.formats._shared.offset_units import (
    CODEPOINT,
    UTF16,
    Found,
    Link,
    checked_canonical,
    continuous,
    linked,
    placed_spans,
)
from annotator.formats._shared.output import numbered, replacing
from annotator.formats._shared.records import by_document, count_losses, in_layers, layer_finder
from annotator.i18n import _
from annotator.model import AnnotationSet, Labelled, Relation, Source, Value

_UNITS = {"p": CODEPOINT, "j": UTF16}
_OWN = ("layer", "note", "origin", "relations", "span")
_INFORMATION = "annotator"
_WHOLE = ("paragraph directions",)
_LOSES = (*_WHOLE, "discontinuous", "metadata", "attributes", "features")


def sniff(head: bytes, _path: Path) -> float:
    """Recognise the keys of the outer object."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"{"):
        return 0.0
    return 1.0 if b'"annotation_sets"' in head or b'"offset_type"' in head else 0.0


def sources(folder: Path) -> list[Path]:
    """Return the files of this kind below a folder."""
    return sorted(path for path in folder.rglob("*.bdocjs") if not path.name.startswith("."))


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the document of a file: a record an annotation set."""
    for source in sources(path) if path.is_dir() else [path]:
        plain = parsed_file(source, options, report)
        try:
            yield from list(_records(object_of(plain, "the file"), source, options, report))
        except RecordError as error:
            report.wrong(source, 0, str(error))


def write(
    records: Iterable[Labelled], path: Path, options: WriteOptions, report: Report
) -> list[Path]:
    """Write a file a document: neighbouring records of one document become its sets."""
    files: list[Path] = []
    kept = (in_layers(record, options.layers, report) for record in records)
    for number, group in enumerate(by_document(kept), 1):
        files.append(path / f"{numbered(number, group[0].document.name)}.bdocjs")
        with replacing(files[-1], durable=False) as file:
            file.write(orjson.dumps(_plain(group, report)))
    return files


def _records(plain: Plain, path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    raw = text_at(plain, "text", None)
    made = checked_canonical(raw, report)
    kind = text_at(plain, "offset_type", "p")
    if kind not in _UNITS:
        raise RecordError(_("the offset type {kind} is unknown; it is p or j").format(kind=kind))
    features = object_at(plain, "features")
    told = features.get(_INFORMATION)
    information = told if isinstance(told, dict) else {}
    name = text_at(plain, "name") or path.stem
    meta = apart_from(features, (_INFORMATION,) if information else ())
    document = document_of(information, made.text, Source(path.name), options, name, meta)
    sets = object_at(plain, "annotation_sets")
    if not sets:
        yield Labelled(document, None, text_at(information, "schema"))
    find_layer = layer_finder(options.schema, options.layer)
    for name, entry in sets.items():
        annotations = objects_at(object_of(entry, "annotation_sets"), "annotations")
        found = [_found(annotation, report) for annotation in annotations]
        spans = placed_spans(found, raw, made, (_UNITS[kind],), find_layer, report, keep_ids=True)
        links = [link for annotation in annotations for link in _links(annotation)]
        more = object_at(object_at(information, "layers"), name)
        annotation_set = layer_of(more, name, spans, linked(links, found, spans, keep_ids=True))
        yield Labelled(document, annotation_set, text_at(information, "schema"))


def _found(plain: Plain, report: Report) -> Found:
    features = object_at(plain, "features")
    attributes: dict[str, Value] = {}
    for name, value in apart_from(features, _OWN).items():
        try:
            attributes |= attributes_of({name: value})
        except RecordError:
            report.lose("features", _("a feature that is neither a text nor a number is left out"))
    places = ((offset_at(plain, "start"), offset_at(plain, "end")),)
    key = text_at(features, "span") or f"#{plain.get('id')}"
    note, origin = text_at(features, "note"), text_at(features, "origin", "human")
    return Found(
        key,
        text_at(plain, "type", None),
        places,
        "",
        attributes,
        note,
        origin,
        text_at(features, "layer"),
    )


def _links(plain: Plain) -> Iterator[Link]:
    features = object_at(plain, "features")
    for entry in list_at(features, "relations"):
        link = object_of(entry, "relations")
        child = text_at(link, "child")
        head = text_at(features, "span") or f"#{plain.get('id')}"
        attributes = attributes_of(link.get("attributes"))
        yield Link(
            text_at(link, "label", None),
            head,
            child,
            text_at(link, "id"),
            attributes,
            implicit_of(link.get("implicit")),
        )


def _plain(group: list[Labelled], report: Report) -> dict[str, object]:
    document = group[0].document
    layers = {
        record.annotation_set.annotator: {
            "status": record.annotation_set.status,
            "attributes": dict(record.annotation_set.attributes),
        }
        for record in group
        if record.annotation_set is not None
    }
    count_losses(group[0], _WHOLE, report, _("the file has no place for it"))
    if _INFORMATION in document.meta:
        report.lose("metadata", _("the document has a feature of that name itself"))
    return {
        "annotation_sets": {
            record.annotation_set.annotator: _set(record.annotation_set, document.text, report)
            for record in group
            if record.annotation_set
        },
        "text": document.text,
        "features": {
            **document.meta,
            _INFORMATION: {**told_of(document), "schema": group[0].schema, "layers": layers},
        },
        "offset_type": "p",
        "name": document.name,
    }


def _set(annotation_set: AnnotationSet, text: str, report: Report) -> dict[str, object]:
    relations: dict[str, list[Relation]] = {}
    for relation in annotation_set.relations:
        relations.setdefault(relation.head, []).append(relation)
    annotations: list[dict[str, object]] = []
    for number, span in enumerate(continuous(annotation_set.spans, text, report)):
        features: dict[str, object] = {}
        for name, value in span.attributes.items():
            if name in _OWN:
                report.lose("attributes", _("the annotation has a feature of that name itself"))
            else:
                features[name] = value
        features |= {"layer": span.layer, "span": span.id, "origin": span.origin}
        features |= {"note": span.note} if span.note else {}
        if span.id in relations:
            features["relations"] = [_relation(entry) for entry in relations[span.id]]
        annotations.append(
            {
                "type": span.label,
                "start": span.start,
                "end": span.end,
                "id": number,
                "features": features,
            }
        )
    return {
        "name": annotation_set.annotator,
        "annotations": annotations,
        "next_annid": len(annotations),
    }


def _relation(entry: Relation) -> dict[str, object]:
    plain = {"id": entry.id, "label": entry.label, "child": entry.child, "implicit": entry.implicit}
    return {**plain, "attributes": dict(entry.attributes)}


FORMAT = Format(
    id="gate-json",
    name="GATE bdoc JSON",
    extensions=(".bdocjs", ".json"),
    sniff=sniff,
    read=read,
    write=write,
    loses=_LOSES,
    folder=True,
    sources=sources,
)
