"""γ_cat (Mathet 2017), The agreement measure γcat.

A complement to γ focused on categorization of a continuum, CL 43(3).

Of the best alignment of γ, how far the labels of aligned units agree, the more a pair counts the
nearer its places are; chance is the same on the alignments of chance. Of several alignments that
are equally good one counts, chosen by place and name. Undefined where no two units are aligned or
only one label is used. Value: section 3, equal labels have γ_cat = 1.

>>> from annotator.compare.building import of_spans
>>> spans = {"a": [("PER", 0, 5), ("LOC", 10, 15)], "b": [("PER", 1, 5), ("LOC", 10, 14)]}
>>> gamma_cat(of_spans(20, spans)).total()
1.0
"""

from annotator.agreement._core.alignment import EQUAL, SMALL, Scale
from annotator.agreement._core.chance import NoValueError
from annotator.agreement._core.gamma import disorder
from annotator.agreement._core.measure import Figures, Measure, Tally
from annotator.compare.comparison import Comparison
from annotator.i18n import N_, _


def gamma_cat(found: Comparison, seed: int = 0, scale: Scale = EQUAL) -> Tally:
    """Return the tally of γ_cat."""
    parts = disorder(found, seed, scale)
    return Tally(parts.labels, parts.units, _value)


def _value(sums: Figures) -> float:
    apart, weight, chance_apart, chance_weight = map(float, sums)
    if weight <= 0:
        raise NoValueError(_("No two spans were aligned."))
    if apart <= SMALL:
        return 1.0
    if chance_weight <= 0 or chance_apart <= SMALL:
        raise NoValueError(_("Only one label was used, so chance alone agrees always."))
    return 1 - (apart / weight) / (chance_apart / chance_weight)


MEASURE = Measure("gamma_cat", N_("γ of labels"), N_("labels of aligned spans"), spans=gamma_cat)
