"""The five counts of MUC-5 in the four schemes of SemEval-2013 task 9.

Chinchor and Sundheim 1993; Segura-Bedmar et al. 2013.

Of each pair of annotators the earlier one stands for the key, the later one for the response. Spans
are lined up once: first those alike in place and label, then those alike in place, then overlapping
ones, as many as can be and of one label where it can be. A pair is *correct*, *incorrect* or
*partial* as the scheme says (strict: place and label; exact: place; partial: place, else half;
type: label); what has no partner is *missed* or *spurious*. The value is F1 of the scheme
"partial". The place of an interrupted span is from its first to its last character. SemEval's
example of one exact and one shorter span:

>>> from annotator.compare.building import of_spans
>>> spans = {
...     "key": [("DRUG", 0, 5), ("BRAND", 10, 15)],
...     "response": [("DRUG", 0, 5), ("BRAND", 12, 15)],
... }
>>> muc(of_spans(20, spans)).total()
0.75
"""

from collections.abc import Mapping

import numpy as np

from annotator.agreement._core.chance import NoValueError
from annotator.agreement._core.measure import Figures, Measure, Tally
from annotator.agreement._core.spans import spans_each
from annotator.compare.comparison import Comparison, Numbers, Truths
from annotator.compare.matching import Touching, matched, touching
from annotator.i18n import N_, _

ALIKE, PLACE, LABEL, OVERLAP, MISSED, SPURIOUS = range(6)
# Scheme → which columns are correct, incorrect, partial.
SCHEMES: Mapping[str, tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]] = {
    "strict": ((ALIKE,), (PLACE, LABEL, OVERLAP), ()),
    "exact": ((ALIKE, PLACE), (LABEL, OVERLAP), ()),
    "partial": ((ALIKE, PLACE), (), (LABEL, OVERLAP)),
    "type": ((ALIKE, LABEL), (PLACE, OVERLAP), ()),
}


def muc(found: Comparison, _seed: int = 0, least: float = 0.0) -> Tally:
    """Return the tally; `least`.

    The share of the key's span that has to be covered for two spans to be lined up.
    """
    marks, size = found.marks, len(found.worked)
    figures = np.zeros((size, 6))
    for first, second in found.pairs:
        both = found.shared(first, second)[marks.document]
        pairs = touching(found, first, second, both)
        long = (marks.end - marks.start)[pairs.first]
        pairs = _some(pairs, pairs.shared >= np.maximum(1, least * long))
        free = both.copy()
        for column, rows in _lined_up(found, pairs):
            figures[:, column] += np.bincount(marks.document[pairs.first[rows]], minlength=size)
            free[pairs.first[rows]] = free[pairs.second[rows]] = False
        for column, person in ((MISSED, first), (SPURIOUS, second)):
            figures[:, column] += np.bincount(
                marks.document[free & (marks.annotator == person)], minlength=size
            )
    return Tally(figures, spans_each(found), _value, counts_of)


def _some(pairs: Touching, rows: Truths) -> Touching:
    return Touching(pairs.first[rows], pairs.second[rows], pairs.shared[rows])


def _lined_up(found: Comparison, pairs: Touching) -> list[tuple[int, Numbers]]:
    """Return the rows of the pairs that are lined up, by column."""
    marks = found.marks
    start = marks.start[pairs.first] == marks.start[pairs.second]
    place = start & (marks.end[pairs.first] == marks.end[pairs.second])
    label = marks.kind[pairs.first] == marks.kind[pairs.second]
    left = np.ones(len(place), dtype=bool)
    lined = []
    much = int(pairs.shared.sum()) + 1
    for stage in (place & label, place, left):
        rows = np.flatnonzero(stage & left)
        worth = pairs.shared[rows] + much * label[rows]
        rows = rows[matched(_some(pairs, np.isin(np.arange(len(left)), rows)), worth)]
        left = (
            left
            & ~np.isin(pairs.first, pairs.first[rows])
            & ~np.isin(pairs.second, pairs.second[rows])
        )
        lined.append(rows)
    alike, same, rest = lined
    return [
        (ALIKE, alike),
        (PLACE, same),
        (LABEL, rest[label[rest]]),
        (OVERLAP, rest[~label[rest]]),
    ]


def counts_of(sums: Figures) -> dict[str, dict[str, float]]:
    """Return the five counts of each scheme.

    With precision, recall and F1 (0 where nothing was there to be found).
    """
    found = {}
    for scheme, columns in SCHEMES.items():
        correct, incorrect, partial = (float(sums[list(those)].sum()) for those in columns)
        missed, spurious = float(sums[MISSED]), float(sums[SPURIOUS])
        right, common = correct + partial / 2, correct + incorrect + partial
        found[scheme] = {
            "correct": correct,
            "incorrect": incorrect,
            "partial": partial,
            "missed": missed,
            "spurious": spurious,
            "precision": right / max(1.0, common + spurious),
            "recall": right / max(1.0, common + missed),
            "f1": 2 * right / max(1.0, 2 * common + missed + spurious),
        }
    return found


def _value(sums: Figures) -> float:
    if sums.sum() <= 0:
        raise NoValueError(_("Nobody marked anything here."))
    return counts_of(sums)["partial"]["f1"]


MEASURE = Measure("muc", N_("MUC counts"), N_("place and label of spans, each in part"), spans=muc)
