"""Documents: going on, finishing, direction; undo and redo across them and across restarts."""

from annotator.commands import documents
from annotator.session import Session
from annotator.store import Store
from tests.commands.hands import can, label, run


def here(session: Session) -> str:
    return session.document.id if session.document else ""


def test_finishing_opens_the_next_document_that_is_not_done(session: Session) -> None:
    session.open_document("kk-1")
    documents.set_status(session, "done")
    session.open_document("fa-1")
    run(session, "documents.finish")
    assert here(session) == "ru-1"
    assert [entry.status for entry in session.entries] == ["done", "done", "new"]


def test_finishing_the_last_one_goes_back_to_what_was_left_out(session: Session) -> None:
    session.open_document("ru-1")
    run(session, "documents.finish")
    assert here(session) == "fa-1"


def test_when_all_is_done_one_stays(session: Session) -> None:
    for _times in range(3):
        run(session, "documents.finish")
    assert here(session) == "ru-1"
    assert {entry.status for entry in session.entries} == {"done"}


def test_a_finished_document_can_be_reopened(session: Session) -> None:
    documents.set_status(session, "done")
    assert can(session, "documents.reopen")
    run(session, "documents.reopen")
    assert session.status == "open"
    assert not can(session, "documents.reopen")


def test_the_same_status_again_is_no_step(session: Session) -> None:
    documents.set_status(session, "done")
    before = session.store.undoable("aida")
    documents.set_status(session, "done")
    assert session.store.undoable("aida") == before


def test_one_goes_to_the_next_and_stops_at_the_ends(session: Session) -> None:
    for expected in ("kk-1", "ru-1", "ru-1"):
        run(session, "documents.following")
        assert here(session) == expected
    for expected in ("kk-1", "fa-1", "fa-1"):
        run(session, "documents.preceding")
        assert here(session) == expected


def test_direction_turns_and_is_stored(session: Session) -> None:
    seen = []
    for _times in range(3):
        run(session, "documents.flip_direction")
        assert session.document is not None
        seen.append(session.document.direction)
    assert seen == ["rtl", "ltr", "auto"]
    assert session.store.document("fa-1").direction == "auto"


def test_without_a_document_nothing_can_be_finished(session: Session) -> None:
    session.leave()
    assert not can(session, "documents.finish")
    documents.set_status(session, "done")
    documents.turn(session, "rtl")
    assert {entry.status for entry in session.entries} == {"new"}


def test_undo_goes_back_to_the_document_it_changes(session: Session) -> None:
    span = label(session, "رشت", "4")
    session.open_document("kk-1")
    run(session, "history.undo")
    assert here(session) == "fa-1"
    assert session.spans == {}
    session.open_document("ru-1")
    run(session, "history.redo")
    assert here(session) == "fa-1"
    assert session.span == span.id


def test_undo_brings_back_a_deleted_span_with_its_relation(session: Session) -> None:
    holder = label(session, "مریم سهرابی", "1")
    label(session, "قیمت‌ها پایین آمد", "C")
    run(session, "relations.begin_relation")
    run(session, "relations.confirm")
    before = session.store.state_hash()
    session.select_span(holder.id)
    run(session, "spans.delete")
    run(session, "history.undo")
    assert session.store.state_hash() == before
    assert len(session.relations) == 1
    assert session.span == holder.id


def test_all_can_be_undone_and_redone(session: Session) -> None:
    states = [session.store.state_hash()]
    for words, key in (("مریم سهرابی", "1"), ("شهرداری رشت", "2"), ("به‌شدت مخالفت کرد", "-")):
        label(session, words, key)
        states.append(session.store.state_hash())
    run(session, "documents.finish")
    states.append(session.store.state_hash())
    for state in reversed(states[:-1]):
        run(session, "history.undo")
        assert session.store.state_hash() == state
    assert not can(session, "history.undo")
    for state in states[1:]:
        run(session, "history.redo")
        assert session.store.state_hash() == state
    assert not can(session, "history.redo")


def test_undo_survives_a_restart(session: Session) -> None:
    label(session, "رشت", "4")
    path = session.store.path
    session.store.listeners.remove(session._hear)
    session.store.close()
    session.store = Store.open(path)
    again = Session(session.store, "aida")
    again.open_document("kk-1")
    run(again, "history.undo")
    assert here(again) == "fa-1"
    assert again.spans == {}
    session.store.listeners.append(session._hear)


def test_one_annotators_undo_leaves_the_others_work(session: Session) -> None:
    label(session, "رشت", "4")
    other = Session(session.store, "berik")
    other.open_document("fa-1")
    label(other, "مریم سهرابی", "1")
    run(session, "history.undo")
    assert session.spans == {}
    assert len(other.spans) == 1
    session.store.listeners.remove(other._hear)


def turned(session: Session) -> list[tuple[int, str]]:
    return list(session.document.paragraph_directions) if session.document else []


def test_a_paragraph_is_turned_round_and_back_and_it_is_stored(session: Session) -> None:
    session.open_document("fa-1")
    session.select_text(3, 3)
    run(session, "documents.flip_paragraph")
    assert turned(session) == [(0, "ltr")]
    assert session.store.document("fa-1").paragraph_directions == ((0, "ltr"),)
    session.store.rebuild()
    assert session.store.document("fa-1").paragraph_directions == ((0, "ltr"),)
    session.undo()
    assert turned(session) == []
    session.redo()
    assert turned(session) == [(0, "ltr")]
    run(session, "documents.flip_paragraph")
    assert turned(session) == []
    assert session.store.faults() == []
