"""Percentage agreement: the share of pairs of codes that agree, not corrected for chance.

With missing codes an item counts by the number of its codes (1 − the observed disagreement of
Krippendorff's α), not each item alike. Krippendorff (2004), Reliability in content analysis, Human
Communication Research 30(3), table of three categories: 46 of 100 items agree.

>>> items = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "b"), ("b", "c"), ("c", "c")]
>>> round(percentage_agreement(Codings.of(items, (12, 18, 7, 7, 36, 20))), 2)
0.46
"""

from annotator.agreement._core.alpha import disagreement, nominal
from annotator.agreement._core.codings import Codings
from annotator.agreement._core.measure import Measure
from annotator.i18n import N_


def percentage_agreement(codings: Codings) -> float:
    """Return the share of pairs of codes that agree."""
    return 1 - disagreement(codings, nominal).observed


MEASURE = Measure(
    "percentage_agreement",
    N_("Percentage agreement"),
    N_("categories of items"),
    codings=percentage_agreement,
)
