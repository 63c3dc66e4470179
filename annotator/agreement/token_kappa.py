"""Cohen's κ (1960) with tokens as items and the set of labels that cover a token as its category.

A token in no span has the category of none, which makes most of the agreement; one in nested spans
has a category of its own. Of more than two annotators it is the mean over their pairs. Undefined
where nobody marked anything.

>>> from annotator.compare.building import compare
>>> from annotator.model import Document, Labelled, AnnotationSet, Span
>>> annotation_set = (
...     AnnotationSet("a", spans=(Span("", "", "PER", ((0, 7),), ""),)),
...     AnnotationSet("b", spans=(Span("", "", "PER", ((0, 2),), ""),)),
... )
>>> text = Document("", "", "one two three four")
>>> round(token_kappa(compare(Labelled(text, each) for each in annotation_set)).total(), 4)
0.5
"""

from annotator.agreement._core.chance import cohen, over_pairs
from annotator.agreement._core.measure import Measure, Tally
from annotator.agreement._core.spans import token_tally
from annotator.compare.comparison import Comparison
from annotator.i18n import N_


def token_kappa(found: Comparison, _seed: int = 0) -> Tally:
    """Return the tally of κ."""
    return token_tally(found, lambda codings: over_pairs(codings, lambda table: cohen(table).value))


MEASURE = Measure("token_kappa", N_("Token κ"), N_("labels of tokens"), spans=token_kappa)
