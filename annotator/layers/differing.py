"""How the spans of one layer look beside those of another: the same, different, or alone."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate

from annotator.model import Span

SAME, DIFFERENT, ALONE = "=", "≠", "+"
"""In both; over the same text with another label or another boundary; where the other layer has nothing of this kind."""


def differing(theirs: Iterable[Span], mine: Sequence[Span]) -> dict[str, str]:
    """Return for each of their spans, by id, how it differs from mine; only spans of one layer of the schema are held together."""
    exact = {(span.layer, span.label, span.fragments) for span in mine}
    layers: dict[str, list[Span]] = {}
    for span in sorted(mine, key=_start):
        layers.setdefault(span.layer, []).append(span)
    starts = {name: [span.start for span in spans] for name, spans in layers.items()}
    reach = {name: list(accumulate((span.end for span in spans), max)) for name, spans in layers.items()}
    found = {}
    for span in theirs:
        before = bisect_left(starts.get(span.layer, []), span.end)  # of mine, those that begin before it ends
        touches = before > 0 and reach[span.layer][before - 1] > span.start
        is_same = (span.layer, span.label, span.fragments) in exact
        found[span.id] = SAME if is_same else DIFFERENT if touches else ALONE
    return found


def _start(span: Span) -> int:
    return span.start
