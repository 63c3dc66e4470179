"""The details panel: attributes, notes, relations, outline, document attributes, history."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from annotator.ui.panels.details import Details, NoteEdit
from annotator.ui.panels.outline import Outline
from tests.projects import made
from tests.ui.conftest import Opens
from tests.ui.person import CONTROL, LEFT, NO_KEYS, Person


@pytest.fixture
def panel(person: Person) -> Details:
    return person.window.workspace.details


def note_of(panel: Details) -> NoteEdit:
    found = panel.findChild(NoteEdit)
    assert found is not None
    return found


def write_note(person: Person, panel: Details, words: str) -> NoteEdit:
    person.press("N", Qt.KeyboardModifier.AltModifier)
    note = note_of(panel)
    assert note.hasFocus()
    QTest.keyClicks(note, words)
    return note


def stored_notes(person: Person) -> list[str]:
    return [span.note for span in person.session.in_order()]


def test_the_selected_span_is_shown_with_text_label_and_place(
    person: Person, panel: Details
) -> None:
    person.label("رشت", "4")
    person.let_details_follow()
    start, end = person.place("رشت")
    texts = " ".join(person.reads(panel))
    assert "رشت" in texts
    assert "GPE" in texts
    assert f"{start}–{end}" in texts


def test_a_value_is_toggled_by_its_button_which_keeps_the_focus(
    person: Person, panel: Details
) -> None:
    person.label("مخالفت کرد", "-")
    person.let_details_follow()
    person.button("support", panel).setFocus()
    person.press(Qt.Key.Key_Space)
    person.let_details_follow()
    assert person.session.selected is not None
    assert person.session.selected.attributes == {"polarity": "support"}
    pressed = person.button("support", panel)
    assert pressed.isChecked()
    assert pressed.hasFocus()
    pressed.click()
    assert person.session.selected.attributes == {}


@pytest.mark.parametrize("how", ["ctrl+enter", "leaving", "another span"])
def test_a_note_is_stored_on_leaving_it(person: Person, panel: Details, how: str) -> None:
    person.label("مریم سهرابی", "1")
    person.label("رشت", "4")
    note = write_note(person, panel, "why?")
    if how == "ctrl+enter":
        QTest.keyClick(note, Qt.Key.Key_Return, CONTROL)
        assert person.view.hasFocus()
    elif how == "leaving":
        person.window.workspace.documents.needle.setFocus()
    else:
        person.click("مریم سهرابی")
    person.let_details_follow()
    assert stored_notes(person) == ["", "why?"]
    assert person.marks()["رشت"].badge == "✎"
    assert "why?" not in person.action("history.undo").text()


def test_escape_gives_the_old_note_back(person: Person, panel: Details) -> None:
    person.label("رشت", "4")
    note = write_note(person, panel, "wrong")
    QTest.keyClick(note, Qt.Key.Key_Escape)
    assert person.view.hasFocus()
    person.let_details_follow()
    assert stored_notes(person) == [""]


def test_ctrl_enter_in_a_note_does_not_finish_the_document(person: Person, panel: Details) -> None:
    person.label("رشت", "4")
    note = write_note(person, panel, "a")
    QTest.keyClick(note, Qt.Key.Key_Return, CONTROL)
    assert person.session.document is not None
    assert (person.session.document.id, person.session.status) == ("fa-1", "open")


def test_leaving_a_note_for_another_document_stores_it_where_it_was_written(
    person: Person, panel: Details
) -> None:
    person.label("رشت", "4")
    write_note(person, panel, "why?")
    person.open_document("ru-1")
    person.let_details_follow()
    annotation_set = person.session.store.annotation_set("fa-1", "aida")
    assert [span.note for span in annotation_set.spans] == ["why?"]
    assert person.session.document is not None
    assert person.session.document.id == "ru-1"


def test_closing_the_window_stores_the_note(opens: Opens, project: Path) -> None:
    person = opens(project)
    person.label("رشت", "4")
    write_note(person, person.window.workspace.details, "last words")
    person.window.close()
    assert stored_notes(opens(project)) == ["last words"]


def test_relations_are_added_and_removed_by_buttons(person: Person, panel: Details) -> None:
    person.label("مریم سهرابی", "1")
    person.label("قیمت‌ها پایین آمد", "C")
    person.let_details_follow()
    person.button("Holder", panel).click()
    person.let_details_follow()
    person.button("the author", panel).click()
    person.let_details_follow()
    assert [entry.implicit for entry in person.session.relations.values()] == ["author"]
    person.button("Remove this relation", panel).click()
    person.let_details_follow()
    assert not person.session.relations


def test_the_outline_lists_spans_by_layer_and_what_is_open(person: Person, panel: Details) -> None:
    person.label("مریم سهرابی", "1")
    person.label("قیمت‌ها پایین آمد", "C")
    person.press(Qt.Key.Key_Escape)
    person.let_details_follow()
    outline = panel.findChild(Outline)
    assert outline is not None
    assert [line.text for line in outline.lines.lines] == [
        "1 open question",
        "قیمت‌ها پایین آمد",
        "Entities · 1",
        "مریم سهرابی",
        "Claims · 1",
        "قیمت‌ها پایین آمد",
    ]
    assert person.says("questions") == "1 open question"
    QTest.mouseClick(
        outline.viewport(), LEFT, NO_KEYS, outline.visualRect(outline.lines.index(3)).center()
    )
    assert person.session.selected is not None
    assert person.session.selected.text == "مریم سهرابی"


def test_the_outline_is_walked_with_arrows_and_passes_over_headings(
    person: Person, panel: Details
) -> None:
    person.label("مریم سهرابی", "1")
    person.label("مخالفت کرد", "-")
    person.press(Qt.Key.Key_Escape)
    person.let_details_follow()
    outline = panel.findChild(Outline)
    assert outline is not None
    outline.setFocus()
    outline.setCurrentIndex(outline.lines.index(1))
    person.press(Qt.Key.Key_Down)
    assert outline.currentIndex().row() == 3
    person.press(Qt.Key.Key_Return)
    assert person.session.selected is not None
    assert person.session.selected.text == "مریم سهرابی"


def test_an_empty_document_says_how_to_begin(person: Person, panel: Details) -> None:
    person.let_details_follow()
    assert any("Select a word" in text for text in person.reads(panel))


def test_what_is_missing_of_a_span_is_said(person: Person, panel: Details) -> None:
    person.label("قیمت‌ها پایین آمد", "C")
    person.let_details_follow()
    assert any("Still missing" in text and "Holder" in text for text in person.reads(panel))
    assert person.marks()["قیمت‌ها پایین آمد"].incomplete
    person.press("H")
    person.press("A")
    assert not person.marks()["قیمت‌ها پایین آمد"].incomplete
    assert person.says("questions") == ""


def test_document_attributes_are_set_and_taken_away(person: Person, panel: Details) -> None:
    person.let_details_follow()
    person.button("economy", panel).click()
    assert person.session.attributes == {"topic": "economy"}
    person.let_details_follow()
    assert person.button("economy", panel).isChecked()
    person.button("economy", panel).click()
    assert person.session.attributes == {}
    person.press("Z", CONTROL)
    assert person.session.attributes == {"topic": "economy"}


def test_the_history_of_a_span_tells_its_steps(person: Person, panel: Details) -> None:
    person.label("رشت", "4")
    person.press("3")
    person.let_details_follow()
    texts = " ".join(person.reads(panel))
    assert "Label GPE" in texts
    assert "Change GPE to LOC" in texts


def test_no_two_parts_of_the_panel_share_a_name_for_the_focus(
    person: Person, panel: Details
) -> None:
    person.label("قیمت‌ها پایین آمد", "C")
    person.let_details_follow()
    names = [
        part.objectName()
        for part in panel.findChildren(QWidget)
        if part.objectName().startswith(("attribute", "note", "delete"))
    ]
    assert len(names) == len(set(names)) > 5


def test_markup_in_a_text_is_shown_and_not_obeyed(opens: Opens, tmp_path: Path) -> None:
    made(tmp_path / "m.annot", texts={"ru-1": "См. <img src=x> и <b>жирно</b>."}).close()
    person = opens(tmp_path / "m.annot")
    person.view.select(*person.place("<img src=x>"))
    person.press("1")
    person.let_details_follow()
    assert any("<img src=x>" in text for text in person.reads(person.window.workspace.details))
