"""Physical keys.

Every layout labels alike, shortcuts work without Latin letters, caps show the active layout.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent

from annotator.ui.runtime.keyboard import LAYOUTS, Keyboard, physical_key
from annotator.ui.window.actions import is_bare
from tests.ui.conftest import Opens
from tests.ui.person import CONTROL, NO_KEYS, SHIFT, Person

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLineEdit

KEYPAD = Qt.KeyboardModifier.KeypadModifier
on_x11 = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="The scan codes here are those of X11."
)
# What the key typed by US print gives on each layout.
TYPED = {
    "fa": {"1": "۱", "S": "س", "H": "ا", "-": "-", "Z": "ظ", "R": "ق", "C": "ز"},
    "kk": {"1": '"', "S": "ы", "H": "р", "-": "-", "Z": "я", "R": "к", "C": "с"},
    "ru": {"1": "1", "S": "ы", "H": "р", "-": "-", "Z": "я", "R": "к", "C": "с"},
    "en": {"1": "1", "S": "s", "H": "h", "-": "-", "Z": "z", "R": "r", "C": "c"},
}


@on_x11
@pytest.mark.parametrize("layout", TYPED)
@pytest.mark.parametrize(("key", "label"), [("1", "PER"), ("S", "STANCE"), ("C", "CLAIM")])
def test_a_key_labels_by_its_place_on_every_layout(
    person: Person, layout: str, key: str, label: str
) -> None:
    person.drag_over("مخالفت کرد")
    person.press_physical(key, TYPED[layout][key])
    assert person.spans() == [(label, "مخالفت کرد")]


@pytest.mark.parametrize("layout", TYPED)
@pytest.mark.parametrize(("key", "label"), [("1", "PER"), ("S", "STANCE")])
def test_without_scan_codes_the_typed_character_tells_the_place(
    person: Person, layout: str, key: str, label: str
) -> None:
    if TYPED[layout][key] == '"':
        pytest.skip("A quotation mark is typed by other keys too.")
    person.drag_over("مخالفت کرد")
    person.press_physical(key, TYPED[layout][key], scan=False)
    assert person.spans() == [(label, "مخالفت کرد")]


@pytest.mark.skipif(sys.platform == "darwin", reason="There the key code 0 is that of A.")
@pytest.mark.parametrize("typed", sorted(set("".join(LAYOUTS.values()))))
def test_without_scan_codes_a_us_print_wins_over_other_layouts(typed: str) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, NO_KEYS, 0, 0, 0, typed)
    names = "en", "ru", "kk", "fa"
    layout = next(LAYOUTS[name] for name in names if typed in LAYOUTS[name])
    assert physical_key(event) == LAYOUTS["en"][layout.index(typed)].upper()


@on_x11
@pytest.mark.parametrize("layout", ["fa", "kk", "ru"])
def test_ctrl_z_undoes_by_its_place(person: Person, layout: str) -> None:
    person.label("رشت", "4")
    person.press_physical("Z", TYPED[layout]["Z"], CONTROL)
    assert person.spans() == []
    person.press_physical("Z", TYPED[layout]["Z"], CONTROL | SHIFT)
    assert person.spans() == [("GPE", "رشت")]


@on_x11
def test_ctrl_z_undoes_by_its_place_wherever_the_focus_is(person: Person) -> None:
    person.label("رشت", "4")
    person.window.workspace.documents.view.setFocus()
    person.press_physical("Z", "я", CONTROL)
    assert person.spans() == []


@on_x11
def test_in_a_field_ctrl_z_undoes_what_was_typed_there(person: Person) -> None:
    person.label("رشت", "4")
    needle: QLineEdit = person.window.workspace.documents.needle
    needle.setFocus()
    needle.insert("слово")
    person.press_physical("Z", "я", CONTROL)
    assert needle.text() == ""
    assert person.spans() == [("GPE", "رشت")]


@on_x11
@pytest.mark.parametrize("layout", TYPED)
def test_shift_r_reverses_a_relation_under_way_on_every_layout(person: Person, layout: str) -> None:
    person.label("مریم سهرابی", "1")
    person.label("قیمت‌ها پایین آمد", "C")
    person.press("H")
    person.press_physical("R", TYPED[layout]["R"].upper(), SHIFT)
    assert "may not lead that way" in person.notice()


@on_x11
def test_letters_typed_in_a_field_label_nothing(person: Person) -> None:
    person.drag_over("رشت")
    person.window.workspace.documents.needle.setFocus()
    person.press_physical("1", "1")
    assert person.spans() == []
    assert person.window.workspace.documents.needle.text() == "1"


def test_the_keypad_counts_as_the_digits(person: Person) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, KEYPAD, 87, 0, 0, "1")
    assert physical_key(event) == "1"
    assert (
        physical_key(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Plus, KEYPAD, 86, 0, 0, "+")) == "="
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_names_every_key(layout: str) -> None:
    assert len(LAYOUTS[layout]) == len(LAYOUTS["en"])


@on_x11
def test_caps_follow_the_layout_that_the_keys_type(person: Person) -> None:
    strip = person.window.workspace.strip

    def caps() -> dict[str, str]:
        return {label.id: chip._cap for chip, label in strip._chips}

    assert caps()["STANCE"] == "S"
    person.press_physical("S", "ы")
    assert caps()["STANCE"] == "Ы"
    person.press_physical("S", "س")
    assert caps()["STANCE"] == "س"
    assert caps()["PER"] == "۱"


def test_the_active_label_is_filled(person: Person) -> None:
    person.press("2")
    active = [label.id for chip, label in person.window.workspace.strip._chips if chip._active]
    assert active == ["ORG"]
    person.press("2")
    assert not any(chip._active for chip, _label in person.window.workspace.strip._chips)


def test_a_chip_labels_what_is_selected(person: Person) -> None:
    person.drag_over("رشت")
    next(chip for chip, label in person.window.workspace.strip._chips if label.id == "GPE").click()
    assert person.spans() == [("GPE", "رشت")]


def test_the_strip_wraps_and_is_never_cut(opens: Opens, project: Path) -> None:
    person = opens(project)
    person.window.workspace.documents.hide()
    person.window.resize(1024, 600)
    person.window.workspace.split.setSizes([0, 360, 664])
    person.let_details_follow()
    strip = person.window.workspace.strip
    for chip, _label in strip._chips:
        assert strip.rect().contains(QRect(chip.mapTo(strip, QPoint(0, 0)), chip.size()))


def test_a_keyboard_learns_nothing_from_keys_without_print() -> None:
    keyboard = Keyboard()
    before = keyboard.layout
    keyboard.learn(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F5, NO_KEYS, 0, 0, 0, ""))
    assert keyboard.layout == before


@pytest.mark.parametrize(
    ("keys", "bare"),
    [("Tab", True), ("Shift+R", True), ("F4", False), ("Shift+F4", False), ("Ctrl+F", False)],
)
def test_function_keys_are_the_whole_windows_with_shift_too(keys: str, bare: bool) -> None:
    assert is_bare(keys) is bare


@pytest.mark.parametrize(("typed", "code"), [("A", 38), ("Ф", 38), ("ش", 38)])
def test_all_of_the_text_is_selected_by_the_letter_or_by_its_place(
    person: Person, typed: str, code: int
) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.sendEvent(
            person.view, QKeyEvent(kind, Qt.Key(ord(typed)), CONTROL, code, 0, 0, "")
        )
    assert person.view.selection() == (0, len(person.view.text()))
