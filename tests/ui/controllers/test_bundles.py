"""Work handed out, begun, returned and collected from the window."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QTableWidget

from annotator.jobs.team.assign import assign, planned, start, submit
from annotator.store import Store
from annotator.ui.controllers import bundles
from annotator.ui.dialogs.collect_work import CollectWork
from annotator.ui.dialogs.hand_out import HandOut
from annotator.ui.window.main_window import MainWindow
from tests.projects import made
from tests.ui.conftest import Opens
from tests.ui.person import Person

# A dialog that is shown without exec has no window around it offscreen, and Qt says so.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
SARA, REZA = "Сара", "رضا"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a lead's project, and assignments for two people."""
    store = made(tmp_path / "lead.annot")
    entries = store.entries("")
    assign(
        store,
        planned(entries, [SARA, REZA], 2),
        {SARA: tmp_path / "s.annot-bundle", REZA: tmp_path / "r.annot-bundle"},
        "Lead",
    )
    store.close()
    return tmp_path


def returned(folder: Path, name: str = "s") -> Path:
    """Begin a copy, finish a document in it, and return the bundle of that."""
    done = start(folder / f"{name}.annot-bundle", folder / f"{name}.annot")
    with Store.open(done.path) as store:
        with store.change("finish", done.annotator) as step:
            step.put_status("fa-1", step.add_annotator(done.annotator), "done")
        return submit(store, folder / f"{name}-return.annot-bundle").path


def looked(dialog: CollectWork, person: Person) -> None:
    """Show a dialog and wait until it has looked into the bundles."""
    dialog.show()
    person.until(lambda: not dialog.is_looking)
    assert not dialog.is_looking


def cells(table: QTableWidget, row: int) -> list[str]:
    """Return the texts of a row of a table."""
    items = [table.item(row, column) for column in range(table.columnCount())]
    return [item.text() if item else "" for item in items]


def name_sides(table: QTableWidget) -> list[Qt.AlignmentFlag]:
    """Return where the names of a table's columns stand."""
    items = [table.horizontalHeaderItem(column) for column in range(table.columnCount())]
    return [Qt.AlignmentFlag(item.textAlignment()) for item in items if item]


def drop(window: MainWindow, *paths: Path) -> None:
    """Drop files on a window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none = Qt.KeyboardModifier.NoModifier
    window.dropEvent(
        QDropEvent(
            QPointF(200, 200), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none
        )
    )
    QApplication.processEvents()


def accepted(shown: list[QDialog]) -> Callable[[QDialog], int]:
    """Return what stands for a dialog's exec: it is remembered and accepted."""

    def exec_(dialog: QDialog) -> int:
        shown.append(dialog)
        return int(QDialog.DialogCode.Accepted.value)

    return exec_


def test_the_plan_is_shown_before_bundles_are_written(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = HandOut(person.session, person.window)
    dialog.show()
    assert not dialog._ok.isEnabled()
    assert "Tick who" in dialog.about.text()
    for name in (SARA, REZA, SARA.lower(), "gold"):
        dialog.name.setText(name)
        dialog.add_person()
    assert "taken by the program" in dialog.about.text()
    assert dialog.chosen_people == [SARA, REZA]
    dialog.follow()
    assert [cells(dialog.table, row)[1] for row in range(2)] in (["1", "2"], ["2", "1"])
    dialog.overlap.setValue(2)
    assert [cells(dialog.table, row)[1] for row in range(2)] == ["3", "3"]
    dialog.words.setText("nothing like it")
    assert not dialog._ok.isEnabled()
    assert "No document is chosen" in dialog.about.text()
    dialog.words.setText("")
    dialog.language.setCurrentIndex(dialog.language.findData("kk"))
    dialog.overlap.setValue(1)
    assert "too few" in dialog.about.text()
    dialog.language.setCurrentIndex(0)
    dialog.folder.setText(str(tmp_path / "out"))
    monkeypatch.setattr(bundles, "HandOut", lambda *_arguments: dialog)
    monkeypatch.setattr(HandOut, "exec", accepted([]))
    person.action("bundles.hand_out").trigger()
    person.wait_for_work()
    assert "2 bundles are in" in person.notice()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        f"p-{name}.annot-bundle" for name in (SARA, REZA)
    )
    assert person.session.store.distribution.handed_out().keys() == {"fa-1", "kk-1", "ru-1"}
    dialog.close()


