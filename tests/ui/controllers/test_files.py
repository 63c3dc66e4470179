"""Import and export from the window.

Beside the work, with cancel, with sentences for what goes wrong.
"""

import threading
from pathlib import Path

import orjson
import pytest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from annotator.errors import UserError
from annotator.formats import formats
from annotator.jobs import ImportOptions, Progress
from annotator.ui.controllers import files
from annotator.ui.dialogs import sheets
from annotator.ui.dialogs.export_files import ExportFiles
from annotator.ui.runtime import error_reporting
from annotator.ui.runtime.worker import _Work
from tests.patience import SECONDS
from tests.projects import write_lines
from tests.ui.person import Person


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    lines = [{"id": f"d{number}", "text": f"Текст номер {number}."} for number in range(1200)]
    return write_lines(tmp_path / "corpus.jsonl", lines)


def test_an_import_runs_beside_the_window_and_tells_what_came(person: Person, corpus: Path) -> None:
    files.import_paths(person.window, [corpus], ImportOptions())
    person.label("رشت", "4")
    person.wait_for_work()
    assert "1200 new documents" in person.notice()
    assert len(person.session.entries) == 1203
    assert person.window.workspace.documents.model.rowCount() == 1203
    assert person.spans() == [("GPE", "رشت")]
    assert person.session.store.faults() == []


def test_the_same_file_twice_brings_nothing_new(person: Person, corpus: Path) -> None:
    for words in ("1200 new documents", "0 new documents, 1200 known"):
        files.import_paths(person.window, [corpus], ImportOptions())
        person.wait_for_work()
        assert words in person.notice()


