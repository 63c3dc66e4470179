"""F1 of spans that overlap: two spans agree that share a character and have one layer and label.

Each span agrees with one other at most; of all ways to pair them the one with most pairs counts, so
the order of storage plays no part. F1 as in Hripcsak and Rothschild (2005), Agreement, the
F-measure, and reliability in information retrieval, JAMIA 12(3).

>>> from annotator.compare.building import of_spans
>>> spans = {"a": [("PER", 0, 5), ("LOC", 10, 15)], "b": [("PER", 4, 9), ("ORG", 10, 15)]}
>>> span_f1_overlap(of_spans(20, spans)).total()
0.5
"""

import numpy as np

from annotator.agreement._core.measure import Measure, Tally
from annotator.agreement._core.spans import ratio, spans_each
from annotator.compare.comparison import Comparison
from annotator.compare.matching import Touching, matched, touching
from annotator.i18n import N_


def span_f1_overlap(found: Comparison, _seed: int = 0) -> Tally:
    """Return the tally of F1."""
    marks = found.marks
    size = len(found.worked)
    figures = np.zeros((size, 2))
    for first, second in found.pairs:
        both = found.shared(first, second)[marks.document]
        theirs = both & ((marks.annotator == first) | (marks.annotator == second))
        pairs = touching(found, first, second, theirs)
        alike = marks.kind[pairs.first] == marks.kind[pairs.second]
        pairs = Touching(pairs.first[alike], pairs.second[alike], pairs.shared[alike])
        agreed = pairs.first[matched(pairs, pairs.shared)]
        figures[:, 0] += np.bincount(marks.document[agreed], minlength=size)
        figures[:, 1] += np.bincount(marks.document[theirs], minlength=size)
    return Tally(figures, spans_each(found), ratio)


MEASURE = Measure(
    "span_f1_overlap",
    N_("Span F1, overlapping"),
    N_("place in part and label of spans"),
    spans=span_f1_overlap,
)
