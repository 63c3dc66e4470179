from hypothesis import given
from hypothesis import strategies as st

from annotator.ui.text_view.heights import HeightMap
from annotator.ui.text_view.lanes import MOST_LANES, Strip, allocate

STRIPS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 25)), max_size=25).map(
    lambda pairs: [
        Strip(f"s{number}", start, start + length) for number, (start, length) in enumerate(pairs)
    ]
)


def overlaps(first: Strip, second: Strip) -> bool:
    return first.start < second.end and second.start < first.end


@given(STRIPS)
def test_nothing_overlaps_in_a_lane_but_the_last(strips: list[Strip]) -> None:
    lanes = allocate(strips, {})
    assert lanes.keys() == {strip.id for strip in strips}
    for number, first in enumerate(strips):
        for second in strips[number + 1 :]:
            assert (
                lanes[first.id] != lanes[second.id]
                or lanes[first.id] == MOST_LANES - 1
                or not overlaps(first, second)
            )


@given(STRIPS, st.integers(0, 60), st.integers(1, 25))
def test_a_new_mark_moves_no_other(strips: list[Strip], start: int, length: int) -> None:
    before = allocate(strips, {})
    after = allocate([*strips, Strip("new", start, start + length)], before)
    assert {key: after[key] for key in before if before[key] < MOST_LANES - 1} == {
        key: lane for key, lane in before.items() if lane < MOST_LANES - 1
    }


def test_the_inner_of_two_nested_marks_lies_nearer_to_the_text() -> None:
    lanes = allocate([Strip("outer", 0, 30), Strip("middle", 5, 20), Strip("inner", 6, 9)], {})
    assert lanes == {"inner": 0, "middle": 1, "outer": 2}


@given(st.lists(st.integers(1, 50), min_size=1, max_size=60), st.data())
def test_heights_are_summed_and_found_as_in_a_plain_list(
    heights: list[int], data: st.DataObject
) -> None:
    tree = HeightMap(heights)
    for _ in range(5):
        block, height = data.draw(st.integers(0, len(heights) - 1)), data.draw(st.integers(1, 80))
        assert tree.change(block, height) == height - heights[block]
        heights[block] = height
    tops = [sum(heights[:number]) for number in range(len(heights) + 1)]
    assert [tree.top(number) for number in range(len(heights) + 1)] == tops
    assert tree.total == tops[-1]
    for y in range(-3, tops[-1] + 3, 7):
        assert tree.find(y) == max(
            (number for number in range(len(heights)) if tops[number] <= max(y, 0)), default=0
        )
