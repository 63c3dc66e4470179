"""Label Studio JSON: tasks, each a text with the annotations of several people, and predictions.

    [{"data":{"text":"دولت
    گفت","name":"rasht"},"predictions":[],"annotations":[{"completed_by":{"email":"a1"},"result":[
      {"id":"r1","from_name":"entities","to_name":"text","type":"labels","value":{"start":0,"end":4,"text":"دولت","labels":["ORG"]}}]}]}]

Offsets are code points (old exports: UTF-16, recognised from the texts). A layer is the control of
labels (`from_name`), an attribute a choice on the same region, a note the region's meta text;
predictions become the annotation set, and the origin of its spans, `model:VERSION`.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import orjson

from annotator.errors import InputError
from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.json_files import line_of_item, object_of, parsed_file
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.offset_units import continuous, explicit
from annotator.formats._shared.records import count_losses, in_layers
from annotator.formats.label_studio.config import config_of, schema_of_config
from annotator.formats.label_studio.read import OWN_DATA, TaskReader
from annotator.i18n import _
from annotator.model import AnnotationSet, Document, Labelled, Span, Value

__all__ = ["FORMAT", "config_of", "schema_of_config"]

_WHOLE = ("status", "paragraph directions")
_LOSES = (
    *_WHOLE,
    "discontinuous",
    "implicit arguments",
    "attributes",
    "value types",
    "metadata",
    "origins",
    "drafts",
    "skipped annotations",
    "regions",
    "results",
    "relations",
)


def sniff(head: bytes, _path: Path) -> float:
    """Recognise a list of tasks by the keys of the first."""
    start = (
        head.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096].replace(b" ", b"").replace(b"\n", b"")
    )
    if start == b"[]":
        return 0.3
    if not start.startswith(b"[{"):
        return 0.0
    return (
        0.95
        if b'"annotations":[' in head.replace(b" ", b"")
        or b'"predictions":[' in start
        or b'"data":{' in start
        else 0.0
    )


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the tasks; one that is wrong is a problem with its line."""
    tasks = parsed_file(path, options, report)
    if not isinstance(tasks, list):
        raise InputError(path, 1, _("a Label Studio file is a list of tasks"))
    reader = TaskReader(path, options, report)
    for number, task in enumerate(tasks):
        try:
            yield from list(reader.records(object_of(task, "task")))
        except RecordError as error:
            reason = _("task {number}: {reason}").format(number=number + 1, reason=error)
            report.wrong(path, line_of_item(path, options, number), reason)


def write(
    records: Iterable[Labelled],
    path: Path,
    options: WriteOptions,
    report: Report,
) -> list[Path]:
    """Write a task a line, in one list; neighbouring records of one document become one task."""
    kept = (in_layers(record, options.layers, report) for record in records)
    with replacing(path) as file:
        file.write(b"[")
        groups = groupby(kept, lambda record: (record.document, record.schema))
        for number, (_key, group) in enumerate(groups, 1):
            file.write(b"\n" if number == 1 else b",\n")
            file.write(orjson.dumps(_task(number, list(group), report)))
        file.write(b"\n]\n")
    return [path]


def _task(number: int, group: list[Labelled], report: Report) -> dict[str, object]:
    document = group[0].document
    data: dict[str, object] = {
        "text": document.text,
        "document_id": document.id,
        "name": document.name,
        "language": document.language,
        "direction": document.direction,
        "schema": group[0].schema,
    }
    for key, value in document.meta.items():
        if key in OWN_DATA or value == document.text:
            report.lose(
                "metadata", _("the task's data has a key of that name, or the same text, itself")
            )
        else:
            data[key] = value
    annotations = []
    for record in group:
        count_losses(record, _WHOLE, report, _("Label Studio has no place for it"))
        if record.annotation_set is not None:
            annotations.append(_annotation(record.annotation_set, document, report))
    return {"id": number, "data": data, "annotations": annotations, "predictions": []}


def _annotation(
    annotation_set: AnnotationSet,
    document: Document,
    report: Report,
) -> dict[str, object]:
    results: list[dict[str, object]] = []
    for span in continuous(annotation_set.spans, document.text, report):
        results += _region(span, report)
    for relation, child in explicit(annotation_set.relations, report):
        if relation.attributes:
            report.lose(
                "attributes",
                _("a relation carries a label only"),
                len(relation.attributes),
            )
        results.append(
            {
                "type": "relation",
                "from_id": relation.head,
                "to_id": child,
                "direction": "right",
                "labels": [relation.label],
            }
        )
    for number, (name, value) in enumerate(annotation_set.attributes.items()):
        results.append(_choice(f"document-{number}", name, value, {}, report))
    by: dict[str, object] = {}
    if annotation_set.annotator:
        by["completed_by"] = {"email": annotation_set.annotator}
    return {
        **by,
        "was_cancelled": False,
        "ground_truth": annotation_set.annotator == "gold",
        "result": results,
    }


def _region(span: Span, report: Report) -> list[dict[str, object]]:
    place: dict[str, object] = {"start": span.start, "end": span.end, "text": span.text}
    if span.origin not in ("human", "model"):
        report.lose("origins", _("which model or rule proposed a span is not kept"))
    plain: dict[str, object] = {
        "id": span.id,
        "from_name": span.layer,
        "to_name": "text",
        "type": "labels",
        "origin": "manual" if span.origin == "human" else "prediction",
        "value": {**place, "labels": [span.label]},
    }
    if span.note:
        plain["meta"] = {"text": [span.note]}
    choices = [
        _choice(span.id, name, value, place, report) for name, value in span.attributes.items()
    ]
    return [plain, *choices]


def _choice(
    region: str,
    name: str,
    value: Value,
    place: dict[str, object],
    report: Report,
) -> dict[str, object]:
    """Return an attribute as a result; what a control cannot hold becomes a text."""
    kind: str = "choices"
    given: object = value
    if isinstance(value, bool):
        given = [str(value).lower()]
    elif isinstance(value, str):
        given = [value]
    elif isinstance(value, tuple):
        given = list(value)
    else:
        kind = "number"
    if isinstance(value, bool) or (isinstance(value, tuple) and len(value) < 2):
        report.lose("value types", _("true, false and lists of one became texts"))
    return {
        "id": region,
        "from_name": name,
        "to_name": "text",
        "type": kind,
        "value": {**place, kind: given},
    }


FORMAT = Format(
    id="label-studio",
    name="Label Studio JSON",
    extensions=(".json",),
    sniff=sniff,
    read=read,
    write=write,
    loses=_LOSES,
)
