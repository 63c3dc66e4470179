"""How the text looks, and what others see or hear of it.

Annotations of others, looks, map, reading pane, sheet of keys.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QFileDialog, QInputDialog, QMenu, QWidget

from annotator.commands import keys
from annotator.errors import UserError
from annotator.model import AnnotationSet
from annotator.ui.dialogs import printing
from annotator.ui.dialogs.sheets import key_lines
from annotator.ui.look.style import DARK, LIGHT, Palette, contrast, legible, mixed
from annotator.ui.text_view.marks import ENTITY
from annotator.ui.text_view.minimap import Minimap, ticks
from annotator.ui.window.overlays import letters
from tests.projects import FA, made, span
from tests.ui.person import ALT, CONTROL, SHIFT, Person

Opens = Callable[..., Person]
CONTRAST_OF_TEXT, CONTRAST_OF_CHIPS = 7.0, 4.5


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Return a project in which two others have worked on the Persian document."""
    path = tmp_path / "p.annot"
    with made(path) as store, store.change("Import", "") as step:
        for name, words in (("bolat", "مریم"), ("birzhan", "مریم سهرابی")):
            person = step.add_annotator(name)
            step.import_annotation_set(
                "fa-1",
                person,
                AnnotationSet(name, "open", (span(FA, words, "PER", name="s1"),)),
                FA,
            )
    return path


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_layers_of_others_are_laid_over_the_text_and_only_read(shared: Path, opens: Opens) -> None:
    person = opens(shared)
    own = person.label("شهرداری رشت", "2")
    person.action("view.layers").trigger()
    (menu,) = (
        menu
        for menu in person.window.findChildren(QMenu)
        if menu.title() == "Annotations of others"
    )
    assert [action.text() for action in menu.actions() if action.text()] == [
        "bolat",
        "birzhan",
        "Side by side",
    ]
    for action in menu.actions()[:2]:
        action.trigger()
    menu.close()
    marks = person.view._page.index.marks
    assert [(mark.origin, mark.letter) for mark in marks.values() if mark.id != own.id] == [
        ("other", "B"),
        ("other", "I"),
    ]
    person.session.select_text(0, 0)
    person.click("مریم")
    assert person.session.span == ""
    assert person.session.selection == (0, 4), "its text is ready to be labelled alike"
    keys.press(person.session, "1")  # offscreen, nothing gives the focus back when a menu closes
    assert [entry.text for entry in person.session.in_order()] == ["مریم", "شهرداری رشت"]
    assert len(person.session.store.annotation_set("fa-1", "bolat").spans) == 1
    person.open_document("kk-1")
    assert not person.view._page.index.marks


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_alone_in_a_project_the_menu_says_so(person: Person) -> None:
    person.action("view.layers").trigger()
    (menu,) = (
        menu
        for menu in person.window.findChildren(QMenu)
        if menu.title() == "Annotations of others"
    )
    assert [action.isEnabled() for action in menu.actions()] == [False]
    menu.close()


def test_each_person_has_a_letter_of_their_own() -> None:
    assert letters(("bolat", "birzhan", "b", "!")) == ["B", "I", "1", "2"]


def test_spacing_width_and_font_are_chosen_and_remembered(
    person: Person, opens: Opens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = person.view._page
    before = (page.metrics.pitch, page.metrics.column_rtl)
    for name in ("more_spacing", "wider", "more_spacing"):
        person.action(f"view.{name}").trigger()
    assert page.metrics.pitch > before[0]
    assert page.metrics.column_rtl > before[1]
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_given, **_named: ("DejaVu Sans", True))
    person.action("view.font").trigger()
    assert page.metrics.family == "DejaVu Sans"
    made(tmp_path / "second.annot").close()
    again = opens(tmp_path / "second.annot").view._page
    assert (again.metrics.pitch, again.metrics.family) == (page.metrics.pitch, "DejaVu Sans")
    for _time in range(30):
        person.action("view.less_spacing").trigger()
        person.action("view.narrower").trigger()
    assert person.window.settings.number("leading") == 130
    assert person.window.settings.number("measure") == 40


