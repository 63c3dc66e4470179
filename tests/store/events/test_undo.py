"""Undo restores, survives a restart, and refuses to take back what was changed since."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.errors import UserError
from annotator.model import AnnotationSet, Document
from annotator.store import Step, Store
from tests.store.projects import (
    ANNOTATORS,
    SCHEMA,
    TEXTS,
    add_span,
    content,
    id_of,
    in_step,
    make_relation,
    make_span,
    new_project,
    set_of,
)

FIRST, SECOND = ANNOTATORS
LEAD = "Lead"
SPANS = (make_span("s1", TEXTS[0], (0, 3)), make_span("s2", TEXTS[0], (4, 6), (8, 9)))
BROUGHT = set_of(
    *SPANS, relations=[make_relation("r", "s1", "s2")], status="open", attributes={"tone": "calm"}
)


def bring(store: Store, annotation_set: AnnotationSet = BROUGHT, *, actor: str = LEAD) -> None:
    """Import a layer for the first annotator."""
    in_step(
        store,
        actor,
        lambda step: step.import_annotation_set("d0", id_of(FIRST), annotation_set, TEXTS[0]),
    )


def expect_refusal(store: Store, work: Callable[[], object], match: str = "changed since") -> None:
    """Expect a refusal that changes nothing."""
    before = content(store)
    with pytest.raises(UserError, match=match):
        work()
    assert content(store) == before
    assert store.faults() == []


def test_undo_and_redo_survive_a_restart(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        path, seen = store.path, [content(store)]
        for name in ("1", "2", "3"):
            add_span(store, "d0", FIRST, name)
            seen.append(content(store))
    for expected in reversed(seen[:-1]):
        with Store.open(path) as store:
            store.undo(FIRST)
            assert content(store) == expected
    for expected in seen[1:]:
        with Store.open(path) as store:
            store.redo(FIRST)
            assert content(store) == expected
            assert store.faults() == []


def test_a_new_step_ends_what_could_be_redone(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        add_span(store, "d0", FIRST, "1")
        add_span(store, "d0", SECOND, "1")
        store.undo(FIRST)
        store.undo(SECOND)
        add_span(store, "d0", FIRST, "2")
        assert store.redo(FIRST) is None
        assert store.redo(SECOND) is not None
        assert [(step.title, step.state) for step in store.steps(FIRST)] == [
            ("add 2", "done"),
            ("add 1", "gone"),
        ]


def test_undo_takes_back_only_the_own_steps_and_says_what_it_changed(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        add_span(store, "d0", FIRST, "1")
        add_span(store, "d0", SECOND, "2")
        changes = store.undo(FIRST)
        assert changes is not None
        assert (changes.kinds, changes.documents, changes.entities) == (
            frozenset({"spans"}),
            frozenset({"d0"}),
            frozenset({"1"}),
        )
        assert "add 1" in changes.title
        assert [span.id for span in store.annotation_set("d0", SECOND).spans] == ["2"]
        assert store.undo(FIRST) is None
        assert store.undo("") is None


def test_undo_is_no_part_of_an_open_step(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        add_span(store, "d0", FIRST, "1")
        with store.change("open", FIRST), pytest.raises(RuntimeError):
            store.undo(FIRST)
        assert [span.id for span in store.annotation_set("d0", FIRST).spans] == ["1"]


def test_an_undone_schema_change_brings_the_old_schema_back(tmp_path: Path) -> None:
    with new_project(tmp_path) as store:
        in_step(store, LEAD, lambda step: step.put_schema(replace(SCHEMA, version=2)))
        store.undo(LEAD)
        assert store.schema() == SCHEMA
        store.redo(LEAD)
        assert store.schema().version == 2


def test_an_import_is_refused_undo_when_its_owner_deleted_a_span(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        bring(store)
        in_step(store, FIRST, lambda step: step.remove_span("d0", id_of(FIRST), "s2"))
        expect_refusal(store, lambda: store.undo(LEAD))
        store.undo(FIRST)
        store.undo(LEAD)
        assert store.annotation_set("d0", FIRST).is_empty


@pytest.mark.parametrize(
    "work",
    [
        lambda step: step.put_span("d0", id_of(FIRST), SPANS[0]._replace(label="ORG")),
        lambda step: step.put_status("d0", id_of(FIRST), "done"),
        lambda step: step.put_attributes("d0", id_of(FIRST), {"tone": "angry"}),
        lambda step: step.put_relation("d0", id_of(FIRST), make_relation("mine", "s1", None)),
        lambda step: step.remove_relation("d0", id_of(FIRST), "r"),
    ],
    ids=["relabelled", "status", "attributes", "relation added", "relation removed"],
)
def test_an_import_is_refused_undo_when_its_owner_worked_on_it(
    tmp_path: Path, work: Callable[[Step], object]
) -> None:
    with new_project(tmp_path, documents=1) as store:
        bring(store)
        in_step(store, FIRST, work)
        expect_refusal(store, lambda: store.undo(LEAD))


def test_an_import_beside_other_work_can_be_taken_back(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        add_span(store, "d0", FIRST, "mine")
        before = content(store)
        bring(store)
        add_span(store, "d0", FIRST, "later")
        store.undo(LEAD)
        store.undo(FIRST)
        assert content(store) == before


def test_a_layer_imported_twice_in_one_step_is_taken_back_whole(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        before = content(store)
        with store.change("two files", LEAD) as step:
            for span in SPANS:
                step.import_annotation_set("d0", id_of(FIRST), set_of(span), TEXTS[0])
        after = content(store)
        store.undo(LEAD)
        assert content(store) == before
        store.redo(LEAD)
        assert content(store) == after


def test_an_imported_document_is_kept_when_somebody_works_on_it(tmp_path: Path) -> None:
    with new_project(tmp_path) as store:
        in_step(store, LEAD, lambda step: step.add_document(Document("d0", "", TEXTS[0])))
        add_span(store, "d0", FIRST, "1")
        expect_refusal(store, lambda: store.undo(LEAD))
        store.undo(FIRST)
        in_step(store, SECOND, lambda step: step.put_direction("d0", "rtl"))
        expect_refusal(store, lambda: store.undo(LEAD))


def test_work_on_a_document_that_has_gone_is_not_redone(tmp_path: Path) -> None:
    with new_project(tmp_path) as store:
        in_step(store, LEAD, lambda step: step.add_document(Document("d0", "", TEXTS[0])))
        add_span(store, "d0", FIRST, "1")
        store.undo(FIRST)
        bring(store, actor=SECOND)
        store.undo(SECOND)
        store.undo(LEAD)
        expect_refusal(store, lambda: store.redo(FIRST), "d0")
        expect_refusal(store, lambda: store.redo(SECOND), "d0")
        store.redo(LEAD)
        store.redo(FIRST)
        assert [span.id for span in store.annotation_set("d0", FIRST).spans] == ["1"]


def test_an_import_is_refused_redo_when_its_place_was_taken(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        bring(store)
        store.undo(LEAD)
        add_span(store, "d0", FIRST, "s1")
        expect_refusal(store, lambda: store.redo(LEAD))
        store.undo(FIRST)
        store.redo(LEAD)
        assert [entry.spans for entry in store.entries(FIRST)] == [2]


def test_a_document_that_came_from_elsewhere_meanwhile_is_not_redone(tmp_path: Path) -> None:
    with new_project(tmp_path) as store:
        in_step(store, LEAD, lambda step: step.add_document(Document("d", "", "one text")))
        store.undo(LEAD)
        in_step(store, FIRST, lambda step: step.add_document(Document("d", "", "another")))
        expect_refusal(store, lambda: store.redo(LEAD))


def test_undo_finds_what_an_import_put_there_since(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        add_span(store, "d0", FIRST, "s1")
        in_step(store, FIRST, lambda step: step.remove_span("d0", id_of(FIRST), "s1"))
        bring(store)
        before = content(store)
        in_step(
            store,
            FIRST,
            lambda step: step.put_span("d0", id_of(FIRST), SPANS[0]._replace(label="ORG")),
        )
        store.undo(FIRST)
        assert content(store) == before


def test_undo_after_an_import_was_taken_back_and_brought_again(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        bring(store)
        store.undo(LEAD)
        empty = content(store)
        in_step(store, FIRST, lambda step: step.put_status("d0", id_of(FIRST), "done"))
        store.undo(FIRST)
        assert content(store) == empty
        store.redo(LEAD)
        full = content(store)
        in_step(
            store,
            FIRST,
            lambda step: step.put_span("d0", id_of(FIRST), SPANS[1]._replace(note="mine")),
        )
        in_step(store, FIRST, lambda step: step.put_status("d0", id_of(FIRST), "done"))
        store.undo(FIRST)
        store.undo(FIRST)
        assert content(store) == full
        store.undo(LEAD)
        assert content(store) == empty


def test_a_relation_that_another_tied_to_a_span_keeps_it(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        add_span(store, "d0", FIRST, "1")
        with store.change("lead helps", LEAD) as step:
            step.put_relation("d0", id_of(FIRST), make_relation("r", "1", None))
        expect_refusal(store, lambda: store.undo(FIRST))


def test_a_relation_is_not_redone_without_its_span(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        add_span(store, "d0", FIRST, "1")
        with store.change("lead helps", LEAD) as step:
            step.put_relation("d0", id_of(FIRST), make_relation("r", "1", None))
        store.undo(LEAD)
        store.undo(FIRST)
        expect_refusal(store, lambda: store.redo(LEAD))


def test_a_step_in_portions_is_kept_when_another_wrote_between_them(tmp_path: Path) -> None:
    def mark(step: Step, status: str) -> None:
        step.put_status("d0", id_of(FIRST), status)

    with new_project(tmp_path, documents=1) as store:
        with store.change("long", LEAD) as step:
            mark(step, "open")
        in_step(store, FIRST, lambda step: mark(step, "new"))
        with store.change("long", LEAD, continues=step.id) as more:
            mark(more, "done")
        expect_refusal(store, lambda: store.undo(LEAD))


def test_a_broken_off_step_is_withdrawn_for_good_and_only_once(tmp_path: Path) -> None:
    with new_project(tmp_path) as store:
        before = content(store)
        with store.change("import", LEAD) as step:
            step.add_document(Document("d0", "", TEXTS[0]))
        with store.change("import", LEAD, continues=step.id) as more:
            more.import_annotation_set("d0", more.add_annotator(FIRST), BROUGHT, TEXTS[0])
        for _time in range(2):
            store.withdraw(step.id, LEAD)
            assert content(store) == before
        store.withdraw("never stored", LEAD)
        assert store.redo(LEAD) is None
        assert store.undo(LEAD) is None
        assert store.faults() == []


def test_the_story_of_a_span_tells_every_turn(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        in_step(store, "", lambda step: step.add_annotator(LEAD))
        bring(store)
        in_step(
            store,
            FIRST,
            lambda step: step.put_span("d0", id_of(FIRST), SPANS[0]._replace(label="ORG")),
        )
        store.undo(FIRST)
        store.undo(LEAD)
        store.redo(LEAD)
        told = [(past.who, past.kind, past.title) for past in store.story("d0", FIRST, "s1")]
        assert told == [
            (LEAD, "import", "a step"),
            (FIRST, "put", "a step"),
            (FIRST, "put", "Undo: a step"),
            (LEAD, "del", "Undo: a step"),
            (LEAD, "undel", "Redo: a step"),
        ]


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        (
            lambda step: step.put_direction("d0", "rtl"),
            lambda step: step.put_direction("d0", "ltr"),
        ),
        (
            lambda step: step.put_schema(replace(SCHEMA, version=2)),
            lambda step: step.put_schema(replace(SCHEMA, version=3)),
        ),
        (
            lambda step: step.put_span("d0", id_of(FIRST), SPANS[0]),
            lambda step: step.put_span("d0", id_of(FIRST), SPANS[0]._replace(label="ORG")),
        ),
    ],
    ids=["direction", "schema", "span"],
)
def test_what_another_changed_since_is_neither_undone_nor_redone(
    tmp_path: Path, theirs: Callable[[Step], object], mine: Callable[[Step], object]
) -> None:
    with new_project(tmp_path, documents=1) as store:
        in_step(store, LEAD, theirs)
        in_step(store, FIRST, mine)
        expect_refusal(store, lambda: store.undo(LEAD))
        store.undo(FIRST)
        store.undo(LEAD)
        in_step(store, FIRST, mine)
        expect_refusal(store, lambda: store.redo(LEAD))


def test_an_import_is_refused_redo_when_the_layer_was_begun_meanwhile(tmp_path: Path) -> None:
    with new_project(tmp_path, documents=1) as store:
        bring(store)
        store.undo(LEAD)
        in_step(store, FIRST, lambda step: step.put_status("d0", id_of(FIRST), "done"))
        expect_refusal(store, lambda: store.redo(LEAD))
