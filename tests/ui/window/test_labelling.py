"""Labelling by mouse and keys, in both orders, in three languages; relations; undo."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from annotator.model import surface
from tests.projects import FA, KK, RU, made
from tests.ui.person import CONTROL, LEFT, NO_KEYS, SHIFT, Person

PEOPLE = {"fa-1": "مریم سهرابی", "kk-1": "Әлия Серікқызы", "ru-1": "Анна Кравцова"}
TEXTS = {"fa-1": FA, "kk-1": KK, "ru-1": RU}
Opens = Callable[..., Person]


@pytest.mark.parametrize("document", PEOPLE)
def test_selecting_with_the_mouse_then_a_key_labels(person: Person, document: str) -> None:
    person.open_document(document)
    span = person.label(PEOPLE[document], "1")
    assert (span.label, span.text) == ("PER", PEOPLE[document])
    assert surface(TEXTS[document], span.fragments) == span.text
    assert person.marks()[span.text].code == "PER"


@pytest.mark.parametrize("document", PEOPLE)
def test_a_key_then_selecting_labels_each_selection(person: Person, document: str) -> None:
    person.open_document(document)
    person.press("1")
    assert person.session.label == "PER"
    person.drag_over(PEOPLE[document])
    assert person.spans() == [("PER", PEOPLE[document])]
    person.press(Qt.Key.Key_Escape)
    person.press(Qt.Key.Key_Escape)
    assert person.session.label == ""


@pytest.mark.parametrize("document", PEOPLE)
def test_keys_alone_label(person: Person, document: str) -> None:
    person.open_document(document)
    person.extend_over(PEOPLE[document])
    person.press("1")
    assert person.spans() == [("PER", PEOPLE[document])]


def test_a_double_click_takes_a_word_with_its_joined_parts(person: Person) -> None:
    start, _end = person.place("قیمت‌ها")
    QTest.mouseDClick(person.view.viewport(), LEFT, NO_KEYS, person.point(start + 1))
    person.press("7")
    assert person.spans() == [("EVENT", "قیمت‌ها")]


def test_spans_nest_and_overlap(person: Person) -> None:
    person.label("شهرداری رشت", "2")
    person.label("رشت", "4")
    person.press(
        Qt.Key.Key_Escape
    )  # else the press would take hold of the edge of the selected span
    person.label("رشت به‌شدت مخالفت", "S")
    assert person.spans() == [
        ("ORG", "شهرداری رشت"),
        ("STANCE", "رشت به‌شدت مخالفت"),
        ("GPE", "رشت"),
    ]


def test_the_same_span_twice_is_one_span(person: Person) -> None:
    first = person.label("رشت", "4")
    person.press(Qt.Key.Key_Escape)
    assert person.label("رشت", "4") == first
    assert len(person.spans()) == 1


def test_a_key_relabels_the_selected_span(person: Person) -> None:
    person.label("رشت", "4")
    person.press("3")
    assert person.spans() == [("LOC", "رشت")]


def test_one_key_labels_a_stance_with_its_polarity(person: Person) -> None:
    span = person.label("مخالفت کرد", "-")
    assert (span.label, span.attributes) == ("STANCE", {"polarity": "oppose"})
    assert person.marks()["مخالفت کرد"].sign == "−"


def test_a_key_turns_a_value_of_the_selected_span_on_and_off(person: Person) -> None:
    person.label("قیمت‌ها پایین آمد", "C")
    person.press("R")
    assert person.session.selected is not None
    assert person.session.selected.attributes == {"mode": "reported"}
    person.press("R")
    assert person.session.selected.attributes == {}


def test_a_selection_of_spaces_is_refused_with_a_sentence(person: Person) -> None:
    person.view.select(4, 5)
    person.press("1")
    assert person.spans() == []
    assert "at least one letter" in person.notice()


def test_delete_takes_the_span_and_the_next_one_is_selected(person: Person) -> None:
    person.label("مریم سهرابی", "1")
    person.label("رشت", "4")
    person.click("مریم سهرابی")
    person.press(Qt.Key.Key_Delete)
    assert person.spans() == [("GPE", "رشت")]
    assert person.session.selected is not None
    assert person.session.selected.text == "رشت"
    assert set(person.marks()) == {"رشت"}


def test_tab_walks_through_the_spans_while_the_text_has_the_focus(person: Person) -> None:
    for words in ("مریم سهرابی", "رشت"):
        person.label(words, "4")
    person.press(Qt.Key.Key_Escape)
    person.view.set_caret(0)
    person.press(Qt.Key.Key_Tab)
    assert person.session.selected is not None
    assert person.session.selected.text == "مریم سهرابی"
    person.press(Qt.Key.Key_Tab)
    assert person.session.selected.text == "رشت"
    person.press(Qt.Key.Key_Backtab, SHIFT)
    assert person.session.selected.text == "مریم سهرابی"
    person.window.workspace.documents.needle.setFocus()
    person.press(Qt.Key.Key_Tab)
    assert person.session.selected.text == "مریم سهرابی"
    assert not person.window.workspace.documents.needle.hasFocus()


def test_a_drag_of_its_edge_moves_the_boundary(person: Person) -> None:
    person.label("رشت", "4")
    start, end = person.place("رشت")
    rect = person.view.rects_of(end - 1, end)[0]
    edge = rect.center().toPoint()
    edge.setX(round(rect.left()))
    person.drag(edge, person.point(person.place("به‌شدت")[1] - 1))
    assert person.spans() == [("GPE", "رشت به‌شدت")]
    assert start == person.session.in_order()[0].start


def test_growing_and_shrinking_by_keys_follow_the_logical_order(person: Person) -> None:
    person.label("رشت", "4")
    person.press("]", Qt.KeyboardModifier.AltModifier)
    assert person.spans() == [("GPE", "رشت به‌شدت")]
    person.press("[", Qt.KeyboardModifier.AltModifier)
    assert person.spans() == [("GPE", "رشت")]


# ── Relations ─────────────────────────────────────────────────────────────────────────────────────


def with_claim_and_person(person: Person) -> None:
    person.label("مریم سهرابی", "1")
    person.label("قیمت‌ها پایین آمد", "C")


def relations(person: Person) -> list[tuple[str, str, str]]:
    spans = person.session.spans
    return [
        (
            entry.label,
            spans[entry.head].text,
            spans[entry.child].text if entry.child else str(entry.implicit),
        )
        for entry in person.session.relations.values()
    ]


def test_a_relation_is_made_by_keys(person: Person) -> None:
    with_claim_and_person(person)
    person.press("H")
    assert person.session.linking is not None
    person.press(Qt.Key.Key_Return)
    assert relations(person) == [("holder", "قیمت‌ها پایین آمد", "مریم سهرابی")]


def test_arrows_choose_among_candidates_and_escape_gives_up(person: Person) -> None:
    person.label("شهرداری رشت", "2")
    with_claim_and_person(person)
    person.press("H")
    assert person.session.linking is not None
    first = person.session.linking.candidate
    person.press(Qt.Key.Key_Right)
    assert person.session.linking.candidate not in ("", first)
    person.press(Qt.Key.Key_Escape)
    assert person.session.linking is None
    assert relations(person) == []


def test_a_relation_may_end_in_the_author(person: Person) -> None:
    person.label("قیمت‌ها پایین آمد", "C")
    person.press("H")
    person.press("A")
    assert relations(person) == [("holder", "قیمت‌ها پایین آمد", "author")]


def test_a_click_on_a_span_ends_the_relation_that_was_begun(person: Person) -> None:
    with_claim_and_person(person)
    person.press("H")
    person.click("سهرابی")
    assert relations(person) == [("holder", "قیمت‌ها پایین آمد", "مریم سهرابی")]


def test_a_drag_from_chip_to_span_makes_the_only_relation_that_fits(person: Person) -> None:
    with_claim_and_person(person)
    person.press(Qt.Key.Key_Escape)
    person.drag(person.chip("قیمت‌ها پایین آمد"), person.point(person.place("سهرابی")[0] + 1))
    assert relations(person) == [("holder", "قیمت‌ها پایین آمد", "مریم سهرابی")]


def test_a_drag_to_a_span_that_no_relation_allows_is_refused_with_a_sentence(
    person: Person,
) -> None:
    person.label("مریم سهرابی", "1")
    person.label("رشت", "4")
    person.drag(person.chip("مریم سهرابی"), person.point(person.place("رشت")[0] + 1))
    assert relations(person) == []
    assert "No relation leads" in person.notice()


def test_undo_takes_back_the_relations_that_went_with_a_span(person: Person) -> None:
    with_claim_and_person(person)
    person.press("H")
    person.press(Qt.Key.Key_Return)
    person.click("مریم")
    person.press(Qt.Key.Key_Delete)
    assert relations(person) == []
    person.press("Z", CONTROL)
    assert relations(person) == [("holder", "قیمت‌ها پایین آمد", "مریم سهرابی")]
    assert person.marks()["مریم سهرابی"].badge == "⇄1"


def test_a_stance_shows_its_sign_at_the_claim_it_aims_at(person: Person) -> None:
    person.label("قیمت‌ها پایین آمد", "C")
    person.label("مخالفت کرد", "-")
    person.press("T")
    person.press(Qt.Key.Key_Return)
    assert person.marks()["قیمت‌ها پایین آمد"].sign == "−"
    person.press("=")
    assert person.marks()["قیمت‌ها پایین آمد"].sign == "+"


# ── Undo ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_menu_names_what_undo_takes_back(person: Person) -> None:
    person.label("رشت", "4")
    assert "GPE" in person.action("history.undo").text()
    assert "رشت" in person.action("history.undo").text()
    person.press("Z", CONTROL)
    assert person.spans() == []
    assert person.marks() == {}
    assert "GPE" in person.action("history.redo").text()
    assert not person.action("history.undo").isEnabled()
    person.press("Z", CONTROL | SHIFT)
    assert person.spans() == [("GPE", "رشت")]


def test_undo_works_across_documents_and_a_restart(opens: Opens, tmp_path: Path) -> None:
    path = tmp_path / "p.annot"
    made(path).close()
    person = opens(path)
    person.label("رشت", "4")
    person.press(Qt.Key.Key_PageDown, CONTROL)
    person.label("Ақтоғанды", "4")
    person.window.close()
    again = opens(path)
    again.press("Z", CONTROL)
    assert again.session.document is not None
    assert again.session.document.id == "kk-1"
    again.press("Z", CONTROL)
    assert again.session.document.id == "fa-1"
    assert again.spans() == []
    assert not again.action("history.undo").isEnabled()
