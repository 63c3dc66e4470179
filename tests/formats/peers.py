"""Records that peers' formats can carry, and what of them is compared.

Ids of annotations are the peers' own.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from annotator.formats import Format, ReadOptions, Report, WriteOptions
from annotator.model import AnnotationSet, Document, Labelled, Relation, Span, Value, surface
from tests.formats.round_trip import (
    CALM,
    TEXTS,
    WORDS,
    RoundTrip,
    bare,
    counts,
    read_all,
    records,
    total,
    written,
)

__all__ = [
    "CALM",
    "PeerRoundTrip",
    "counts",
    "example",
    "plain_records",
    "read_text_as",
    "spans_of",
    "total",
    "written",
]

SENTENCE = "😊 دولت گفت قیمت\u200cها پایین آمد."


def plain_records(
    values: st.SearchStrategy[Value] = WORDS,
    layers: Sequence[str] = ("entities",),
    labels: Sequence[str] = ("ORG", "CLAIM", "две части"),
    texts: st.SearchStrategy[str] = TEXTS,
) -> st.SearchStrategy[Labelled]:
    """Draw records whose spans have one fragment each and whose relations have two ends."""
    made = records(values=values, layers=layers, labels=labels, texts=texts)
    return made.map(_simple)


def _simple(record: Labelled) -> Labelled:
    annotation_set = record.annotation_set
    assert annotation_set
    text = record.document.text
    spans = tuple(
        span._replace(
            fragments=((span.start, span.end),), text=surface(text, ((span.start, span.end),))
        )
        for span in annotation_set.spans
    )
    relations = tuple(
        relation for relation in annotation_set.relations if relation.child is not None
    )
    return replace(record, annotation_set=replace(annotation_set, spans=spans, relations=relations))


class PeerRoundTrip(RoundTrip):
    """The inherited tests for formats that give annotations ids of their own."""

    records = plain_records()
    attributes_kept = False

    def keep(self, record: Labelled) -> object:
        plain = bare(record, self.whole)
        annotation_set = plain.annotation_set
        assert annotation_set
        number = {span.id: place for place, span in enumerate(annotation_set.spans)}
        spans = tuple(
            self.span(span)._replace(id=str(place))
            for place, span in enumerate(annotation_set.spans)
        )
        relations = tuple(
            relation._replace(
                id="",
                head=str(number[relation.head]),
                child=str(number[relation.child or ""]),
                attributes=self.kept(relation),
            )
            for relation in annotation_set.relations
        )
        return replace(
            plain, annotation_set=replace(annotation_set, spans=spans, relations=relations), line=0
        )

    def span(self, span: Span) -> Span:
        """Return what of a span the format keeps."""
        attributes = dict(span.attributes) if self.attributes_kept else {}
        note = "" if "notes" in self.whole else span.note
        return span._replace(
            attributes=attributes,
            note=note,
            origin="human" if "origins" in self.whole else span.origin,
        )

    def kept(self, relation: Relation) -> dict[str, Value]:
        """Return what of a relation's attributes the format keeps."""
        return dict(relation.attributes) if self.attributes_kept else {}


def example() -> Labelled:
    """Return the example of the formats' descriptions: every offset trap at once."""
    holder = Span("s1", "entities", "ENTITY", ((2, 6),), "دولت")
    claim = Span("s2", "entities", "CLAIM", ((11, 28),), SENTENCE[11:28], {"stance": "support"})
    annotation_set = AnnotationSet(
        "a1", "done", (holder, claim), (Relation("r1", "holder", "s2", "s1"),)
    )
    return Labelled(Document("d1", "rasht", SENTENCE, "fa"), annotation_set)


def gapped() -> Labelled:
    """Return a record: a discontinuous span, an implicit argument and a value that is no text."""
    broken = Span(
        "s1",
        "entities",
        "CLAIM",
        ((2, 6), (11, 18)),
        surface(SENTENCE, ((2, 6), (11, 18))),
        {"sure": True, "many": ("a", "b")},
    )
    annotation_set = AnnotationSet(
        "a1", "open", (broken,), (Relation("r1", "holder", "s1", None, "author"),)
    )
    return Labelled(
        Document("", "rasht", SENTENCE, "fa", paragraph_directions=((0, "ltr"),)), annotation_set
    )


def read_text_as(
    entry: Format, folder: Path, content: str, options: ReadOptions | None = None, name: str = ""
) -> tuple[list[Labelled], Report]:
    """Read a file of this content."""
    path = folder / (name or f"in{entry.extensions[0]}")
    path.write_text(content, "utf-8", newline="")
    return read_all(entry, path, options)


def spans_of(record: Labelled) -> list[tuple[str, int, int]]:
    """Return label, start and end of each span."""
    return [
        (span.label, span.start, span.end)
        for span in (record.annotation_set.spans if record.annotation_set else ())
    ]


def links_of(record: Labelled) -> list[tuple[str, str, str]]:
    """Return label, head's and child's texts of each relation."""
    assert record.annotation_set
    covered = {span.id: span.text for span in record.annotation_set.spans}
    return [
        (entry.label, covered[entry.head], covered[entry.child or ""])
        for entry in record.annotation_set.relations
    ]


def losses_of(entry: Format, folder: Path, record: Labelled) -> dict[str, int]:
    """Write a record and return what was lost, by kind."""
    report = Report()
    written(entry, folder, [record], WriteOptions(), report)
    lost: dict[str, int] = {}
    for loss in report.losses():
        lost[loss.kind] = lost.get(loss.kind, 0) + loss.count
    assert set(lost) <= set(entry.loses)
    return lost
