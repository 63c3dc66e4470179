"""Where annotators differ: what becomes one case, of which kind, and that no order matters."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.adjudication import Case, Link, docket
from annotator.model import AnnotationSet, Relation, Span
from tests.adjudication.layers import PEOPLE, found_in, layers, mark

Kinds = list[tuple[tuple[str, ...], list[str]]]


def kinds(cases: tuple[Case, ...]) -> Kinds:
    return [(case.kinds, sorted(case.have)) for case in cases]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([mark("1", "PER", 0, 5)], [mark("2", "PER", 0, 5)], [(("agreed",), ["a", "b"])]),
        ([mark("1", "PER", 0, 5)], [], [(("missing",), ["a"])]),
        ([mark("1", "PER", 0, 5)], [mark("2", "PER", 0, 9)], [(("boundary",), ["a", "b"])]),
        ([mark("1", "PER", 0, 5)], [mark("2", "ORG", 0, 5)], [(("label",), ["a", "b"])]),
        ([mark("1", "PER", 0, 5)], [mark("2", "ORG", 0, 6)], [(("boundary", "label"), ["a", "b"])]),
        (
            [mark("1", "PER", 0, 5, mode="x")],
            [mark("2", "PER", 0, 5)],
            [(("attribute",), ["a", "b"])],
        ),
        # A name inside a name is another thing, not another boundary, unless it is nearly as long.
        (
            [mark("1", "ORG", 0, 20)],
            [mark("2", "GPE", 14, 20)],
            [(("missing",), ["a"]), (("missing",), ["b"])],
        ),
        (
            [mark("1", "PER", 0, 5)],
            [mark("2", "CLAIM", 0, 5, "claims")],
            [(("missing",), ["b"]), (("missing",), ["a"])],
        ),
        (
            [mark("1", "PER", 0, 4)],
            [mark("2", "PER", 4, 8)],
            [(("missing",), ["a"]), (("missing",), ["b"])],
        ),
        # Of two that overlap, the one that overlaps more is meant.
        (
            [mark("1", "CLAIM", 0, 20)],
            [mark("2", "CLAIM", 0, 4), mark("3", "CLAIM", 5, 20)],
            [(("boundary",), ["a", "b"]), (("missing",), ["b"])],
        ),
        # Stacked labels: what both have is agreed, the other one is missing.
        (
            [mark("1", "PER", 0, 5), mark("2", "ORG", 0, 5)],
            [mark("3", "ORG", 0, 5)],
            [(("agreed",), ["a", "b"]), (("missing",), ["a"])],
        ),
    ],
)
def test_kinds_of_two_annotators(a: list[Span], b: list[Span], expected: Kinds) -> None:
    assert kinds(found_in({"a": a, "b": b}).cases) == expected


def test_three_annotators_meet_in_one_case() -> None:
    (case,) = found_in(
        {
            "a": [mark("1", "PER", 0, 5)],
            "b": [mark("2", "PER", 3, 9)],
            "c": [mark("3", "PER", 8, 12)],
        }
    ).cases
    assert (case.kinds, case.extent, case.state) == (("boundary",), (0, 12), "open")


def test_one_annotator_alone_disagrees_with_nobody() -> None:
    assert found_in({"a": [mark("1", "PER", 0, 5)]}).cases == ()


def relation_cases(links: dict[str, Relation]) -> list[Case]:
    spans = {
        name: [mark(f"{name}1", "CLAIM", 0, 9, "claims"), mark(f"{name}2", "PER", 10, 14)]
        for name in links
    }
    found = found_in(spans, {name: [link] for name, link in links.items()})
    return [case for case in found.cases if case.is_relation]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("holder", "a2", None), ("holder", "b2", None), [("agreed",)]),
        (("holder", "a2", None), ("target", "b2", None), [("relation",)]),
        (("holder", "a2", None), ("holder", None, "author"), [("relation",)]),
        (("holder", "a2", None), ("target", None, "author"), [("relation",), ("relation",)]),
    ],
)
def test_relations_are_compared_by_the_places_they_join(
    first: tuple[str, str | None, str | None],
    second: tuple[str, str | None, str | None],
    expected: list[tuple[str, ...]],
) -> None:
    made = {
        who: Relation(f"r{who}", label, f"{who}1", child, implicit)
        for who, (label, child, implicit) in (("a", first), ("b", second))
    }
    found = relation_cases(made)
    assert [case.kinds for case in found] == expected
    assert {case.state for case in found} == {"waiting"}


@given(layers(), st.permutations(PEOPLE))
def test_the_order_of_annotators_and_spans_is_irrelevant(
    drawn: dict[str, AnnotationSet], order: list[str]
) -> None:
    turned = {
        name: replace(
            drawn[name], spans=drawn[name].spans[::-1], relations=drawn[name].relations[::-1]
        )
        for name in order
    }
    one, other = (docket("d", made, AnnotationSet("gold"), ()).cases for made in (drawn, turned))
    assert [(case.id, case.kinds, case.seen) for case in one] == [
        (case.id, case.kinds, case.seen) for case in other
    ]


@given(layers())
def test_every_span_and_relation_is_in_exactly_one_case(drawn: dict[str, AnnotationSet]) -> None:
    found = docket("d", drawn, AnnotationSet("gold"), ()).cases
    seen = [(name, mark) for case in found for name, mark in case.have.items()]
    spans = [(name, each.id) for name, each in seen if not isinstance(each, Link)]
    links = [(name, each.relation.id) for name, each in seen if isinstance(each, Link)]
    assert sorted(spans) == sorted(
        (name, span.id) for name, annotation_set in drawn.items() for span in annotation_set.spans
    )
    assert sorted(links) == sorted(
        (name, link.id)
        for name, annotation_set in drawn.items()
        for link in annotation_set.relations
    )
    assert len({case.id for case in found}) == len(found)
