"""Open suggestions, kept up step by step, are always those that one would find by looking at
everything anew.
"""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from annotator.model import AnnotationSet, Fragment, Schema, Span
from annotator.model.schema_files import load_schema
from annotator.session.suggestions import Suggestions, place_of

SCHEMA = load_schema("entities")
LABELS = ("PER", "ORG", "ALIEN")
SPANS = st.builds(
    lambda name, label, start, length: Span(
        f"s{name}", "entities", label, ((start, start + length),), "x" * length
    ),
    st.integers(0, 30),
    st.sampled_from(LABELS),
    st.integers(0, 3),
    st.integers(1, 2),
)
LAYERS = st.lists(SPANS, max_size=8, unique_by=lambda span: span.id).map(tuple)


@given(LAYERS, LAYERS, st.lists(st.tuples(st.booleans(), SPANS), max_size=12))
def test_following_step_by_step_is_looking_anew(
    one: tuple[Span, ...], two: tuple[Span, ...], acts: list[tuple[bool, Span]]
) -> None:
    annotation_sets = {
        "m": AnnotationSet("model:a", spans=one),
        "r": AnnotationSet("rule:b", spans=two),
    }
    labelled: set[tuple[str, tuple[Fragment, ...]]] = set()
    answers: dict[str, str] = {}

    def is_labelled(label: str, fragments: tuple[Fragment, ...]) -> object | None:
        return (label, fragments) in labelled or None

    kept = Suggestions(annotation_sets, answers, SCHEMA, is_labelled)
    for answering, span in acts:
        before = set(kept.open)
        if answering and kept.order:
            answers = {**answers, kept.order[0].id: "dismissed"}
            touched = kept.take(answers)
        else:
            labelled ^= {place_of(span)}
            touched = kept.review([place_of(span)])
        anew = Suggestions(annotation_sets, answers, SCHEMA, is_labelled)
        assert kept.order == anew.order
        assert kept.open == anew.open
        assert touched == before ^ set(kept.open)


@given(LAYERS)
def test_only_labels_of_the_schema_are_suggested_and_say_by_whom(one: tuple[Span, ...]) -> None:
    found = Suggestions(
        {"m": AnnotationSet("model:a", spans=one)}, {}, SCHEMA, lambda *_place: None
    )
    assert {span.label for span in found.order} <= {"PER", "ORG"}
    assert {span.origin for span in found.order} <= {"model:a"}
    assert len({place_of(span) for span in found.order}) == len(found.order)


def test_a_merged_label_is_suggested_as_what_it_was_merged_into() -> None:
    merged = replace_label(SCHEMA, "ORG", retired=True, merged_into="GPE")
    annotation_set = AnnotationSet(
        "model:a", spans=(Span("s1", "entities", "ORG", ((0, 1),), "x"),)
    )
    assert [
        span.label
        for span in Suggestions({"m": annotation_set}, {}, merged, lambda *_place: None).order
    ] == ["GPE"]


def replace_label(schema: Schema, name: str, *, retired: bool, merged_into: str) -> Schema:
    layers = tuple(
        replace(
            layer,
            labels=tuple(
                replace(label, retired=retired, merged_into=merged_into)
                if label.id == name
                else label
                for label in layer.labels
            ),
        )
        for layer in schema.layers
    )
    return replace(schema, layers=layers)


def test_a_suggestion_comes_back_to_its_place_when_the_label_is_taken_away() -> None:
    spans = [Span(f"s{n}", "entities", "PER", ((n, n + 1),), "x") for n in range(3)]
    labelled: set[object] = set()
    kept = Suggestions(
        {"m": AnnotationSet("model:a", spans=tuple(spans))},
        {},
        SCHEMA,
        lambda *place: place in labelled or None,
    )
    names = [span.id for span in kept.order]
    labelled.add(place_of(spans[1]))
    assert kept.review([place_of(spans[1])]) == {names[1]}
    assert [span.id for span in kept.order] == [names[0], names[2]]
    labelled.clear()
    assert kept.review([place_of(spans[1])]) == {names[1]}
    assert [span.id for span in kept.order] == names
    assert sorted(kept.open) == names
