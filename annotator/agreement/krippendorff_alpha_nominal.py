"""Krippendorff's α for categories that differ or not.

Any number of annotators; missing codes are left out. With only one category in use α is 1 by
convention. Value: Krippendorff (2011), Computing Krippendorff's alpha-reliability, section D: α =
0.743.

>>> _ = None
>>> items = [
...     (1, 1, _, 1), (2, 2, 3, 2), (3, 3, 3, 3), (3, 3, 3, 3), (2, 2, 2, 2), (1, 2, 3, 4),
...     (4, 4, 4, 4), (1, 1, 2, 1), (2, 2, 2, 2), (_, 5, 5, 5), (_, _, 1, 1), (_, _, 3, _),
... ]
>>> round(krippendorff_alpha_nominal(Codings.of(items)), 3)
0.743
"""

from annotator.agreement._core.alpha import alpha, nominal
from annotator.agreement._core.codings import Codings
from annotator.agreement._core.measure import Measure
from annotator.i18n import N_


def krippendorff_alpha_nominal(codings: Codings) -> float:
    """Return α."""
    return alpha(codings, nominal)


MEASURE = Measure(
    "krippendorff_alpha_nominal",
    N_("Krippendorff's α, nominal"),
    N_("categories of items"),
    codings=krippendorff_alpha_nominal,
)
