"""F1 of places: two spans agree that have equal fragments and one layer, whatever their labels.

How far annotators find the same spans, apart from how far they label them alike. F1 as in Hripcsak
and Rothschild (2005), Agreement, the F-measure, and reliability in information retrieval, JAMIA
12(3).

>>> from annotator.compare.building import of_spans
>>> spans = {"a": [("PER", 0, 5), ("LOC", 10, 15)], "b": [("PER", 0, 5), ("ORG", 10, 15)]}
>>> position_f1(of_spans(20, spans)).total()
1.0
"""

from annotator.agreement._core.measure import Measure, Tally
from annotator.agreement._core.spans import f1_of_keys
from annotator.compare.comparison import Comparison
from annotator.compare.matching import position_keys
from annotator.i18n import N_


def position_f1(found: Comparison, _seed: int = 0) -> Tally:
    """Return the tally of F1."""
    return f1_of_keys(found, position_keys(found))


MEASURE = Measure(
    "position_f1", N_("Position F1"), N_("place of spans, whatever the label"), spans=position_f1
)
