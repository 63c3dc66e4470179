"""spaCy's binary format DocBin (`.spacy`): what `spacy train` and `spacy evaluate` take.

A document is tokenized by spaCy's rules for its language (“xx” where spaCy has none). Each layer is
a span group of its name; the entities (`doc.ents`), which cannot overlap, are filled from the
layers in the schema's order, longer spans first. Spans lie on whole tokens there; the record as it
is stands in `doc.user_data["annotator"]`, so that nothing is lost between two of our projects.
Reading and writing need spaCy (the extra “spacy”). Read: any DocBin; see `docbin.py`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import orjson

from annotator.errors import InputError
from annotator.files import replacing
from annotator.formats._api import Format, ReadOptions, Report, WriteOptions
from annotator.formats._shared.alignment import placed
from annotator.formats._shared.decode import read_bytes
from annotator.formats._shared.json_files import object_of
from annotator.formats._shared.json_record import RecordError, RecordReader
from annotator.formats._shared.json_write import plain_record
from annotator.formats._shared.optional import library
from annotator.formats._shared.records import in_layers, layer_finder
from annotator.formats.spacy.docbin import Doc, DocBinError, docs_of
from annotator.i18n import _
from annotator.model import Fragment, Labelled, Schema, Span

_OURS = "annotator"
_COMMON = ("sc", "")
_OTHER = "xx"


def sniff(head: bytes, path: Path) -> float:
    """Recognise compressed data by its name."""
    return 1.0 if path.suffix.lower() == ".spacy" and head[:1] == b"x" else 0.0


def read(path: Path, options: ReadOptions, report: Report) -> Iterator[Labelled]:
    """Read the documents; one that is wrong is a problem with its number."""
    reader = RecordReader(path.name, options, report, layer_finder(options.schema, options.layer))
    try:
        for number, doc in enumerate(docs_of(read_bytes(path)), 1):
            try:
                record = reader.record(_plain(doc, options.schema), number)
            except RecordError as error:
                report.wrong(path, number, str(error))
                continue
            yield record
    except DocBinError as error:
        raise InputError(
            path,
            0,
            _("this is no DocBin, or it is damaged: {reason}").format(reason=error),
        ) from error


def write(
    records: Iterable[Labelled],
    path: Path,
    options: WriteOptions,
    report: Report,
) -> list[Path]:
    """Write a document a record."""
    library("spacy", "spacy")
    docs = library("spacy.tokens", "spacy").DocBin(store_user_data=True)
    pipelines: dict[str, Any] = {}
    for record in records:
        docs.add(_doc(in_layers(record, options.layers, report), options, pipelines, report))
    with replacing(path) as file:
        file.write(docs.to_bytes())
    return [path]


def _plain(doc: Doc, schema: Schema | None) -> dict[str, object]:
    """Return a document as the format of record has it.

    That is the record that we wrote, else the spans of groups and the entities.
    """
    told = doc.user_data.get(_OURS)
    if isinstance(told, str):
        try:
            return {**object_of(orjson.loads(told), _OURS), "text": doc.text}
        except orjson.JSONDecodeError as error:
            raise RecordError(
                _("the user data are not JSON: {reason}").format(reason=error.msg)
            ) from error
    spans: list[dict[str, object]] = []
    existing: set[tuple[str, Fragment]] = set()
    for name, marked in (*doc.groups.items(), ("", doc.entities)):
        for label, (start, end) in marked:
            # An entity that is in a group is the same span.
            if name or (label, (start, end)) not in existing:
                layer = _layer(label, name, schema)
                spans.append({"label": label, "start": start, "end": end, "layer": layer})
                existing.add((label, (start, end)))
    return {"text": doc.text, "spans": spans}


def _layer(label: str, group: str, schema: Schema | None) -> str:
    """Return the layer that a group stands for; "" where the schema tells it by the label."""
    if group in _COMMON:
        return ""
    if schema and schema.find_label(label) and not schema.find_label(label, group):
        return ""
    return group


def _doc(record: Labelled, options: WriteOptions, pipelines: dict[str, Any], report: Report) -> Any:
    """Return a record as one of spaCy's documents."""
    doc = _pipeline(record.document.language, pipelines).make_doc(record.document.text)
    layers = _spans_by_layer(doc, record, options.schema, report)
    doc.spans.update({name: marked for name, marked in layers.items() if marked})
    doc.ents = _entities(layers, report)
    told = plain_record(record)
    told.pop("text")  # the document has it
    doc.user_data[_OURS] = orjson.dumps(told).decode()
    return doc


def _spans_by_layer(
    doc: Any,
    record: Labelled,
    schema: Schema | None,
    report: Report,
) -> dict[str, list[Any]]:
    """Return spaCy's spans of each layer, in the schema's order, then as they come."""
    make = library("spacy.tokens", "spacy").Span
    tokens, numbers = _tokens(doc)
    layers: dict[str, list[Any]] = {layer.id: [] for layer in schema.layers} if schema else {}
    for span in record.annotation_set.spans if record.annotation_set else ():
        for first, last in _fragments(record.document.name, span, tokens, report):
            layers.setdefault(span.layer, []).append(
                make(doc, numbers[first], numbers[last - 1] + 1, label=span.label)
            )
    return layers


def _tokens(doc: Any) -> tuple[list[Fragment], list[int]]:
    """Return where the tokens stand that are no blanks, and their numbers."""
    columns = doc.to_array(["LENGTH", "SPACY", "IS_SPACE"]).tolist()
    starts = list(accumulate((length + spaces for length, spaces, _is_blank in columns), initial=0))
    numbers = [number for number, column in enumerate(columns) if not column[2]]
    return [(starts[number], starts[number] + columns[number][0]) for number in numbers], numbers


def _fragments(
    document: str,
    span: Span,
    tokens: Sequence[Fragment],
    report: Report,
) -> Iterator[tuple[int, int]]:
    for fragment in span.fragments:
        run = placed(document, span, fragment, tokens, report)
        if run:
            yield run


def _entities(layers: Mapping[str, Sequence[Any]], report: Report) -> list[Any]:
    """Return the spans that can be entities together: of earlier layers first, the longer first."""
    taken: set[int] = set()
    chosen: list[Any] = []
    for marked in layers.values():
        for span in sorted(marked, key=lambda span: (span.start - span.end, span.start)):
            if taken.isdisjoint(range(span.start, span.end)):
                taken.update(range(span.start, span.end))
                chosen.append(span)
            else:
                report.lose(
                    "overlapping",
                    _(
                        "a span that overlaps another is in its span group only, not among the"
                        " entities"
                    ),
                )
    return chosen


def _pipeline(language: str, pipelines: dict[str, Any]) -> Any:
    """Return spaCy's blank pipeline of a language, made once."""
    if language not in pipelines:
        blank = library("spacy", "spacy").blank
        try:
            pipelines[language] = blank(language or _OTHER)
        except ImportError:
            # spaCy has no rules for the language, or needs another library for them.
            pipelines[language] = blank(_OTHER)
    return pipelines[language]


FORMAT = Format(
    id="spacy",
    name="spaCy DocBin",
    extensions=(".spacy",),
    sniff=sniff,
    read=read,
    write=write,
    loses=("boundaries", "spans without a token", "overlapping", "keys"),
)
