"""The geometry of one line: which x range each grapheme covers.

Rectangles, caret and hit test all come from here.

QTextLine's own cursorToX and xToCursor are wrong in wrapped right-to-left lines and inside numbers,
hence this table. All x are those of the layout; positions are characters (code points) of the
block. Words: a *cluster* is a group of glyphs that Qt reports under one string index.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtGui import QGlyphRun, QTextLayout, QTextLine

from annotator.text.offsets import Utf16Map

_FLAG = QTextLayout.GlyphRunRetrievalFlag
_FLAGS = _FLAG.RetrieveGlyphPositions | _FLAG.RetrieveStringIndexes | _FLAG.RetrieveGlyphIndexes
_JOINED = 0.75
_THIN = 0.01
# Characters that take no width of their own: they must never get a share of the letter before them.
_UNSEEN = frozenset(
    "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)

Extent = tuple[float, float]


class Caret(NamedTuple):
    """A place between two characters.

    `before` ties it to the character before it: where directions meet, these are two places.
    """

    position: int
    before: bool = False


class Cell(NamedTuple):
    """What one grapheme [start, end) covers."""

    left: float
    right: float
    start: int
    end: int
    rtl: bool


# A cell as it is kept: plain tuples of plain values are passed over by the garbage collector, and
# there are many.
_Row = tuple[float, float, int, int, bool]


class LineCells:
    """The cells of one line from left to right."""

    __slots__ = ("_begins", "_ends", "_lefts", "_rows", "edge", "end", "start")

    def __init__(self, rows: Iterable[_Row], start: int, end: int, edge: float) -> None:
        self._rows = _apart(rows)
        self.start = start
        self.end = end
        self.edge = edge  # where the caret stands in an empty line
        self._lefts = [row[0] for row in self._rows]
        self._begins = {row[2]: row[1] if row[4] else row[0] for row in self._rows}
        self._ends = {row[3]: row[0] if row[4] else row[1] for row in self._rows}

    @property
    def rtl(self) -> bool:
        """Return whether the line belongs to a right-to-left paragraph."""
        return self.edge > 0

    @property
    def cells(self) -> list[Cell]:
        """Return all cells."""
        return [Cell(*row) for row in self._rows]

    @property
    def last_end(self) -> int:
        """Return where the last visible character ends.

        The white space at a wrap hangs out of the line.
        """
        return max(self._ends, default=self.start)

    def runs_left(self, position: int, at_end: bool = False) -> bool:
        """Return whether the cell that begins (or ends) at a position runs from right to left."""
        edge = 3 if at_end else 2
        return next((row[4] for row in self._rows if row[edge] == position), self.rtl)

    def rects(self, start: int, end: int) -> list[Extent]:
        """Return the x ranges that the characters [start, end) cover, neighbours joined."""
        result: list[Extent] = []
        for left, right, first, last, _rtl in self._rows:
            if first < end and start < last:
                if result and left - result[-1][1] < _JOINED:
                    result[-1] = (result[-1][0], max(result[-1][1], right))
                else:
                    result.append((left, right))
        return result

    def cell_at(self, x: float) -> Cell | None:
        """Return the cell under x; beside the text, the nearest one."""
        if not self._rows:
            return None
        number = max(bisect_right(self._lefts, x) - 1, 0)
        right = self._rows[number][1]
        if x > right and number + 1 < len(self._rows) and self._lefts[number + 1] - x < x - right:
            number += 1
        return Cell(*self._rows[number])

    def hit(self, x: float) -> Caret:
        """Return the caret at the nearer edge of the cell under x."""
        cell = self.cell_at(x)
        if cell is None:
            return Caret(self.start)
        return _left_edge(cell) if x < (cell.left + cell.right) / 2 else _right_edge(cell)

    def caret_x(self, caret: Caret) -> float:
        """Return where a caret stands."""
        position = caret.position
        near, far = (self._ends, self._begins) if caret.before else (self._begins, self._ends)
        if position in near:
            return near[position]
        if position in far:
            return far[position]
        # It is in white space at the end of a wrapped line, or among characters without width.
        before = max((end for end in self._ends if end <= position), default=None)
        if before is not None:
            return self._ends[before]
        after = min(self._begins, default=None)
        return self.edge if after is None else self._begins[after]

    def outermost(self, *, right: bool) -> Caret:
        """Return the caret at the right or left edge of the whole line."""
        if not self._rows:
            return Caret(self.start)
        return _right_edge(Cell(*self._rows[-1])) if right else _left_edge(Cell(*self._rows[0]))

    def left_of(self, x: float) -> Caret | None:
        """Return the caret one cell further to the left, or None at the end of the line."""
        number = bisect_left(self._lefts, x - _THIN) - 1
        return _left_edge(Cell(*self._rows[number])) if number >= 0 else None

    def right_of(self, x: float) -> Caret | None:
        """Return the caret one cell further to the right, or None at the end of the line."""
        row = next((row for row in self._rows if row[1] > x + _THIN), None)
        return None if row is None else _right_edge(Cell(*row))


def _apart(rows: Iterable[_Row]) -> list[_Row]:
    """Return the rows from left to right, none over another: the caret walks by their edges.

    They do overlap where a mark has no letter, or one font stands in for another.
    """
    found: list[_Row] = []
    edge = 0.0
    for row in sorted(rows):
        left = max(row[0], edge) if found else row[0]
        if row[1] - left > _THIN:
            found.append((left, *row[1:]) if left > row[0] else row)
            edge = row[1]
    return found


def _left_edge(cell: Cell) -> Caret:
    return Caret(cell.end, before=True) if cell.rtl else Caret(cell.start)


def _right_edge(cell: Cell) -> Caret:
    return Caret(cell.start) if cell.rtl else Caret(cell.end, before=True)


_Shape = tuple[float, float, bool]  # left, right, whether it is read from right to left


def read_cells(
    line: QTextLine, text: str, units: Utf16Map, boundaries: Sequence[int], edge: float
) -> LineCells:
    """Measure a line of a layout of `text`, whose grapheme boundaries are given.

    The layout must be alive.
    """
    first = line.textStart()
    last = line.textStart() + line.textLength()
    start = units.nearest_codepoint(first)
    end = units.nearest_codepoint(last)
    stops = boundaries[bisect_left(boundaries, start) : bisect_right(boundaries, end)]
    places = stops if units.is_identity else [units.to_utf16(stop) for stop in stops]
    clusters = _clusters(line, first, last)
    cells = (
        _measured_one_by_one(line, stops, places)
        if clusters is None
        else _measured(text, stops, places, clusters)
    )
    if "\t" in text[start:end]:
        tabs = [number for number, stop in enumerate(stops[:-1]) if text[stop] == "\t"]
        cells += _tabs(line, tabs, stops, places, cells, edge)
    return LineCells(cells, start, end, edge)


def _clusters(line: QTextLine, first: int, last: int) -> dict[int, _Shape] | None:
    """Return the extent of each cluster by its string index, or None.

    None where Qt's indexes cannot be trusted: where a script run fell back to a second font, its
    indexes are zeros and its rectangle is that of the whole run.
    """
    found: dict[int, _Shape] = {}
    for run in line.glyphRuns(first, last - first, _FLAGS):
        rtl = run.isRightToLeft()
        places = _places(run)
        if places and not (first <= min(places) and max(places) < last):
            return None
        far = run.boundingRect().right()
        for index in sorted(places, reverse=not rtl):
            if index in found:
                return None
            near = places[index]
            found[index] = (near, far, rtl)
            far = near
    return found


def _places(run: QGlyphRun) -> dict[int, float]:
    """Return the left edge of each cluster of a run, by its string index."""
    indexes = run.stringIndexes()
    positions = run.positions()
    places: dict[int, float] = {}
    for index, place in zip(indexes, positions, strict=False):
        places.setdefault(index, place.x())  # the first glyph of a cluster is its base
    if run.isRightToLeft() and len(places) < len(indexes):
        # A cluster may have several letters (emoji joined by ZWJ, without a glyph for the whole);
        # marks have no advance.
        advances = run.rawFont().advancesForGlyphIndexes(run.glyphIndexes())
        for index, place, advance in zip(indexes, positions, advances, strict=False):
            if advance.x() > _THIN:
                places[index] = min(places[index], place.x())
    return places


def _measured(
    text: str, stops: Sequence[int], places: Sequence[int], clusters: dict[int, _Shape]
) -> list[_Row]:
    """Give the graphemes between the stops (in UTF-16: places) the clusters' extents."""
    cells: list[_Row] = []
    group: list[int] = []  # the graphemes that share the shape: more than one in a ligature
    shape: _Shape = (0.0, 0.0, False)
    for number, (first, last) in enumerate(pairwise(places)):
        own = clusters.get(first) if last - first == 1 else _united(clusters, first, last)
        if own is not None and own[1] - own[0] > _THIN:
            if group:
                _share_out(group, shape, stops, cells)
            group = [number]
            shape = own
        elif _is_seen(text, stops[number]):
            if len(group) == 1 and text[stops[group[0]]] in _UNSEEN:
                # A soft hyphen that is not drawn has taken the index of the letter after it.
                group = [number]
            elif group and (own is None or text[stops[number]].isalpha()):
                # Without a glyph, or with one that takes no width: a letter of a ligature.
                group.append(number)
        elif own is not None and group:
            _share_out(group, shape, stops, cells)
            group = []  # what follows and has no cluster belongs to this invisible one
    if group:
        _share_out(group, shape, stops, cells)
    return cells


