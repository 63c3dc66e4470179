"""Lines up what several annotators marked in the same texts; agreement and adjudication both stand on it.

Words: a *mark* is one span of one annotator as a row of numbers; its *shape* is the place it covers (document, fragments);
its *kind* is its layer and label. An annotator has *worked* on a document when there is a layer of his: a layer without a
span says that he found none. *Ground* is what marks cover: the characters of the texts, or their tokens.

Every function sees marks as a multiset, so no result depends on the order in which spans are stored. Nested and stacked
spans count like all others.
"""

from annotator.compare.building import aligned, compare, of_spans
from annotator.compare.comparison import Comparison, Ground, Marks, Numbers, Truths
from annotator.compare.matching import Table, Touching, assigned, counted, crossing, exact_keys, matched, position_keys, touching

__all__ = [
    "Comparison",
    "Ground",
    "Marks",
    "Numbers",
    "Table",
    "Touching",
    "Truths",
    "aligned",
    "assigned",
    "compare",
    "counted",
    "crossing",
    "exact_keys",
    "matched",
    "of_spans",
    "position_keys",
    "touching",
]
