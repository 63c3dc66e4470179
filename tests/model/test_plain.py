"""Values and their plain forms: what goes out comes back equal.

What is wrong is said with its place.
"""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model import Relation, Span
from annotator.model.plain import (
    PlainError,
    relation_of,
    relation_row,
    schema_of,
    span_of,
    span_row,
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
