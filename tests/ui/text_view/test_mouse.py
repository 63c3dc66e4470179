"""Wherever the mouse is pressed, pulled and let go.

What comes of it lies on whole characters of the text.
"""

from typing import NamedTuple

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from annotator.model import check_fragments
from annotator.text.segmentation import graphemes, trim
from annotator.ui.text_view import Mark, TextView
from tests.ui.text_view.test_caret_navigation import TEXTS

Fragments = tuple[tuple[int, int], ...]


class Spot(NamedTuple):
    """A place near the n-th grapheme (counted round).

    A share of its width from its left edge, and so far from its middle.
    """

    number: int
    share: float
    down: int


SPOTS = st.builds(
    Spot,
    st.integers(0, 80),
    st.sampled_from((-0.5, 0.0, 0.1, 0.5, 0.9, 1.0, 1.5)),
    st.sampled_from((0, 0, 0, 14, -14, 80)),
)
PULLS = st.tuples(
    SPOTS,
    st.lists(st.tuples(SPOTS, st.booleans()), max_size=3),
    st.sampled_from(("", "", "extend", "add", "character")),
)


def _point(view: TextView, stops: list[int], spot: Spot) -> QPointF:
    start = spot.number % max(len(stops) - 1, 1)
    rects = view.rects_of(stops[start], stops[min(start + 1, len(stops) - 1)])
    if not rects:
        return QPointF(spot.number, 10 + spot.down)
    return QPointF(
        rects[0].left() + spot.share * rects[0].width(), rects[0].center().y() + spot.down
    )


def _is_whole(text: str, fragments: Fragments) -> bool:
    """Return whether fragments begin and end with characters.

    What is trimmed off at their ends may belong to one.
    """
    stops = set(graphemes(text))
    return all(
        trim(text, start, end) == (start, end)
        and (start in stops or trim(text, start - 1, start) is None)
        and (end in stops or trim(text, end, end + 1) is None)
        for start, end in fragments
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=TEXTS.filter(bool),
    pulls=st.lists(PULLS, min_size=1, max_size=5),
    ends=st.sets(st.integers(0, 80), max_size=4),
)
@example(
    text="1\ufe0f\u20e3 2", pulls=[(Spot(0, 0.1, 0), [(Spot(0, 0.9, 0), False)], "")], ends=set()
)
@example(
    text="e\u0301e\u0301",
    pulls=[(Spot(1, 1.0, 0), [(Spot(0, 0.0, 0), True)], "character")],
    ends={0, 2},
)
def test_whatever_is_pulled_is_made_of_whole_characters(
    qapp: object, text: str, pulls: list[tuple[Spot, list[tuple[Spot, bool]], str]], ends: set[int]
) -> None:
    view = TextView()
    view.resize(300, 240)
    view.show_document(text, "fa")
    mouse, stops = view._mouse, graphemes(text)
    edges = sorted({stops[number % len(stops)] for number in ends})
    fragments = tuple(
        place for pair in zip(edges[::2], edges[1::2], strict=False) if (place := trim(text, *pair))
    )
    if fragments:
        view.put_mark(Mark("m", fragments, "entity", "PER", "#0072B2"))
        view.select_mark("m")
    made: list[Fragments] = []
    mouse.made.connect(lambda start, end: made.append(((start, end),)))
    mouse.bounded.connect(lambda _mark, bounds: made.append(bounds))
    for pressed, ways, how in pulls:
        here = _point(view, stops, pressed)
        mouse.press(here, how == "extend", how == "character", adds=how == "add")
        for spot, by_character in ways:
            here = _point(view, stops, spot)
            mouse.drag(here, by_character)
        mouse.release(here)
        start, end = view.selection()
        assert 0 <= start <= end <= len(text)
    for found in made:
        assert not check_fragments(len(text), found)
        assert _is_whole(text, found)
