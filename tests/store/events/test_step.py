"""A step is stored whole or not at all, says what it changed.

And brings nothing in that is not sound.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.model import GOLD, AnnotationSet, Changes, Document, Relation, Span
from annotator.store import Step, Store
from tests.store.projects import (
    ANNOTATORS,
    SCHEMA,
    TEXTS,
    add_document,
    add_relation,
    add_span,
    content,
    hashes,
    id_of,
    ids,
    in_step,
    make_relation,
    make_span,
    new_project,
    query,
    set_of,
)

FIRST, SECOND = ANNOTATORS


class Odd(Exception):  # noqa: N818 - it stands for anything that a block may raise
    """Something that has nothing to do with the store."""


def breaks(step: Step) -> None:
    """Do much, then fail."""
    step.put_span("d0", id_of(FIRST), make_span("1", TEXTS[0], (0, 3)))
    step.put_schema(replace(SCHEMA, version=7))
    step.add_document(Document("new", "new", "new text"))
    raise Odd


def test_an_exception_leaves_everything_as_it_was_and_later_steps_still_chain(
    tmp_path: Path,
) -> None:
    with new_project(tmp_path, documents=1) as store:
        before = content(store)
        with pytest.raises(Odd):
            in_step(store, FIRST, breaks, title="breaks")
        assert content(store) == before
        assert store.undoable(FIRST) is None
        add_span(store, "d0", FIRST, "2")
        assert store.faults() == []
        path = store.path
    assert query(path, "SELECT count(*) FROM event WHERE title = 'breaks'") == [(0,)]


def test_a_part_of_a_step_can_fail_alone(tmp_path: Path) -> None:
    seen: list[Changes] = []
    with new_project(tmp_path, documents=2) as store:
        store.listeners.append(seen.append)
        with store.change("outer", FIRST) as step:
            step.put_status("d0", id_of(FIRST), "open")
            with pytest.raises(Odd):
                in_step(store, FIRST, breaks, title="inner")
            step.put_status("d0", id_of(FIRST), "done")
        assert not store.annotation_set("d0", FIRST).spans
        assert store.annotation_set("d0", FIRST).status == "done"
        assert store.faults() == []
    assert [(changes.title, changes.kinds, changes.documents) for changes in seen] == [
        ("outer", frozenset({"status"}), frozenset({"d0"}))
    ]


def test_a_step_within_a_step_is_one_step_told_of_once_and_undone_at_once(tmp_path: Path) -> None:
    seen: list[Changes] = []
    with new_project(tmp_path, documents=2) as store:
        before = content(store)
        store.listeners.append(seen.append)
        with store.change("outer", FIRST), store.change("inner", FIRST) as part:
            part.put_span("d1", id_of(FIRST), make_span("1", TEXTS[1], (0, 3)))
        assert [
            (changes.title, changes.kinds, changes.documents, changes.entities) for changes in seen
        ] == [("outer", frozenset({"spans"}), frozenset({"d1"}), frozenset({"1"}))]
        assert [step.title for step in store.steps(FIRST)] == ["outer"]
        store.undo(FIRST)
        assert content(store) == before


def test_a_step_whose_first_part_failed_still_has_its_title(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        with store.change("outer", FIRST) as step:
            with pytest.raises(Odd):
                in_step(store, FIRST, breaks, title="inner")
            step.put_status("d0", id_of(FIRST), "done")
        undoable = store.undoable(FIRST)
        assert undoable is not None
        assert undoable.title == "outer"


def test_nothing_can_be_written_after_a_step_has_ended(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        with store.change("over", FIRST) as step:
            pass
        before = content(store)
        with pytest.raises(UserError):
            step.put_status("d0", id_of(FIRST), "done")
        assert content(store) == before


def test_all_listeners_hear_of_a_step_though_one_fails_and_the_step_stays(tmp_path: Path) -> None:
    seen: list[Changes] = []

    def fails(_changes: Changes) -> None:
        raise Odd

    with new_project(tmp_path, documents=1) as store:
        store.listeners += [seen.append, fails, seen.append]
        with pytest.raises(Odd), store.change("done", FIRST) as step:
            step.put_status("d0", id_of(FIRST), "done")
        assert len(seen) == 2
        assert store.annotation_set("d0", FIRST).status == "done"
        store.listeners.clear()
        add_span(store, "d0", FIRST, "1")
        assert store.faults() == []


def test_listeners_are_told_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    seen: list[str] = []
    with new_project(tmp_path, documents=1) as store:
        store.listeners += [
            lambda _changes: seen.append("first"),
            lambda _changes: seen.append("second"),
        ]
        add_span(store, "d0", FIRST, "1")
    assert seen == ["first", "second"]


def test_a_listener_may_make_a_step_of_its_own(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:

        def follow(changes: Changes) -> None:
            if "spans" in changes.kinds:
                in_step(store, FIRST, lambda step: step.put_status("d0", id_of(FIRST), "open"))

        store.listeners.append(follow)
        add_span(store, "d0", FIRST, "1")
        assert [step.title for step in store.steps(FIRST)] == ["a step", "add 1"]


def test_a_step_goes_on_in_another_transaction(tmp_path: Path) -> None:
    with new_project(tmp_path) as store:
        before = content(store)
        with store.change("long import", FIRST) as step:  # its first portion brings nothing
            pass
        for number in range(3):
            with store.change("long import", FIRST, continues=step.id) as more:
                more.add_document(Document(f"c{number}", "", f"text {number}"))
        assert [(entry.title, entry.state) for entry in store.steps(FIRST)] == [
            ("long import", "done")
        ]
        after = content(store)
        store.undo(FIRST)
        assert content(store) == before
        store.redo(FIRST)
        assert content(store) == after


def test_a_step_that_was_taken_back_does_not_go_on(tmp_path: Path) -> None:
    with new_project(tmp_path) as store:
        with store.change("long import", FIRST) as step:
            step.add_document(Document("c0", "", "text"))
        store.undo(FIRST)
        before = content(store)
        with (
            pytest.raises(UserError, match="taken back"),
            store.change("long import", FIRST, continues=step.id) as more,
        ):
            more.add_document(Document("c1", "", "more text"))
        assert content(store) == before


def test_knowing_an_annotator_is_not_a_step_to_take_back(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        add_span(store, "d0", FIRST, "1")
        in_step(store, FIRST, lambda step: step.add_annotator("Нұрлан"))
        store.undo(FIRST)
        assert store.annotation_set("d0", FIRST).is_empty
        assert store.annotators() == [*ANNOTATORS, "Нұрлан"]
        assert store.undo(FIRST) is None


def test_gold_is_the_last_of_the_annotators_and_has_an_id_of_its_own(tmp_path: Path) -> None:
    with Store.create(tmp_path / "p.annot", SCHEMA) as store:
        in_step(store, "", lambda step: [step.add_annotator(name) for name in (GOLD, *ANNOTATORS)])
        assert id_of(GOLD) == "gold"
        assert store.annotators() == [*ANNOTATORS, GOLD]


def test_an_annotator_is_the_same_however_the_name_is_composed_or_cased() -> None:
    assert id_of("Andre\u0301") == id_of("andr\u00e9") != id_of("andre")


@pytest.mark.parametrize(
    "span",
    [
        Span("1", "entity", "PER", (), ""),
        Span("1", "entity", "PER", ((0, 0),), ""),
        Span("1", "entity", "PER", ((5, 2),), ""),
        Span("1", "entity", "PER", ((-1, 2),), TEXTS[0][-1:2]),
        Span("1", "entity", "PER", ((0, 3), (2, 4)), f"{TEXTS[0][:3]} {TEXTS[0][2:4]}"),
        Span("1", "entity", "PER", ((0, len(TEXTS[0]) + 1),), TEXTS[0]),
        Span("1", "entity", "PER", ((0, 3),), "xyz"),
    ],
)
def test_a_span_that_the_text_does_not_bear_out_is_refused(tmp_path: Path, span: Span) -> None:
    def put(step: Step) -> None:
        step.put_span("d0", id_of(FIRST), span)

    def bring(step: Step) -> None:
        step.import_annotation_set("d0", id_of(FIRST), set_of(span), TEXTS[0])

    with new_project(tmp_path, documents=1) as store:
        before = content(store)
        for work in (put, bring):
            with pytest.raises(UserError):
                in_step(store, FIRST, work)
        assert content(store) == before


@pytest.mark.parametrize(
    "relation",
    [
        make_relation("r", "1", "gone"),
        make_relation("r", "gone", None),
        Relation("r", "about", "1", None),
    ],
)
def test_a_relation_needs_both_its_ends(tmp_path: Path, relation: Relation) -> None:
    with new_project(tmp_path, documents=1) as store:
        add_span(store, "d0", FIRST, "1")
        with pytest.raises(UserError):
            in_step(store, FIRST, lambda step: step.put_relation("d0", id_of(FIRST), relation))


def test_removing_a_span_takes_its_relations_with_it_and_undo_brings_all_back(
    tmp_path: Path,
) -> None:
    with new_project(tmp_path, documents=1) as store:
        for name in ("1", "2", "3"):
            add_span(store, "d0", FIRST, name)
        for name, head, child in (
            ("a", "1", "2"),
            ("b", "2", "1"),
            ("c", "1", None),
            ("d", "2", "3"),
        ):
            add_relation(store, "d0", FIRST, make_relation(name, head, child))
        before = store.annotation_set("d0", FIRST)
        in_step(store, FIRST, lambda step: step.remove_span("d0", id_of(FIRST), "1"))
        left = store.annotation_set("d0", FIRST)
        assert ([span.id for span in left.spans], [relation.id for relation in left.relations]) == (
            ["2", "3"],
            ["d"],
        )
        store.undo(FIRST)
        assert store.annotation_set("d0", FIRST) == before


def test_a_span_and_a_relation_may_have_the_same_id(tmp_path: Path) -> None:
    spans = (make_span("1", TEXTS[0], (0, 3)), make_span("2", TEXTS[0], (4, 6)))
    annotation_set = set_of(*spans, relations=[make_relation("1", "1", "2")])
    with new_project(tmp_path, documents=1) as store:
        in_step(
            store,
            FIRST,
            lambda step: step.import_annotation_set("d0", id_of(FIRST), annotation_set, TEXTS[0]),
        )
        before = content(store)
        in_step(store, FIRST, lambda step: step.remove_relation("d0", id_of(FIRST), "1"))
        assert [span.id for span in store.annotation_set("d0", FIRST).spans] == ["1", "2"]
        store.undo(FIRST)
        assert content(store) == before
        assert store.undo(FIRST) is not None
        assert store.annotation_set("d0", FIRST).is_empty


@pytest.mark.parametrize(
    "name", ["@user", "#tag", "a/b", "schema", "gold", "annotator/1", "\u200fراست", "😀"]
)
def test_any_id_from_a_file_names_a_document_and_a_span(tmp_path: Path, name: str) -> None:
    with new_project(tmp_path) as store:
        in_step(store, FIRST, lambda step: step.add_document(Document(name, "n", TEXTS[0])))
        before = content(store)
        add_span(store, name, FIRST, name)
        in_step(store, FIRST, lambda step: step.put_direction(name, "rtl"))
        store.rebuild()
        assert store.faults() == []
        assert store.document(name).direction == "rtl"
        assert [span.id for span in store.annotation_set(name, FIRST).spans] == [name]
        store.undo(FIRST)
        store.undo(FIRST)
        assert content(store) == before


# ── reading ───────────────────────────────────────────────────────────────────────────────────────


def test_records_are_chosen_by_annotator_status_and_document(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=3) as store:
        add_span(store, "d0", FIRST, "1")
        add_span(store, "d0", SECOND, "1")
        in_step(store, SECOND, lambda step: step.put_status("d1", id_of(SECOND), "done"))
        assert ids(store.records()) == ["d0", "d0", "d1", "d2"]
        assert ids(store.records((FIRST,))) == ["d0"]
        assert ids(store.records((FIRST, SECOND), statuses=("done",))) == ["d1"]
        assert ids(store.records(statuses=("new",))) == ["d0", "d0"]
        assert ids(store.records(documents_wanted=("d2", "d0"))) == ["d0", "d0", "d2"]
        assert ids(store.records(())) == []


def test_an_unfinished_walk_over_records_holds_nothing_and_lives_through_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.store.tables.queries.DOCUMENTS_AT_ONCE", 1)
    with new_project(tmp_path, documents=1) as store:
        in_step(
            store,
            FIRST,
            lambda step: [
                step.add_document(Document(f"n{number}", "", f"text {number}"))
                for number in range(4)
            ],
        )
        walk, left = store.records(), store.records()
        assert [next(walk).document.id, next(left).document.id] == ["d0", "d0"]
        store.rebuild()
        store.undo(FIRST)
        in_step(store, SECOND, lambda step: step.add_document(Document("later", "", "text")))
        assert ids(walk) == []
        store.back_up(tmp_path / "copy.annot")
        assert next(left, None) is None


def test_layers_without_rows_are_empty_and_unknown_documents_are_said_to_be(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        assert store.annotation_set("d0", FIRST) == AnnotationSet(FIRST)
        assert store.annotation_set("d0", "nobody").is_empty
        for work in (
            lambda: store.document("gone"),
            lambda: in_step(
                store, FIRST, lambda step: step.put_status("gone", id_of(FIRST), "done")
            ),
            lambda: in_step(store, FIRST, lambda step: step.put_direction("gone", "rtl")),
        ):
            with pytest.raises(UserError, match="gone"):
                work()


def test_the_document_list_counts_what_an_annotator_did(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=2) as store:
        add_span(store, "d1", FIRST, "1")
        in_step(
            store,
            FIRST,
            lambda step: step.put_relation("d1", id_of(FIRST), make_relation("r", "1", None)),
        )
        in_step(store, FIRST, lambda step: step.put_status("d1", id_of(FIRST), "open"))
        assert [
            (entry.id, entry.status, entry.spans, entry.relations) for entry in store.entries(FIRST)
        ] == [
            ("d0", "new", 0, 0),
            ("d1", "open", 1, 1),
        ]
        assert [entry.spans for entry in store.entries(SECOND)] == [0, 0]


def test_equal_content_has_an_equal_state_hash_whatever_the_order(tmp_path: Path) -> None:
    paths = []
    for name, order in (("one", (0, 1)), ("two", (1, 0))):
        with new_project(tmp_path, name=f"{name}.annot") as store:
            for number in order:
                add_document(store, FIRST, Document(f"d{number}", "", TEXTS[number]))
                add_span(store, f"d{number}", ANNOTATORS[number], "1")
            paths.append(store.path)
    one, two = map(hashes, paths)
    assert one[0] == two[0]
    assert one[1] == one[2]
    assert two[1] == two[2]
