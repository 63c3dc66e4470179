"""Scott's π (1955), Reliability of content analysis, Public Opinion Quarterly 19(3).

Chance is the square of the distribution of both annotators together. Of more than two annotators it
is the mean over their pairs; Fleiss' κ is the other generalisation. Undefined where only one
category is used. Value: Artstein and Poesio (2008), Inter-coder agreement for computational
linguistics, section 2.3: π = 0.341.

>>> items = [("STAT", "STAT"), ("IReq", "STAT"), ("STAT", "IReq"), ("IReq", "IReq")]
>>> round(scott_pi(Codings.of(items, (20, 20, 10, 50))), 3)
0.341
"""

from annotator.agreement._core.chance import over_pairs, scott
from annotator.agreement._core.codings import Codings
from annotator.agreement._core.measure import Measure
from annotator.i18n import N_


def scott_pi(codings: Codings) -> float:
    """Return π, or the mean of π over the pairs of annotators."""
    return over_pairs(codings, lambda table: scott(table).value)


MEASURE = Measure("scott_pi", N_("Scott's π"), N_("categories of items"), codings=scott_pi)
