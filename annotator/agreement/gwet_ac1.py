"""Gwet's AC1 (2008).

Computing inter-rater reliability and its variance in the presence of high agreement, BJMSP 61(1).

Chance grows with how evenly the categories are used, so AC1 stays high where nearly all items are
of one category. Missing codes as for Fleiss' κ. Undefined where only one category is used or
declared. Value: Gwet (2008) on Cohen's second table, AC1 = 0.576.

>>> items = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (3, 3)]
>>> round(gwet_ac1(Codings.of(items, (88, 14, 18, 10, 40, 10, 2, 6, 12))), 3)
0.576
"""

import numpy as np

from annotator.agreement._core.chance import gwet
from annotator.agreement._core.codings import Codings
from annotator.agreement._core.measure import Measure
from annotator.i18n import N_


def gwet_ac1(codings: Codings) -> float:
    """Return AC1 of any number of annotators."""
    return gwet(codings, np.eye(len(codings.categories))).value


MEASURE = Measure("gwet_ac1", N_("Gwet's AC1"), N_("categories of items"), codings=gwet_ac1)
