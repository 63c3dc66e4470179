"""The heights of all blocks.

Where each one begins, and which one lies at a height (a Fenwick tree).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class HeightMap:
    """Heights in whole pixels, changed and summed in logarithmic time."""

    __slots__ = ("_heights", "_step", "_tree")

    def __init__(self, heights: Iterable[int]) -> None:
        self._heights = list(heights)
        size = len(self._heights)
        self._tree = [0, *self._heights]
        for number in range(1, size + 1):
            parent = number + (number & -number)
            if parent <= size:
                self._tree[parent] += self._tree[number]
        self._step = 1 << max(size.bit_length() - 1, 0)

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, block: int) -> int:
        return self._heights[block]

    @property
    def total(self) -> int:
        """Height of all blocks together."""
        return self.top(len(self._heights))

    def top(self, block: int) -> int:
        """Return the sum of the heights before a block."""
        result = 0
        while block > 0:
            result += self._tree[block]
            block -= block & -block
        return result

    def change(self, block: int, height: int) -> int:
        """Set a block's height; return by how much it grew."""
        grown = height - self._heights[block]
        if grown:
            self._heights[block] = height
            number = block + 1
            while number < len(self._tree):
                self._tree[number] += grown
                number += number & -number
        return grown

    def find(self, y: int) -> int:
        """Return the block at a height; before the first and after the last, the nearest one."""
        position = 0
        rest = max(y, 0)
        step = self._step
        while step:
            following = position + step
            if following < len(self._tree) and self._tree[following] <= rest:
                position = following
                rest -= self._tree[following]
            step >>= 1
        return min(position, len(self._heights) - 1)


class Sample(NamedTuple):
    """What a block turned out to be: its lines, and its height with the gap after it."""

    lines: int
    height: int


class Guess(NamedTuple):
    """How many characters fill a line, and how high a line is."""

    characters: float
    pitch: float


def estimated(
    lengths: Sequence[int], gaps: Sequence[int], samples: Mapping[int, Sample], plain: Guess
) -> list[int]:
    """Guess the heights of blocks from their lengths and samples, or from the plain guess."""
    lines = sum(sample.lines for sample in samples.values())
    if lines:
        # On average half of a paragraph's last line is empty, hence the half line for each.
        characters = sum(lengths[block] for block in samples) + sum(
            plain.characters / 2 for block in samples if lengths[block]
        )
        height = sum(sample.height - gaps[block] for block, sample in samples.items())
        plain = Guess(max(characters / lines, 1.0), height / lines)
    heights = [
        int((length / plain.characters + 0.5 if length else 1) * plain.pitch) + gap
        for length, gap in zip(lengths, gaps, strict=True)
    ]
    for block, sample in samples.items():
        heights[block] = sample.height
    return heights
