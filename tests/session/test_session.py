"""The session follows the store, tells what to look at again, and keeps no facts of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.commands import keys
from annotator.model import AnnotationSet
from annotator.model.schema_files import load_schema
from annotator.session import TOPICS, Linking, Session
from annotator.store import Store
from tests.projects import FA, made, span


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    person = Session(made(tmp_path / "p.annot"), "aida")
    yield person
    person.close()


@pytest.fixture
def told(session: Session) -> list[frozenset[str]]:
    """Return the list that what the session tells is added to."""
    heard: list[frozenset[str]] = []
    session.listeners.append(heard.append)
    return heard


def test_a_new_annotator_becomes_known_without_a_step_to_undo(session: Session) -> None:
    assert session.store.annotators() == ["aida"]
    assert session.store.undoable("aida") is None


def test_a_read_only_project_takes_no_annotator(tmp_path: Path) -> None:
    made(tmp_path / "p.annot").close()
    with Store.open(tmp_path / "p.annot", readonly=True) as store:
        visitor = Session(store, "guest")
        visitor.open_document("fa-1")
        assert visitor.spans == {}
        assert store.annotators() == []


def test_opening_a_document_shows_the_annotators_own_layer(session: Session) -> None:
    with session.store.change("", "") as step:
        other = step.add_annotator("berik")
        step.import_annotation_set(
            "fa-1", other, AnnotationSet("berik", "done", (span(FA, "رشت", "GPE"),)), FA
        )
    session.open_document("fa-1")
    assert session.spans == {}
    assert session.status == "new"


def test_everything_told_is_a_known_topic(session: Session, told: list[frozenset[str]]) -> None:
    session.open_document("fa-1")
    session.select_text(0, 11)
    keys.press(session, "1")
    session.store.undo("aida")
    assert set().union(*told) <= set(TOPICS)


def test_a_step_in_the_open_document_tells_marks_and_what_was_touched(
    session: Session, told: list[frozenset[str]]
) -> None:
    session.open_document("fa-1")
    session.select_text(0, 11)
    told.clear()
    keys.press(session, "1")
    assert {"marks", "entries", "history"} <= set().union(*told)
    assert session.open.touched == frozenset(session.spans)


def test_a_step_in_another_document_leaves_the_marks(
    session: Session, told: list[frozenset[str]]
) -> None:
    session.open_document("fa-1")
    told.clear()
    with session.store.change("elsewhere", "aida") as step:
        step.put_status("ru-1", session.annotator_id, "done")
    assert told == [frozenset({"history", "entries"})]
    assert session.entries[2].status == "done"


def test_the_list_counts_what_was_done(session: Session) -> None:
    session.open_document("fa-1")
    session.select_text(0, 11)
    keys.press(session, "1")
    assert (session.entries[0].status, session.entries[0].spans) == ("open", 1)
    session.store.undo("aida")
    assert (session.entries[0].status, session.entries[0].spans) == ("new", 0)


def test_a_span_that_is_gone_is_selected_no_more(session: Session) -> None:
    session.open_document("fa-1")
    session.select_text(0, 11)
    keys.press(session, "1")
    (name,) = session.spans
    session.select_span(name)
    session.set_linking(Linking("holder", name, name))
    session.store.undo("aida")
    assert (session.span, session.selected, session.linking) == ("", None, None)


def test_a_relation_under_way_lets_go_of_a_candidate_that_is_gone(session: Session) -> None:
    session.open_document("fa-1")
    for start, end in ((0, 4), (5, 11)):
        session.select_text(start, end)
        keys.press(session, "1")
    head, candidate = (span.id for span in session.in_order())
    session.select_span(head)
    session.set_linking(Linking("holder", head, candidate))
    session.store.undo("aida")
    assert (session.span, session.linking) == (head, Linking("holder", head))


def test_an_import_that_is_undone_closes_the_document_it_brought(session: Session) -> None:
    with session.store.change("Import", "aida") as step:
        name, _new = step.add_document(
            session.store.document("fa-1").__class__("new", "new", "متن تازه")
        )
    session.open_document(name)
    session.store.undo("aida")
    assert session.document is None
    assert session.place() == -1
    assert len(session.entries) == 3


def test_a_changed_schema_is_taken_over(session: Session, told: list[frozenset[str]]) -> None:
    with session.store.change("Other labels", "aida") as step:
        step.put_schema(load_schema("entities"))
    assert session.schema.id == "entities"
    assert "project" in told[-1]


def test_a_bulk_change_of_the_open_document_is_loaded_again(session: Session) -> None:
    session.open_document("fa-1")
    with session.store.change("Import", "aida") as step:
        step.import_annotation_set(
            "fa-1",
            session.annotator_id,
            AnnotationSet("aida", "done", (span(FA, "رشت", "GPE"),)),
            FA,
        )
    assert [entry.text for entry in session.spans.values()] == ["رشت"]
    assert session.status == "done"
    assert session.open.touched is None


def test_selecting_text_lets_go_of_the_span(session: Session, told: list[frozenset[str]]) -> None:
    session.open_document("fa-1")
    session.select_text(0, 11)
    keys.press(session, "1")
    session.select_text(3, 3)
    assert session.selected is None
    assert not session.has_selection
    told.clear()
    session.select_text(3, 3)
    assert told == []


def test_what_is_selected_is_told_once(session: Session, told: list[frozenset[str]]) -> None:
    session.open_document("fa-1")
    session.select_text(0, 11)
    keys.press(session, "1")
    (entry,) = session.spans.values()
    session.select_text(3, 5)
    told.clear()
    session.select_span(entry.id)
    session.select_span(entry.id)
    assert told == [{"selection"}]
    assert (session.selection, session.recent) == ((entry.end, entry.end), entry.id)
    told.clear()
    session.select_text(2, 4)
    assert told == [{"selection"}]
    assert (session.span, session.selection) == ("", (2, 4))
    session.select_span("")
    assert (session.span, session.recent, session.selection) == ("", entry.id, (2, 4))


def test_a_suggestion_is_selected_in_the_place_of_a_span(
    session: Session, told: list[frozenset[str]]
) -> None:
    with session.store.change("", "") as step:
        model = step.add_annotator("model:a")
        suggested = span(FA, "رشت", "GPE")
        step.import_annotation_set(
            "fa-1", model, AnnotationSet("model:a", "open", (suggested,)), FA
        )
    session.open_document("fa-1")
    session.select_text(0, 11)
    keys.press(session, "1")
    (name,) = session.suggestions.open
    told.clear()
    session.select_suggestion(name)
    session.select_suggestion(name)
    assert told == [{"selection"}]
    assert session.suggested == session.suggestions.open[name]
    assert (session.span, session.selection) == ("", (suggested.end, suggested.end))
    (entry,) = session.spans
    session.select_span(entry)
    assert (session.span, session.suggestion) == (entry, "")


def test_what_is_stored_is_read_anew_and_told(session: Session, told: list[frozenset[str]]) -> None:
    session.open_document("fa-1")
    session.select_text(0, 11)
    keys.press(session, "1")
    before = dict(session.spans)
    session.annotations.spans.clear()
    told.clear()
    session.reload()
    assert session.spans == before
    assert told == [{"entries", "marks", "selection"}]
    assert session.open.touched is None


def test_suggestions_are_shown_until_one_wants_to_work_without(session: Session) -> None:
    with session.store.change("", "") as step:
        model = step.add_annotator("model:a")
        suggested = span(FA, "رشت", "GPE")
        step.import_annotation_set(
            "fa-1", model, AnnotationSet("model:a", "open", (suggested,)), FA
        )
    session.open_document("fa-1")
    assert [entry.text for entry in session.stops()] == ["رشت"]
    session.show_suggestions(on=False)
    assert session.stops() == []
    session.show_suggestions(on=True)
    assert [entry.text for entry in session.stops()] == ["رشت"]


def test_what_is_incomplete_is_listed_in_reading_order(session: Session) -> None:
    session.open_document("fa-1")
    for words, key in (("مخالفت کرد", "S"), ("قیمت‌ها پایین آمد", "C")):
        start = FA.index(words)
        session.select_text(start, start + len(words))
        keys.press(session, key)
    incomplete = session.incomplete()
    assert incomplete == [
        (entry, session.missing(entry)) for entry in session.in_order() if session.missing(entry)
    ]
    assert len(incomplete) == session.annotations.lacking > 0


def test_aiming_needs_a_relation_under_way(session: Session) -> None:
    session.aim("s1")
    assert session.linking is None
    session.set_linking(Linking("holder", "s1"))
    session.aim("s2")
    assert session.linking == Linking("holder", "s1", "s2")


def test_the_record_is_what_an_export_would_hold(session: Session) -> None:
    assert session.record() is None
    session.open_document("fa-1")
    record = session.record()
    assert record is not None
    assert (record.document.text, record.schema) == (FA, "news@1")


def test_a_closed_session_hears_nothing_more(tmp_path: Path) -> None:
    store = made(tmp_path / "q.annot")
    person = Session(store, "aida")
    person.close()
    assert store.listeners == []


def test_undo_and_redo_return_what_they_changed(session: Session) -> None:
    session.open_document("fa-1")
    session.select_text(0, 11)
    keys.press(session, "1")
    undone = session.undo()
    assert undone is not None
    assert "spans" in undone.kinds
    assert undone.documents == {"fa-1"}
    assert session.spans == {}
    redone = session.redo()
    assert redone is not None
    assert redone.documents == {"fa-1"}
    assert len(session.spans) == 1


def test_one_more_annotator_or_two_documents_list_the_documents_anew(
    session: Session, told: list[frozenset[str]]
) -> None:
    told.clear()
    with session.store.change("", "") as step:
        step.add_annotator("a new one")
    assert {"entries", "project"} <= told[-1]
    with session.store.change("both", session.annotator) as step:
        for name in ("fa-1", "kk-1"):
            step.put_status(name, session.annotator_id, "done")
    assert {"entries", "project"} <= told[-1]
    with session.store.change("one", session.annotator) as step:
        step.put_status("fa-1", session.annotator_id, "open")
    assert "entries" in told[-1]
    assert "project" not in told[-1]
