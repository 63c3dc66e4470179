"""How one layer differs from another is what one would find by holding each span against all
others.
"""

from hypothesis import given
from hypothesis import strategies as st

from annotator.compare.span_diff import ALONE, DIFFERENT, SAME, SetDiff, differing
from annotator.model import Span

SPANS = st.lists(
    st.builds(
        lambda layer, label, start, length: (layer, label, start, start + length),
        st.sampled_from(["entities", "claims"]),
        st.sampled_from(["A", "B"]),
        st.integers(0, 12),
        st.integers(1, 5),
    ),
    max_size=10,
).map(
    lambda places: [
        Span(f"s{n}", layer, label, ((start, end),), "x")
        for n, (layer, label, start, end) in enumerate(places)
    ]
)


def slowly(span: Span, mine: list[Span]) -> str:
    here = [other for other in mine if other.layer == span.layer]
    if any((other.label, other.fragments) == (span.label, span.fragments) for other in here):
        return SAME
    return (
        DIFFERENT
        if any(other.start < span.end and span.start < other.end for other in here)
        else ALONE
    )


@given(SPANS, SPANS)
def test_each_span_is_held_against_all_of_its_layer(theirs: list[Span], mine: list[Span]) -> None:
    assert differing(theirs, mine) == {span.id: slowly(span, mine) for span in theirs}


@given(SPANS)
def test_a_layer_is_the_same_as_itself(spans: list[Span]) -> None:
    assert set(differing(spans, spans).values()) <= {SAME}


@given(SPANS, st.lists(SPANS, max_size=4))
def test_what_is_kept_up_while_one_works_is_what_one_would_find_afresh(
    theirs: list[Span], states: list[list[Span]]
) -> None:
    standing = SetDiff(theirs)
    for mine in states:
        standing.follow(mine)
        assert standing.signs == differing(theirs, mine)
        assert standing.of_mine == differing(mine, theirs)


def test_a_change_is_held_against_its_neighbours_alone() -> None:
    spans = [Span(f"s{n}", "entities", "A", ((n * 10, n * 10 + 5),), "x") for n in range(100)]
    standing = SetDiff(spans)
    standing.follow(spans)
    standing.signs.update(dict.fromkeys(standing.signs, "?"))
    standing.follow([*spans[:50], spans[50]._replace(label="B"), *spans[51:]])
    assert [name for name, sign in standing.signs.items() if sign != "?"] == ["s50"]


def test_spans_that_only_meet_a_change_are_not_held_again() -> None:
    spans = [Span(f"s{n}", "entities", "A", ((n * 5, n * 5 + 5),), "x") for n in range(9)]
    standing = SetDiff(spans)
    standing.follow(spans)
    standing.signs.update(dict.fromkeys(standing.signs, "?"))
    standing.follow([*spans[:4], spans[4]._replace(label="B"), *spans[5:]])
    assert [name for name, sign in standing.signs.items() if sign != "?"] == ["s4"]


def test_a_span_of_mine_that_is_gone_has_no_sign_any_more() -> None:
    span = Span("s", "entities", "A", ((0, 5),), "x")
    standing = SetDiff([span])
    standing.follow([span._replace(id="mine")])
    assert (standing.signs, standing.of_mine) == ({"s": SAME}, {"mine": SAME})
    standing.follow([])
    assert (standing.signs, standing.of_mine) == ({"s": ALONE}, {})
