"""Fragments are sets of characters, kept in order and apart."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.text.ranges import Fragments, holds, toggled, united, without

STRETCHES = st.tuples(st.integers(0, 40), st.integers(1, 12)).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)


def characters(fragments: Fragments) -> set[int]:
    return {place for start, end in fragments for place in range(start, end)}


def made(stretches: list[tuple[int, int]]) -> Fragments:
    result: Fragments = ()
    for stretch in stretches:
        result = united(result, stretch)
    return result


@given(st.lists(STRETCHES, max_size=6), STRETCHES)
def test_adding_and_taking_out_are_those_of_sets(
    stretches: list[tuple[int, int]], stretch: tuple[int, int]
) -> None:
    fragments = made(stretches)
    for result, expected in (
        (united(fragments, stretch), characters(fragments) | set(range(*stretch))),
        (without(fragments, stretch), characters(fragments) - set(range(*stretch))),
    ):
        assert characters(result) == expected
        assert all(start < end for start, end in result)
        assert all(one[1] < two[0] for one, two in pairwise(result))


def test_what_lies_in_a_fragment_is_taken_out_and_all_else_is_added() -> None:
    assert toggled(((0, 10),), (2, 4)) == ((0, 2), (4, 10))
    assert toggled(((0, 10),), (8, 14)) == ((0, 14),)
    assert toggled(((0, 2),), (5, 6)) == ((0, 2), (5, 6))
    assert toggled(((0, 2),), (0, 2)) == ()
    assert not holds(((0, 2), (2, 4)), (1, 3))
