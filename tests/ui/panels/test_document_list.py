"""The list of documents: filters, counts, rings, and ten thousand of them."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from annotator.model import Document
from annotator.model.schema_files import load_schema
from annotator.store import Entry, Store
from annotator.ui.panels.document_list import ENTRY, DocumentList, called
from tests.projects import made
from tests.ui.conftest import Opens
from tests.ui.person import CONTROL, LEFT, NO_KEYS, Person

NAMES = {"fa-1": "گزارش علی", "fa-2": "می‌روم", "ru-1": "Отчёт", "kk-1": "Қала"}


@pytest.fixture
def listed(opens: Opens, tmp_path: Path) -> Person:
    with (
        Store.create(tmp_path / "p.annot", load_schema("news")) as store,
        store.change("", "") as step,
    ):
        for name, title in NAMES.items():
            step.add_document(Document(name, title, f"{title} {name}", name[:2]))
    return opens(tmp_path / "p.annot")


def shown(panel: DocumentList) -> list[str]:
    return [str(panel.model.index(row).data(ENTRY).id) for row in range(panel.model.rowCount())]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("علي", ["fa-1"]),
        ("میروم", ["fa-2"]),
        ("отчет", ["ru-1"]),
        ("ҚАЛА", ["kk-1"]),
        ("", list(NAMES)),
        ("nothing", []),
    ],
)
def test_the_filter_folds_letters(listed: Person, typed: str, found: list[str]) -> None:
    panel = listed.window.workspace.documents
    panel.needle.setText(typed)
    assert shown(panel) == found


def test_the_status_filter_follows_the_work(listed: Person) -> None:
    panel = listed.window.workspace.documents
    panel.status.setCurrentIndex(panel.status.findData("open"))
    assert shown(panel) == []
    listed.label("گزارش", "1")
    assert shown(panel) == ["fa-1"]
    listed.press("Z", CONTROL)
    assert shown(panel) == []


def test_counts_and_the_line_below_follow_the_work(listed: Person) -> None:
    panel = listed.window.workspace.documents
    listed.label("گزارش", "1")
    assert panel.model.index(0).data(ENTRY).spans == 1
    assert "0 of 4" in " ".join(listed.reads(panel))
    listed.press(Qt.Key.Key_Return, CONTROL)
    assert "1 of 4" in " ".join(listed.reads(panel))
    assert "done" in str(panel.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole))


def test_the_open_document_is_marked_also_after_filtering(listed: Person) -> None:
    panel = listed.window.workspace.documents
    listed.open_document("ru-1")
    panel.needle.setText("отчет")
    assert panel.view.currentIndex().data(ENTRY).id == "ru-1"
    assert panel.view.selectionModel().isSelected(panel.view.currentIndex())
    panel.needle.setText("")
    assert panel.view.currentIndex().data(ENTRY).id == "ru-1"


def test_a_click_opens_a_document_and_gives_the_text_the_focus(listed: Person) -> None:
    panel = listed.window.workspace.documents
    place = panel.view.visualRect(panel.model.index(3)).center()
    QTest.mouseClick(panel.view.viewport(), LEFT, NO_KEYS, place)
    assert listed.session.document is not None
    assert listed.session.document.id == "kk-1"
    assert listed.view.hasFocus()


def test_keys_go_from_document_to_document(listed: Person) -> None:
    places = []
    for key, modifiers in (
        (Qt.Key.Key_PageDown, CONTROL),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_PageUp, CONTROL),
    ):
        listed.press(key, modifiers)
        places.append(listed.session.place())
    assert places == [1, 2, 1]


def test_finishing_goes_on_to_the_next_unfinished_document(listed: Person) -> None:
    for expected in ("fa-2", "ru-1", "kk-1", "kk-1"):
        listed.press(Qt.Key.Key_Return, CONTROL)
        assert listed.session.document is not None
        assert listed.session.document.id == expected
    assert {entry.status for entry in listed.session.entries} == {"done"}
    assert listed.action("documents.reopen").isEnabled()


def test_names_are_shown_as_they_are(opens: Opens, tmp_path: Path) -> None:
    made(tmp_path / "p.annot", texts={"<img src=x>": "Текст."}).close()
    person = opens(tmp_path / "p.annot")
    assert "<img src=x>" in person.window.windowTitle()
    assert person.window.workspace.documents.model.index(0).data() == "<img src=x>"
    person.label("Текст", "1")
    person.let_details_follow()
    assert "Текст" in person.action("history.undo").text()


def test_ten_thousand_documents_are_filtered_at_once_and_one_change_touches_one_line(
    opens: Opens, tmp_path: Path
) -> None:
    with (
        Store.create(tmp_path / "p.annot", load_schema("news")) as store,
        store.change("", "") as step,
    ):
        for number in range(10_000):
            step.add_document(Document(f"d{number}", f"Документ {number}", f"Текст {number}", "ru"))
    person = opens(tmp_path / "p.annot")
    panel = person.window.workspace.documents
    start = time.perf_counter()
    panel.needle.setText("документ 777")
    spent = time.perf_counter() - start
    assert len(shown(panel)) == 11
    assert spent < 0.5
    resets: list[object] = []
    panel.model.modelReset.connect(lambda: resets.append(1))
    panel.needle.setText("")
    resets.clear()
    person.label("Текст", "1")
    assert resets == []
    assert panel.model.index(0).data(ENTRY).spans == 1


def test_a_document_without_a_name_goes_by_its_id() -> None:
    assert called(Entry("d7", "", "ru", 5, "new", 0, 0)) == "d7"
    assert called(Entry("d7", "имя", "ru", 5, "new", 0, 0)) == "имя"


def test_enter_in_the_filter_opens_the_first_that_passes(listed: Person) -> None:
    panel = listed.window.workspace.documents
    panel.needle.setFocus()
    panel.needle.setText("отчет")
    listed.press(Qt.Key.Key_Return)
    assert listed.session.document is not None
    assert listed.session.document.id == "ru-1"
    panel.needle.setText("nothing")
    panel.needle.setFocus()
    listed.press(Qt.Key.Key_Return)
    listed.press(Qt.Key.Key_Down)
    assert listed.session.document.id == "ru-1"


def test_down_leads_from_the_filter_into_the_list_and_end_to_its_last_line(listed: Person) -> None:
    panel = listed.window.workspace.documents
    panel.needle.setFocus()
    listed.press(Qt.Key.Key_Down)
    assert panel.view.hasFocus()
    listed.press(Qt.Key.Key_End)
    assert panel.view.currentIndex().row() == len(NAMES) - 1
    listed.press(Qt.Key.Key_Home)
    assert panel.view.currentIndex().row() == 0
