"""Opening, making and closing projects; the start page; where one was."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from annotator.settings import Settings
from annotator.store import Store
from annotator.ui.controllers import projects
from annotator.ui.dialogs.import_files import ImportFiles
from annotator.ui.dialogs.new_project import NewProject
from annotator.ui.window.main_window import MainWindow
from tests.projects import made
from tests.ui.person import CONTROL, Person

Opens = Callable[..., Person]
NewWindow = Callable[[], MainWindow]


def drop(window: MainWindow, *paths: Path) -> None:
    """Drop files onto the window."""
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, carried, buttons, keys))
    QApplication.processEvents()


def start_buttons(window: MainWindow) -> list[str]:
    QApplication.processEvents()
    return [made.text() for made in window.start.findChildren(QPushButton) if made.isVisible()]


def test_a_project_opens_at_its_first_unfinished_document(person: Person) -> None:
    assert person.session.document is not None
    assert person.session.document.id == "fa-1"
    assert "fa-1" in person.window.windowTitle()
    assert person.view.hasFocus()
    assert person.says("stored") == "All changes are stored"


def test_closing_shows_the_start_page_and_lets_others_write(person: Person, project: Path) -> None:
    person.press("W", CONTROL)
    assert person.window.session is None
    assert person.window.start.isVisible()
    with Store.open(project) as store:
        assert not store.readonly


def test_a_second_opener_reads_only_and_is_told_who_has_it(
    new_window: NewWindow, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(project):
        monkeypatch.setattr(
            "annotator.store.project.Store.open_stores", set()
        )  # as in another program
        second = new_window()
        second.open_project(project, "berik")
        reader = Person(second)
        assert "for reading only" in reader.notice()
        assert reader.says("stored") == "Open for reading only"
        reader.drag_over("رشت")
        reader.press("4")
        assert reader.spans() == []
        assert reader.marks() == {}
        assert "for reading only" in reader.notice()
        assert reader.says("stored") == "Open for reading only"
        second.close()
        monkeypatch.undo()  # or the first store would not know itself, and stay open


def test_a_file_that_is_no_project_leaves_the_open_one_alone(
    person: Person, tmp_path: Path
) -> None:
    wrong = tmp_path / "letter.annot"
    wrong.write_text("not a project", encoding="utf-8")
    person.window.open_project(wrong)
    assert "not an Annotator project" in person.notice()
    assert person.session.document is not None


def test_opening_the_open_project_again_changes_nothing(person: Person, project: Path) -> None:
    session = person.session
    person.window.open_project(project)
    assert person.session is session


def test_another_project_takes_the_place_of_the_first(person: Person, tmp_path: Path) -> None:
    made(tmp_path / "other.annot", texts={"ru-9": "Другой текст."}).close()
    person.window.open_project(tmp_path / "other.annot", "aida")
    assert person.view.text() == "Другой текст."
    assert len(Store.open_stores) == 1


def test_looking_writes_nothing(person: Person) -> None:
    store = person.session.store
    before = (
        store.state_hash(),
        store._connection.execute("SELECT count(*) FROM event").fetchone(),
    )
    for name in ("kk-1", "ru-1", "fa-1"):
        person.open_document(name)
        person.drag_over(person.view.text()[:4])
        person.press(Qt.Key.Key_Escape)
        person.press("F", CONTROL)
        person.press(Qt.Key.Key_Escape)
    person.let_details_follow()
    assert (
        store.state_hash(),
        store._connection.execute("SELECT count(*) FROM event").fetchone(),
    ) == before
    assert person.says("stored") == "All changes are stored"


# ── The start page ────────────────────────────────────────────────────────────────────────────────


def test_the_start_page_offers_to_begin_and_a_sample_of_each_language(
    new_window: NewWindow,
) -> None:
    assert start_buttons(new_window())[:7] == [
        "New project…",
        "Open a project…",
        "Open an assignment…",
        "فارسی",
        "Қазақша",
        "Русский",
        "فارسی · Қазақша · English",
    ]


def test_the_sample_of_a_language_opens_with_its_annotations(new_window: NewWindow) -> None:
    window = new_window()
    window.start.sample_wanted.emit("kk")
    sampled = Person(window)
    assert sampled.session.entries
    assert {entry.language for entry in sampled.session.entries} == {"kk"}
    assert sampled.spans()


def test_recent_projects_are_listed_and_missing_ones_can_be_forgotten(
    new_window: NewWindow, project: Path, tmp_path: Path
) -> None:
    gone = tmp_path / "gone.annot"
    settings = Settings()
    settings.opened(gone)
    settings.opened(project)
    window = new_window()
    texts = start_buttons(window)
    assert any("p" in text and str(tmp_path) in text for text in texts)
    Person(window).button("Forget", window.start).click()
    assert not any("Forget" in text for text in start_buttons(window))
    assert Settings().texts("recent") == [str(project)]
    Person(window).button(str(tmp_path), window.start).click()
    assert window.session is not None
    window.close()


def test_a_dropped_project_is_opened(new_window: NewWindow, project: Path) -> None:
    window = new_window()
    drop(window, project)
    assert window.session is not None


def test_texts_dropped_into_a_project_are_imported(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "new.txt"
    text.write_text("Текст из файла.", encoding="utf-8")
    monkeypatch.setattr(ImportFiles, "exec", lambda _dialog: QDialog.DialogCode.Accepted)
    drop(person.window, text)
    person.wait_for_work()
    assert [entry.name for entry in person.session.entries][-1] == "new"


def test_texts_dropped_on_the_start_page_ask_for_a_project_first(
    new_window: NewWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "new.txt"
    text.write_text("Текст из файла.", encoding="utf-8")

    def fill(dialog: NewProject) -> QDialog.DialogCode:
        dialog.path.setText(str(tmp_path / "made"))
        dialog.person.setText("berik")
        dialog._check()
        return QDialog.DialogCode(dialog.result())

    monkeypatch.setattr(NewProject, "exec", fill)
    monkeypatch.setattr(ImportFiles, "exec", lambda _dialog: QDialog.DialogCode.Accepted)
    window = new_window()
    drop(window, text)
    worker = Person(window)
    worker.wait_for_work()
    assert worker.session.store.path == tmp_path / "made.annot"
    assert worker.session.annotator == "berik"
    assert worker.view.text() == "Текст из файла."


# ── A new project ─────────────────────────────────────────────────────────────────────────────────


def test_a_new_project_needs_a_name_and_a_free_file(new_window: NewWindow, project: Path) -> None:
    dialog = NewProject("", new_window())
    dialog._check()
    assert dialog._fault.text()
    dialog.person.setText("aida")
    dialog.path.setText(str(project))
    dialog._check()
    assert "already" in dialog._fault.text()
    dialog.path.setText(str(project.with_name("free")))
    dialog._check()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.file == project.with_name("free.annot")


def test_a_new_project_takes_its_labels_from_label_studio(
    new_window: NewWindow, tmp_path: Path
) -> None:
    config = tmp_path / "config.xml"
    config.write_text(
        '<View><Text name="text" value="$text"/><Labels name="label" toName="text"><Label'
        ' value="Адам"/><Label value="Жер"/></Labels></View>',
        encoding="utf-8",
    )
    dialog = NewProject("aida", new_window())
    dialog.path.setText(str(tmp_path / "made"))
    dialog._own.setChecked(True)
    dialog._check()
    assert dialog.result() != QDialog.DialogCode.Accepted
    assert "choose the schema file" in dialog._fault.text()
    for text, fault in (("<View/>", "label"), (config.read_text(encoding="utf-8"), "")):
        config.write_text(text, encoding="utf-8")
        dialog._other = str(config)
        dialog._check()
        assert (fault in dialog._fault.text()) if fault else not dialog._fault.text()
    assert dialog.result() == QDialog.DialogCode.Accepted
    window = new_window()
    projects.make(window, dialog.file, dialog.schema, "aida")
    person = Person(window)
    assert {label.id for _layer, label in person.session.schema.labels()} == {"Адам", "Жер"}


# ── Where one was ─────────────────────────────────────────────────────────────────────────────────


def test_the_window_returns_to_document_scroll_label_and_filter(
    opens: Opens, tmp_path: Path
) -> None:
    long = "\n".join(f"Строка номер {number}." for number in range(400))
    path = tmp_path / "p.annot"
    made(path, texts={"ru-0": "Коротко.", "ru-1": long}).close()
    person = opens(path)
    person.open_document("ru-1")
    person.view.reveal(long.index("номер 300"))
    person.press("2")
    person.window.workspace.documents.needle.setText("ru-1")
    top = person.view.scroll_position()
    person.window.close()
    again = opens(path)
    assert again.session.document is not None
    assert again.session.document.id == "ru-1"
    assert again.view.scroll_position() == top > 0
    assert again.session.label == "ORG"
    assert again.window.workspace.documents.needle.text() == "ru-1"
    assert again.window.workspace.documents.model.rowCount() == 1


def test_the_document_one_is_in_is_stored_at_once(person: Person) -> None:
    person.open_document("ru-1")
    assert '"document":"ru-1"' in person.session.store.setting("place"), (
        "the program may be ended at any moment"
    )


def test_the_annotator_of_the_last_time_goes_on(opens: Opens, project: Path) -> None:
    opens(project, "berik").window.close()
    assert opens(project, "").session.annotator == "berik"


def test_a_place_that_is_nonsense_does_no_harm(opens: Opens, project: Path) -> None:
    with Store.open(project) as store:
        store.remember("place", '{"document": "nowhere", "scroll": "x", "label": 7}')
    person = opens(project)
    assert person.session.document is not None
    assert person.session.label == ""
