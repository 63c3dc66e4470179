"""Which marks lie in which block; built in one pass, changed mark by mark."""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from annotator.ui.text_view.blocks import Blocks
from annotator.ui.text_view.marks import Mark, Piece


class MarkIndex:
    """The marks of a text, found by id and by block."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._by_block: dict[int, dict[str, Mark]] = {}
        self.marks: dict[str, Mark] = {}

    def show(self, marks: Sequence[Mark]) -> set[int]:
        """Make these all the marks there are; return the blocks in which something changed."""
        wanted = {mark.id: mark for mark in marks}
        if not self.marks:
            return self._fill(wanted)
        touched: set[int] = set()
        for mark_id in [mark_id for mark_id in self.marks if mark_id not in wanted]:
            touched |= self.remove(mark_id)
        for mark in marks:
            known = self.marks.get(mark.id)
            if known is not mark and known != mark:
                touched |= self.put(mark)
        return touched

    def put(self, mark: Mark) -> set[int]:
        """Add a mark or replace the one of its id; return the blocks it touches and touched."""
        touched = self.remove(mark.id)
        self.marks[mark.id] = mark
        for block in self.blocks_of(mark):
            self._by_block.setdefault(block, {})[mark.id] = mark
            touched.add(block)
        return touched

    def remove(self, mark_id: str) -> set[int]:
        """Take a mark away; return the blocks it touched."""
        mark = self.marks.pop(mark_id, None)
        touched = set(self.blocks_of(mark)) if mark else set()
        for block in touched:
            self._by_block[block].pop(mark_id, None)
        return touched

    def blocks_of(self, mark: Mark) -> Iterable[int]:
        """Return the blocks that hold a part of the mark."""
        found: set[int] = set()
        for start, end in mark.fragments:
            found.update(range(self._blocks.at(start), self._blocks.at(max(end - 1, start)) + 1))
        return found

    def pieces(self, block: int) -> list[Piece]:
        """Return the parts of marks in a block, in reading order, outer before inner."""
        marks = self._by_block.get(block)
        if not marks:
            return []
        begin = self._blocks.starts[block]
        end = self._blocks.limit(block)
        end = max(end, begin + 1)
        result: list[Piece] = []
        for mark in marks.values():
            for number, (start, stop) in enumerate(mark.fragments):
                if start < end and begin < max(stop, start + 1):
                    first = number == 0 and start >= begin
                    last = number == len(mark.fragments) - 1 and stop <= end
                    result.append(
                        Piece(
                            mark,
                            max(start, begin) - begin,
                            min(stop, end) - begin,
                            first,
                            last,
                            number,
                        )
                    )
        result.sort(key=lambda piece: (piece.start, -piece.end, piece.mark.order, piece.mark.id))
        return result

    def covering(self, position: int) -> list[Mark]:
        """Return the marks over a character, the shortest first."""
        marks = self._by_block.get(self._blocks.at(position), {})
        return sorted(
            (mark for mark in marks.values() if mark.covers(position)),
            key=attrgetter("length", "start", "id"),
        )

    def _fill(self, wanted: dict[str, Mark]) -> set[int]:
        self.marks = wanted
        starts = self._blocks.starts
        at = self._blocks.at
        by_block = self._by_block
        limits = [*starts[1:], len(self._blocks.text) + 1]
        for mark_id, mark in wanted.items():
            for start, end in mark.fragments:
                block = at(start)
                by_block.setdefault(block, {})[mark_id] = mark
                while end > limits[block] and block + 1 < len(starts):
                    block += 1
                    by_block.setdefault(block, {})[mark_id] = mark
        return set(by_block)
