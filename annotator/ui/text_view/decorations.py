"""What marks add to the lines of a block.

Lanes and space under the lines, then underlines, tints, chips and brackets in place.

The first half (`arrange`) needs only positions and sets the heights; the second (`decorate_line`)
needs the cells of a line and is asked for lines that are to be painted. Both are plain geometry:
nothing here moves a glyph or draws.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil
from operator import itemgetter
from typing import NamedTuple

from annotator.ui.look.style import Metrics, chip_text_width
from annotator.ui.text_view.cells import Caret, LineCells
from annotator.ui.text_view.control_pictures import picture_rise
from annotator.ui.text_view.lanes import MOST_LANES, Strip, allocate
from annotator.ui.text_view.marks import CLAIM, ENTITY, Mark, Piece

MOST_COLUMNS = 4
_STUB = 5.0
_GAP = 2.0


class Underline(NamedTuple):
    """An underline from left to right at y; `joins` where it only connects two fragments."""

    left: float
    right: float
    y: float
    mark: Mark
    joins: bool = False


class Tint(NamedTuple):
    """A part of an entity on its line."""

    left: float
    right: float
    mark: Mark


class Chip(NamedTuple):
    """The label of a mark; `rtl` where the mark begins at its right edge."""

    left: float
    top: float
    width: float
    height: float
    mark: Mark
    rtl: bool = False


class Bracket(NamedTuple):
    """The thin bracket at a claim's first or last word; it opens to the right or to the left."""

    x: float
    opens_right: bool
    mark: Mark


class Bar(NamedTuple):
    """A claim's bar beside the lines [first, last] of a block, in a column of the margin."""

    mark: Mark
    first: int
    last: int
    column: int
    begins: bool


@dataclass(slots=True)
class LineDecorations:
    """All that is painted on one line, y from the top of the line's text box."""

    tints: list[Tint] = field(default_factory=list)
    underlines: list[Underline] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)
    brackets: list[Bracket] = field(default_factory=list)
    hidden: int = 0


NOTHING = LineDecorations()


@dataclass(slots=True)
class Arrangement:
    """The lanes of a block and the heights that follow from them."""

    pieces: list[list[Piece]]
    lanes: dict[str, int]
    claim_lanes: dict[str, int]
    lane_tops: list[dict[int, int]]
    tops: list[int]
    height: int
    bars: list[Bar]
    lines: list[LineDecorations | None]


def chip_width(mark: Mark, metrics: Metrics) -> float:
    """Return how wide a mark's chip is, with the circle of another annotator's letter."""
    circle = metrics.chip_height + 1 if mark.letter and mark.origin == "other" else 0
    return chip_text_width(mark.caption, metrics.chip_size) + metrics.chip_size * 0.7 + circle


def arrange(
    pieces: Sequence[Piece],
    lines: Sequence[tuple[int, int]],
    metrics: Metrics,
    kept: Mapping[str, int],
    columns: dict[str, int],
    pictured: Collection[int] = (),
) -> Arrangement:
    """Give the pieces of a block their lanes and its lines their heights.

    `columns` of bars are remembered across blocks. Control pictures stand out over the `pictured`
    lines, which are moved away from what hangs under the line before.
    """
    inline, claims = _lanes(pieces, metrics, kept)
    by_line = _by_line(pieces, lines)
    lane_tops: list[dict[int, int]] = []
    tops: list[int] = []
    y = 0
    for number, (start, end) in enumerate(lines):
        if number in pictured and number and lane_tops[-1]:
            y += ceil(picture_rise(metrics.chip_size))
        tops.append(y)
        used, bottom = _lane_tops(by_line[number], start, end, inline, claims, metrics)
        lane_tops.append(used)
        y += max(metrics.pitch, bottom)
    bars = _bars(pieces, lines, columns)
    return Arrangement(by_line, inline, claims, lane_tops, tops, y, bars, [None] * len(lines))


