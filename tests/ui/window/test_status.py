"""The status bar can be trusted.

What it calls stored is stored, and a disk that takes nothing is named at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from annotator.errors import UserError
from annotator.store import Store
from annotator.ui.panels.details import NoteEdit
from tests.ui.conftest import Opens
from tests.ui.person import CONTROL, Person


@contextmanager
def full_disk(store: Store) -> Iterator[None]:
    """Let the project file not grow by one page, as on a full disk."""
    connection = store._connection
    before = connection.execute("PRAGMA max_page_count").fetchone()[0]
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA max_page_count = {before}")


def fill(person: Person) -> None:
    """Label until nothing more fits into the file."""
    text = person.view.text()
    for start in range(len(text) - 1):
        person.view.select(start, len(text))
        person.press("1")
        if "NOT" in person.says("stored"):
            return
    raise AssertionError("the disk did not fill")


def test_each_change_is_called_stored_with_its_time_and_is_on_the_disk(
    opens: Opens, project: Path
) -> None:
    person = opens(project)
    person.label("رشت", "4")
    assert person.says("stored").startswith("All changes stored · ")
    person.window.close()
    with Store.open(project) as store:
        assert [span.text for span in store.annotation_set("fa-1", "aida").spans] == ["رشت"]


def test_a_full_disk_is_named_and_the_text_shows_what_is_stored(person: Person) -> None:
    store = person.session.store
    with full_disk(store):
        fill(person)
        assert "NOT stored" in person.says("stored")
        assert "disk is full" in person.notice()
        assert person.window.status.labels["stored"].property("role") == "warning"
        stored = {span.text for span in store.annotation_set("fa-1", "aida").spans}
        assert set(person.marks()) == stored
        assert set(person.session.spans) == {
            span.id for span in store.annotation_set("fa-1", "aida").spans
        }
    person.press("Z", CONTROL)
    assert person.says("stored").startswith("All changes stored")
    assert not person.window.status.labels["stored"].property("role")
    assert store.faults() == []


@pytest.fixture
def broken(person: Person, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Return a person with two spans, at a project that takes nothing more."""
    person.label("مریم سهرابی", "1")
    person.label("مخالفت کرد", "-")

    def refuse(*_arguments: object, **_more: object) -> None:
        raise UserError("The disk is full.") from OSError()

    monkeypatch.setattr(Store, "change", refuse)
    return person


def test_a_value_that_is_not_stored_does_not_look_set(broken: Person) -> None:
    details = broken.window.workspace.details
    broken.let_details_follow()
    broken.button("support", details).click()
    broken.let_details_follow()
    assert "NOT stored" in broken.says("stored")
    assert not broken.button("support", details).isChecked()
    assert broken.button("oppose", details).isChecked()


def test_a_deletion_that_is_not_stored_leaves_the_span(broken: Person) -> None:
    broken.press(Qt.Key.Key_Delete)
    assert "NOT stored" in broken.says("stored")
    assert set(broken.marks()) == {"مریم سهرابی", "مخالفت کرد"}


def test_a_moved_boundary_that_is_not_stored_goes_back(broken: Person) -> None:
    broken.press("[", Qt.KeyboardModifier.AltModifier)
    assert "NOT stored" in broken.says("stored")
    assert "مخالفت کرد" in broken.marks()


def test_an_undo_that_is_not_stored_says_so(broken: Person) -> None:
    broken.press("Z", CONTROL)
    assert "NOT stored" in broken.says("stored")
    assert len(broken.marks()) == 2


def test_a_note_that_is_not_stored_is_kept_and_can_be_tried_again(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    details = person.window.workspace.details
    person.label("رشت", "4")
    person.press("N", Qt.KeyboardModifier.AltModifier)
    note = details.findChild(NoteEdit)
    assert note is not None
    QTest.keyClicks(note, "why?")
    refusals: list[int] = []

    def refuse(*_arguments: object, **_more: object) -> None:
        refusals.append(1)
        raise UserError("The disk is full.") from OSError()

    with monkeypatch.context() as patched:
        patched.setattr(Store, "change", refuse)
        QTest.keyClick(note, Qt.Key.Key_Return, CONTROL)
        QTest.qWait(200)
    assert refusals == [1]
    assert any("not stored yet" in text for text in person.reads(details))
    again = details.findChild(NoteEdit)
    assert again is not None
    assert again.toPlainText() == "why?"
    again.setFocus()
    QTest.keyClick(again, Qt.Key.Key_Return, CONTROL)
    person.let_details_follow()
    assert [span.note for span in person.session.in_order()] == ["why?"]
    assert not any("not stored yet" in text for text in person.reads(details))


def test_a_refusal_is_no_failure_of_the_disk(person: Person) -> None:
    person.label("رشت", "4")
    said = person.says("stored")
    person.press("R", Qt.KeyboardModifier.AltModifier)
    assert "no relation" in person.notice()
    assert person.says("stored") == said