def _united(clusters: dict[int, _Shape], first: int, last: int) -> _Shape | None:
    """Return the extent of the clusters of one grapheme.

    An invisible one may lie far from its letter and does not count.
    """
    own = [clusters[index] for index in range(first, last) if index in clusters]
    seen = [shape for shape in own if shape[1] - shape[0] > _THIN] or own[:1]
    return (
        (min(shape[0] for shape in seen), max(shape[1] for shape in seen), seen[0][2])
        if seen
        else None
    )


def _is_seen(text: str, start: int) -> bool:
    """Return, by its first character, whether a grapheme has a shape.

    A mark on a space hangs out of the line's end with it.
    """
    return not (text[start].isspace() or text[start] in _UNSEEN)


def _share_out(group: list[int], shape: _Shape, stops: Sequence[int], cells: list[_Row]) -> None:
    left, right, rtl = shape
    if len(group) == 1:
        cells.append((left, right, stops[group[0]], stops[group[0] + 1], rtl))
        return
    width = (right - left) / len(group)
    for place, number in enumerate(reversed(group) if rtl else group):
        x = left + place * width
        cells.append((x, x + width, stops[number], stops[number + 1], rtl))


def _tabs(
    line: QTextLine,
    tabs: list[int],
    stops: Sequence[int],
    places: Sequence[int],
    cells: list[_Row],
    edge: float,
) -> list[_Row]:
    """Return the cells of tabs, which have no glyph: the gaps between other characters.

    A tab has the direction of its paragraph, and nothing before it is ever shown after it. Tabs
    that follow one another share their gap evenly; a tab at the end of a line is as wide as the
    caret's step over it.
    """
    rtl = edge > 0
    gaps: dict[float, tuple[float, list[int]]] = {}
    for tab in tabs:
        step = abs(_x(line, places[tab + 1]) - _x(line, places[tab]))
        near, far = _gap(stops[tab], step, cells, edge)
        gaps.setdefault(near, (far, []))[1].append(tab)
    result: list[_Row] = []
    for near, (far, inside) in gaps.items():
        wide = (far - near) / len(inside)
        for number, tab in enumerate(inside):
            ends = (near + wide * number, near + wide * (number + 1))
            result.append((min(ends), max(ends), stops[tab], stops[tab + 1], rtl))
    return result


