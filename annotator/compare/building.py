"""Makes a comparison of records.

Those of the same texts are lined up, those whose texts differ are aligned or refused.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from annotator.compare.comparison import Comparison, Kind, Marks, Shapes, Texts
from annotator.errors import UserError
from annotator.i18n import _, name_list
from annotator.model import AnnotationSet, Document, Labelled, Relation, Span

SHOWN = 5


class _Columns:
    """Marks under way."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.texts: list[str] = []
        self.people: dict[str, int] = {}
        self.kinds: dict[Kind, int] = {}
        self.shapes: dict[tuple[int, tuple[tuple[int, int], ...]], int] = {}
        self.rows = array("q")
        self.spans: list[Span] = []
        self.relations: dict[tuple[int, int], tuple[Relation, ...]] = {}
        self.worked: set[tuple[int, int]] = set()

    def add(
        self, document: int, annotator: str, spans: Sequence[Span], relations: tuple[Relation, ...]
    ) -> None:
        """Take in the layer of an annotator."""
        who = self.people.setdefault(annotator, len(self.people))
        self.worked.add((document, who))
        kinds, shapes, rows = self.kinds, self.shapes, self.rows
        for span in spans:
            fragments = span.fragments
            kind = kinds.setdefault((span.layer, span.label), len(kinds))
            shape = shapes.setdefault((document, fragments), len(shapes))
            rows.extend((document, who, kind, shape, fragments[0][0], fragments[-1][1]))
        self.spans += spans
        if relations:
            self.relations[document, who] = relations

    def comparison(self, reports: Sequence[str]) -> Comparison:
        """Return what was taken in, with the annotators in the order of their names."""
        columns = np.array(self.rows, dtype=np.int64).reshape(-1, 6).T.copy()
        kinds = sorted(self.kinds)
        place = np.zeros(len(kinds), dtype=np.int64)
        place[[self.kinds[kind] for kind in kinds]] = np.arange(len(kinds))
        columns[2] = place[columns[2]]
        worked = np.zeros((len(self.texts), len(self.people)), dtype=bool)
        for document, who in self.worked:
            worked[document, who] = True
        pieces = [fragments for _document, fragments in self.shapes]
        flat = np.array(
            [edge for fragments in pieces for fragment in fragments for edge in fragment],
            dtype=np.int64,
        ).reshape(-1, 2)
        shapes = Shapes(np.cumsum([0, *map(len, pieces)], dtype=np.int64), flat[:, 0], flat[:, 1])
        found = Comparison(
            tuple(self.people),
            Texts(tuple(self.names), tuple(self.texts)),
            worked,
            tuple(kinds),
            shapes,
            Marks(*columns),
            tuple(self.spans),
            self.relations,
            tuple(reports),
        )
        return found.between(sorted(self.people))


def compare(records: Iterable[Labelled]) -> Comparison:
    """Line up records of the same texts, one a document and annotator.

    Raises UserError where they cannot be.

    Records are of one document when their ids are equal, or, without an id, their texts. Texts that
    differ in white space and joiners alone (two tokenisations of one sentence) are aligned, which
    `reports` tells; others are refused.
    """
    columns, refused, reports = _Columns(), list[str](), list[str]()
    places: dict[str, int] = {}
    for record in records:
        annotation_set, document = record.annotation_set, record.document
        if annotation_set is None:
            continue
        name = document.name or document.id or document.text[:20]
        key = f"id {document.id}" if document.id else f"text {document.text}"
        number = places.setdefault(key, len(columns.texts))
        if number == len(columns.texts):
            columns.names.append(name)
            columns.texts.append(document.text)
        if (number, columns.people.get(annotation_set.annotator, -1)) in columns.worked:
            message = _(
                "{annotator} has two layers of the document {name}; keep one of them, or give the"
                " annotators names."
            )
            raise UserError(message.format(annotator=annotation_set.annotator, name=name))
        spans: Sequence[Span] = annotation_set.spans
        ours = columns.texts[number]
        if document.text != ours:
            moved = aligned(document.text, ours, spans)
            if moved is None:
                refused.append(name)
                continue
            spans = moved
            reports.append(
                _("{name} is cut differently by {annotator}; the spans were moved.").format(
                    name=name, annotator=annotation_set.annotator
                )
            )
        columns.add(number, annotation_set.annotator, spans, annotation_set.relations)
    if refused:
        raise UserError(_refusal(refused))
    return columns.comparison(reports)


def of_spans(length: int, layers: Mapping[str, Iterable[tuple[str, int, int]]]) -> Comparison:
    """Make a comparison of one text of x's from (label, start, end) by annotator: for examples."""
    text = Document("", "", "x" * length)
    spans = {
        who: [Span("", "", label, ((start, end),), "") for label, start, end in marks]
        for who, marks in layers.items()
    }
    return compare(
        Labelled(text, AnnotationSet(who, spans=tuple(marks))) for who, marks in spans.items()
    )


def _refusal(names: Sequence[str]) -> str:
    message = _(
        "The annotators had different texts ({count}: {names}); agreement is measured on equal"
        " texts only."
    )
    more = " …" if len(names) > SHOWN else ""
    return message.format(count=len(names), names=name_list(names[:SHOWN], more))


_LOOSE = dict.fromkeys(map(ord, " \t\n\u00a0\u200c\u200d\u202f"))


def aligned(theirs: str, ours: str, spans: Sequence[Span]) -> list[Span] | None:
    """Move spans from one text to another that differs in white space and joiners alone.

    None where more differs.

    >>> aligned("به شدت", "بهشدت", [Span("s", "", "X", ((3, 6),), "شدت")])[0].fragments
    ((2, 5),)
    """
    if theirs.translate(_LOOSE) != ours.translate(_LOOSE):
        return None
    here = [number for number, letter in enumerate(theirs) if ord(letter) not in _LOOSE]
    there = np.array(
        [number for number, letter in enumerate(ours) if ord(letter) not in _LOOSE], dtype=np.int64
    )
    moved = []
    for span in spans:
        edges = np.searchsorted(here, np.array(span.fragments))
        fragments = tuple(
            (int(there[start]), int(there[end - 1]) + 1)
            for start, end in edges.tolist()
            if start < end
        )
        if fragments:  # what covers white space alone covers nothing here
            moved.append(span._replace(fragments=fragments))
    return moved
