"""Bennett, Alpert and Goldstein's S (1954): chance is one in the number of categories.

The categories are those that were used, unless more are declared. Value: Krippendorff (2004),
Reliability in content analysis, Human Communication Research 30(3): S = 0.19 for three categories
of which 46 % agree.

>>> items = [("a", "a"), ("a", "b"), ("b", "b"), ("b", "c"), ("c", "c")]
>>> round(bennett_s(Codings.of(items, (12, 18, 14, 36, 20))), 2)
0.19
"""

from annotator.agreement._core.chance import Chance, observed
from annotator.agreement._core.codings import Codings
from annotator.agreement._core.measure import Measure
from annotator.i18n import N_


def bennett_s(codings: Codings) -> float:
    """Return S; for more than two annotators the agreement observed is that of all pairs."""
    return Chance(observed(codings), 1 / max(1, len(codings.categories))).value


MEASURE = Measure("bennett_s", N_("Bennett's S"), N_("categories of items"), codings=bennett_s)
