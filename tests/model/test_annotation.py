"""Spans, ids and the other values: what is derived from them, and what is refused."""

import time
import uuid
from itertools import pairwise

import pytest

from annotator.model import (
    Document,
    Fragment,
    Labelled,
    Span,
    check_fragments,
    new_id,
    reading_order,
    surface,
)

TEXT = "не только сказал, но и сделал"


def test_a_span_goes_from_its_first_fragment_to_the_end_of_its_last() -> None:
    span = Span("s", "entities", "A", ((0, 2), (10, 16), (23, 29)), "")
    assert (span.start, span.end) == (0, 29)


@pytest.mark.parametrize(
    ("fragments", "expected"),
    [
        ((), ""),
        (((0, 2),), "не"),
        (((0, 2), (10, 16)), "не сказал"),
        (((0, 2), (2, 3), (10, 16)), "не   сказал"),
    ],
)
def test_the_surface_is_what_is_covered_joined_by_one_space(
    fragments: tuple[Fragment, ...], expected: str
) -> None:
    assert surface(TEXT, fragments) == expected


@pytest.mark.parametrize(
    ("fragments", "fault"),
    [
        (((0, 1),), ""),
        (((0, 10),), ""),
        (((0, 2), (2, 3)), ""),  # they meet
        (((0, 2), (3, 4)), ""),
        ((), "no fragment"),
        (((-1, 2),), "outside the text, which has 10 characters"),
        (((0, 11),), "outside the text"),
        (((0, 2), (9, 11)), "9–11 lies outside"),
        (((2, 2),), "empty or reversed"),
        (((3, 2),), "empty or reversed"),
        (((0, 3), (2, 4)), "2–4 overlaps the one before it"),
        (((5, 6), (0, 3)), "0–3 overlaps the one before it or is out of order"),
    ],
)
def test_what_is_wrong_with_fragments_is_said(fragments: tuple[Fragment, ...], fault: str) -> None:
    told = check_fragments(10, fragments)
    assert fault in told
    assert bool(told) == bool(fault)


def test_reading_order_is_by_start_then_outer_before_inner_then_layer_label_and_id() -> None:
    spans = [
        Span("1", "claims", "B", ((0, 2), (7, 9)), ""),
        Span("2", "claims", "A", ((0, 5),), ""),
        Span("3", "claims", "B", ((0, 5),), ""),
        Span("1", "entities", "A", ((0, 5),), ""),
        Span("2", "entities", "A", ((0, 5),), ""),
        Span("4", "claims", "A", ((0, 1), (2, 3)), ""),
        Span("0", "claims", "A", ((1, 9),), ""),
    ]
    assert reading_order(reversed(spans)) == spans


def test_an_id_is_a_uuid_of_version_7_that_tells_its_time() -> None:
    before = time.time_ns() // 1_000_000
    ids = [uuid.UUID(new_id()) for _number in range(200)]
    after = time.time_ns() // 1_000_000
    assert {(own.version, own.variant) for own in ids} == {(7, uuid.RFC_4122)}
    assert all(before <= own.int >> 80 <= after for own in ids)
    # 74 bits are drawn: in 200 ids each of them is 0 somewhere and 1 somewhere.
    fixed = (0xF << 76) | (0b11 << 62)
    drawn = ((1 << 80) - 1) ^ fixed
    seen = 0
    for one, other in pairwise(ids):
        seen |= one.int ^ other.int
    assert seen & drawn == drawn


def test_a_record_of_a_whole_file_has_no_line() -> None:
    record = Labelled(Document("d", "d", TEXT))
    assert (record.line, record.schema, record.annotation_set) == (0, "", None)
