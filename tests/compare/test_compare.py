"""Lining up: which records are of one document, what is refused, what is moved."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.agreement import measures
from annotator.compare.building import aligned, compare
from annotator.compare.comparison import Comparison
from annotator.compare.matching import touching
from annotator.errors import UserError
from annotator.model import AnnotationSet, Document, Labelled, Span
from tests.agreement.layers import compared, layers


def _record(text: str, name: str, who: str, *words: str) -> Labelled:
    spans = tuple(
        Span(word, "", "X", ((text.index(word), text.index(word) + len(word)),), word)
        for word in words
    )
    return Labelled(Document(name, name, text), AnnotationSet(who, "done", spans))


def _exact(found: Comparison) -> float:
    spans = measures()["span_f1_exact"].spans
    assert spans
    return spans(found, 0).total()


def test_texts_that_differ_are_refused_with_their_names() -> None:
    records = [_record("one two", "tweet-7", "a", "two"), _record("one too", "tweet-7", "b", "too")]
    with pytest.raises(UserError, match="tweet-7"):
        compare(records)


def test_texts_cut_into_other_tokens_are_aligned_with_a_report() -> None:
    ours, theirs = "قیمت\u200cها پایین آمد", "قیمت ها  پایین آمد"
    found = compare([_record(ours, "d", "a", "پایین"), _record(theirs, "d", "b", "پایین")])
    assert _exact(found) == 1.0
    assert len(found.reports) == 1


def test_records_without_an_id_are_matched_by_text_whatever_their_order() -> None:
    found = compare(
        [
            _record("one", "", "a", "one"),
            _record("two", "", "a"),
            _record("two", "", "b"),
            _record("one", "", "b", "one"),
        ]
    )
    assert len(found.texts.texts) == 2
    assert _exact(found) == 1.0


def test_two_layers_of_one_annotator_are_refused() -> None:
    with pytest.raises(UserError, match="two annotation sets"):
        compare([_record("one", "d", "a"), _record("one", "d", "a")])


def test_a_document_that_one_annotator_did_not_see_is_no_disagreement() -> None:
    found = compare(
        [
            _record("one", "1", "a", "one"),
            _record("one", "1", "b", "one"),
            _record("two", "2", "a", "two"),
        ]
    )
    assert _exact(found) == 1.0


def test_a_bare_document_is_nobodys_work() -> None:
    assert compare([Labelled(Document("d", "d", "one"))]).annotators == ()


@given(st.text("аб \u200c\n", max_size=30), st.data())
def test_aligned_spans_cover_the_same_letters(text: str, data: st.DataObject) -> None:
    other = "".join(
        letter + data.draw(st.sampled_from(["", " ", "\u200c"]))
        for letter in text
        if letter in "аб"
    )
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    spans = [Span("", "", "X", ((start, end),), "")] if start < end else []
    moved = aligned(text, other, spans)
    assert moved is not None
    letters = [letter for letter in text[start:end] if letter in "аб"]
    assert [
        letter
        for span in moved
        for a, b in span.fragments
        for letter in other[a:b]
        if letter in "аб"
    ] == letters


@given(layers(2))
def test_touching_marks_are_those_that_share_characters(
    found: dict[str, list[tuple[str, tuple[tuple[int, int], ...], str]]],
) -> None:
    lined = compared(found)
    pairs = touching(lined, 0, 1)
    got = {
        (lined.spans[a].fragments, lined.spans[b].fragments, n)
        for a, b, n in zip(pairs.first, pairs.second, pairs.shared.tolist(), strict=True)
    }

    def places(fragments: tuple[tuple[int, int], ...]) -> set[int]:
        return {place for start, end in fragments for place in range(start, end)}

    expected = {
        (ours[1], theirs[1], len(places(ours[1]) & places(theirs[1])))
        for ours in found["a"]
        for theirs in found["b"]
        if places(ours[1]) & places(theirs[1])
    }
    assert got == expected


def test_a_layer_and_a_label_can_be_compared_alone() -> None:
    found = compared(
        {"a": [("PER", ((0, 4),), ""), ("ORG", ((5, 8),), "")], "b": [("PER", ((0, 4),), "")]}
    )
    assert _exact(found) == pytest.approx(2 / 3)
    assert _exact(found.only("entities", "PER")) == 1.0
    assert len(found.only(layer="claims").marks) == 0
    assert np.array_equal(found.between(["b", "a"]).worked, found.worked)
