"""Where the characters of a text are after it was changed, known from the stretches that did."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from annotator.model import Fragment
from annotator.text.ranges import Fragments, united


class Change(NamedTuple):
    """A stretch [start, end) of the source and the text that it became.

    `places` says where each of its characters is in that text; one that is gone is an empty place.
    """

    start: int
    end: int
    text: str
    places: Sequence[Fragment]


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Maps stretches of a source text to the text that came of it.

    `targets` are where the changes begin in the new text.
    """

    changes: tuple[Change, ...] = ()
    targets: tuple[int, ...] = ()

    def fragments(self, start: int, end: int) -> tuple[Fragment, ...]:
        """Return where the characters of [start, end) are; () where all are gone.

        Mostly that is one stretch; it is several where their order changed.
        """
        places: tuple[Fragment, ...] = ()
        number = max(bisect_right(self.changes, start, key=lambda change: change.start) - 1, 0)
        place = start
        for change, target in zip(self.changes[number:], self.targets[number:], strict=True):
            if change.start >= end:
                break
            places = self._with_kept(places, place, min(change.start, end))
            inside = slice(max(start - change.start, 0), max(end - change.start, 0))
            for first, last in change.places[inside]:
                if first < last:
                    places = united(places, (target + first, target + last))
            place = max(place, change.end)
        return self._with_kept(places, place, end)

    def _with_kept(self, places: Fragments, start: int, end: int) -> Fragments:
        """Add a stretch between two changes, which only moved."""
        if start >= end:
            return places
        number = bisect_right(self.changes, start, key=lambda change: change.start) - 1
        if number < 0:
            return united(places, (start, end))
        change = self.changes[number]
        shift = self.targets[number] + len(change.text) - change.end
        return united(places, (start + shift, end + shift))


def changed(text: str, changes: Iterable[Change]) -> tuple[str, OffsetMap]:
    """Return the text with the changes made, and where everything is now.

    The changes are in order and apart from one another.
    """
    pieces: list[str] = []
    targets: list[int] = []
    applied: list[Change] = []
    done = length = 0
    for change in changes:
        pieces += [text[done : change.start], change.text]
        length += change.start - done
        targets.append(length)
        length += len(change.text)
        applied.append(change)
        done = change.end
    pieces.append(text[done:])
    return "".join(pieces), OffsetMap(tuple(applied), tuple(targets))


def composed(first: Sequence[Fragment], second: Sequence[Fragment]) -> list[Fragment]:
    """Return places after two changes of one stretch, from the places after each."""
    places: list[Fragment] = []
    for start, end in first:
        inside = [place for place in second[start:end] if place[0] < place[1]]
        if inside:
            places.append((min(place[0] for place in inside), max(place[1] for place in inside)))
        else:
            places.append((0, 0))
    return places
