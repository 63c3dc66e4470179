"""Active time in the log.

It stays when steps are taken back, makes no layer, and is rebuilt like all else.
"""

from pathlib import Path

from annotator.model import AnnotationSet
from annotator.store import Store, annotator_id
from tests.projects import FA, made, span

AIDA = annotator_id("aida")


def _spend(store: Store, document: str, active_ms: int) -> None:
    with store.change("", "aida") as step:
        step.add_annotator("aida")
        step.add_activity(document, AIDA, active_ms)


def test_time_is_kept_by_document_and_annotator_and_makes_no_layer(tmp_path: Path) -> None:
    with made(tmp_path / "p.annot") as store:
        _spend(store, "fa-1", 61_000)
        _spend(store, "fa-1", 4_000)
        _spend(store, "kk-1", 5_000)
        assert [(each.document, each.annotator, each.active_ms) for each in store.stretches()] == [
            ("fa-1", "aida", 61_000),
            ("fa-1", "aida", 4_000),
            ("kk-1", "aida", 5_000),
        ]
        assert store.annotators_with_work() == []
        assert store.faults() == []


def test_time_is_no_step_to_undo_and_leaves_what_was_undone_to_be_done_again(
    tmp_path: Path,
) -> None:
    with made(tmp_path / "p.annot") as store:
        with store.change("Label", "aida") as step:
            step.add_annotator("aida")
            step.put_span("fa-1", AIDA, span(FA, "رشت", "GPE"))
        _spend(store, "fa-1", 9_000)
        assert store.undo("aida") is not None
        _spend(store, "fa-1", 9_000)
        assert store.redo("aida") is not None
        assert [step.title for step in store.steps("aida")] == ["Label"]
        assert len(store.stretches()) == 2


def test_time_within_a_step_stays_when_the_step_is_taken_back(tmp_path: Path) -> None:
    with made(tmp_path / "p.annot") as store:
        with store.change("Label", "aida") as step:
            step.add_annotator("aida")
            step.add_activity("fa-1", AIDA, 9_000)
            step.put_span("fa-1", AIDA, span(FA, "رشت", "GPE"))
        assert store.undo("aida") is not None
        assert store.annotation_set("fa-1", "aida").spans == ()
        assert len(store.stretches()) == 1


def test_a_rebuild_gives_the_same_time(tmp_path: Path) -> None:
    with made(tmp_path / "p.annot") as store:
        _spend(store, "fa-1", 7_000)
        before = store.stretches()
        store.rebuild()
        assert store.stretches() == before
        assert store.faults() == []


def test_a_document_is_finished_when_its_status_said_so_last_or_else_when_it_came(
    tmp_path: Path,
) -> None:
    with made(tmp_path / "p.annot") as store:
        with store.change("Import", "aida") as step:
            person = step.add_annotator("aida")
            for name in ("fa-1", "kk-1"):
                text = store.document(name).text
                step.import_annotation_set(name, person, AnnotationSet("aida", "done"), text)
        imported = {each.document: each.at_ms for each in store.finishes()}
        assert imported.keys() == {"fa-1", "kk-1"}
        with store.change("Reopen", "aida") as step:
            step.put_status("kk-1", AIDA, "open")
        assert [each.document for each in store.finishes()] == ["fa-1"]
        with store.change("Finish", "aida") as step:
            step.put_status("kk-1", AIDA, "done")
        assert {each.document: each.at_ms for each in store.finishes()}["kk-1"] >= imported["kk-1"]