def _lanes(
    pieces: Sequence[Piece], metrics: Metrics, kept: Mapping[str, int]
) -> tuple[dict[str, int], dict[str, int]]:
    """Return the lanes of the marks that have their chips in the text, and those of claims."""
    inline = [piece for piece in pieces if piece.mark.look != CLAIM]
    claims = [piece for piece in pieces if piece.mark.look == CLAIM]
    return allocate(_strips(inline, metrics), kept), allocate(_strips(claims, None), kept)


def _by_line(pieces: Sequence[Piece], lines: Sequence[tuple[int, int]]) -> list[list[Piece]]:
    by_line: list[list[Piece]] = [[] for _ in lines]
    for piece in pieces:
        first, last = _lines_of(lines, piece)
        for number in range(first, last + 1):
            by_line[number].append(piece)
    return by_line


def _lines_of(lines: Sequence[tuple[int, int]], piece: Piece) -> tuple[int, int]:
    """Return the first and the last line of a piece; an empty one has a line too."""
    return _line_of(lines, piece.start), _line_of(lines, max(piece.end - 1, piece.start))


def _line_of(lines: Sequence[tuple[int, int]], position: int) -> int:
    return max(bisect_right(lines, position, key=itemgetter(0)) - 1, 0)


def _strips(pieces: Sequence[Piece], metrics: Metrics | None) -> list[Strip]:
    """Return one strip a mark, from its first to its last fragment.

    With metrics it is as long as the mark's chip needs.
    """
    strips: dict[str, Strip] = {}
    for piece in pieces:
        length = 1
        if metrics and piece.first:
            length = ceil(chip_width(piece.mark, metrics) / metrics.text_size * 2)
        mark = piece.mark
        strip = strips.get(mark.id, Strip(mark.id, piece.start, piece.end, mark.order))
        strips[mark.id] = strip._replace(end=max(strip.end, piece.end, piece.start + length))
    return list(strips.values())


def _lane_tops(
    pieces: Sequence[Piece],
    start: int,
    end: int,
    inline: Mapping[str, int],
    claims: Mapping[str, int],
    metrics: Metrics,
) -> tuple[dict[int, int], int]:
    """Return the y of each lane in use on a line, and where the next line's box may begin.

    Claims' lanes (below zero) come first: their dotted lines keep one distance from the text,
    whatever is nested under it.
    """
    heights: dict[int, int] = {}
    for piece in pieces:
        is_claim = piece.mark.look == CLAIM
        lane = claims[piece.mark.id] - MOST_LANES if is_claim else inline[piece.mark.id]
        has_chip = not is_claim and piece.first and start <= piece.start < max(end, start + 1)
        need = metrics.lane
        if is_claim:
            need = metrics.claim_lane
        elif has_chip:
            need = metrics.chip_height + 1
        heights[lane] = max(heights.get(lane, 0), need)
    tops: dict[int, int] = {}
    y = metrics.box + 1
    for lane in sorted(heights):
        tops[lane] = y
        y += heights[lane]
    return tops, y + 1


def _bars(
    pieces: Sequence[Piece], lines: Sequence[tuple[int, int]], columns: dict[str, int]
) -> list[Bar]:
    bars: dict[str, Bar] = {}
    for piece in pieces:
        if piece.mark.look == CLAIM:
            first, last = _lines_of(lines, piece)
            bar = bars.get(piece.mark.id, Bar(piece.mark, first, last, 0, begins=False))
            bars[piece.mark.id] = bar._replace(
                first=min(first, bar.first),
                last=max(last, bar.last),
                begins=bar.begins or piece.first,
            )
    # Two claims that share a line need two columns even though their characters do not meet.
    strips = [Strip(bar.mark.id, bar.first, bar.last + 1, bar.mark.order) for bar in bars.values()]
    allocated = allocate(strips, columns, MOST_COLUMNS)
    columns.update(allocated)
    return [bar._replace(column=allocated[bar.mark.id]) for bar in bars.values()]


