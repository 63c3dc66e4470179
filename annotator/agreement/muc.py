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
    """Return the tally.

    `least`: the share of the key's span that has to be covered for two spans to be lined up.
    """
    marks = found.marks
    documents = len(found.worked)
    figures = np.zeros((documents, 6))
    for first, second in found.pairs:
        both = found.shared(first, second)[marks.document]
        pairs = touching(found, first, second, both)
        length = (marks.end - marks.start)[pairs.first]
        pairs = _some(pairs, pairs.shared >= np.maximum(1, least * length))
        alone = both.copy()
        for column, rows in _lined_up(found, pairs):
            _count(figures, column, marks.document[pairs.first[rows]])
            alone[pairs.first[rows]] = alone[pairs.second[rows]] = False
        _count(figures, MISSED, marks.document[alone & (marks.annotator == first)])
        _count(figures, SPURIOUS, marks.document[alone & (marks.annotator == second)])
    return Tally(figures, spans_each(found), _value, counts_of)


def _count(figures: Figures, column: int, documents: Numbers) -> None:
    figures[:, column] += np.bincount(documents, minlength=len(figures))


def _some(pairs: Touching, rows: Truths | Numbers) -> Touching:
    return Touching(pairs.first[rows], pairs.second[rows], pairs.shared[rows])


def _lined_up(found: Comparison, pairs: Touching) -> list[tuple[int, Numbers]]:
    """Return the rows of the pairs that are lined up, by column."""
    same_place, same_label = _alike(found, pairs)
    worth = pairs.shared + (int(pairs.shared.sum()) + 1) * same_label
    left = np.ones(len(worth), dtype=bool)
    chosen = []
    for stage in (same_place & same_label, same_place, left):
        rows = np.flatnonzero(stage & left)
        rows = rows[matched(_some(pairs, rows), worth[rows])]
        has_partner = np.isin(pairs.first, pairs.first[rows]) | np.isin(
            pairs.second, pairs.second[rows]
        )
        left = left & ~has_partner
        chosen.append(rows)
    alike, in_place, rest = chosen
    label = rest[same_label[rest]]
    overlap = rest[~same_label[rest]]
    return [(ALIKE, alike), (PLACE, in_place), (LABEL, label), (OVERLAP, overlap)]


def _alike(found: Comparison, pairs: Touching) -> tuple[Truths, Truths]:
    """Return which pairs are in one place, and which have one label."""
    marks = found.marks
    same_start = marks.start[pairs.first] == marks.start[pairs.second]
    same_end = marks.end[pairs.first] == marks.end[pairs.second]
    return same_start & same_end, marks.kind[pairs.first] == marks.kind[pairs.second]


def counts_of(sums: Figures) -> dict[str, dict[str, float]]:
    """Return the five counts of each scheme, with precision, recall and F1 (0 of nothing)."""
    found = {}
    for scheme, columns in SCHEMES.items():
        correct, incorrect, partial = (float(sums[list(those)].sum()) for those in columns)
        missed = float(sums[MISSED])
        spurious = float(sums[SPURIOUS])
        right = correct + partial / 2
        common = correct + incorrect + partial
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
