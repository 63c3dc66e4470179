"""Gwet's AC2, AC1 where near categories agree in part.

Handbook of Inter-Rater Reliability, 4th edition, 2014, chapter 3.

Weights are quadratic: 1 − (difference / greatest difference)², of the numbers themselves where all
categories are numbers, else of the ranks (as declared, or by the alphabet). Undefined where only
one category is used or declared. Value: Cohen's (1960) second table as irrCAC has it, AC2 =
0.63855.

>>> items = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (3, 3)]
>>> round(gwet_ac2(Codings.of(items, (88, 14, 18, 10, 40, 10, 2, 6, 12))), 4)
0.6386
"""

import numpy as np

from annotator.agreement._core.chance import gwet
from annotator.agreement._core.codings import Codings
from annotator.agreement._core.measure import Figures, Measure
from annotator.i18n import N_


def gwet_ac2(codings: Codings) -> float:
    """Return AC2 with quadratic weights."""
    return gwet(codings, _quadratic(codings)).value


def _quadratic(codings: Codings) -> Figures:
    numbers = codings.numbers
    places = np.arange(len(codings.categories), dtype=np.float64) if numbers is None else numbers
    far = (places[:, None] - places[None, :]) ** 2
    return 1 - far / max(float(np.max(far, initial=0.0)), 1e-300)


MEASURE = Measure("gwet_ac2", N_("Gwet's AC2"), N_("ranks of items"), codings=gwet_ac2)
