"""Making a training set in the window: choices, a live preflight, writing beside the work."""

from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog

from annotator.jobs import ImportOptions, import_files
from annotator.resources import sample_files
from annotator.ui.dialogs.training_set import TASKS, TrainingSet
from tests.projects import made
from tests.ui.conftest import Opens
from tests.ui.person import Person


@pytest.fixture
def person(opens: Opens, tmp_path: Path) -> Person:
    """Return a person with a project of the Kazakh samples open."""
    with made(tmp_path / "p.annot", texts={}) as store:
        import_files(
            store, [file for file in sample_files() if file.stem == "kk"], ImportOptions(), "a1"
        )
    return opens(tmp_path / "p.annot", "a1")


@pytest.fixture
def dialog(person: Person) -> TrainingSet:
    """Return the dialog, when it has looked over the documents."""
    shown = TrainingSet(person.session, person.window)
    shown._timer.setInterval(0)
    settle(shown, person)
    return shown


def settle(shown: TrainingSet, person: Person) -> None:
    """Wait until the dialog has nothing left to look at."""
    person.wait(4)
    person.until(lambda: shown._worker is None and not shown._timer.isActive())
    assert shown._worker is None


def cells(shown: TrainingSet) -> dict[str, list[str]]:
    """Return the lines of the table by their names."""
    table, found = shown.counts, {}
    for row in range(table.rowCount()):
        items = [table.item(row, column) for column in range(table.columnCount())]
        texts = [item.text() if item else "" for item in items]
        found[texts[0].strip("\u2068\u2069")] = texts[1:]
    return found


def choose(shown: TrainingSet, person: Person, task: str) -> None:
    shown.task.setCurrentIndex(shown.task.findData(task))
    settle(shown, person)


def test_what_the_set_would_hold_is_shown_at_once(dialog: TrainingSet) -> None:
    assert dialog.people.currentData() == "gold"
    assert sum(map(int, cells(dialog)["Documents"])) == 10
    assert "PER" in cells(dialog)
    assert dialog.preflight is not None
    dialog.reject()


def test_each_task_shows_what_belongs_to_it(dialog: TrainingSet, person: Person) -> None:
    expected = {
        "tokens": "PER",
        "spans": "CLAIM",
        "sentences": "CLAIM",
        "stance": "support",
        "relations": "holder",
        "": "STANCE",
    }
    assert expected.keys() == TASKS.keys()
    for task, label in expected.items():
        choose(dialog, person, task)
        assert label in cells(dialog), task
    assert dialog.negatives.isHidden()
    choose(dialog, person, "relations")
    assert not dialog.negatives.isHidden()
    assert dialog.format.isHidden()
    dialog.negatives.setValue(1)
    settle(dialog, person)
    assert "none" in cells(dialog)
    dialog.reject()


def test_what_to_know_is_listed(dialog: TrainingSet, person: Person) -> None:
    dialog.people.setCurrentIndex(0)
    settle(dialog, person)
    assert "several people" in dialog.notes.toPlainText()
    assert "to know before training" in dialog.state.text()
    dialog.reject()


def test_shares_that_make_no_sense_say_so_and_cannot_be_written(
    dialog: TrainingSet, person: Person
) -> None:
    dialog.ratios.setText("80:20")
    settle(dialog, person)
    assert "such as 80/10/10" in dialog.state.text()
    assert not dialog.ok.isEnabled()
    dialog.ratios.setText("80/20")
    settle(dialog, person)
    assert dialog.ok.isEnabled()
    assert dialog.counts.columnCount() == 3
    dialog.reject()


def test_a_set_without_layers_or_a_folder_cannot_be_written(
    dialog: TrainingSet, person: Person
) -> None:
    for box in dialog.layers:
        box.setChecked(False)
    assert not dialog.ok.isEnabled()
    dialog.layers[0].setChecked(True)
    assert dialog.ok.isEnabled()
    dialog.path.clear()
    assert not dialog.ok.isEnabled()
    dialog.reject()


def test_closing_stops_the_look(person: Person) -> None:
    shown = TrainingSet(person.session, person.window)
    shown._timer.stop()
    shown._look()
    shown.reject()
    assert shown._worker is None or not shown._worker.is_running
    QApplication.processEvents()


def test_a_new_choice_while_it_looks_is_looked_at_next(person: Person) -> None:
    shown = TrainingSet(person.session, person.window)
    shown._look()
    shown.task.setCurrentIndex(shown.task.findData("stance"))
    shown._look()
    settle(shown, person)
    assert "support" in cells(shown)
    shown.reject()


def test_the_set_is_written_and_the_window_says_where(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(TrainingSet, "exec", lambda _dialog: QDialog.DialogCode.Accepted)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    person.action("window.training_set").trigger()
    person.wait_for_work()
    assert "p-training" in person.notice()
    assert {path.name for path in (tmp_path / "p-training").iterdir()} >= {
        "train.jsonl",
        "README.md",
        "manifest.json",
    }
    person.button("Open the folder", person.window.notices).click()
    assert opened == [str(tmp_path / "p-training")]


def test_saying_no_writes_nothing(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TrainingSet, "exec", lambda _dialog: QDialog.DialogCode.Rejected)
    person.action("window.training_set").trigger()
    assert not (tmp_path / "p-training").exists()
