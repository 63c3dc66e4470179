"""What the view is handed: plain values, ready to be painted."""

from dataclasses import dataclass
from typing import NamedTuple

CLAIM, ENTITY, STANCE = "claim", "entity", "stance"


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled stretch of the text.

    `fragments` are sorted code point ranges; `color` is the line colour "#RRGGBB".

    look: "entity", "claim" or "stance". sign and badge are shown in the chip beside the code.
    origin: "own", "other" (with the letter of its annotator) or "suggestion". Among marks of one
    place the lower `order` lies nearer to the text.
    """

    id: str
    fragments: tuple[tuple[int, int], ...]
    look: str
    code: str
    color: str
    sign: str = ""
    badge: str = ""
    incomplete: bool = False
    origin: str = "own"
    letter: str = ""
    order: int = 0

    @property
    def start(self) -> int:
        """First character of the first fragment."""
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        """End of the last fragment."""
        return self.fragments[-1][1]

    @property
    def length(self) -> int:
        """Number of characters covered."""
        return sum(end - start for start, end in self.fragments)

    @property
    def caption(self) -> str:
        """Return the text of the chip.

        The full-width plus of the signs is in few fonts; the plain one looks the same.
        """
        parts = (
            self.sign.replace("＋", "+"),
            self.code,
            self.badge,
            "…" if self.incomplete else "",
        )
        return " ".join(part for part in parts if part)

    def covers(self, position: int) -> bool:
        """Return whether the character at this position belongs to the mark."""
        return any(start <= position < end for start, end in self.fragments)


@dataclass(frozen=True, slots=True)
class Link:
    """An arc from one mark to another.

    With `implicit` it ends at a named argument that has no place in the text.
    """

    head: str
    child: str
    text: str
    color: str
    implicit: str = ""


class Piece(NamedTuple):
    """A fragment's part inside a block, in characters of the block.

    `first` where the mark begins, `last` where it ends; `number` is that of its fragment.
    """

    mark: Mark
    start: int
    end: int
    first: bool
    last: bool
    number: int = 0
