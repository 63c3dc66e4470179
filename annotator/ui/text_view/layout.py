"""One block laid out: a QTextLayout, its lines, and their cells when they are asked for."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTextLayout, QTextLine, QTextOption

from annotator.text import segmentation
from annotator.text.offsets import Utf16Map
from annotator.ui.look.style import Metrics, block_font
from annotator.ui.text_view.cells import Caret, LineCells, read_cells

KEPT = 400
_TAB_WIDTH = 3.0
# PySide drops a leading U+FEFF or U+FFFE from a string; these have the same length and are as
# invisible.
_STAND_INS = {"\ufeff": "\u2060", "\ufffe": "\ufffd"}
_LINE_SEPARATOR = "\u2028"


def shown(text: str) -> str:
    """Return the text as it is given to Qt, equal in length."""
    return _STAND_INS[text[0]] + text[1:] if text and text[0] in _STAND_INS else text


class BlockLayout:
    """The lines of a block.

    Positions are characters of the block; x begins at the left edge of the column.

    The text box of line n has its top at `tops[n]`; `place` sets them, which costs no new layout.
    """

    __slots__ = (
        "_boundaries",
        "_cells",
        "_edge",
        "_layout",
        "_lines",
        "_metrics",
        "_text",
        "_units",
        "ends",
        "height",
        "rtl",
        "starts",
        "tops",
    )

    def __init__(self, text: str, direction: str, width: float, metrics: Metrics) -> None:
        self._text = text
        self._metrics = metrics
        self._units = Utf16Map(text)
        self.rtl = direction == "rtl"
        self._edge = width if self.rtl else 0.0
        self._boundaries: list[int] | None = None
        self._layout = self._prepared(direction)
        # A QTextLine is a raw pointer into its layout: both live and die in this object.
        self._lines: list[QTextLine] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._break_lines(width)
        self._cells: list[LineCells | None] = [None] * len(self._lines)
        self.tops: list[int] = []
        self.height = 0
        self.place(
            [metrics.pitch * number for number in range(len(self._lines))],
            metrics.pitch * len(self._lines),
        )

    def _prepared(self, direction: str) -> QTextLayout:
        font, formats = block_font(
            self._text, direction, self._metrics.text_size, self._metrics.family
        )
        if not self._units.is_identity:
            for part in formats:
                start = self._units.to_utf16(part.start)
                end = self._units.to_utf16(part.start + part.length)
                part.start = start
                part.length = end - start
        layout = QTextLayout(shown(self._text), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        # Qt orders a right-to-left paragraph by its direction, but does not move it to the right by
        # itself.
        option.setTextDirection(
            Qt.LayoutDirection.RightToLeft if self.rtl else Qt.LayoutDirection.LeftToRight
        )
        option.setAlignment(Qt.AlignmentFlag.AlignRight if self.rtl else Qt.AlignmentFlag.AlignLeft)
        option.setTabStopDistance(self._metrics.text_size * _TAB_WIDTH)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        if formats:
            layout.setFormats(formats)
        return layout

    def _break_lines(self, width: float) -> None:
        to_character = self._units.nearest_codepoint
        self._layout.beginLayout()
        while True:
            line = self._layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            self._lines.append(line)
            self.starts.append(to_character(line.textStart()))
            self.ends.append(to_character(line.textStart() + line.textLength()))
        self._layout.endLayout()

    def __len__(self) -> int:
        return len(self._lines)

    def place(self, tops: Sequence[int], height: int) -> None:
        """Put the text box of each line at its top and set the height of the whole."""
        self.tops = list(tops)
        self.height = height
        for line, top in zip(self._lines, self.tops, strict=True):
            line.setPosition(QPointF(0, top + self._metrics.ascent - line.ascent()))

    def draw(self, painter: QPainter, x: float, y: float, clip: QRectF) -> None:
        """Draw the text of the lines that meet the clip rectangle."""
        self._layout.draw(painter, QPointF(x, y), [], clip)

    def boundaries(self) -> list[int]:
        """Return the grapheme boundaries of the block."""
        if self._boundaries is None:
            self._boundaries = segmentation.graphemes(self._text)
        return self._boundaries

    def cells(self, line: int) -> LineCells:
        """Return the cells of a line."""
        cells = self._cells[line]
        if cells is None:
            cells = self._cells[line] = read_cells(
                self._lines[line], self._text, self._units, self.boundaries(), self._edge
            )
        return cells

    def line_of(self, caret: Caret) -> int:
        """Return the line on which a caret is shown.

        At a wrap, a caret tied to the character before stays on its line.
        """
        line = max(bisect_right(self.starts, caret.position) - 1, 0)
        is_wrap = (
            line > 0
            and caret.position == self.starts[line]
            and self._text[caret.position - 1] != _LINE_SEPARATOR
        )
        return line - 1 if caret.before and is_wrap else line

    def line_at(self, y: float) -> int:
        """Return the line at a height; what hangs under a line belongs to it."""
        return max(bisect_right(self.tops, y + 2) - 1, 0)

    def bottom(self, line: int) -> int:
        """Return the y at which the next line begins."""
        return self.tops[line + 1] if line + 1 < len(self.tops) else self.height

    def glyphs(self) -> list[tuple[int, int, float]]:
        """Return (string index, glyph, x) of all glyphs.

        This serves tests and the search for characters without a glyph.
        """
        flags = QTextLayout.GlyphRunRetrievalFlag.RetrieveAll
        found: list[tuple[int, int, float]] = []
        for line in self._lines:
            for run in line.glyphRuns(-1, -1, flags):
                places = (place.x() for place in run.positions())
                found += zip(run.stringIndexes(), run.glyphIndexes(), places, strict=False)
        return found


class Remembered:
    """The layouts used last."""

    def __init__(self) -> None:
        self._layouts: OrderedDict[int, BlockLayout] = OrderedDict()

    def find(self, block: int) -> BlockLayout | None:
        """Return the layout of a block if it is there."""
        layout = self._layouts.get(block)
        if layout is not None:
            self._layouts.move_to_end(block)
        return layout

    def keep(self, block: int, layout: BlockLayout) -> int | None:
        """Keep a layout; return the block whose layout was given up for it."""
        self._layouts[block] = layout
        return self._layouts.popitem(last=False)[0] if len(self._layouts) > KEPT else None

    def items(self) -> list[tuple[int, BlockLayout]]:
        """Return all kept layouts by their blocks."""
        return list(self._layouts.items())

    def forget(self) -> None:
        """Give up all layouts."""
        self._layouts.clear()