def test_an_assignment_is_begun_from_the_start_page_and_returned(
    new_window: Callable[[], MainWindow], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(new_window())
    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda *_arguments: (str(folder / "s.annot-bundle"), "")
    )
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_arguments: (str(folder / "mine.annot"), "")
    )
    person.button("Open an assignment").click()
    QApplication.processEvents()
    assert person.session.annotator == SARA
    assert "3 new documents" in person.notice()
    assert person.says("delivered") == "Nothing returned yet"
    assert not person.action("bundles.hand_out").isEnabled()
    person.open_document("fa-1")
    person.label("رشت", "4")
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_arguments: (str(folder / "back"), "")
    )
    person.action("bundles.submit").trigger()
    person.wait_for_work()
    assert "Your work is in" in person.notice()
    assert (folder / "back.annot-bundle").is_file()
    assert person.says("delivered").startswith("Returned ")
    assert person.says("delivered").endswith(", not yet confirmed")


def test_returned_work_is_looked_at_then_collected_and_confirmed(
    opens: Opens, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = returned(folder)
    person = opens(folder / "lead.annot", "Lead")
    before = person.session.store.state_hash()
    dialog = CollectWork([bundle], person.session, person.window)
    looked(dialog, person)
    assert cells(dialog.table, 0)[1:7] == ["1", "0", "0", "0", "0", "0"]
    assert [bool(side & Qt.AlignmentFlag.AlignTrailing) for side in name_sides(dialog.table)] == [
        False,
        *[True] * 6,
        False,
    ]
    assert dialog._ok.isEnabled()
    assert person.session.store.state_hash() == before
    dialog.close()
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_arguments: ([str(bundle)], ""))
    monkeypatch.setattr(CollectWork, "exec", accepted([]))
    person.action("bundles.collect").trigger()
    person.wait_for_work()
    assert "Collected" in person.notice()
    assert "backup" in person.notice()
    assert "Receipts for those who returned work are in" in person.notice()
    assert person.session.store.annotation_set("fa-1", SARA).status == "done"
    assert person.session.store.undoable("Lead") is None
    person.window.close_project()
    person = opens(folder / "s.annot", SARA)
    assert "not yet confirmed" in person.says("delivered")
    drop(person.window, folder / f"lead-{SARA}-receipt.annot-bundle")
    assert "receipt is noted" in person.notice()
    assert "Delivered up to" in person.says("delivered")


def test_what_cannot_be_collected_says_why(opens: Opens, folder: Path) -> None:
    bundle = returned(folder)
    bundle.write_bytes(bundle.read_bytes()[:-40])
    person = opens(folder / "lead.annot", "Lead")
    dialog = CollectWork([bundle], person.session, person.window)
    looked(dialog, person)
    assert "cut short" in dialog.reasons.toPlainText()
    assert not dialog._ok.isEnabled()
    dialog.close()
    bundles.collect_paths(person.window, [bundle], "", None)
    person.wait_for_work()
    assert "Nothing was collected" in person.notice()


def test_bundles_that_are_dropped_find_their_way(
    opens: Opens, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = returned(folder)
    person = opens(folder / "lead.annot", "Lead")
    shown: list[QDialog] = []
    monkeypatch.setattr(CollectWork, "exec", accepted(shown))
    drop(person.window, bundle)
    person.wait_for_work()
    assert len(shown) == 1
    receipt = folder / f"lead-{SARA}-receipt.annot-bundle"
    drop(person.window, receipt)
    assert "needs its project" in person.notice()
    person.window.close_project()
    person = opens(folder / "s.annot", SARA)
    drop(person.window, folder / "s.annot-bundle")
    assert "0 new documents" in person.notice()
    drop(person.window, receipt)
    drop(person.window, receipt)
    assert "nothing new" in person.notice()
    (folder / "odd.annot-bundle").write_text("odd")
    drop(person.window, folder / "odd.annot-bundle")
    assert "damaged or cut short" in person.notice()
