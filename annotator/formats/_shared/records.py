"""What formats do alike with records: layers of labels, ids from content, counts of losses."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from annotator.formats._api import Report
from annotator.i18n import _
from annotator.model import AnnotationSet, Attributes, Fragment, Labelled, Relation, Schema, Span

DEFAULT_LAYER = "entities"


def layer_finder(schema: Schema | None, layer: str) -> Callable[[str], str]:
    """Return the function from a label to its layer.

    The schema's, else the one that was named, else "entities".
    """
    by_label: dict[str, str] = {}
    for schema_layer, label in schema.labels() if schema else ():
        by_label.setdefault(label.id, schema_layer.id)
    other = layer or DEFAULT_LAYER
    return lambda label: by_label.get(label, other)


class ContentIds:
    """Makes ids from content within one document: the same each time it is read."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._times: Counter[str] = Counter()

    def span(self, layer: str, label: str, fragments: Iterable[Fragment]) -> str:
        """Return the id of a span."""
        places = ";".join(f"{start}-{end}" for start, end in fragments)
        return self._make("s", f"{layer}\x1f{label}\x1f{places}")

    def relation(self, label: str, head: str, child: str) -> str:
        """Return the id of a relation."""
        return self._make("r", f"{label}\x1f{head}\x1f{child}")

    def _make(self, prefix: str, content: str) -> str:
        while True:
            self._times[content] += 1
            digest = hashlib.blake2b(
                f"{content}\x1f{self._times[content]}".encode(), digest_size=8
            ).hexdigest()
            name = f"{prefix}-{digest}"
            if name not in self._taken:
                self._taken.add(name)
                return name


def in_layers(record: Labelled, layers: tuple[str, ...], report: Report) -> Labelled:
    """Return the record with the chosen layers only (all where none is named).

    Relations that lead out of them are lost.
    """
    if not layers or record.annotation_set is None:
        return record
    spans = tuple(span for span in record.annotation_set.spans if span.layer in layers)
    known = {span.id for span in spans}
    inside: list[Relation] = []
    cut = 0
    for relation in record.annotation_set.relations:
        ends = {end in known for end in (relation.head, relation.child) if end is not None}
        if ends == {True}:
            inside.append(relation)
        elif True in ends:
            cut += 1
    if cut:
        report.lose("relations", _("one of their spans is in a layer that was not chosen"), cut)
    return replace(
        record, annotation_set=replace(record.annotation_set, spans=spans, relations=tuple(inside))
    )


def count_losses(record: Labelled, kinds: Iterable[str], report: Report, why: str) -> None:
    """Count what of a record a file cannot carry: the kinds that are lost as a whole."""
    wanted = set(kinds)
    for kind, count in _contents(record):
        if count and kind in wanted:
            report.lose(kind, why, count)


def texts_of(record: Labelled) -> Iterator[str]:
    """Walk over the names, notes and values of a record: all that people wrote beside the text."""
    document, annotation_set = record.document, record.annotation_set or AnnotationSet()
    yield from (
        document.id,
        document.name,
        document.language,
        annotation_set.annotator,
        record.schema,
    )
    for span in annotation_set.spans:
        yield from (
            span.id,
            span.layer,
            span.label,
            span.note,
            span.origin,
            *_texts_in(span.attributes),
        )
    for relation in annotation_set.relations:
        yield from (relation.id, relation.label, *_texts_in(relation.attributes))


def _texts_in(attributes: Attributes) -> Iterator[str]:
    for name, value in attributes.items():
        yield name
        yield from value if isinstance(value, tuple) else (str(value),)


def leave_out(record: Labelled, report: Report, why: str) -> None:
    """Count a document that a file cannot carry, with all that was done in it."""
    report.lose("documents", why)
    count_losses(record, ("spans", "relations"), report, why)


def _contents(record: Labelled) -> Iterator[tuple[str, int]]:
    """Walk over the kinds of what a record holds, each with how many there are."""
    document, annotation_set = record.document, record.annotation_set or AnnotationSet()
    yield "ids", int(bool(document.id))
    yield "names", int(bool(document.name))
    yield "language", int(bool(document.language))
    yield "direction", int(document.direction != "auto") + len(document.paragraph_directions)
    # Of those formats that keep the document's own direction.
    yield "paragraph directions", len(document.paragraph_directions)
    yield "metadata", len(document.meta)
    yield "annotators", int(bool(annotation_set.annotator))
    yield "status", int(annotation_set.status != "new")
    yield "schema", int(bool(record.schema))
    yield "document attributes", len(annotation_set.attributes)
    yield from _span_contents(annotation_set.spans, annotation_set.relations)


def _span_contents(
    spans: Sequence[Span], relations: Sequence[Relation]
) -> Iterator[tuple[str, int]]:
    yield "spans", len(spans)
    yield "relations", len(relations)
    of_spans = sum(len(span.attributes) for span in spans)
    yield "attributes", of_spans + sum(len(relation.attributes) for relation in relations)
    yield "notes", sum(1 for span in spans if span.note)
    yield "origins", sum(1 for span in spans if span.origin != "human")
    yield "discontinuous", sum(1 for span in spans if len(span.fragments) > 1)
    yield "implicit arguments", sum(1 for relation in relations if relation.implicit)


def by_annotator(records: Iterable[Labelled]) -> Mapping[str, list[Labelled]]:
    """Group records by the annotator's name, "" for bare texts, in order of first appearance."""
    groups: dict[str, list[Labelled]] = {}
    for record in records:
        annotator = record.annotation_set.annotator if record.annotation_set else ""
        groups.setdefault(annotator, []).append(record)
    return groups


def by_document(records: Iterable[Labelled]) -> Iterator[list[Labelled]]:
    """Walk over neighbouring records of one document, one of each annotator.

    For files that hold several annotation sets.
    """
    for _key, group in groupby(records, lambda record: (record.document, record.schema)):
        by_name: dict[str | None, Labelled] = {}
        for record in group:
            name = record.annotation_set.annotator if record.annotation_set else None
            if name in by_name or (by_name and None in (name, *by_name)):
                yield list(by_name.values())
                by_name = {}
            by_name[name] = record
        yield list(by_name.values())


def count_lost_layers(
    spans: Iterable[Span], find_layer: Callable[[str], str], report: Report
) -> None:
    """Count the spans that reading puts into another layer, since the file names labels only."""
    lost = sum(1 for span in spans if find_layer(span.label) != span.layer)
    if lost:
        report.lose(
            "layers",
            _(
                "the file names labels only, and these are in the schema under another layer, or"
                " not in it"
            ),
            lost,
        )
