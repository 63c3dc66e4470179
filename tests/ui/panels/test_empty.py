"""Where nothing is to be shown, the window says what to do, and offers it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from annotator.jobs import ImportOptions
from annotator.ui.controllers import files
from annotator.ui.window.main_window import MainWindow
from tests.projects import made
from tests.ui.conftest import Opens
from tests.ui.person import Person


@pytest.fixture
def bare(opens: Opens, tmp_path: Path) -> Person:
    """Return a person in a project without documents."""
    path = tmp_path / "bare.annot"
    made(path, texts={}).close()
    return opens(path)


def test_an_empty_project_says_so_and_offers_to_import(
    bare: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    space, asked = bare.window.workspace, list[str]()
    assert "This project has no documents yet" in bare.reads(space.panels.empty)
    assert not space.view.isVisible()
    assert space.panels.empty.files.hasFocus()

    def give_up(title: str, nothing: object) -> object:
        asked.append(title)
        return nothing

    monkeypatch.setattr(
        QFileDialog, "getOpenFileNames", lambda _parent, title: give_up(title, ([], ""))
    )
    monkeypatch.setattr(
        QFileDialog, "getExistingDirectory", lambda _parent, title: give_up(title, "")
    )
    bare.press(Qt.Key.Key_Space)
    space.panels.empty.folder.click()
    assert asked == ["Import files", "Import a folder"]


def test_the_text_comes_with_the_first_document(bare: Person, tmp_path: Path) -> None:
    file = tmp_path / "одна.txt"
    file.write_text("Мэрия молчит.", "utf-8")
    files.import_paths(bare.window, [file], ImportOptions())
    bare.wait_for_work()
    assert bare.view.isVisible()
    assert not bare.window.workspace.panels.empty.isVisible()
    assert bare.view.text() == "Мэрия молчит."


def test_taking_the_import_back_leaves_the_empty_page(bare: Person, tmp_path: Path) -> None:
    test_the_text_comes_with_the_first_document(bare, tmp_path)
    bare.action("history.undo").trigger()
    QApplication.processEvents()
    assert bare.window.workspace.panels.empty.isVisible()
    assert "This project has no documents yet" in bare.reads(bare.window.workspace.panels.empty)


def test_without_an_open_document_one_button_leads_to_the_work(person: Person) -> None:
    session = person.session
    person.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    session.leave()
    session.tell("document", "marks", "selection")
    empty = person.window.workspace.panels.empty
    assert empty.isVisible()
    assert not empty.files.isVisible()
    empty.begin.click()
    assert session.document is not None
    assert session.document.id == "kk-1"
    assert person.view.isVisible()


def test_a_project_that_can_only_be_read_offers_no_import(
    new_window: Callable[[], MainWindow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bare.annot"
    made(path, texts={}).close()
    monkeypatch.setattr("os.access", lambda *_rest: False)
    window = new_window()
    window.open_project(path, "aida")
    QApplication.processEvents()
    assert not window.workspace.panels.empty.files.isVisible()
    assert any(
        "reading only" in text for text in Person(window).reads(window.workspace.panels.empty)
    )


def test_a_filter_that_lets_nothing_pass_says_so_and_can_be_lifted(person: Person) -> None:
    documents = person.window.workspace.documents
    assert not documents.clear_filter.isVisible()
    documents.needle.setText("ничего такого")
    assert documents.clear_filter.isVisible()
    assert "No document passes the filter." in person.reads(documents)
    documents.clear_filter.click()
    assert documents.model.rowCount() == 3
    assert not documents.clear_filter.isVisible()
