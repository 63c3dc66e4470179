"""Imports: documents and layers are known again, what is here stays.

And what differs is counted.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.model import Document, Relation
from annotator.store import TextDiffersError
from annotator.store.events.step import Added
from tests.store.projects import (
    ANNOTATORS,
    TEXTS,
    add_span,
    id_of,
    in_step,
    make_relation,
    make_span,
    new_project,
    set_of,
)

FIRST, SECOND = ANNOTATORS


def test_a_document_is_known_by_its_id_and_else_by_its_text(tmp_path: Path) -> None:
    with new_project(tmp_path) as store, store.change("import", FIRST) as step:
        assert step.add_document(Document("id", "n", "text")) == ("id", True)
        assert step.add_document(Document("id", "n", "text")) == ("id", False)
        assert step.add_document(Document("", "n", "text")) == ("id", False)
        second, is_new = step.add_document(Document("", "n", "text"), 2)
        assert is_new
        assert step.add_document(Document("", "n", "text"), 2) == (second, False)
        with pytest.raises(TextDiffersError):
            step.add_document(Document("id", "n", "another text"))


def test_an_id_made_from_a_text_never_takes_one_that_a_file_gave(tmp_path: Path) -> None:
    with new_project(tmp_path) as store, store.change("import", FIRST) as step:
        made, _is_new = step.add_document(Document("", "n", "text"))
        taken, is_new = step.add_document(Document(f"{made[:16]}-2", "n", "something else"))
        other, is_new = step.add_document(Document("", "n", "text"), 2)
        assert is_new
        assert len({made, taken, other}) == 3


def test_importing_a_layer_twice_brings_nothing_new(tmp_path: Path) -> None:
    spans = (make_span("1", TEXTS[0], (0, 3), (4, 6)), make_span("2", TEXTS[0], (4, 6)))
    annotation_set = set_of(
        *spans, relations=[make_relation("r", "1", "2")], status="done", attributes={"tone": "calm"}
    )
    with new_project(tmp_path, documents=1) as store:
        added: list[Added] = []
        for _time in range(2):
            in_step(
                store,
                FIRST,
                lambda step: added.append(
                    step.import_annotation_set("d0", id_of(FIRST), annotation_set, TEXTS[0])
                ),
            )
        assert added == [Added(2, 1), Added(0, 0, 3)]
        assert store.annotation_set("d0", FIRST) == replace(annotation_set, annotator=FIRST)
        assert [step.title for step in store.steps(FIRST)] == ["a step"]


def test_what_is_here_with_other_content_stays_and_is_counted(tmp_path: Path) -> None:
    text = TEXTS[0]
    spans = (
        make_span("1", text, (0, 3)),
        make_span("2", text, (4, 6)),
        make_span("3", text, (7, 9)),
    )
    here = set_of(
        *spans,
        relations=[make_relation("r", "1", "2"), make_relation("q", "2", "3")],
        attributes={"tone": "calm"},
    )
    changed = (
        spans[0]._replace(label="ORG"),
        spans[1]._replace(id="other id"),
        spans[2]._replace(note="a note"),
        make_span("4", text, (0, 1)),
    )
    relations = [
        make_relation("x", "other id", "4"),
        make_relation("r", "1", "other id"),
        Relation("q2", "about", "other id", "3", None, {"sure": True}),
    ]
    there = set_of(
        *changed, relations=relations, status="done", attributes={"tone": "angry", "topic": "law"}
    )
    with new_project(tmp_path, documents=1) as store:
        added: list[Added] = []
        for annotation_set in (here, there):
            with store.change("import", FIRST) as step:
                added.append(step.import_annotation_set("d0", id_of(FIRST), annotation_set, text))
        # known: span 2 and relation r; differing: spans 1 and 3, relation q2, the attribute tone.
        assert added[1] == Added(1, 1, 2, 4)
        result = store.annotation_set("d0", FIRST)
        assert {span.id: span.label for span in result.spans} == {
            "1": "PER",
            "2": "PER",
            "3": "PER",
            "4": "PER",
        }
        assert next(relation for relation in result.relations if relation.id == "x").head == "2"
        assert (result.status, result.attributes) == ("done", {"tone": "calm", "topic": "law"})


def test_two_equal_ids_in_one_layer_are_refused(tmp_path: Path) -> None:
    annotation_set = set_of(make_span("1", TEXTS[0], (0, 3)), make_span("1", TEXTS[0], (4, 6)))
    with new_project(tmp_path, documents=1) as store, pytest.raises(UserError, match="same id"):
        in_step(
            store,
            FIRST,
            lambda step: step.import_annotation_set("d0", id_of(FIRST), annotation_set, TEXTS[0]),
        )


def test_a_document_that_came_again_with_another_text_is_checked_against_that(
    tmp_path: Path,
) -> None:
    with new_project(tmp_path) as store:
        in_step(store, FIRST, lambda step: step.add_document(Document("d", "", "first text")))
        add_span(store, "d", SECOND, "1")
        store.undo(SECOND)
        store.undo(FIRST)
        in_step(store, FIRST, lambda step: step.add_document(Document("d", "", "another text")))
        add_span(store, "d", SECOND, "1")
        assert [span.text for span in store.annotation_set("d", SECOND).spans] == ["anot"]


def test_two_equal_spans_are_two_also_when_one_of_them_is_here(tmp_path: Path) -> None:
    spans = [make_span(name, TEXTS[0], (0, 3)) for name in ("1", "2", "3")]
    with new_project(tmp_path, documents=1) as store:
        added: list[Added] = []
        for annotation_set in (set_of(spans[0]), set_of(spans[1], spans[2])):
            with store.change("import", FIRST) as step:
                added.append(
                    step.import_annotation_set("d0", id_of(FIRST), annotation_set, TEXTS[0])
                )
        assert added == [Added(1), Added(1, 0, 1)]
