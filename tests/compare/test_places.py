"""What concerns one thing comes together: the same first, then the likest."""

import pytest
from hypothesis import given

from annotator.compare.places import covered, gathered, joined, shared
from annotator.model import Fragment, Span
from tests.compare.small import TEXTS, fragments, places


def _span(name: str, label: str, *edges: int, layer: str = "entities") -> Span:
    return Span(name, layer, label, tuple(zip(edges[::2], edges[1::2], strict=True)), "")


def _names(layers: dict[str, list[Span]]) -> list[str]:
    return [" ".join(sorted(span.id for span in place.values())) for place in gathered(layers)]


@given(fragments(len(TEXTS[1])), fragments(len(TEXTS[1])))
def test_what_is_covered_and_shared_is_counted_in_characters(
    one: tuple[Fragment, ...], other: tuple[Fragment, ...]
) -> None:
    assert covered(one) == len(places(one))
    assert shared(one, other) == len(places(one) & places(other))


@pytest.mark.parametrize(
    ("ours", "theirs", "are_together"),
    [
        (_span("1", "A", 0, 4), _span("2", "A", 3, 9), True),
        (_span("1", "A", 0, 4), _span("2", "A", 4, 9), False),
        (_span("1", "A", 0, 4), _span("2", "B", 0, 4), True),
        (_span("1", "A", 0, 4), _span("2", "B", 0, 8), True),  # half of what both cover
        (_span("1", "A", 0, 4), _span("2", "B", 0, 9), False),
        (_span("1", "A", 0, 4), _span("2", "B", 2, 4), True),
        (_span("1", "A", 0, 4), _span("2", "B", 3, 4), False),
        (_span("1", "A", 0, 4), _span("2", "A", 0, 4, layer="claims"), False),
        (_span("1", "A", 0, 2, 4, 6), _span("2", "A", 2, 4), False),
        (_span("1", "A", 0, 2, 4, 6), _span("2", "A", 3, 5), True),
        (_span("1", "A", 0, 2, 4, 6), _span("2", "B", 0, 2), True),
        (_span("1", "A", 0, 2, 4, 6), _span("2", "B", 0, 6), True),
    ],
)
def test_two_spans_come_together(ours: Span, theirs: Span, are_together: bool) -> None:
    for layers in ({"a": [ours], "b": [theirs]}, {"a": [theirs], "b": [ours]}):
        assert (len(gathered(layers)) == 1) is are_together


def test_equal_shape_comes_before_an_equal_label() -> None:
    one = [_span("1", "A", 0, 4)]
    other = [_span("shape", "B", 0, 4), _span("label", "A", 0, 3)]
    assert _names({"a": one, "b": other}) == ["1 shape", "label"]


def test_an_equal_label_comes_before_much_overlap() -> None:
    one = [_span("1", "A", 0, 6)]
    other = [_span("label", "A", 5, 9), _span("overlap", "B", 0, 5)]
    assert _names({"a": one, "b": other}) == ["1 label", "overlap"]


def test_most_overlap_comes_first() -> None:
    one = [_span("1", "A", 2, 8)]
    other = [_span("less", "A", 0, 4), _span("most", "A", 4, 9)]
    assert _names({"a": one, "b": other}) == ["less", "1 most"]


def test_of_equal_likeness_most_people_come_first() -> None:
    layers = {
        "a": [_span("a", "A", 2, 4)],
        "b": [_span("few", "A", 0, 3), _span("b", "A", 3, 6)],
        "c": [_span("c", "A", 3, 6)],
    }
    assert _names(layers) == ["few", "a b c"]


def test_twins_of_one_annotator_stay_apart_and_meet_one_each() -> None:
    ours = [_span("1", "A", 0, 4), _span("2", "A", 0, 4)]
    assert _names({"a": ours, "b": [_span("3", "A", 0, 4)]}) == ["1 3", "2"]
    theirs = [_span("3", "A", 0, 4), _span("4", "A", 0, 4)]
    assert _names({"a": ours, "b": theirs}) == ["1 3", "2 4"]


def test_twins_that_have_the_same_values_meet() -> None:
    plain, valued = _span("1", "A", 0, 4), _span("2", "A", 0, 4)._replace(attributes={"x": "y"})
    swapped = [plain._replace(id="4"), valued._replace(id="3")]
    assert _names({"a": [plain, valued], "b": swapped}) == ["1 4", "2 3"]


def test_places_are_in_reading_order_outer_before_inner() -> None:
    layers = {"a": [_span("3", "A", 5, 6), _span("2", "B", 0, 1), _span("1", "A", 0, 9)], "b": []}
    assert _names(layers) == ["1", "2", "3"]


def test_groups_are_joined_in_the_order_of_the_pairs() -> None:
    groups = [{"a": 0}, {"b": 1}, {"b": 2}, {"c": 3}]
    assert joined(groups, [(0, 2), (0, 1), (1, 3), (2, 3)]) == [
        {"a": 0, "b": 2},
        {"b": 1, "c": 3},
    ]
    assert joined(groups, [(3, 2), (2, 0)]) == [{"a": 0, "b": 2, "c": 3}, {"b": 1}]
