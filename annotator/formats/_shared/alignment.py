"""Spans on tokens, for formats that hold tokens; what does not fit is counted and listed."""

from collections.abc import Sequence

from annotator.formats._api import Misaligned, Report
from annotator.i18n import _
from annotator.model import Fragment, Span
from annotator.text.tokenizers import ALIGNED, DROPPED, align


def placed(
    document: str, span: Span, fragment: Fragment, tokens: Sequence[Fragment], report: Report
) -> tuple[int, int] | None:
    """Return the first token under a fragment and the end of the last, None where it has none."""
    first, last, outcome = align(tokens, fragment)
    if outcome != ALIGNED:
        report.misaligned.append(Misaligned(document, span.label, *fragment, span.text, outcome))
    if outcome == DROPPED:
        report.lose(
            "spans without a token", _("a span over spaces or invisible signs alone has no token")
        )
        return None
    if outcome != ALIGNED:
        report.lose(
            "boundaries", _("a span that ends inside a token was written over the whole token")
        )
    return first, last
