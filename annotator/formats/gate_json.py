"""GATE bdoc JSON: one file a document, its annotations in sets.

Gatenlp and GATE's Format_Bdoc read it.

    {"text":"دولت
    گفت","offset_type":"p","features":{},"name":"","annotation_sets":{"a1":{"name":"a1","next_annid":1,
      "annotations":[{"type":"ORG","start":0,"end":4,"id":0,"features":{"layer":"entities"}}]}}}

A set is what one annotator did (the default one, of no name: nobody knows who). `offset_type` says
the unit: `p` code points, `j` UTF-16. Relations stand in the feature `relations` of their head;
what is known of the document and of each set stands in the document's feature `annotator`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from annotator.files import replacing
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
from annotator.formats._shared.metadata import annotation_set_of, document_of, implicit_of, told_of
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
from annotator.formats._shared.output import numbered
from annotator.formats._shared.records import by_document, count_losses, in_layers, layer_finder
from annotator.i18n import _
from annotator.model import AnnotationSet, Document, Labelled, Relation, Source, Span, Value

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
    """Read the document of a file: each of its annotation sets is a record."""
    for source in sources(path) if path.is_dir() else [path]:
        plain = parsed_file(source, options, report)
        try:
            yield from list(_records(object_of(plain, "the file"), source, options, report))
        except RecordError as error:
            report.wrong(source, 0, str(error))


def write(
    records: Iterable[Labelled],
    path: Path,
    options: WriteOptions,
    report: Report,
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
    text = checked_canonical(raw, report)
    unit = _unit(plain)
    own = object_at(plain, "features").get(_INFORMATION)
    information = own if isinstance(own, dict) else {}
    document = _document(plain, information, text.text, path, options)
    schema = text_at(information, "schema")
    sets = object_at(plain, "annotation_sets")
    if not sets:
        yield Labelled(document, None, schema)
    find_layer = layer_finder(options.schema, options.layer)
    for annotator, entry in sets.items():
        annotations = objects_at(object_of(entry, "annotation_sets"), "annotations")
        found = _found(annotations, report)
        spans = placed_spans(found, raw, text, (unit,), find_layer, report, keep_ids=True)
        relations = linked(_links(annotations), found, spans, keep_ids=True)
        about = object_at(object_at(information, "layers"), annotator)
        yield Labelled(document, annotation_set_of(about, annotator, spans, relations), schema)


def _document(
    plain: Plain,
    information: Plain,
    text: str,
    path: Path,
    options: ReadOptions,
) -> Document:
    # A feature of that name that is none of ours is the document's own.
    features = object_at(plain, "features")
    meta = apart_from(features, (_INFORMATION,)) if information else features
    name = text_at(plain, "name") or path.stem
    return document_of(information, text, Source(path.name), options, name, meta)


def _unit(plain: Plain) -> str:
    kind = text_at(plain, "offset_type", "p")
    if kind not in _UNITS:
        raise RecordError(_("the offset type {kind} is unknown; it is p or j").format(kind=kind))
    return _UNITS[kind]


def _found(annotations: Iterable[Plain], report: Report) -> list[Found]:
    return [_span(plain, object_at(plain, "features"), report) for plain in annotations]


def _span(plain: Plain, features: Plain, report: Report) -> Found:
    attributes: dict[str, Value] = {}
    for name, value in apart_from(features, _OWN).items():
        try:
            attributes |= attributes_of({name: value})
        except RecordError:
            report.lose("features", _("a feature that is neither a text nor a number is left out"))
    return Found(
        _key(plain, features),
        text_at(plain, "type", None),
        ((offset_at(plain, "start"), offset_at(plain, "end")),),
        "",
        attributes,
        text_at(features, "note"),
        text_at(features, "origin", "human"),
        text_at(features, "layer"),
    )


def _key(plain: Plain, features: Plain) -> str:
    """Return an annotation's id: the one that we wrote, else a number in its set."""
    return text_at(features, "span") or f"#{plain.get('id')}"


def _links(annotations: Iterable[Plain]) -> Iterator[Link]:
    """Walk over the relations that stand with their heads."""
    for plain in annotations:
        features = object_at(plain, "features")
        for entry in list_at(features, "relations"):
            link = object_of(entry, "relations")
            yield Link(
                text_at(link, "label", None),
                _key(plain, features),
                text_at(link, "child"),
                text_at(link, "id"),
                attributes_of(link.get("attributes")),
                implicit_of(link.get("implicit")),
            )


def _plain(group: list[Labelled], report: Report) -> dict[str, object]:
    document = group[0].document
    sets: dict[str, object] = {}
    about_sets: dict[str, object] = {}
    for record in group:
        annotation_set = record.annotation_set
        if annotation_set is not None:
            sets[annotation_set.annotator] = _set(annotation_set, document.text, report)
            about_sets[annotation_set.annotator] = {
                "status": annotation_set.status,
                "attributes": dict(annotation_set.attributes),
            }
    count_losses(group[0], _WHOLE, report, _("the file has no place for it"))
    if _INFORMATION in document.meta:
        report.lose("metadata", _("the document has a feature of that name itself"))
    information = {**told_of(document), "schema": group[0].schema, "layers": about_sets}
    return {
        "annotation_sets": sets,
        "text": document.text,
        "features": {**document.meta, _INFORMATION: information},
        "offset_type": "p",
        "name": document.name,
    }


def _set(annotation_set: AnnotationSet, text: str, report: Report) -> dict[str, object]:
    by_head: dict[str, list[dict[str, object]]] = {}
    for relation in annotation_set.relations:
        by_head.setdefault(relation.head, []).append(_relation(relation))
    annotations: list[dict[str, object]] = []
    for number, span in enumerate(continuous(annotation_set.spans, text, report)):
        features = _features(span, report)
        if span.id in by_head:
            features["relations"] = by_head[span.id]
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


def _features(span: Span, report: Report) -> dict[str, object]:
    """Return a span's attributes, and beside them what GATE has no place of its own for."""
    features: dict[str, object] = {}
    for name, value in span.attributes.items():
        if name in _OWN:
            report.lose("attributes", _("the annotation has a feature of that name itself"))
        else:
            features[name] = value
    features |= {"layer": span.layer, "span": span.id, "origin": span.origin}
    if span.note:
        features["note"] = span.note
    return features


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
