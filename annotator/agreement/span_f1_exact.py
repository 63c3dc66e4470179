"""F1 of spans that are the same: equal fragments, layer and label.

Equal spans of one annotator are matched one to one; chance plays no part, since nobody can say how
many spans were not marked. 2 × agreed / all, as the mean of precision and recall that needs no
truth: Hripcsak and Rothschild (2005), Agreement, the F-measure, and reliability in information
retrieval, JAMIA 12(3).

>>> from annotator.compare.building import of_spans
>>> spans = {"a": [("PER", 0, 5), ("LOC", 10, 15)], "b": [("PER", 0, 5), ("ORG", 10, 15)]}
>>> span_f1_exact(of_spans(20, spans)).total()
0.5
"""

from annotator.agreement._core.measure import Measure, Tally
from annotator.agreement._core.spans import f1_of_keys
from annotator.compare.comparison import Comparison
from annotator.compare.matching import exact_keys
from annotator.i18n import N_


def span_f1_exact(found: Comparison, _seed: int = 0) -> Tally:
    """Return the tally of F1."""
    return f1_of_keys(found, exact_keys(found))


MEASURE = Measure(
    "span_f1_exact", N_("Span F1, exact"), N_("place and label of spans"), spans=span_f1_exact
)
