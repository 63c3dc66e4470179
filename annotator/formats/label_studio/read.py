"""One Label Studio task → its records, one for each annotation and each prediction.

Results of one region share its id, so they are joined by list, never by a dictionary of ids alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from annotator.formats._api import ReadOptions, Report
from annotator.formats._shared.json_files import (
    Plain,
    apart_from,
    list_at,
    object_at,
    objects_at,
    offset_at,
    text_at,
)
from annotator.formats._shared.json_record import RecordError
from annotator.formats._shared.metadata import language_of
from annotator.formats._shared.offset_units import (
    CODEPOINT,
    UTF16,
    Found,
    Link,
    checked_canonical,
    linked,
    placed_spans,
)
from annotator.formats._shared.records import layer_finder
from annotator.i18n import _
from annotator.model import NONE, AnnotationSet, Document, Labelled, Source, Value
from annotator.text.offsets import Canonical

OWN_DATA = ("text", "document_id", "name", "language", "direction", "schema")
_COMMON_NAMES = ("label", "labels", "ner", "tag")


@dataclass(frozen=True, slots=True)
class _Values:
    """What choices, numbers and texts say: of regions by their ids, and of the document."""

    of_regions: dict[str, dict[str, Value]] = field(default_factory=dict)
    of_document: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskReader:
    """Makes records of the tasks of one file."""

    path: Path
    options: ReadOptions
    report: Report

    def records(self, task: Plain) -> Iterator[Labelled]:
        """Walk over a task's records; without annotations it is a bare text."""
        data = object_at(task, "data")
        raw = self._text(data)
        text = checked_canonical(raw, self.report)
        document = self._document(data, text.text)
        schema = text_at(data, "schema")
        drafts = list_at(task, "drafts")
        if drafts:
            why = _("drafts that were not submitted are left out")
            self.report.lose("drafts", why, len(drafts))
        is_bare = True
        for annotation in objects_at(task, "annotations") or objects_at(task, "completions"):
            if annotation.get("was_cancelled"):
                self.report.lose(
                    "skipped annotations", _("an annotation that was skipped is left out")
                )
                continue
            is_bare = False
            annotator = _annotator(annotation)
            annotation_set = self._annotation_set(annotation, raw, text, annotator, "")
            yield Labelled(document, annotation_set, schema)
        for prediction in objects_at(task, "predictions"):
            is_bare = False
            model = f"model:{prediction.get('model_version') or 'unknown'}"
            annotation_set = self._annotation_set(prediction, raw, text, model, model)
            yield Labelled(document, annotation_set, schema)
        if is_bare:
            yield Labelled(document, None, schema)

    def _text(self, data: Plain) -> str:
        key = self.options.columns.get("text", "text")
        if isinstance(data.get(key), str):
            return text_at(data, key)
        texts = [value for value in data.values() if isinstance(value, str)]
        if len(texts) == 1 and "://" not in texts[0] and not texts[0].startswith("/data/"):
            return texts[0]
        raise RecordError(_("the task's data has no text under the key {key}").format(key=key))

    def _document(self, data: Plain, text: str) -> Document:
        language = language_of(data, text, self.options)
        text_key = next((key for key, value in data.items() if value == text), "text")
        direction = text_at(data, "direction", "auto")
        return Document(
            text_at(data, "document_id"),
            text_at(data, "name"),
            text,
            language,
            direction if direction in ("rtl", "ltr") else "auto",
            meta=apart_from(data, (*OWN_DATA, text_key)),
            source=Source(self.path.name),
        )

    def _annotation_set(
        self,
        annotation: Plain,
        raw: str,
        text: Canonical,
        annotator: str,
        origin: str,
    ) -> AnnotationSet:
        results = objects_at(annotation, "result")
        found: list[Found] = []
        for result in results:
            if _kind(result).endswith("labels"):
                found += self._found(result, origin)
        regions = {entry.key for entry in found}
        values = self._values(results, regions)
        for number, entry in enumerate(found):
            if entry.key in values.of_regions:
                found[number] = entry._replace(attributes=values.of_regions[entry.key])
        find_layer = layer_finder(self.options.schema, self.options.layer)
        units = (CODEPOINT, UTF16)
        spans = placed_spans(found, raw, text, units, find_layer, self.report, keep_ids=True)
        links: list[Link] = []
        for result in results:
            if _kind(result) == "relation":
                links += self._links(result, regions)
        return AnnotationSet(
            annotator,
            spans=tuple(spans),
            relations=tuple(linked(links, found, spans)),
            attributes=values.of_document,
        )

    def _found(self, result: Plain, origin: str) -> Iterator[Found]:
        """Walk over the spans of a result of labels, one for each label.

        Regions of images and the like are lost.
        """
        kind, value = _kind(result), object_at(result, "value")
        if not isinstance(value.get("start"), int) or kind not in ("labels", "hypertextlabels"):
            self.report.lose("regions", _("a region that is not in a text is left out"))
            return
        labels = list_at(value, kind)
        if len(labels) > 1:
            self.report.change("labels", _("a region with several labels became a span for each"))
        note = _note(result)
        made_by = origin or ("model" if result.get("origin") == "prediction" else "human")
        name = str(result.get("from_name"))
        for label in labels:
            if not isinstance(label, str):
                raise RecordError(_("a label should be a text"))
            places = ((offset_at(value, "start"), offset_at(value, "end")),)
            yield Found(
                str(result.get("id")),
                label,
                places,
                text_at(value, "text"),
                NONE,
                note,
                made_by,
                self._layer_of(label, name),
            )

    def _layer_of(self, label: str, name: str) -> str:
        """Return the layer that a labels' control stands for; "" where its name says nothing."""
        schema = self.options.schema
        if name in _COMMON_NAMES or (
            schema and schema.find_label(label) and not schema.find_label(label, name)
        ):
            return ""
        return name if schema is None or schema.find_label(label, name) else ""

    def _values(self, results: Iterable[Plain], regions: set[str]) -> _Values:
        """Return what the results say that are neither labels nor relations."""
        values = _Values()
        for result in results:
            kind = _kind(result)
            if kind == "relation" or kind.endswith("labels"):
                continue
            value = self._value(kind, result)
            if value is None:
                continue
            region, name = str(result.get("id")), str(result.get("from_name"))
            if region in regions:
                values.of_regions.setdefault(region, {})[name] = value
            elif isinstance(object_at(result, "value").get("start"), int):
                self.report.lose("results", _("a result whose region has no label is left out"))
            else:
                values.of_document[name] = value
        return values

    def _value(self, kind: str, result: Plain) -> Value | None:
        """Return the value of a result, or None where it is of an unknown kind."""
        value = object_at(result, "value")
        keys = (kind, "choices", "number", "text", "rating")
        given = next((value[key] for key in keys if key in value), None)
        if isinstance(given, list) and all(isinstance(entry, str) for entry in given):
            return given[0] if len(given) == 1 else tuple(given)
        if isinstance(given, str | int | float):
            return given
        self.report.lose("results", _("results of the kind {kind} are left out").format(kind=kind))
        return None

    def _links(self, result: Plain, regions: set[str]) -> Iterator[Link]:
        head, child = str(result.get("from_id")), str(result.get("to_id"))
        if not {head, child} <= regions:
            self.report.lose(
                "relations", _("a relation with a region that is not in a text is left out")
            )
            return
        direction = result.get("direction", "right")
        if direction == "left":
            head, child = child, head
        elif direction == "bi":
            self.report.change(
                "relations",
                _("a relation in both directions was taken from its first region to its second"),
            )
        labels = list_at(result, "labels")
        if not labels:
            self.report.change(
                "relations", _("a relation without a label was given the label “related”")
            )
        for label in labels or ["related"]:
            yield Link(str(label), head, child)


def _kind(result: Plain) -> str:
    return str(result.get("type"))


def _note(result: Plain) -> str:
    lines = list_at(object_at(result, "meta"), "text") if "meta" in result else []
    return "\n".join([line for line in lines if isinstance(line, str)])


def _annotator(annotation: Plain) -> str:
    by = annotation.get("completed_by")
    if isinstance(by, dict):
        return str(by.get("email") or by.get("username") or by.get("id") or "")
    return "" if by is None else str(by)
