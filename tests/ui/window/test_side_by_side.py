"""Annotators side by side.

The same text in columns, to be read, at the same line, with hints of what differs.
"""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from annotator.model import AnnotationSet, Document
from tests.projects import FA, made, span
from tests.ui.conftest import Opens
from tests.ui.person import Person

LONG = "\n".join(f"{FA} {number}" for number in range(60))


@pytest.fixture
def compared(opens: Opens, tmp_path: Path) -> Person:
    """Return a person in a project where two others have labelled the Persian document.

    And a long one.
    """
    path = tmp_path / "p.annot"
    with made(path) as store, store.change("", "") as step:
        step.add_document(Document("long", "long", LONG, "fa"))
        for who, label in (("sara", "PER"), ("reza", "ORG")):
            name = step.add_annotator(who)
            spans = (span(FA, "مریم سهرابی", label, name="s1"), span(FA, "رشت", "GPE", name="s2"))
            step.import_annotation_set("fa-1", name, AnnotationSet(who, spans=spans), FA)
            step.import_annotation_set(
                "long", name, AnnotationSet(who, spans=(span(LONG, "مریم", label),)), LONG
            )
    person = opens(path)
    person.open_document("fa-1")
    return person


def columns(person: Person, *names: str) -> dict[str, dict[str, str]]:
    """Put people beside the text.

    Return for each the badges of the marks in the column, by their words.
    """
    space = person.window.workspace
    space.overlays.shown, space.overlays.are_beside = names, True
    space.show_all_marks()
    QApplication.processEvents()
    return badges(person)


def badges(person: Person) -> dict[str, dict[str, str]]:
    found = {}
    for name, column in person.window.workspace.side_by_side.columns.items():
        text = column.view.text()
        found[name] = {
            text[mark.start : mark.end]: mark.badge
            for mark in column.view._page.index.marks.values()
        }
    return found


def test_columns_show_what_is_other_than_here(compared: Person) -> None:
    compared.label("مریم سهرابی", "1")
    found = columns(compared, "sara", "reza")
    assert found == {
        "sara": {"مریم سهرابی": "", "رشت": "+"},
        "reza": {"مریم سهرابی": "≠", "رشت": "+"},
    }
    heads = [
        column.head.text() for column in compared.window.workspace.side_by_side.columns.values()
    ]
    assert [head.split("   ")[1] for head in heads] == ["= 1 · + 1", "≠ 1 · + 1"]


def test_the_hints_follow_ones_own_work(compared: Person) -> None:
    columns(compared, "sara")
    compared.label("رشت", "4")
    compared.window.workspace.side_by_side.compare()
    assert badges(compared)["sara"]["رشت"] == ""
    compared.label("به‌شدت", "5")
    compared.window.workspace.side_by_side.compare()
    assert (
        compared.window.workspace.side_by_side.columns["sara"]
        .head.text()
        .endswith("= 1 · + 1 · − 1")
    )


def test_whichever_is_scrolled_leads(compared: Person) -> None:
    compared.open_document("long")
    columns(compared, "sara", "reza")
    own, (one, two) = (
        compared.view,
        [column.view for column in compared.window.workspace.side_by_side.columns.values()],
    )
    for leader in (own, two, one):
        leader.verticalScrollBar().setValue(leader.verticalScrollBar().value() + 333)
        assert own.top_line() == one.top_line() == two.top_line() != (0, 0)


def test_columns_are_read_only_and_follow_the_document(compared: Person) -> None:
    columns(compared, "sara")
    column = compared.window.workspace.side_by_side.columns["sara"].view
    column.setFocus()
    column.select(*compared.place("شهرداری"))
    compared.press("1")
    assert compared.spans() == []
    assert compared.session.store.annotation_set("fa-1", "sara").spans[0].label == "PER"
    compared.open_document("long")
    assert column.text() == LONG
    assert column.paragraph_direction(0) == "rtl"


def test_a_click_in_a_column_selects_that_text_here(compared: Person) -> None:
    columns(compared, "sara")
    compared.window.workspace.side_by_side.columns["sara"].view.mark_clicked.emit("s2")
    start, end = compared.session.selection
    assert compared.view.text()[start:end] == "رشت"


def test_one_command_puts_them_beside_and_over_the_text_again(compared: Person) -> None:
    space = compared.window.workspace
    compared.action("view.side_by_side").trigger()
    assert list(space.side_by_side.columns) == ["reza"] or list(space.side_by_side.columns) == [
        "sara"
    ]
    assert all(mark.origin != "other" for mark in compared.marks().values())
    compared.action("view.side_by_side").trigger()
    assert space.side_by_side.columns == {}
    assert {mark.origin for mark in compared.marks().values()} == {"other"}


def test_with_nobody_else_there_is_a_sentence(person: Person) -> None:
    person.action("view.side_by_side").trigger()
    assert "Nobody else has worked" in person.notice()


def test_columns_take_the_size_and_the_colours_of_the_text(compared: Person) -> None:
    columns(compared, "sara")
    column = compared.window.workspace.side_by_side.columns["sara"].view
    compared.view.set_zoom(150)
    assert column.zoom() == 150
    compared.window.theme.choose("dark")
    assert column._palette.dark
    compared.window.theme.choose("light")
    assert not column._palette.dark


def test_columns_are_reached_by_keys(compared: Person) -> None:
    columns(compared, "sara")
    compared.view.setFocus()
    compared.press(Qt.Key.Key_F6)
    assert compared.window.workspace.side_by_side.columns["sara"].view.hasFocus()
