"""Tags of characters without ink: none covers another."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.ui.text_view.tags import apart, tags_of


@given(st.lists(st.tuples(st.floats(0, 300), st.sampled_from(["RLE", "PDF", "|", "ZWSP"])), max_size=12))
def test_tags_that_would_cover_one_another_share_a_box(places: list[tuple[float, str]]) -> None:
    found = apart(places, lambda name: 8.0 * len(name))
    assert sorted(" ".join(name for _x, name in found).split()) == sorted(name for _x, name in places)
    assert [x for x, _name in found] == sorted(x for x, _name in found)
    if len(places) == len(found):
        assert all(one[0] + 4 * len(one[1]) <= two[0] - 4 * len(two[1]) + 0.001 for one, two in pairwise(found))


def test_controls_that_deceive_are_always_shown_the_rest_on_demand() -> None:
    text = "a\u202eb\u200c\u200d\u00a0\u0640\u00ad\ufeff\u200f\n"
    assert [name for _position, name in tags_of(text, 0, len(text), with_all=False)] == ["RLO", "BOM", "RLM"]
    assert len(tags_of(text, 0, len(text), with_all=True)) == 9
