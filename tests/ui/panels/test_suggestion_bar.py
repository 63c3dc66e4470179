"""Suggestions in the window: seen apart from one's own work, answered with one key.

And how many actions a span costs.
"""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from annotator.model import AnnotationSet
from annotator.ui.dialogs.sheets import key_lines
from annotator.ui.panels.outline import Outline
from tests.projects import FA, made, span
from tests.ui.conftest import Opens
from tests.ui.person import CONTROL, Person

PERSON, PLACE = "مریم سهرابی", "شهرداری رشت"


@pytest.fixture
def asked(opens: Opens, tmp_path: Path) -> Person:
    """Return a person at the Persian document, for which a model has two suggestions."""
    path = tmp_path / "p.annot"
    with made(path) as store, store.change("", "") as step:
        spans = (span(FA, PERSON, "PER", name="s1"), span(FA, PLACE, "ORG", name="s2"))
        step.import_annotation_set(
            "fa-1", step.add_annotator("model:v1"), AnnotationSet("model:v1", spans=spans), FA
        )
    return opens(path)


def test_suggestions_are_painted_as_such_and_counted(asked: Person) -> None:
    assert {words: mark.origin for words, mark in asked.marks().items()} == {
        PERSON: "suggestion",
        PLACE: "suggestion",
    }
    bar = asked.window.workspace.panels.suggestions
    assert bar.isVisible()
    assert bar.count.text() == "2 suggestions · PER 1 · ORG 1"
    assert bar.accept_all.text() == "Accept all 2"


@pytest.mark.parametrize(
    ("accept", "dismiss"), [("Y", "N"), (Qt.Key.Key_Return, Qt.Key.Key_Backspace)]
)
def test_one_key_answers_and_goes_on(
    asked: Person, accept: str | Qt.Key, dismiss: str | Qt.Key
) -> None:
    asked.press(Qt.Key.Key_Tab)
    asked.press(accept)
    assert asked.spans() == [("PER", PERSON)]
    assert asked.view.selected_mark() in asked.view._page.index.marks
    asked.press(dismiss)
    assert asked.spans() == [("PER", PERSON)]
    assert {words: mark.origin for words, mark in asked.marks().items()} == {PERSON: "own"}
    assert asked.window.workspace.panels.suggestions.isHidden()
    asked.press("Z", CONTROL)
    assert asked.marks()[PLACE].origin == "suggestion"
    assert asked.window.workspace.panels.suggestions.isVisible()


def test_the_place_of_a_key_counts_not_its_print(asked: Person) -> None:
    asked.press(Qt.Key.Key_Tab)
    asked.press_physical("Y", "غ")
    assert asked.spans() == [("PER", PERSON)]
    asked.press_physical("2", "۲")
    assert asked.spans() == [("PER", PERSON), ("ORG", PLACE)]


def test_a_click_selects_a_suggestion_and_details_say_whose_it_is(asked: Person) -> None:
    asked.click(PERSON)
    asked.window.workspace.show_details()
    assert asked.session.suggested is not None
    details = asked.window.workspace.details
    assert any("model:v1" in text for text in asked.reads(details))
    asked.button("Accept", details).click()
    assert asked.spans() == [("PER", PERSON)]


def test_the_outline_lists_them_and_leads_to_them(asked: Person) -> None:
    asked.window.workspace.show_details()
    outline = asked.window.workspace.details.findChild(QWidget, "outline")
    assert isinstance(outline, Outline)
    lines = outline.lines.lines
    assert [line.text for line in lines] == ["Suggestions · 2", PERSON, PLACE]
    outline.chosen.emit(lines[1].span)
    assert asked.session.suggested is not None
    assert asked.session.suggested.text == PERSON


def test_the_bar_and_the_strip_answer_too(asked: Person) -> None:
    bar = asked.window.workspace.panels.suggestions
    bar.following.click()
    next(chip for chip, label in asked.window.workspace.strip._chips if label.id == "GPE").click()
    assert asked.spans() == [("GPE", PERSON)]
    bar.accept_all.click()
    assert asked.spans() == [("GPE", PERSON), ("ORG", PLACE)]


def test_the_key_sheet_tells_the_answers(asked: Person) -> None:
    lines = key_lines([], asked.session, asked.window.workspace.keyboard)
    assert any(line.startswith("Y  Enter\tAccept") for line in lines)


# ── What a span costs ─────────────────────────────────────────────────────────────────────────────


class Counted:
    """Counts what a hand does.

    A key with its modifiers, a click, a double click are one action each.
    """

    def __init__(self, person: Person) -> None:
        self.person, self.actions = person, 0

    def press(
        self, key: str | Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        self.actions += 1
        self.person.press(key, modifiers)

    def double_click(self, words: str) -> None:
        self.actions += 1
        start, end = self.person.place(words)
        point = self.person.point((start + end) // 2)
        viewport = self.person.view.viewport()
        QTest.mouseClick(
            viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point, 1000
        )
        QTest.mouseDClick(
            viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point
        )
        QTest.mouseRelease(
            viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point
        )
        QApplication.processEvents()


def test_a_word_costs_two_actions_by_mouse(person: Person) -> None:
    hand = Counted(person)
    for words, key in (("رشت", "4"), ("شهرداری", "2"), ("سهرابی", "1")):
        hand.double_click(words)
        hand.press(key)
    assert sorted(person.spans()) == [("GPE", "رشت"), ("ORG", "شهرداری"), ("PER", "سهرابی")]
    assert hand.actions == 2 * 3


def test_a_word_costs_two_actions_by_keys_and_one_with_an_active_label(person: Person) -> None:
    hand = Counted(person)
    person.view.set_caret(0)
    hand.press(Qt.Key.Key_Left, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    hand.press("1")
    assert person.spans() == [("PER", "مریم")]
    assert hand.actions == 2
    person.press(Qt.Key.Key_Escape)
    person.press("4")
    hand.double_click("رشت")
    assert person.spans() == [("PER", "مریم"), ("GPE", "رشت")]
    assert hand.actions == 3


def test_an_accepted_suggestion_costs_one_action(asked: Person) -> None:
    hand = Counted(asked)
    asked.press(Qt.Key.Key_F4)
    for _step in range(2):
        hand.press("Y")
    assert asked.spans() == [("PER", PERSON), ("ORG", PLACE)]
    assert hand.actions == 2
