"""Fleiss' κ (1971).

Measuring nominal scale agreement among many raters, Psychological Bulletin 76(5).

With missing codes (Gwet 2014): agreement is the mean over the items of two codes or more, a
category's share the mean over all items. Undefined where only one category is used. Value: Artstein
and Poesio (2008), section 2.3 (for two annotators it is Scott's π), κ = 0.341.

>>> items = [("STAT", "STAT"), ("IReq", "STAT"), ("STAT", "IReq"), ("IReq", "IReq")]
>>> round(fleiss_kappa(Codings.of(items, (20, 20, 10, 50))), 3)
0.341
"""

from annotator.agreement._core.chance import fleiss
from annotator.agreement._core.codings import Codings
from annotator.agreement._core.measure import Measure
from annotator.i18n import N_


def fleiss_kappa(codings: Codings) -> float:
    """Return κ of any number of annotators."""
    return fleiss(codings).value


MEASURE = Measure("fleiss_kappa", N_("Fleiss' κ"), N_("categories of items"), codings=fleiss_kappa)
