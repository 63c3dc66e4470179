"""The text cut into blocks.

Each with its place, its direction and its boundaries of words and sentences.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable

from annotator.text import segmentation
from annotator.text.direction import base_directions
from annotator.text.sentences import sentences

# A layout costs more than its length in pathological text, so that huge paragraphs are cut.
SEGMENT = 8_000
_REACH = 12
_REMEMBERED = 400

Stretch = tuple[int, int]


def cut(text: str, start: int, end: int) -> list[Stretch]:
    """Cut a paragraph into segments at spaces, or else between two graphemes."""
    parts: list[Stretch] = []
    while end - start > SEGMENT:
        limit = start + SEGMENT
        space = text.rfind(" ", start + SEGMENT // 2, limit)
        if space >= 0:
            stop = space + 1
        else:
            stops = segmentation.graphemes(text[limit - 64 : limit])
            stop = limit - 64 + stops[-2]
        parts.append((start, stop))
        start = stop
    parts.append((start, end))
    return parts


class Blocks:
    """All blocks of a text.

    A block's characters are [starts[i], ends[i]); it is followed by a separator or the next
    segment.
    """

    def __init__(self, text: str, language: str, direction: str) -> None:
        self.text = text
        self.language = language
        self.direction = direction
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.numbers: list[int] = []  # of its paragraph, from 1; 0 for a later segment of it
        self.closes: list[bool] = []  # whether the paragraph ends with this block
        for number, paragraph in enumerate(segmentation.paragraphs(text), 1):
            parts = [(paragraph.start, paragraph.end)]
            if paragraph.end - paragraph.start > SEGMENT:
                parts = cut(text, paragraph.start, paragraph.end)
            for start, end in parts:
                self.starts.append(start)
                self.ends.append(end)
                self.numbers.append(number if start == paragraph.start else 0)
                self.closes.append(end == paragraph.end)
        self._directions: dict[int, str] = {}
        self._chosen: dict[int, str] = {}
        self._tokens = _Remembered(segmentation.tokens)
        self._sentences = _Remembered(sentences)

    def __len__(self) -> int:
        return len(self.starts)

    def at(self, position: int) -> int:
        """Return the block that holds a position; a separator belongs to the block before it."""
        return max(bisect_right(self.starts, position) - 1, 0)

    def content(self, block: int) -> str:
        """Return the text of a block, without its separator."""
        return self.text[self.starts[block] : self.ends[block]]

    def limit(self, block: int) -> int:
        """Return where the next block begins, or the end of the text."""
        return self.starts[block + 1] if block + 1 < len(self.starts) else len(self.text)

    def direction_of(self, block: int) -> str:
        """Return "rtl" or "ltr": as chosen for the paragraph, or by the rules for documents."""
        while not self.numbers[block]:
            block -= 1  # segments go with the beginning of their paragraph
        if block in self._chosen:
            return self._chosen[block]
        if block not in self._directions:
            # Only the neighbours matter to a paragraph without letters, so there is no need to ask
            # for the whole text.
            first = max(block - _REACH, 0)
            last = min(block + _REACH, len(self.starts))
            texts = [self.content(number) for number in range(first, last)]
            for number, direction in enumerate(
                base_directions(texts, self.language, self.direction), first
            ):
                if first == 0 or number >= block:
                    self._directions.setdefault(number, direction)
        return self._directions[block]

    def choose_direction(self, position: int, direction: str) -> None:
        """Set the direction of the paragraph at a position by hand; "auto" returns to the rules."""
        block = self.at(position)
        while not self.numbers[block]:
            block -= 1
        self._chosen.pop(block, None)
        if direction != "auto":
            self._chosen[block] = direction

    def tokens(self, block: int) -> list[Stretch]:
        """Return the tokens of a block, in characters of the block."""
        return self._tokens.of(block, self.content)

    def sentences(self, block: int) -> list[Stretch]:
        """Return the sentences of a block, in characters of the block."""
        return self._sentences.of(block, self.content)


class _Remembered:
    """What a function finds in the blocks used last."""

    def __init__(self, find: Callable[[str], list[Stretch]]) -> None:
        self._find = find
        self._found: OrderedDict[int, list[Stretch]] = OrderedDict()

    def of(self, block: int, content: Callable[[int], str]) -> list[Stretch]:
        """Return what is in a block."""
        if block in self._found:
            self._found.move_to_end(block)
            return self._found[block]
        result = self._found[block] = self._find(content(block))
        if len(self._found) > _REMEMBERED:
            self._found.popitem(last=False)
        return result
