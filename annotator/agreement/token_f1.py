"""F1 of tokens: each token counts once for each layer and label that covers any of its characters.

Tokens are words, numbers, addresses; the same ones for all annotators, cut from the text itself. F1
as in Hripcsak and Rothschild (2005), Agreement, the F-measure, and reliability in information
retrieval, JAMIA 12(3).

>>> from annotator.compare.building import compare
>>> from annotator.model import Document, Labelled, AnnotationSet, Span
>>> annotation_set = (
...     AnnotationSet("a", spans=(Span("", "", "PER", ((0, 3), (4, 7)), ""),)),
...     AnnotationSet("b", spans=(Span("", "", "PER", ((0, 2),), ""),)),
... )
>>> text = Document("", "", "one two three")
>>> round(token_f1(compare(Labelled(text, each) for each in annotation_set)).total(), 4)
0.6667
"""

from annotator.agreement._core.measure import Measure, Tally
from annotator.agreement._core.spans import f1_of_ground
from annotator.compare.comparison import Comparison
from annotator.i18n import N_


def token_f1(found: Comparison, _seed: int = 0) -> Tally:
    """Return the tally of F1."""
    return f1_of_ground(found, found.tokens)


MEASURE = Measure("token_f1", N_("Token F1"), N_("tokens and labels"), spans=token_f1)
