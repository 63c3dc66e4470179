"""Cohen's κ (1960).

A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20(1).

Chance is the product of the two annotators' own distributions. Of more than two annotators it is
the mean over their pairs (Light 1971); items that only one of a pair coded are left out of that
pair. Undefined where only one category is used. Value: Cohen's second table, κ = 0.492.

>>> items = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (3, 3)]
>>> round(cohen_kappa(Codings.of(items, (88, 14, 18, 10, 40, 10, 2, 6, 12))), 3)
0.492
"""

from annotator.agreement._core.chance import cohen, over_pairs
from annotator.agreement._core.codings import Codings
from annotator.agreement._core.measure import Measure
from annotator.i18n import N_


def cohen_kappa(codings: Codings) -> float:
    """Return κ, or the mean of κ over the pairs of annotators."""
    return over_pairs(codings, lambda table: cohen(table).value)


MEASURE = Measure("cohen_kappa", N_("Cohen's κ"), N_("categories of items"), codings=cohen_kappa)
