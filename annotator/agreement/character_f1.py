"""F1 of characters: each character counts once for each layer and label that covers it.

A span that is a little too long costs little. F1 as in Hripcsak and Rothschild
(2005), Agreement, the F-measure, and reliability in information retrieval, JAMIA 12(3).

>>> from annotator.compare.building import of_spans
>>> spans = {"a": [("PER", 0, 5), ("LOC", 10, 15)], "b": [("PER", 0, 5), ("LOC", 10, 20)]}
>>> character_f1(of_spans(20, spans)).total()
0.8
"""

from annotator.agreement._core.measure import Measure, Tally
from annotator.agreement._core.spans import f1_of_ground
from annotator.compare.comparison import Comparison
from annotator.i18n import N_


def character_f1(found: Comparison, _seed: int = 0) -> Tally:
    """Return the tally of F1."""
    return f1_of_ground(found, found.characters)


MEASURE = Measure(
    "character_f1", N_("Character F1"), N_("characters and labels"), spans=character_f1
)
