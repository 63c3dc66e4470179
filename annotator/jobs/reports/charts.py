"""Charts as SVG, drawn into the page itself: no library, no file beside it.

Colours stand in the drawing for readers that know no style sheet; the page's own style goes before
them.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 10, 28
BAR_WIDTH, BAR_HEIGHT = 160, 14
LOOKS = {
    "ground": 'fill="#e4e1da"',
    "fill": 'fill="#2f5d8a"',
    "part0": 'fill="#2f5d8a"',
    "part1": 'fill="#b0630a"',
    "part2": 'fill="#e4e1da"',
    "dot": 'fill="#2f5d8a" fill-opacity=".65"',
    "line": 'stroke="#1b1b1a" stroke-width="1.5" fill="none"',
    "grid": 'stroke="#e4e1da" fill="none"',
}
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


class Dot(NamedTuple):
    """A point of a chart, in the units of its axes, and what is said of it."""

    across: float
    up: float
    title: str


def bar(value: float | None, low: float | None, high: float | None) -> str:
    """Return a bar of a value from 0 to 1 with its interval."""
    if value is None:
        return ""
    room = BAR_WIDTH - 4
    middle = BAR_HEIGHT / 2
    parts = [
        f'<rect {_look("ground")} x="2" y="3" width="{room}" height="{BAR_HEIGHT - 6}"/>',
        (
            f'<rect {_look("fill")} x="2" y="3" width="{_inside(value) * room:.1f}"'
            f' height="{BAR_HEIGHT - 6}"/>'
        ),
    ]
    if low is not None and high is not None:
        x = 2 + _inside(low) * room
        end = 2 + _inside(high) * room
        parts.append(
            f'<path {_look("line")} d="M{x:.1f} {middle}H{end:.1f}M{x:.1f}'
            f' 2V{BAR_HEIGHT - 2}M{end:.1f} 2V{BAR_HEIGHT - 2}"/>'
        )
    return _svg("bar", BAR_WIDTH, BAR_HEIGHT, parts)


def stacked(counts: Sequence[int]) -> str:
    """Return one bar of several counts, side by side."""
    total = sum(counts) or 1
    x = 2.0
    parts = []
    for number, count in enumerate(counts):
        width = count / total * (BAR_WIDTH - 4)
        parts.append(
            f'<rect {_look(f"part{number}")} x="{x:.1f}" y="2" width="{width:.1f}"'
            f' height="{BAR_HEIGHT - 4}"/>'
        )
        x += width
    return _svg("bar", BAR_WIDTH, BAR_HEIGHT, parts)


def over_time(values: Sequence[tuple[date, float]]) -> str:
    """Return a line of values from 0 to 1 over days."""
    first = values[0][0]
    last = values[-1][0]
    days = max((last - first).days, 1)
    dots = [
        Dot((day - first).days / days, value, f"{day.isoformat()}: {value:.3f}")
        for day, value in values
    ]
    path = " ".join(
        f"{'L' if number else 'M'}{_x(dot.across):.1f} {_y(dot.up):.1f}"
        for number, dot in enumerate(dots)
    )
    return _svg(
        "chart",
        WIDTH,
        HEIGHT,
        [
            *_frame(first.isoformat(), last.isoformat()),
            f'<path {_look("line")} d="{path}"/>',
            *_dots(dots),
        ],
    )


def scatter(dots: Sequence[Dot], across: str) -> str:
    """Return points: up from 0 to 1, across from the smallest to the largest."""
    least = min(dot.across for dot in dots)
    most = max(dot.across for dot in dots)
    placed = [dot._replace(across=(dot.across - least) / max(most - least, 1)) for dot in dots]
    return _svg(
        "chart", WIDTH, HEIGHT, [*_frame(f"{least:g}", f"{most:g} {across}"), *_dots(placed)]
    )


def _look(name: str) -> str:
    return f'class="{name}" {LOOKS[name]}'


def _inside(value: float) -> float:
    return min(1.0, max(0.0, value))


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(value: float) -> float:
    return HEIGHT - BOTTOM - _inside(value) * (HEIGHT - TOP - BOTTOM)


def _frame(first: str, last: str) -> Iterable[str]:
    """Walk over the grid, and what is said at both ends of the lower axis."""
    for tick in TICKS:
        yield f'<path {_look("grid")} d="M{LEFT} {_y(tick):.1f}H{WIDTH - RIGHT}"/>'
        yield _said(LEFT - 6, _y(tick) + 4, f"{tick:g}", is_end=True)
    yield _said(LEFT, HEIGHT - 8, first)
    yield _said(WIDTH - RIGHT, HEIGHT - 8, last, is_end=True)


def _said(x: float, y: float, text: str, *, is_end: bool = False) -> str:
    side = 'class="end" text-anchor="end"' if is_end else 'class="start"'
    return f'<text {side} x="{x}" y="{y:.1f}" font-size="11" fill="#5b5850">{escape(text)}</text>'


def _dots(dots: Iterable[Dot]) -> Iterable[str]:
    for dot in dots:
        yield (
            f'<circle {_look("dot")} cx="{_x(dot.across):.1f}" cy="{_y(dot.up):.1f}"'
            f' r="3.5"><title>{escape(dot.title)}</title></circle>'
        )


def _svg(kind: str, width: int, height: int, parts: Iterable[str]) -> str:
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' direction="ltr">{"".join(parts)}</svg>'
    )
