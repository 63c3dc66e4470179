"""The window as a whole.

Commands, keys without clashes, names for screen readers, looks, panels, find bar, palette, our own
faults.
"""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QColor, QGuiApplication, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QScrollBar, QWidget

from annotator.settings import Settings
from annotator.ui.dialogs.export_files import ExportFiles
from annotator.ui.dialogs.import_files import ImportFiles
from annotator.ui.dialogs.new_project import NewProject
from annotator.ui.dialogs.palette import Palette
from annotator.ui.panels.key_table import Holder, Row, clashes, rows
from annotator.ui.runtime import error_reporting
from annotator.ui.window.actions import Actions, is_bare
from annotator.ui.window.main_window import MainWindow
from tests.projects import made
from tests.ui.conftest import Opens
from tests.ui.person import CONTROL, NO_KEYS, SHIFT, Person

NewWindow = Callable[[], MainWindow]


# ── Commands ──────────────────────────────────────────────────────────────────────────────────────


def test_every_action_says_what_it_does_in_a_sentence(person: Person) -> None:
    for name, action in person.window.actions_.all.items():
        assert action.text(), name
        assert action.statusTip().endswith("."), name


def table_of(person: Person) -> list[Row]:
    keyboard = person.window.workspace.keyboard
    return rows(person.window.actions_.shortcuts(), person.session, keyboard.cap)


def test_no_key_is_taken_by_two_at_the_same_moment(person: Person) -> None:
    assert clashes(table_of(person)) == []


@pytest.mark.parametrize(
    ("holder", "key"),
    [
        (Holder.WINDOW, "Ctrl+Z"),
        (Holder.WINDOW, "Ctrl+Left"),
        (Holder.LABELLING, "c"),
        (Holder.ADJUDICATION, "Shift+M"),
        (Holder.SUGGESTION, "Backspace"),
    ],
)
def test_a_planted_clash_is_found(person: Person, holder: Holder, key: str) -> None:
    table = [*table_of(person), Row(holder, (key,), key, "planted")]
    assert [second.meaning for _key, _first, second in clashes(table)] == ["planted"]


def test_the_table_has_every_command_key_and_every_key_of_the_schema(person: Person) -> None:
    keys = {key for row in table_of(person) for key in row.keys}
    for action in person.window.actions_.all.values():
        assert {one.toString() for one in action.shortcuts()} <= keys
    schema = person.session.schema
    assert {label.key for _layer, label in schema.labels() if label.key} <= keys
    assert {relation.key for relation in schema.relations if relation.key} <= keys


def test_bare_keys_belong_to_the_text_alone_and_clash_with_no_label(person: Person) -> None:
    schema = person.session.schema
    labels = {label.key.upper() for _layer, label in schema.labels()} | {
        relation.key.upper() for relation in schema.relations
    }
    for name, action in person.window.actions_.all.items():
        for keys in action.shortcuts():
            if is_bare(keys.toString()):
                assert action.shortcutContext() == Qt.ShortcutContext.WidgetShortcut, name
                assert keys.toString().upper() not in labels, name


def test_every_command_is_in_a_menu(person: Person) -> None:
    in_menus = [
        action.objectName()
        for menu in person.window.actions_.menus.values()
        for action in menu.actions()
    ]
    assert sorted(in_menus) == sorted(person.window.actions_.all)
    assert isinstance(person.window.actions_, Actions)


def test_without_a_project_only_what_makes_sense_is_offered(new_window: NewWindow) -> None:
    window = new_window()
    window.actions_.refresh()
    enabled = {name for name, action in window.actions_.all.items() if action.isEnabled()}
    assert {"window.new", "window.open_project"} <= enabled
    assert not enabled & {
        "history.undo",
        "spans.delete",
        "documents.finish",
        "window.write_out",
        "selecting.let_go",
    }


def test_escape_lets_go_of_the_innermost_thing(person: Person) -> None:
    person.press("2")
    person.label("شهرداری رشت", "2")
    for state in ("span", "label"):
        assert (person.session.span if state == "span" else person.session.label) != ""
        person.press(Qt.Key.Key_Escape)
    assert (person.session.span, person.session.label) == ("", "")
    assert not person.action("selecting.let_go").isEnabled()


def test_copy_takes_the_stored_text_exactly(person: Person) -> None:
    person.label("قیمت‌ها", "7")
    person.press("C", CONTROL)
    assert QGuiApplication.clipboard().text() == "قیمت‌ها"


def has_focus(part: QWidget) -> bool:
    focus = QApplication.focusWidget()
    assert focus is not None
    return part is focus or part.isAncestorOf(focus)


def test_f6_goes_round_the_parts_of_the_window(person: Person) -> None:
    workspace = person.window.workspace
    person.view.setFocus()
    visited = []
    for _step in range(4):
        person.press(Qt.Key.Key_F6)
        parts = (workspace.documents, workspace.view, workspace.strip, workspace.details)
        visited.append(next(number for number, part in enumerate(parts) if has_focus(part)))
    assert visited == [2, 3, 0, 1]
    person.press(Qt.Key.Key_F6, SHIFT)
    assert has_focus(workspace.documents)


