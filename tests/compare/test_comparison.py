"""A comparison and its parts: which documents, whose marks, what they cover."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from annotator.compare.building import compare, of_spans
from annotator.compare.comparison import Comparison, Ground, token_edges
from annotator.model import AnnotationSet, Document, Labelled, Relation, Span
from annotator.text.segmentation import tokens
from tests.compare.small import KINDS, TEXTS, Work, lined_up, places, work


def _record(number: int, who: str, *spans: Span, name: str = "") -> Labelled:
    text = ("one two", "three", "four five six")[number]
    links = [Relation(f"r {span.id}", "next", span.id, span.id) for span in spans]
    made = AnnotationSet(who, "done", spans, tuple(links))
    return Labelled(Document(f"d{number}", name, text), made)


def _span(name: str, start: int, end: int, label: str = "A") -> Span:
    return Span(name, "entities", label, ((start, end),), "")


def _ids(found: Comparison) -> list[str]:
    assert len(found.marks) == len(found.spans)
    starts = [span.start for span in found.spans]
    assert found.marks.start.tolist() == starts
    return sorted(span.id for span in found.spans)


FOUND = compare(
    [
        _record(0, "b", _span("b0", 0, 3), name="first"),
        _record(0, "a", _span("a0", 4, 7, "B")),
        _record(1, "a", _span("a1", 0, 5)),
        _record(2, "c"),
        _record(2, "a"),
        _record(2, "b", _span("b2", 5, 9)),
    ]
)


def test_a_document_is_called_by_its_name_else_by_its_id_else_by_its_beginning() -> None:
    bare = Labelled(Document("", "", "a text of more than twenty letters"), AnnotationSet("a"))
    assert compare([bare]).texts.names == ("a text of more than ",)
    assert FOUND.texts.names == ("first", "d1", "d2")


def test_an_example_is_made_of_labels_and_edges() -> None:
    found = of_spans(9, {"b": [("A", 0, 4)], "a": [("B", 2, 9), ("A", 0, 4)]})
    assert found.annotators == ("a", "b")
    assert found.texts.texts == ("x" * 9,)
    rows = [
        (found.annotators[who], span.label)
        for who, span in zip(found.marks.annotator, found.spans, strict=True)
    ]
    assert rows == [("b", "A"), ("a", "B"), ("a", "A")]
    assert [span.fragments for span in found.spans] == [((0, 4),), ((2, 9),), ((0, 4),)]


def test_who_worked_on_what_is_told_by_document() -> None:
    assert FOUND.annotators == ("a", "b", "c")
    assert FOUND.worked.tolist() == [[True, True, False], [True, False, False], [True] * 3]
    assert FOUND.shared(0, 1).tolist() == [True, False, True]
    assert FOUND.shared(0).tolist() == [True, True, True]
    assert FOUND.shared(0, 1, 2).tolist() == [False, False, True]
    assert FOUND.pairs == [(0, 1), (0, 2), (1, 2)]


def test_what_all_worked_on_is_what_is_in_common() -> None:
    assert _ids(FOUND) == ["a0", "a1", "b0", "b2"]
    assert _ids(FOUND.in_common()) == ["b2"]
    assert _ids(FOUND.between(["a", "b"]).in_common()) == ["a0", "b0", "b2"]


def test_some_annotators_alone_keep_their_order_their_marks_and_relations() -> None:
    found = FOUND.between(["c", "a"])
    assert _ids(found) == ["a0", "a1"]
    assert found.annotators == ("c", "a")
    assert found.worked.tolist() == [[False, True], [False, True], [True, True]]
    assert found.marks.annotator.tolist() == [1, 1]
    assert {where: link.id for where, (link,) in found.relations.items()} == {
        (0, 1): "r a0",
        (1, 1): "r a1",
    }


def test_a_label_alone_remembers_the_whole() -> None:
    found = FOUND.only("entities", "B")
    assert _ids(found) == ["a0"]
    assert found.whole is FOUND
    assert found.only(label="A").whole is FOUND
    part = found.between(["b"])
    assert part.whole is not None
    assert _ids(part.whole) == ["b0", "b2"]
    assert _ids(FOUND.only("claims")) == []
    assert _ids(FOUND.only(label="A")) == ["a1", "b0", "b2"]


@given(work())
def test_marks_are_columns_of_what_the_spans_are(drawn: Work) -> None:
    found = lined_up(drawn)
    marks = found.marks
    for row, span in enumerate(found.spans):
        document, name, _number = span.id.split()
        assert marks.document[row] == int(document)
        assert found.annotators[marks.annotator[row]] == name
        assert found.kinds[marks.kind[row]] == (span.layer, span.label)
        assert (marks.start[row], marks.end[row]) == (span.start, span.end)
        shape = slice(
            found.shapes.first[marks.shape[row]], found.shapes.first[marks.shape[row] + 1]
        )
        starts, ends = found.shapes.start[shape].tolist(), found.shapes.end[shape].tolist()
        assert tuple(zip(starts, ends, strict=True)) == span.fragments
    assert list(found.kinds) == sorted(found.kinds)
    assert set(found.kinds) <= set(KINDS)


def _covered(ground: Ground, row: int) -> set[int]:
    fragments = [
        (int(ground.start[number]), int(ground.end[number]))
        for number in np.flatnonzero(ground.row == row)
    ]
    return places(fragments)


@given(work())
def test_marks_cover_characters_and_the_tokens_of_which_they_cover_any(drawn: Work) -> None:
    found = lined_up(drawn)
    assert found.characters.sizes.tolist() == [len(text) for text in TEXTS]
    assert found.tokens.sizes.tolist() == [len(tokens(text)) for text in TEXTS]
    for row, span in enumerate(found.spans):
        characters = places(span.fragments)
        assert _covered(found.characters, row) == characters
        expected = set()
        for number, edges in enumerate(tokens(TEXTS[int(span.id[0])])):
            if characters & places([edges]):
                expected.add(number)
        assert _covered(found.tokens, row) == expected


@given(st.lists(st.sampled_from(["", "а", "аб вг", "а б в.", " "]), max_size=4))
def test_the_tokens_of_texts_lie_end_to_end(texts: list[str]) -> None:
    edges = token_edges(texts)
    starts, ends, first, offset = [], [], [0], 0
    for text, own in zip(texts, edges.offsets.tolist(), strict=True):
        assert own == offset
        starts += [start + offset for start, _end in tokens(text)]
        ends += [end + offset for _start, end in tokens(text)]
        first.append(len(starts))
        offset += len(text) + 1
    assert edges.starts.tolist() == starts
    assert edges.ends.tolist() == ends
    assert edges.first.tolist() == first
