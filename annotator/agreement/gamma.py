"""γ (Mathet, Widlöcher and Métivier 2015).

The unified and holistic method gamma, Computational Linguistics 41(3).

γ = 1 − disorder of the best alignment / disorder to be expected by chance. Place and label weigh
alike (α = β = 1, Δ = 1), labels differ or not. The best alignment is exact; where it cannot be
found the measure says so. Overlapping, nested and stacked spans are units like all others, an
interrupted one is a unit from its first to its last character. Value: section 3.2, equal
annotations have γ = 1.

>>> from annotator.compare.building import of_spans
>>> spans = {"a": [("PER", 0, 5), ("LOC", 10, 15)], "b": [("PER", 0, 5), ("LOC", 10, 15)]}
>>> gamma(of_spans(20, spans)).total()
1.0
"""

from annotator.agreement._core.alignment import EQUAL, SMALL, Scale
from annotator.agreement._core.chance import NoValueError
from annotator.agreement._core.gamma import disorder
from annotator.agreement._core.measure import Figures, Measure, Tally
from annotator.compare.comparison import Comparison
from annotator.i18n import N_, _


def gamma(found: Comparison, seed: int = 0, scale: Scale = EQUAL) -> Tally:
    """Return the tally of γ."""
    parts = disorder(found, seed, scale)
    return Tally(parts.cost, parts.units, _value)


def _value(sums: Figures) -> float:
    real, chance = map(float, sums)
    if real <= SMALL < chance:
        return 1.0
    if chance <= SMALL:
        raise NoValueError(_("Nobody marked anything here that chance could shift."))
    return 1 - real / chance


MEASURE = Measure(
    "gamma", N_("γ"), N_("place and label of spans, by the best alignment"), spans=gamma
)
