"""Values and their plain forms: what goes out comes back equal.

What is wrong is said with its place.
"""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model import Fragment, Relation, Span
from annotator.model.plain import (
    PlainError,
    relation_of,
    relation_row,
    schema_of,
    span_of,
    span_row,
    span_rows,
)

WORDS = st.text(max_size=6)
VALUES = st.one_of(
    WORDS, st.integers(-(2**53), 2**53), st.booleans(), st.lists(WORDS, max_size=3).map(tuple)
)
ATTRIBUTES = st.dictionaries(WORDS, VALUES, max_size=3)
EDGES = st.lists(st.integers(0, 10**6), min_size=2, max_size=6, unique=True).map(sorted)
FRAGMENTS = EDGES.map(lambda edges: tuple(zip(edges[::2], edges[1::2], strict=False)))
SPANS = st.builds(
    Span,
    WORDS,
    WORDS,
    WORDS,
    FRAGMENTS,
    WORDS,
    ATTRIBUTES,
    WORDS,
    st.sampled_from(("human", "rule:x")),
)
RELATIONS = st.builds(
    Relation, WORDS, WORDS, WORDS, st.none() | WORDS, st.none() | WORDS, ATTRIBUTES
)


@given(SPANS)
def test_a_span_survives_the_log(span: Span) -> None:
    assert span_of(orjson.loads(orjson.dumps(span_row(span)))) == span


@given(st.lists(SPANS, max_size=4))
def test_many_spans_are_written_as_each_alone(spans: list[Span]) -> None:
    assert span_rows(spans) == [span_row(span) for span in spans]


@pytest.mark.parametrize("fragments", [((0, 4),), ((0, 4), (6, 9))])
def test_a_span_with_one_thing_more_is_written_whole(fragments: tuple[Fragment, ...]) -> None:
    plain = Span("s1", "entities", "PER", fragments, "x")
    for span in (
        plain,
        plain._replace(note="n"),
        plain._replace(origin="rule:x"),
        plain._replace(attributes={"a": 1}),
    ):
        assert span_rows([span]) == [span_row(span)]
        assert span_of(span_row(span)) == span


def test_a_row_of_a_later_program_with_more_in_it_is_still_a_span() -> None:
    span = Span("s1", "entities", "PER", ((0, 4),), "Анна", note="n")
    assert span_of([*span_row(span), "new"]) == span


@given(RELATIONS)
def test_a_relation_survives_the_log(relation: Relation) -> None:
    assert relation_of(orjson.loads(orjson.dumps(relation_row(relation)))) == relation


def test_a_plain_span_takes_little_room() -> None:
    assert span_row(Span("s1", "entities", "PER", ((0, 4),), "Анна")) == [
        "s1",
        "entities",
        "PER",
        [0, 4],
        "Анна",
    ]


def test_a_fault_is_said_with_its_place() -> None:
    with pytest.raises(PlainError, match=r"schema\.layers\[e\]\.labels\[2\]\.id should be a text"):
        schema_of({"id": "x", "layers": [{"id": "e", "labels": [{"id": "A"}, {"key": "1"}]}]})
