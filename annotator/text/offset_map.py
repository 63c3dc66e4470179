"""Where the characters of a text are after it was changed.

An offset map made of the stretches that changed.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from annotator.model import Fragment
from annotator.text.ranges import united


class Change(NamedTuple):
    """A stretch [start, end) of the source and what it became.

    `places` are where each of its characters is in `text`.
    """

    start: int
    end: int
    text: str
    places: Sequence[Fragment]


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Maps stretches of a source text to the text that came of it.

    `targets` are where the changes begin there.
    """

    changes: tuple[Change, ...] = ()
    targets: tuple[int, ...] = ()

    def fragments(self, start: int, end: int) -> tuple[Fragment, ...]:
        """Return where the characters of [start, end) are.

        Mostly one stretch, several where their order changed, () where all are gone.
        """
        found: tuple[Fragment, ...] = ()
        number = max(bisect_right(self.changes, start, key=lambda change: change.start) - 1, 0)
        place = start
        for change, target in zip(self.changes[number:], self.targets[number:], strict=True):
            if change.start >= end:
                break
            found = self._kept(found, place, min(change.start, end))
            for first, last in change.places[
                max(start - change.start, 0) : max(end - change.start, 0)
            ]:
                if first < last:
                    found = united(found, (target + first, target + last))
            place = max(place, change.end)
        return self._kept(found, place, end)

    def _kept(self, found: tuple[Fragment, ...], start: int, end: int) -> tuple[Fragment, ...]:
        """Add a stretch between two changes, which only moved."""
        if start >= end:
            return found
        number = bisect_right(self.changes, start, key=lambda change: change.start) - 1
        shift = (
            self.targets[number] + len(self.changes[number].text) - self.changes[number].end
            if number >= 0
            else 0
        )
        return united(found, (start + shift, end + shift))


def changed(text: str, changes: Iterable[Change]) -> tuple[str, OffsetMap]:
    """Return the text with the changes made (in order, apart from one another).

    And where everything is now.
    """
    pieces: list[str] = []
    targets: list[int] = []
    made: list[Change] = []
    done = length = 0
    for change in changes:
        pieces += [text[done : change.start], change.text]
        length += change.start - done
        targets.append(length)
        length += len(change.text)
        made.append(change)
        done = change.end
    pieces.append(text[done:])
    return "".join(pieces), OffsetMap(tuple(made), tuple(targets))


def composed(first: Sequence[Fragment], second: Sequence[Fragment]) -> list[Fragment]:
    """Return places after two changes of one stretch, from the places after each."""
    found: list[Fragment] = []
    for start, end in first:
        inside = [place for place in second[start:end] if place[0] < place[1]]
        found.append(
            (min(place[0] for place in inside), max(place[1] for place in inside))
            if inside
            else (0, 0)
        )
    return found
