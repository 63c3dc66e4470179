"""Pictures of characters without ink: none covers another."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.ui.text_view.control_pictures import (
    apart,
    lines_with_pictures,
    picture_rise,
    pictures_of,
)
from tests.ui.text_view.conftest import Opens, entity


@given(
    st.lists(
        st.tuples(st.floats(0, 300), st.sampled_from(["RLE", "PDF", "|", "ZWSP"])), max_size=12
    )
)
def test_pictures_that_would_cover_one_another_share_a_box(places: list[tuple[float, str]]) -> None:
    found = apart(places, lambda name: 8.0 * len(name))
    assert sorted(" ".join(name for _x, name in found).split()) == sorted(
        name for _x, name in places
    )
    assert [x for x, _name in found] == sorted(x for x, _name in found)
    if len(places) == len(found):
        assert all(
            one[0] + 4 * len(one[1]) <= two[0] - 4 * len(two[1]) + 0.001
            for one, two in pairwise(found)
        )


def test_controls_that_deceive_are_always_shown_the_rest_on_demand() -> None:
    text = "a\u202eb\u200c\u200d\u00a0\u0640\u00ad\ufeff\u200f\n"
    assert [name for _position, name in pictures_of(text, 0, len(text), with_all=False)] == [
        "RLO",
        "BOM",
        "RLM",
    ]
    assert len(pictures_of(text, 0, len(text), with_all=True)) == 9


def test_a_line_with_a_picture_keeps_clear_of_the_chips_above(opened: Opens) -> None:
    text = (
        "شهردار رشت گفت که پل تازه باز \u202bمی‌شود\u202c و مردم از آن \u2067استقبال\u2069 کردند. "
        * 4
    )
    view = opened(text, width=420).view
    words = [found.span() for found in re.finditer(r"\w{3,}", text)]
    view.show_marks([entity(f"e{number}", *place) for number, place in enumerate(words)])
    (placed,), metrics = view._page.placed, view._page.metrics
    pictured = lines_with_pictures(
        text, list(zip(placed.layout.starts, placed.layout.ends, strict=True))
    )
    assert len(pictured) > 2
    for line in pictured - {0}:
        chips = [chip.top + chip.height for chip in view._page.decorations(placed, line - 1).chips]
        assert placed.layout.tops[line - 1] + max(chips) <= placed.layout.tops[line] - picture_rise(
            metrics.chip_size
        )