def decorate_line(
    arrangement: Arrangement, number: int, cells: LineCells, metrics: Metrics, width: float
) -> LineDecorations:
    """Return what is painted on a line, from the cells of the line."""
    decorations = LineDecorations()
    for piece in arrangement.pieces[number]:
        extents = cells.rects(piece.start, piece.end) or _stub(piece, cells)
        if piece.mark.look == CLAIM:
            lane = arrangement.claim_lanes[piece.mark.id] - MOST_LANES
            _add_brackets(decorations, piece, cells, extents)
        else:
            lane = arrangement.lanes[piece.mark.id]
            if lane == MOST_LANES - 1:
                decorations.hidden += 1
            if piece.mark.look == ENTITY:
                decorations.tints += [Tint(left, right, piece.mark) for left, right in extents]
            if piece.first and _begins_here(piece, cells):
                _add_chip(
                    decorations, piece, cells, arrangement.lane_tops[number][lane], metrics, width
                )
        y = arrangement.lane_tops[number][lane]
        decorations.underlines += [Underline(left, right, y, piece.mark) for left, right in extents]
    _join_fragments(decorations)
    arrangement.lines[number] = decorations
    return decorations


def _begins_here(piece: Piece, cells: LineCells) -> bool:
    return cells.start <= piece.start < max(cells.end, cells.start + 1)


def _stub(piece: Piece, cells: LineCells) -> list[tuple[float, float]]:
    """Show a piece without visible characters (a newline, a control) as a short stub."""
    if not cells.start <= piece.start <= cells.end or (
        piece.start < cells.end and piece.end > cells.end
    ):
        return []  # it is the white space at a wrap; the rest of the piece is on the other line
    x = cells.caret_x(Caret(piece.start))
    return [(x - _STUB, x)] if cells.rtl else [(x, x + _STUB)]


def _add_chip(
    decorations: LineDecorations,
    piece: Piece,
    cells: LineCells,
    top: float,
    metrics: Metrics,
    width: float,
) -> None:
    x = cells.caret_x(Caret(piece.start))
    rtl = cells.runs_left(piece.start)
    wide = chip_width(piece.mark, metrics)
    left = x - wide if rtl else x
    for other in decorations.chips:
        if (
            abs(other.top - top) < 1
            and left < other.left + other.width + _GAP
            and other.left < left + wide + _GAP
        ):
            left = other.left - wide - _GAP if rtl else other.left + other.width + _GAP
    slack = metrics.margin / 4
    left = min(max(left, -slack), width + slack - wide)
    decorations.chips.append(Chip(left, top, wide, metrics.chip_height, piece.mark, rtl))


def _add_brackets(
    decorations: LineDecorations,
    piece: Piece,
    cells: LineCells,
    extents: Sequence[tuple[float, float]],
) -> None:
    if not extents:
        return
    if piece.first and _begins_here(piece, cells):
        rtl = cells.runs_left(piece.start)
        decorations.brackets.append(Bracket(cells.caret_x(Caret(piece.start)), not rtl, piece.mark))
    if piece.last and cells.start < piece.end <= cells.end:
        rtl = cells.runs_left(piece.end, at_end=True)
        decorations.brackets.append(
            Bracket(cells.caret_x(Caret(piece.end, before=True)), rtl, piece.mark)
        )


def _join_fragments(decorations: LineDecorations) -> None:
    """Connect the fragments of a mark on this line by thin lines."""
    by_mark: dict[str, list[Underline]] = {}
    for underline in decorations.underlines:
        if len(underline.mark.fragments) > 1:
            by_mark.setdefault(underline.mark.id, []).append(underline)
    for underlines in by_mark.values():
        underlines.sort()
        for before, after in pairwise(underlines):
            if after.left - before.right > _GAP:
                decorations.underlines.append(
                    Underline(before.right, after.left, before.y, before.mark, joins=True)
                )