def _gap(position: int, step: float, cells: Sequence[_Row], edge: float) -> tuple[float, float]:
    """Return the near and the far side of the gap that a tab leaves between its neighbours."""
    before = [row for row in cells if row[3] <= position]
    after = [row for row in cells if row[2] > position]
    if edge > 0:
        near = min((row[0] for row in before), default=edge)
        return near, max((row[1] for row in after), default=near - step)
    near = max((row[1] for row in before), default=0.0)
    return near, min((row[0] for row in after), default=near + step)


def _x(line: QTextLine, unit: int) -> float:
    place = line.cursorToX(unit)  # the stubs say object; it is (x, unit)
    return float(place[0]) if isinstance(place, tuple) else 0.0


def _measured_one_by_one(
    line: QTextLine, stops: Sequence[int], places: Sequence[int]
) -> list[_Row]:
    cells: list[_Row] = []
    for number in range(len(stops) - 1):
        runs = line.glyphRuns(places[number], places[number + 1] - places[number], _FLAGS)
        if runs:
            shapes = [(run.boundingRect(), run.isRightToLeft()) for run in runs]
            # An invisible character of the grapheme may lie far from its letter and does not count.
            seen = [shape for shape in shapes if shape[0].width() > _THIN] or shapes[:1]
            left = min(box.left() for box, _rtl in seen)
            right = max(box.right() for box, _rtl in seen)
            cells.append((left, right, stops[number], stops[number + 1], seen[0][1]))
    return cells
