"""What a format does not bring back, it says: for the wildest records, kind by kind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given

from annotator.errors import UserError
from annotator.formats import ReadOptions, Report, WriteOptions, find_format, formats
from annotator.formats._api import JOINED
from annotator.model import AnnotationSet, Document, Labelled, Span
from tests.formats import wild
from tests.formats.round_trip import read_all, written

_CHANGED = {"characters", "newlines", "value types", "spaces in labels", "attribute names", "keys"}
_RESHAPED = {
    "spans",
    "boundaries",
    "discontinuous",
    "whitespace",
    "spans of newlines",
    "nested",
    "overlapping",
    "spans without a token",
}
_MARKS = {*_RESHAPED, "layers", *_CHANGED}
_ENDS = {*_MARKS, "relations", "relations of lost spans", "implicit arguments"}
_UNTOLD = {"documents", "empty documents"}


def _spans(record: Labelled, told: Callable[[Span], object]) -> list[str]:
    return sorted(
        f"{(span.layer, span.label, span.fragments, told(span))}"
        for span in (record.annotation_set or AnnotationSet()).spans
    )


def _relations(record: Labelled) -> list[str]:
    annotation_set = record.annotation_set or AnnotationSet()
    places = {span.id: (span.layer, span.label, span.fragments) for span in annotation_set.spans}
    return sorted(
        str(
            (
                entry.label,
                places[entry.head],
                places.get(entry.child or ""),
                entry.implicit,
                sorted(entry.attributes.items()),
            )
        )
        for entry in annotation_set.relations
    )


def _attributes(annotation_set: AnnotationSet | None) -> str:
    return f"{sorted((annotation_set or AnnotationSet()).attributes.items())}"


# What is compared: how to tell it of a record, and which losses excuse a difference.
_FACTS: dict[str, tuple[Callable[[Labelled], object], set[str]]] = {
    "text": (lambda record: record.document.text, {"whitespace"}),
    "id": (lambda record: record.document.id, {"ids", *_CHANGED}),
    "name": (lambda record: record.document.name, {"names", *_CHANGED}),
    "direction": (
        lambda record: (record.document.direction, record.document.paragraph_directions),
        {"direction", "paragraph directions"},
    ),
    "metadata": (lambda record: sorted(record.document.meta.items()), {"metadata"}),
    "annotator": (
        lambda record: record.annotation_set and record.annotation_set.annotator,
        {"annotators", *_CHANGED},
    ),
    "status": (lambda record: (record.annotation_set or AnnotationSet()).status, {"status"}),
    "document attributes": (
        lambda record: _attributes(record.annotation_set),
        {"document attributes", *_CHANGED},
    ),
    "spans": (lambda record: _spans(record, lambda _span: ""), _MARKS),
    "notes": (lambda record: _spans(record, lambda span: span.note), {"notes", *_MARKS}),
    "origins": (lambda record: _spans(record, lambda span: span.origin), {"origins", *_MARKS}),
    "attributes": (
        lambda record: _spans(record, lambda span: sorted(span.attributes.items())),
        {"attributes", *_MARKS},
    ),
    "relations": (_relations, {"attributes", "attributes of arguments", *_ENDS}),
}


def _check(name: str, record: Labelled) -> None:
    entry, report = find_format(name), Report()
    with TemporaryDirectory() as folder:
        target, _files = written(entry, Path(folder), [record], WriteOptions(nested=JOINED), report)
        lost = {loss.kind for loss in report.losses()}
        if lost & _UNTOLD:
            return
        (found,), told = read_all(entry, target, ReadOptions(language="und"))
    assert told.problems == []
    for what, (tell, excuses) in _FACTS.items():
        assert tell(found) == tell(record) or lost & excuses, what


def _named(record: Labelled) -> Labelled:
    """Return a record as a project has it.

    With a name, for a file gives one to what has none, and a layer of somebody.
    """
    annotation_set = record.annotation_set or AnnotationSet()
    return replace(
        record,
        document=replace(record.document, name=record.document.name or "n"),
        annotation_set=replace(annotation_set, annotator=annotation_set.annotator or "a1"),
    )


def _odd(note: str = "", **attributes: str) -> Labelled:
    return Labelled(
        Document("d", "n", "a b"),
        AnnotationSet(
            "a1", spans=(Span("s", "entities", "ORG", ((0, 1),), "a", attributes, note),)
        ),
    )


@pytest.mark.parametrize("name", sorted(entry.id for entry in formats().values() if entry.write))
def test_what_does_not_come_back_is_told(name: str) -> None:
    try:
        _check(name, _odd())
    except UserError as error:
        if "needs the library" not in str(error):
            raise
        pytest.skip(str(error))

    @wild.A_FEW
    @given(record=wild.records().map(_named))
    @example(record=_odd(**{"": "a"}))
    @example(record=_odd(**{"\x0b": "a", "b": "a\x0b"}))
    @example(record=_odd("\ufeff", a="b\ufffe"))
    @example(record=_odd("a\rb", a="b\rc"))
    @example(record=replace(_odd(), document=Document("a\r", "\x0b", "a b")))
    @example(
        record=replace(_odd(), annotation_set=AnnotationSet("a1", attributes={" a": "b", "": "c"}))
    )
    def check(record: Labelled) -> None:
        _check(name, record)

    check()
