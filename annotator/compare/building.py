"""Makes a comparison of records: lines up those of one text; aligns or refuses what differs."""

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
        self.documents: dict[str, int] = {}
        self.people: dict[str, int] = {}
        self.kinds: dict[Kind, int] = {}
        self.shapes: dict[tuple[int, tuple[tuple[int, int], ...]], int] = {}
        self.rows = array("q")
        self.spans: list[Span] = []
        self.relations: dict[tuple[int, int], tuple[Relation, ...]] = {}
        self.worked: set[tuple[int, int]] = set()

    def number_of(self, document: Document) -> int:
        """Return the number of a document, which is a new one where its id or text is new."""
        key = f"id {document.id}" if document.id else f"text {document.text}"
        number = self.documents.setdefault(key, len(self.texts))
        if number == len(self.texts):
            self.names.append(_shown(document))
            self.texts.append(document.text)
        return number

    def has(self, document: int, annotator: str) -> bool:
        """Return whether the annotation set of an annotator is there already."""
        return (document, self.people.get(annotator, -1)) in self.worked

    def add(
        self, document: int, annotator: str, spans: Sequence[Span], relations: tuple[Relation, ...]
    ) -> None:
        """Take in the annotation set of an annotator."""
        who = self.people.setdefault(annotator, len(self.people))
        self.worked.add((document, who))
        kinds = self.kinds
        shapes = self.shapes
        rows = self.rows
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
        worked = np.zeros((len(self.texts), len(self.people)), dtype=bool)
        for document, who in self.worked:
            worked[document, who] = True
        kinds = sorted(self.kinds)
        found = Comparison(
            tuple(self.people),
            Texts(tuple(self.names), tuple(self.texts)),
            worked,
            tuple(kinds),
            self._shapes(),
            self._marks(kinds),
            tuple(self.spans),
            self.relations,
            tuple(reports),
        )
        return found.between(sorted(self.people))

    def _marks(self, kinds: Sequence[Kind]) -> Marks:
        """Return the rows as columns, with the numbers of the kinds in the order given."""
        columns = np.array(self.rows, dtype=np.int64).reshape(-1, 6).T.copy()
        place = np.zeros(len(kinds), dtype=np.int64)
        place[[self.kinds[kind] for kind in kinds]] = np.arange(len(kinds))
        columns[2] = place[columns[2]]
        return Marks(*columns)

    def _shapes(self) -> Shapes:
        counts = [0]
        edges = array("q")
        for _document, fragments in self.shapes:
            counts.append(len(fragments))
            for fragment in fragments:
                edges.extend(fragment)
        flat = np.array(edges, dtype=np.int64).reshape(-1, 2)
        return Shapes(np.cumsum(counts, dtype=np.int64), flat[:, 0], flat[:, 1])


def _shown(document: Document) -> str:
    """Return what people know a document by."""
    return document.name or document.id or document.text[:20]


def compare(records: Iterable[Labelled]) -> Comparison:
    """Line up records of the same texts, one a document and annotator.

    Raises UserError where they cannot be. Records are of one document when their ids are equal, or,
    without an id, their texts. Texts that differ in white space and joiners alone (two
    tokenisations of one sentence) are aligned, which `reports` tells; others are refused.
    """
    columns = _Columns()
    refused = list[str]()
    reports = list[str]()
    for record in records:
        annotation_set = record.annotation_set
        document = record.document
        if annotation_set is None:
            continue
        number = columns.number_of(document)
        if columns.has(number, annotation_set.annotator):
            raise _two_sets(annotation_set.annotator, document)
        spans: Sequence[Span] = annotation_set.spans
        if document.text != columns.texts[number]:
            moved = aligned(document.text, columns.texts[number], spans)
            if moved is None:
                refused.append(_shown(document))
                continue
            spans = moved
            message = _("{name} is cut differently by {annotator}; the spans were moved.")
            reports.append(
                message.format(name=_shown(document), annotator=annotation_set.annotator)
            )
        columns.add(number, annotation_set.annotator, spans, annotation_set.relations)
    if refused:
        raise UserError(_refusal(refused))
    return columns.comparison(reports)


def _two_sets(annotator: str, document: Document) -> UserError:
    message = _(
        "{annotator} has two annotation sets of the document {name}; keep one, or give the"
        " annotators names."
    )
    return UserError(message.format(annotator=annotator, name=_shown(document)))


def of_spans(length: int, sets: Mapping[str, Iterable[tuple[str, int, int]]]) -> Comparison:
    """Make a comparison of one text of x's from (label, start, end) by annotator: for examples."""
    text = Document("", "", "x" * length)
    records = []
    for annotator, marks in sets.items():
        spans = tuple(Span("", "", label, ((start, end),), "") for label, start, end in marks)
        records.append(Labelled(text, AnnotationSet(annotator, spans=spans)))
    return compare(records)


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