def test_cancel_leaves_nothing_of_an_import(
    person: Person, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = person.session.store.state_hash()
    is_under_way, may_go_on, report = threading.Event(), threading.Event(), _Work._report

    def wait_and_report(self: _Work, done: int, total: int, what: str) -> None:
        is_under_way.set()
        may_go_on.wait(SECONDS)
        report(self, done, total, what)

    monkeypatch.setattr(_Work, "_report", wait_and_report)
    files.import_paths(person.window, [corpus], ImportOptions())
    assert is_under_way.wait(SECONDS)
    person.window.long_work.progress.cancel.click()
    may_go_on.set()
    person.wait_for_work()
    assert "Cancelled" in person.notice()
    assert person.session.store.state_hash() == before
    assert len(person.session.entries) == 3


def test_progress_appears_after_a_moment_and_goes_at_the_end(person: Person) -> None:
    gate = threading.Event()

    def work(progress: Progress) -> None:
        progress(3, 7, "<b>file</b>")
        gate.wait(SECONDS)

    progress_line = person.window.long_work.progress
    person.window.run(work)
    QApplication.processEvents()
    assert not progress_line.isVisible()
    person.until(progress_line.isVisible)
    assert progress_line.isVisible()
    assert any("3/7" in text and "<b>file</b>" in text for text in person.reads(progress_line))
    gate.set()
    person.wait_for_work()
    assert not progress_line.isVisible()


def test_a_second_long_work_waits_for_the_first(person: Person) -> None:
    gate = threading.Event()
    person.window.run(lambda _progress: gate.wait(SECONDS))
    person.window.run(lambda _progress: None)
    assert "under way" in person.notice()
    gate.set()
    person.wait_for_work()


def test_closing_the_window_cancels_what_is_under_way(person: Person, corpus: Path) -> None:
    files.import_paths(person.window, [corpus], ImportOptions())
    person.window.close()
    assert person.window.session is None


def test_a_bad_file_is_named_with_its_line(person: Person, tmp_path: Path) -> None:
    bad = write_lines(tmp_path / "bad.jsonl", [{"id": "d1", "text": "Хорошо."}, b"{not json"])
    files.import_paths(person.window, [bad], ImportOptions())
    person.wait_for_work()
    assert "1 failed" in person.notice()
    assert len(person.session.entries) == 3


def test_the_notice_shows_what_went_wrong(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(
        "annotator.ui.dialogs.sheets.show_text",
        lambda _parent, _title, text, *_more: shown.append(text),
    )
    bad = write_lines(tmp_path / "bad.jsonl", [b"{not json"])
    files.import_paths(person.window, [bad], ImportOptions())
    person.wait_for_work()
    person.button("Show", person.window.notices).click()
    assert "bad.jsonl" in shown[0]
    assert ":1:" in shown[0]


@pytest.mark.logs
def test_our_own_fault_in_long_work_is_written_down_and_named_as_ours(person: Person) -> None:
    def work(_progress: Progress) -> None:
        raise ZeroDivisionError("ours")

    person.window.run(work)
    person.wait_for_work()
    assert "The program made a mistake: ZeroDivisionError" in person.notice()
    assert "ours" in error_reporting.crash_log().read_text(encoding="utf-8")


def test_the_users_own_trouble_in_long_work_is_a_sentence(person: Person) -> None:
    def work(_progress: Progress) -> None:
        raise UserError("The folder is gone.")

    person.window.run(work)
    person.wait_for_work()
    assert person.notice() == "The folder is gone."
    assert not error_reporting.crash_log().exists()


# ── Dialogs ───────────────────────────────────────────────────────────────────────────────────────


def test_an_export_writes_what_was_labelled(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.label("رشت", "4")

    def fill(dialog: ExportFiles) -> QDialog.DialogCode:
        dialog.path.setText(str(tmp_path / "out.jsonl"))
        dialog.people.setCurrentIndex(dialog.people.findData("aida"))
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(ExportFiles, "exec", fill)
    files.ask_export(person.window)
    person.wait_for_work()
    lines = [orjson.loads(line) for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    assert [span["text"] for line in lines for span in line["spans"]] == ["رشت"]
    assert person.notice().startswith("Exported 1 document with 1 span to 1 file.")


def test_the_export_dialog_says_what_each_format_cannot_carry(person: Person) -> None:
    dialog = ExportFiles(person.session, person.window)
    for number in range(dialog.format.count()):
        dialog.format.setCurrentIndex(number)
        entry = formats()[str(dialog.format.currentData())]
        assert all(kind in dialog.loses.text() for kind in entry.loses)
        assert dialog.target.name == (
            "p" if entry.folder or not entry.extensions else f"p{entry.extensions[0]}"
        )
    primary = [
        press.text()
        for press in dialog.findChildren(QPushButton)
        if press.property("role") == "primary"
    ]
    assert primary == ["Export"]


def test_a_backup_is_made_and_named(person: Person, project: Path) -> None:
    person.action("window.back_up").trigger()
    assert "The backup is" in person.notice()
    assert list(project.parent.rglob("backups/*"))


def test_the_history_sheet_lists_steps_the_newest_first(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(
        sheets, "show_text", lambda _parent, _title, text, *_more: shown.append(text)
    )
    person.label("رشت", "4")
    person.label("مریم", "1")
    person.action("history.undo").trigger()
    person.action("window.history").trigger()
    lines = shown[0].splitlines()
    assert "مریم" in lines[0]
    assert "undone" in lines[0]
    assert "رشت" in lines[1]


def test_the_key_sheet_names_commands_labels_values_and_relations(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(
        sheets, "show_text", lambda _parent, _title, text, _save: shown.append(text)
    )
    person.action("window.keys").trigger()
    for words in ("Ctrl+Z", "Ctrl+F", "PER – Person", "Polarity = oppose", "Holder"):
        assert words in shown[0]


def test_a_sheet_can_be_read_and_closed(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QDialog] = []

    def stay(dialog: QDialog) -> None:
        opened.append(dialog)

    monkeypatch.setattr(QDialog, "exec", stay)
    sheets.show_text(person.window, "Title", "<b>text</b>")
    assert opened[0].windowTitle() == "Title"
    assert opened[0].findChild(QPushButton) is not None