# ── The palette ───────────────────────────────────────────────────────────────────────────────────


def test_the_palette_finds_a_command_by_part_of_its_name_and_does_it(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choose(palette: Palette) -> int:
        QTest.keyClicks(palette.line, "next doc")
        QTest.keyClick(palette.line, Qt.Key.Key_Return)
        return palette.result()

    monkeypatch.setattr(Palette, "exec", choose)
    person.press("P", CONTROL | SHIFT)
    assert person.session.place() == 1


def test_the_palette_offers_only_what_can_be_done_and_arrows_walk(person: Person) -> None:
    person.window.actions_.refresh()
    palette = Palette(person.window.actions_.all.values(), person.window)
    items = [palette.list.topLevelItem(row) for row in range(palette.list.topLevelItemCount())]
    texts = [item.text(0) for item in items if item is not None]
    assert "Delete span" not in texts
    assert "Export…" in texts
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 1
    QTest.keyClick(palette.line, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == 0
    palette.line.setText("no such command")
    palette._take()
    assert palette.chosen is None


# ── Finding ───────────────────────────────────────────────────────────────────────────────────────


def find(person: Person, words: str) -> str:
    person.press("F", CONTROL)
    bar = person.window.workspace.panels.find_bar
    assert bar.line.hasFocus()
    bar.line.setText(words)
    return bar._count.text()


@pytest.mark.parametrize(
    ("document", "typed", "found"),
    [
        ("fa-1", "قيمتها", "قیمت‌ها"),
        ("kk-1", "ЖОБА", "Жоба"),
        ("ru-1", "мэрия", "Мэрия"),
        ("ru-1", "٤", "4"),
    ],
)
def test_finding_folds_letters_and_digits(
    person: Person, document: str, typed: str, found: str
) -> None:
    person.open_document(document)
    assert find(person, typed) == "1"
    QTest.keyClick(person.window.workspace.panels.find_bar.line, Qt.Key.Key_Return)
    assert person.view.text()[slice(*person.view.selection())] == found
    QTest.keyClick(person.window.workspace.panels.find_bar.line, Qt.Key.Key_Escape)
    assert person.view.hasFocus()
    person.press("1")
    assert person.spans() == [("PER", found)]


def test_enter_walks_through_the_hits_and_shift_enter_back(person: Person) -> None:
    assert find(person, "ه") != "no hits"
    line, bar = (
        person.window.workspace.panels.find_bar.line,
        person.window.workspace.panels.find_bar,
    )
    places = []
    for modifiers in (NO_KEYS, NO_KEYS, SHIFT):
        QTest.keyClick(line, Qt.Key.Key_Return, modifiers)
        places.append(person.view.selection())
    assert places[0] < places[1]
    assert places[2] == places[0]
    assert bar._count.text().startswith("1 / ")


def test_what_is_not_there_is_said(person: Person) -> None:
    assert find(person, "zzz") == "no hits"


# ── Looks and panels ──────────────────────────────────────────────────────────────────────────────


def test_zoom_changes_the_text_alone_and_is_remembered(opens: Opens, project: Path) -> None:
    person = opens(project)
    before = person.window.font().pointSize()
    person.press("=", CONTROL)
    person.press("=", CONTROL)
    assert person.view.zoom() == 120
    assert person.says("zoom") == "120 %"
    wheel = QWheelEvent(
        QPointF(50, 50),
        QPointF(50, 50),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        CONTROL,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(person.view.viewport(), wheel)
    assert person.view.zoom() == 110
    assert person.window.font().pointSize() == before
    person.window.close()
    again = opens(project)
    assert again.view.zoom() == 110
    again.press("0", CONTROL)
    assert again.view.zoom() == 100


def test_light_and_dark_are_chosen_and_remembered(person: Person) -> None:
    def paper() -> QColor:
        return person.view.grab().toImage().pixelColor(8, 8)

    seen = {}
    for _step in range(3):
        person.press("D", CONTROL | SHIFT)
        QApplication.processEvents()
        seen[person.window.theme.appearance] = paper().lightness()
    assert seen["dark"] < 60 < 200 < seen["light"]
    assert Settings().text("appearance") == person.window.theme.appearance


def test_folded_panels_stay_folded(opens: Opens, project: Path) -> None:
    person = opens(project)
    person.press(Qt.Key.Key_F9)
    person.press(Qt.Key.Key_F10)
    assert not person.window.workspace.documents.isVisible()
    person.window.close()
    again = opens(project)
    assert not again.window.workspace.documents.isVisible()
    assert not again.window.workspace.details.isVisible()
    again.press(Qt.Key.Key_F9)
    assert again.window.workspace.documents.isVisible()


def test_invisible_characters_are_shown_on_demand(person: Person) -> None:
    before = person.view.grab().toImage()
    person.press("I", CONTROL | SHIFT)
    QApplication.processEvents()
    assert person.view.grab().toImage() != before
    assert Settings().flag("invisibles")


def test_the_direction_of_a_document_can_be_turned_and_undone(person: Person) -> None:
    assert person.says("direction") == "fa · RTL"
    person.press("X", CONTROL | SHIFT)
    person.press("X", CONTROL | SHIFT)
    assert person.says("direction") == "fa · LTR"
    assert person.view.paragraph_direction(0) == "ltr"
    person.press("Z", CONTROL)
    person.press("Z", CONTROL)
    assert person.says("direction") == "fa · RTL"


def test_hidden_direction_marks_are_told_of(opens: Opens, tmp_path: Path) -> None:
    made(tmp_path / "b.annot", texts={"ru-1": "admin\u202etxt"}).close()
    assert "invisible direction mark" in opens(tmp_path / "b.annot").notice()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_nothing_is_cut_off(person: Person, size: tuple[int, int]) -> None:
    person.window.resize(*size)
    person.label("مریم سهرابی", "1")
    person.let_details_follow()
    for widget in person.window.findChildren(QWidget):
        if widget.isVisible() and isinstance(widget, QLabel) and not widget.wordWrap():
            needed = widget.fontMetrics().horizontalAdvance(widget.text())
            assert widget.width() >= needed, (widget.text(), widget.width(), needed)
    details = person.window.workspace.details
    body = details.widget()
    assert body is not None
    assert body.width() <= details.viewport().width()


# ── Screen readers ────────────────────────────────────────────────────────────────────────────────


def nameless(root: QWidget) -> list[str]:
    """Return the widgets that take the focus or are pressed, and have no accessible name."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        inner = widget.objectName().startswith("qt_") or isinstance(widget, QScrollBar)
        if (
            not inner
            and widget.isVisibleTo(root)
            and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        ):
            interface = QAccessible.queryAccessibleInterface(widget)
            if not interface.text(QAccessible.Text.Name):
                found.append(f"{type(widget).__name__} {widget.objectName()}")
    return found


def test_everything_that_takes_the_focus_has_a_name(person: Person) -> None:
    person.label("قیمت‌ها پایین آمد", "C")
    person.press("F", CONTROL)
    person.window.show_problem("Something.")
    person.let_details_follow()
    assert nameless(person.window) == []
    person.window.workspace.panels.find_bar.end()
    person.press(Qt.Key.Key_Escape)
    person.let_details_follow()
    assert nameless(person.window) == []


def test_everything_on_the_start_page_has_a_name(new_window: NewWindow, project: Path) -> None:
    Settings().opened(project)
    assert nameless(new_window()) == []


def test_everything_in_the_dialogs_has_a_name(person: Person, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Текст", encoding="utf-8")
    dialogs: list[QDialog] = [
        ImportFiles([file], person.session, person.window),
        ExportFiles(person.session, person.window),
        NewProject("aida", person.window),
        Palette(person.window.actions_.all.values(), person.window),
    ]
    for dialog in dialogs:
        assert nameless(dialog) == [], type(dialog).__name__


def test_labels_show_names_as_they_are(person: Person) -> None:
    person.window.show_problem("<b>not bold</b>")
    person.label("قیمت‌ها پایین آمد", "C")
    person.let_details_follow()
    for label in person.window.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText, label.text()


# ── Our own faults ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.logs
def test_our_own_faults_reach_the_hook_and_are_named_as_ours(
    new_window: NewWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = new_window()
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    error_reporting.catch_all(window.show_problem)
    error = ZeroDivisionError("ours")
    sys.excepthook(type(error), error, None)
    assert "ZeroDivisionError" in Person(window).notice()
    assert "not touched" in Person(window).notice()
    assert "ours" in error_reporting.crash_log().read_text(encoding="utf-8")


def test_a_guard_lets_our_own_faults_through(person: Person) -> None:
    with pytest.raises(ZeroDivisionError):
        person.window.guard(lambda: 1 // 0)


def test_an_interrupt_ends_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    error_reporting.catch_all(lambda _text: None)
    with pytest.raises(SystemExit):
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)


def test_notices_pass_or_stay_and_the_last_hundred_are_kept(person: Person) -> None:
    notices = person.window.notices
    for number in range(120):
        notices.show_text(f"notice {number}")
    assert len(notices.log) == 100
    assert not notices._timer.isActive()
    notices.show_text("passes", stays=False)
    assert notices._timer.isActive()
    notices._close.click()
    assert person.notice() == ""


def test_keys_are_shown_where_commands_are(person: Person) -> None:
    shown = Counter(row.shown for row in person.window.actions_.shortcuts())
    assert "Ctrl+Z" in shown
    assert QKeySequence("Ctrl+Z") in person.window.actions_.all["history.undo"].shortcuts()
