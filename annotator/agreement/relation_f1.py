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

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from annotator.agreement._core.measure import Measure, Tally
from annotator.agreement._core.spans import ratio
from annotator.compare.comparison import Comparison, Numbers, Truths
from annotator.compare.matching import exact_keys
from annotator.i18n import N_

NOBODY = -1


def relation_f1(found: Comparison, _seed: int = 0) -> Tally:
    """Return the tally of F1.

    Of a comparison of some kinds, the relations whose head is of them.
    """
    marks, size, ties = (found.whole or found).marks, len(found.worked), relation_ties(found)
    exact = exact_keys(found.whole or found)
    spans = [
        np.unique(np.append(exact[marks.annotator == who], NOBODY))
        for who in range(len(found.annotators))
    ]
    figures = np.zeros((size, 2))
    for pair in found.pairs:
        both = found.shared(*pair)[ties.document]
        ours, theirs = (
            ties.taken(
                both
                & (ties.annotator == one)
                & _among(ties.head, spans[other])
                & _among(ties.child, spans[other])
            )
            for one, other in (pair, pair[::-1])
        )
        _keys, first, number = np.unique(
            np.concatenate([ours.key, theirs.key]), return_index=True, return_inverse=True
        )
        counts = [
            np.bincount(side, minlength=len(first))
            for side in (number[: len(ours.key)], number[len(ours.key) :])
        ]
        where = np.concatenate([ours.document, theirs.document])
        for place, values in enumerate((np.minimum(*counts), np.add(*counts))):
            figures[:, place] += np.bincount(where[first], weights=values, minlength=size)
    return Tally(figures, np.bincount(ties.document, minlength=size).astype(np.float64), ratio)


class Ties(NamedTuple):
    """Relations as columns.

    Document, annotator, the keys of head and child, and a number equal for relations that agree.
    """

    document: Numbers
    annotator: Numbers
    head: Numbers
    child: Numbers
    key: Numbers

    def taken(self, rows: Truths) -> "Ties":
        """Return some of the rows."""
        return Ties(*(column[rows] for column in self))


def relation_ties(found: Comparison) -> Ties:
    """Return the relations as what is compared of them.

    Where one of its spans is not in the layer, a relation is left out.
    """
    everything = found.whole or found
    chosen = set(map(id, found.spans)) if found.whole else None
    marks, keys = everything.marks, exact_keys(everything).tolist()
    rows, numbers = list[tuple[int, ...]](), dict[tuple[str, int, int, str], int]()
    turns = (
        np.flatnonzero(np.diff(marks.document) | np.diff(marks.annotator)) + 1
    )  # the spans of a layer come together
    for low, high in pairwise(
        [0, *turns.tolist(), len(marks)] if found.relations and len(marks) else []
    ):
        place = (int(marks.document[low]), int(marks.annotator[low]))
        relations = found.relations.get(place)
        own = (
            {span.id: row for row, span in enumerate(everything.spans[low:high], low)}
            if relations
            else {}
        )
        for relation in relations or ():
            head, child = own.get(relation.head, NOBODY), own.get(relation.child or "", NOBODY)
            if (
                head == NOBODY
                or (relation.child and child == NOBODY)
                or (chosen is not None and id(everything.spans[head]) not in chosen)
            ):
                continue
            ends = (keys[head], NOBODY if child == NOBODY else keys[child])
            rows.append(
                (
                    *place,
                    *ends,
                    numbers.setdefault(
                        (relation.label, *ends, relation.implicit or ""), len(numbers)
                    ),
                )
            )
    return Ties(*np.array(rows, dtype=np.int64).reshape(-1, 5).T)


def _among(keys: Numbers, known: Numbers) -> Truths:
    """Tell which keys are among sorted ones."""
    found: Truths = known[np.searchsorted(known, keys).clip(max=len(known) - 1)] == keys
    return found


MEASURE = Measure(
    "relation_f1",
    N_("Relation F1"),
    N_("relations between spans that both have"),
    spans=relation_f1,
)
