"""Krippendorff's nominal α (2004) of tokens, whose category is the set of labels on them.

A token in no span has the category of none; one in nested spans has a category of its own;
annotators who did not work on a document have no codes there. Undefined where nobody marked
anything.

>>> from annotator.compare.building import compare
>>> from annotator.model import Document, Labelled, AnnotationSet, Span
>>> annotation_set = (
...     AnnotationSet("a", spans=(Span("", "", "PER", ((0, 7),), ""),)),
...     AnnotationSet("b", spans=(Span("", "", "PER", ((0, 2),), ""),)),
... )
>>> text = Document("", "", "one two three four")
>>> round(token_alpha(compare(Labelled(text, each) for each in annotation_set)).total(), 4)
0.5333
"""

from annotator.agreement._core.alpha import alpha, nominal
from annotator.agreement._core.measure import Measure, Tally
from annotator.agreement._core.spans import token_tally
from annotator.compare.comparison import Comparison
from annotator.i18n import N_


def token_alpha(found: Comparison, _seed: int = 0) -> Tally:
    """Return the tally of α."""
    return token_tally(found, lambda codings: alpha(codings, nominal))


MEASURE = Measure("token_alpha", N_("Token α"), N_("labels of tokens"), spans=token_alpha)