def test_the_reading_pane_follows_the_caret_and_names_the_labels(person: Person) -> None:
    pane = person.window.workspace.panels.reading
    assert not pane.isVisible()
    person.label("مریم سهرابی", "1")
    person.action("view.reading_pane").trigger()
    assert pane.isVisible()
    assert pane.isReadOnly()
    person.session.select_text(5, 11)
    assert pane.toPlainText() == f"{FA}\n\nPER: مریم سهرابی"
    assert pane.textCursor().selectedText() == "سهرابی"
    person.action("view.reading_pane").trigger()
    assert not pane.isVisible()


def test_the_place_is_told_in_words(person: Person) -> None:
    person.label("مریم سهرابی", "1")
    assert person.view.place_in_words(6, 6) == "سهرابی · PER"
    assert "مریم" in person.view.place_in_words(0, 4)
    assert person.view.place_in_words(len(FA), len(FA)) == ""


def test_a_paragraph_that_was_turned_is_shown_turned(person: Person) -> None:
    assert person.view.paragraph_direction(0) == "rtl"
    person.session.select_text(3, 3)
    person.action("documents.flip_paragraph").trigger()
    assert person.view.paragraph_direction(0) == "ltr"
    person.press("Z", CONTROL)
    assert person.view.paragraph_direction(0) == "rtl"


def test_a_ctrl_drag_adds_a_fragment_to_the_selected_span_and_takes_it_out_again(
    person: Person,
) -> None:
    label = person.label("مریم", "1")
    viewport = person.view.viewport()
    for expected in ("مریم قیمت‌ها", "مریم"):
        start, end = person.place("قیمت‌ها")
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, CONTROL, person.point(start), 1000)
        person.view._mouse.drag(
            person.point(start + 1).toPointF() + QPoint(9, 9), by_character=False
        )
        person.view._mouse.drag(person.point(end - 1).toPointF(), by_character=False)
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, CONTROL, person.point(end - 1))
        assert person.session.spans[label.id].text == expected
        assert person.session.span == label.id


def test_a_ctrl_double_click_labels_a_word_with_its_clitic(tmp_path: Path, opens: Opens) -> None:
    made(tmp_path / "c.annot", texts={"fa-c": "او شهرداری ها را دید"}).close()
    person = opens(tmp_path / "c.annot")
    QTest.mouseDClick(person.view.viewport(), Qt.MouseButton.LeftButton, CONTROL, person.point(5))
    person.press("2")
    assert person.spans() == [("ORG", "شهرداری ها")]


def test_sentences_and_paragraphs_are_jumped_over_with_extension(
    tmp_path: Path, opens: Opens
) -> None:
    text = "او رفت. سپس آمد.\nپایان کار."
    made(tmp_path / "c.annot", texts={"fa-c": text}).close()
    person = opens(tmp_path / "c.annot")
    person.view.set_caret(0)
    person.press(Qt.Key.Key_Left, ALT)
    assert person.view.caret() == text.index("سپس")
    person.press(Qt.Key.Key_Down, CONTROL | SHIFT)
    assert person.view.selection() == (8, 17)
    person.press("7")
    assert person.spans()[0][1] == "سپس آمد."


def test_copy_gives_the_exact_text(tmp_path: Path, opens: Opens) -> None:
    text = "\u202b«می\u200cرود»\u202c\u00a0123\u00ad4\nسطر"
    made(tmp_path / "c.annot", texts={"fa-c": text}).close()
    person = opens(tmp_path / "c.annot")
    person.press("A", CONTROL)
    person.press("C", CONTROL)
    assert QGuiApplication.clipboard().text() == text


