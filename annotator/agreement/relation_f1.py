"""F1 of relations between spans that both annotators have.

A relation counts where its head and its child (if it has one) are spans that the other annotator
marked too, with equal fragments, layer and label; so relations are not blamed for what spans differ
in. Two agree that have the label, the head and the child (or the implicit argument) in common;
equal ones are matched one to one. F1 as in Hripcsak and Rothschild (2005), Agreement, the
F-measure, and reliability in information retrieval, JAMIA 12(3): of 1 and 1, one alike,

>>> from annotator.compare.building import compare
>>> from annotator.model import Document, Labelled, AnnotationSet, Relation, Span
>>> spans = Span("1", "", "PER", ((0, 3),), ""), Span("2", "", "ORG", ((4, 7),), "")
>>> works = (Relation("r", "works for", "1", "2"),)
>>> both = [AnnotationSet(name, "done", spans, works) for name in "ab"]
>>> records = [Labelled(Document("", "", "Ann IBM"), each) for each in both]
>>> relation_f1(compare(records)).total()
1.0
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from annotator.agreement._core.measure import Figures, Measure, Tally
from annotator.agreement._core.spans import ratio
from annotator.compare.comparison import Comparison, Numbers, Truths
from annotator.compare.matching import exact_keys
from annotator.i18n import N_
from annotator.model import Relation

NOBODY = -1


def relation_f1(found: Comparison, _seed: int = 0) -> Tally:
    """Return the tally of F1; of a comparison of some kinds, of relations whose head is of them."""
    marks = (found.whole or found).marks
    documents = len(found.worked)
    relations = relation_rows(found)
    exact = exact_keys(found.whole or found)
    spans_of = [
        np.unique(np.append(exact[marks.annotator == who], NOBODY))
        for who in range(len(found.annotators))
    ]
    figures = np.zeros((documents, 2))
    for first, second in found.pairs:
        both = relations.taken(found.shared(first, second)[relations.document])
        ours = both.between(first, spans_of[second])
        theirs = both.between(second, spans_of[first])
        figures += _agreeing(ours, theirs, documents)
    sizes = np.bincount(relations.document, minlength=documents).astype(np.float64)
    return Tally(figures, sizes, ratio)


class RelationRows(NamedTuple):
    """Relations as columns: document, annotator, the keys of head and child.

    key: a number that is equal for relations that agree.
    """

    document: Numbers
    annotator: Numbers
    head: Numbers
    child: Numbers
    key: Numbers

    def taken(self, rows: Truths) -> "RelationRows":
        """Return some of the rows."""
        return RelationRows(*(column[rows] for column in self))

    def between(self, annotator: int, spans: Numbers) -> "RelationRows":
        """Return the relations of an annotator between some spans, given by their sorted keys."""
        return self.taken(
            (self.annotator == annotator) & _among(self.head, spans) & _among(self.child, spans)
        )


def _agreeing(ours: RelationRows, theirs: RelationRows, documents: int) -> Figures:
    """Return for each document how many relations agree, and how many there are of both."""
    _keys, first, number = np.unique(
        np.concatenate([ours.key, theirs.key]), return_index=True, return_inverse=True
    )
    ours_each = np.bincount(number[: len(ours.key)], minlength=len(first))
    theirs_each = np.bincount(number[len(ours.key) :], minlength=len(first))
    document = np.concatenate([ours.document, theirs.document])[first]
    agreeing = np.bincount(
        document, weights=np.minimum(ours_each, theirs_each), minlength=documents
    )
    of_both = np.bincount(document, weights=ours_each + theirs_each, minlength=documents)
    return np.stack([agreeing, of_both], axis=1)


def relation_rows(found: Comparison) -> RelationRows:
    """Return the relations as what is compared of them.

    Where one of its spans is not in the annotation set, a relation is left out.
    """
    everything = found.whole or found
    chosen = set(map(id, found.spans))
    keys = exact_keys(everything).tolist()
    rows = list[tuple[int, ...]]()
    numbers = dict[tuple[str, int, int, str], int]()
    for low, high in _set_bounds(everything) if found.relations else ():
        place = (int(everything.marks.document[low]), int(everything.marks.annotator[low]))
        for relation, head_row, child_row in _with_ends(found, place, low, high):
            if id(everything.spans[head_row]) not in chosen:
                continue
            head = keys[head_row]
            child = NOBODY if child_row == NOBODY else keys[child_row]
            alike = (relation.label, head, child, relation.implicit or "")
            rows.append((*place, head, child, numbers.setdefault(alike, len(numbers))))
    return RelationRows(*np.array(rows, dtype=np.int64).reshape(-1, 5).T)


def _set_bounds(found: Comparison) -> Iterator[tuple[int, int]]:
    """Walk over the annotation sets, whose marks come together: first row, and the one after."""
    marks = found.marks
    if len(marks):
        changes = np.flatnonzero(np.diff(marks.document) | np.diff(marks.annotator)) + 1
        yield from pairwise([0, *changes.tolist(), len(marks)])


def _with_ends(
    found: Comparison, place: tuple[int, int], low: int, high: int
) -> Iterator[tuple[Relation, int, int]]:
    """Walk over the relations of an annotation set whose spans are there, with their rows.

    The row of an implicit child is NOBODY.
    """
    relations = found.relations.get(place)
    if not relations:
        return
    spans = (found.whole or found).spans[low:high]
    row_of = {span.id: row for row, span in enumerate(spans, low)}
    for relation in relations:
        head = row_of.get(relation.head)
        child = row_of.get(relation.child or "", NOBODY)
        if head is not None and not (relation.child and child == NOBODY):
            yield relation, head, child


def _among(keys: Numbers, sorted_keys: Numbers) -> Truths:
    """Return for each key whether it is among sorted ones."""
    places = np.searchsorted(sorted_keys, keys).clip(max=len(sorted_keys) - 1)
    is_among: Truths = sorted_keys[places] == keys
    return is_among


MEASURE = Measure(
    "relation_f1",
    N_("Relation F1"),
    N_("relations between spans that both have"),
    spans=relation_f1,
)
