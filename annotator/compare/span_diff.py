"""How the spans of one annotation set look beside another's: the same, different, or alone.

A span is held only against those that it touches, so a change concerns none but its neighbours.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate

from annotator.model import Span

SAME, DIFFERENT, ALONE = "=", "≠", "+"
"""In both; over the same text with another label or boundary; where the other set has nothing."""


def differing(theirs: Iterable[Span], mine: Sequence[Span]) -> dict[str, str]:
    """Return for each of their spans, by id, how it differs from mine in the same layer."""
    exact = {(span.layer, span.label, span.fragments) for span in mine}
    layers: dict[str, list[Span]] = {}
    for span in sorted(mine, key=_start):
        layers.setdefault(span.layer, []).append(span)
    starts = {name: [span.start for span in spans] for name, spans in layers.items()}
    reach = {
        name: list(accumulate((span.end for span in spans), max)) for name, spans in layers.items()
    }
    found = {}
    for span in theirs:
        before = bisect_left(
            starts.get(span.layer, []), span.end
        )  # of mine, those that begin before it ends
        touches = before > 0 and reach[span.layer][before - 1] > span.start
        is_same = (span.layer, span.label, span.fragments) in exact
        found[span.id] = SAME if is_same else DIFFERENT if touches else ALONE
    return found


class SetDiff:
    """How two annotation sets stand to each other while mine is worked on: signs by span id."""

    def __init__(self, theirs: Sequence[Span]) -> None:
        self.theirs = theirs
        self.signs = differing(theirs, ())
        self.of_mine: dict[str, str] = {}
        self._mine: dict[str, Span] = {}

    def follow(self, mine: Sequence[Span]) -> None:
        """Take mine as they are now, and hold anew what lies where they changed."""
        before = self._mine
        self._mine = {span.id: span for span in mine}
        fresh = [span for span in mine if before.get(span.id) != span]
        gone = [span for name, span in before.items() if self._mine.get(name) != span]
        for span in gone:
            self.of_mine.pop(span.id)
        theirs = _near(self.theirs, [*fresh, *gone])
        self.of_mine.update(differing(fresh, theirs))
        self.signs.update(differing(theirs, _near(mine, theirs)))


def _near(spans: Iterable[Span], places: Sequence[Span]) -> list[Span]:
    """Return the spans that touch the stretch from the first of the places to the last."""
    low = min(map(_start, places), default=0)
    high = max((span.end for span in places), default=0)
    return [span for span in spans if span.start < high and low < span.end]


def _start(span: Span) -> int:
    return span.start