def test_the_map_shows_where_marks_are_and_leads_there(tmp_path: Path, opens: Opens) -> None:
    text = "\n".join([FA] * 200)
    made(tmp_path / "c.annot", texts={"fa-c": text}).close()
    person = opens(tmp_path / "c.annot")
    late = text.rindex("مریم")
    person.session.select_text(late, late + 4)
    person.press("1")
    ((_column, y, _color),) = ticks(person.view._page, 400, person.view._page.index.marks.values())
    assert 390 < y < 400
    shown = person.view.findChild(Minimap)
    assert isinstance(shown, Minimap)
    person.until(lambda: shown._ticks)
    assert shown._ticks
    QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=QPoint(5, shown.height() // 2))
    assert len(text) * 0.4 < person.view.scroll_position() < len(text) * 0.6
    assert person.view._page.index.marks[person.session.in_order()[0].id].look == ENTITY


@pytest.mark.parametrize("name", ["keys.pdf", "keys.html"])
def test_the_sheet_of_keys_is_written_to_be_printed(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / name
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(path), ""))
    lines = [f"{row.shown}\t{row.help}" for row in person.window.actions_.shortcuts()]
    printing.ask_and_write(person.window, "Keys", [*lines, "", "A\t<b>"])
    content = path.read_bytes()
    if name.endswith("pdf"):
        assert content.startswith(b"%PDF")
        assert len(content) > 5000
    else:
        assert "Ctrl+Z" in content.decode()
        assert "&lt;b&gt;" in content.decode()


def test_a_sheet_that_cannot_be_written_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        printing.write(tmp_path / "missing" / "keys.pdf", "Keys", ["A\tb"])


def test_the_sheet_names_the_keys_that_move(person: Person) -> None:
    lines = key_lines(
        person.window.actions_.shortcuts(), person.session, person.window.workspace.keyboard
    )
    assert any("Alt+←" in line and "sentence" in line for line in lines)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_chips_and_numbers_can_be_read(person: Person, palette: Palette) -> None:
    assert contrast(QColor(palette.ink), QColor(palette.paper)) >= CONTRAST_OF_TEXT
    assert contrast(QColor(palette.ink), QColor(palette.selection)) >= CONTRAST_OF_TEXT
    for _layer, label in person.session.schema.labels():
        tinted = mixed(label.color, palette.paper, palette.tint)
        assert contrast(QColor(palette.ink), tinted) >= CONTRAST_OF_TEXT, label.id
        ground = mixed(label.color, palette.paper, palette.chip)
        assert (
            contrast(legible(label.color, ground.name(), palette.ink, 5.0), ground)
            >= CONTRAST_OF_CHIPS
        ), label.id
    assert (
        contrast(
            legible(palette.suggestion, palette.paper, palette.ink, 5.0), QColor(palette.paper)
        )
        >= CONTRAST_OF_CHIPS
    )


def test_everything_that_takes_the_focus_has_a_name(person: Person) -> None:
    person.label("مریم سهرابی", "1")
    person.action("view.reading_pane").trigger()
    person.let_details_follow()
    nameless = [
        type(widget).__name__
        for widget in person.window.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


def test_a_one_word_entity_takes_two_actions(person: Person) -> None:
    actions = 0
    QTest.mouseDClick(
        person.view.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        person.point(6),
    )
    actions += 1
    person.press("1")
    actions += 1
    assert person.spans() == [("PER", "سهرابی")]
    assert actions == 2


def test_with_a_label_held_each_further_entity_takes_one_action(person: Person) -> None:
    person.press("2")
    for words in ("شهرداری رشت", "مریم سهرابی"):
        person.drag_over(words)
    assert person.spans() == [("ORG", "مریم سهرابی"), ("ORG", "شهرداری رشت")]


def test_both_appearances_are_painted(person: Person) -> None:
    for name in ("light", "dark"):
        person.window.theme.choose(name)
        assert not person.window.grab().isNull()


@pytest.mark.parametrize(("appearance", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_a_box_that_is_ticked_shows_a_tick(
    person: Person, appearance: str, palette: Palette
) -> None:
    person.window.theme.choose(appearance)
    box = QCheckBox(person.window)
    box.setChecked(True)
    box.show()
    image = box.grab().toImage()
    colors = {image.pixelColor(x, y).name() for x in range(2, 12) for y in range(image.height())}
    assert palette.accent.lower() in colors
    assert palette.paper.lower() in colors
