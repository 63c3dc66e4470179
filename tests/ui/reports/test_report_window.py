"""The report window.

Measured beside the window, each figure leads to its spans and on into the text, saved as page,
tables, picture.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from annotator.jobs import Progress
from annotator.jobs.reports import Behind, Place
from annotator.store import Store
from annotator.ui.reports.chart import Chart
from annotator.ui.reports.model import CELL, SheetModel
from annotator.ui.reports.repeating import RepeatDocuments
from annotator.ui.reports.window import ReportWindow
from tests.patience import MILLISECONDS
from tests.projects import FA, KK, RU, made, span
from tests.ui.person import Person

if TYPE_CHECKING:
    from annotator.session import Session

DOCUMENTS = {"fa-1": (FA, "رشت"), "kk-1": (KK, "Ақтоғанды"), "ru-1": (RU, "Зареченска")}


@pytest.fixture
def compared(tmp_path: Path) -> Path:
    """A project in which aida and Мадина differ in one label and one span a document."""
    path = tmp_path / "c.annot"
    with made(path) as store:
        for name, label in (("aida", "GPE"), ("Мадина", "ORG")):
            with store.change("Work", name) as step:
                person = step.add_annotator(name)
                for document, (text, words) in DOCUMENTS.items():
                    step.put_span(
                        document, person, span(text, words, label, name=f"{name}-{document}")
                    )
                    if name == "aida":
                        step.put_span(document, person, span(text, text.split()[0], "PER"))
                    step.put_status(document, person, "done")
    return path


@pytest.fixture
def opened(
    opens: Callable[..., Person], compared: Path, qtbot: QtBot
) -> tuple[Person, ReportWindow]:
    person = opens(compared)
    return person, _report(person, qtbot)


def _report(person: Person, qtbot: QtBot) -> ReportWindow:
    person.window.actions_.all["reports.report"].trigger()
    shown = person.window.findChild(ReportWindow)
    assert shown is not None
    qtbot.waitUntil(
        lambda: shown.report is not None and shown.sections.count() > 0, timeout=MILLISECONDS
    )
    return shown


def _section(shown: ReportWindow, sheet: str) -> SheetModel:
    number = next(number for number, entry in enumerate(shown._sheets) if entry.id == sheet)
    shown.sections.setCurrentRow(number)
    return SheetModel(shown._sheets[number])


def test_every_section_is_shown_with_its_figures(opened: tuple[Person, ReportWindow]) -> None:
    _person, shown = opened
    for number in range(shown.sections.count()):
        shown.sections.setCurrentRow(number)
        assert shown.title.text() == shown.sections.item(number).text()
        model = shown.table.model()
        assert model.rowCount() == len(shown._sheets[number].rows)
        assert not shown.grab().isNull()
    assert shown.table.accessibleName()


def test_a_click_on_a_figure_lists_its_spans_and_a_click_on_one_goes_to_it(
    opened: tuple[Person, ReportWindow],
) -> None:
    person, shown = opened
    _section(shown, "confusion")
    model = shown.table.model()
    figures = [
        model.index(row, column)
        for row in range(model.rowCount())
        for column in range(model.columnCount())
    ]
    figure = next(
        index
        for index in figures
        if index.data(CELL).value == 3 and index.data(CELL).behind.second == -1
    )
    QTest.mouseClick(
        shown.table.viewport(),
        Qt.MouseButton.LeftButton,
        pos=shown.table.visualRect(figure).center(),
    )
    places = shown.places.model()
    assert places.rowCount() == 3
    assert "∅" in places.index(0, 5).data()
    shown.places.setCurrentIndex(places.index(1, 0))
    QTest.keyClick(shown.places, Qt.Key.Key_Return)
    place = places.index(1, 0).data(CELL)
    assert person.session.document is not None
    assert person.session.document.id == place.document
    assert person.session.selected is not None
    assert person.session.selected.text == place.text


def test_a_span_of_somebody_else_has_its_text_selected(
    opens: Callable[..., Person], compared: Path, qtbot: QtBot
) -> None:
    person = opens(compared, "third")
    shown = _report(person, qtbot)
    shown.show_behind(Behind(document=2))
    shown._take_place(shown.places.model().index(0, 0))
    assert person.session.document is not None
    assert person.session.document.id == "ru-1"
    assert person.session.has_selection


def test_a_span_of_the_same_id_is_not_taken_for_ones_own(
    opened: tuple[Person, ReportWindow],
) -> None:
    person, shown = opened
    person.session.open_document("ru-1")
    place = Place(
        "ru-1", "ru-1", ("Мадина", "Reza"), ("ORG", "PER"), ("aida-ru-1", ""), (0, 4), "Анна"
    )
    shown._goes_to(place)
    assert person.session.selected is None
    assert person.session.selection == (0, 4)


def test_a_point_of_the_chart_leads_to_its_document_by_mouse_and_by_keys(
    opened: tuple[Person, ReportWindow],
) -> None:
    _person, shown = opened
    _section(shown, "documents")
    chart = shown.section.findChild(Chart)
    assert chart is not None
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.place(0).toPoint())
    assert shown.places.model().rowCount() == 2
    QTest.mouseMove(chart, QPoint(1, 1))
    shown.show_places([], "")
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    assert shown.places.model().rowCount() == 2
    assert chart.accessibleDescription()


def test_keys_begin_in_the_sections_and_escape_closes(
    opened: tuple[Person, ReportWindow], qtbot: QtBot
) -> None:
    _person, shown = opened
    assert shown.focusWidget() is shown.sections
    QTest.keyClick(shown.sections, Qt.Key.Key_Down)
    assert (shown.sections.currentRow(), shown.layer.currentIndex()) == (1, 0)
    with qtbot.waitSignal(shown.destroyed, timeout=MILLISECONDS):
        QTest.keyClick(shown.sections, Qt.Key.Key_Escape)


def test_another_layer_or_measure_is_measured_at_once(
    opened: tuple[Person, ReportWindow], qtbot: QtBot
) -> None:
    _person, shown = opened
    shown.layer.setCurrentIndex(shown.layer.findData("claims"))
    qtbot.waitUntil(
        lambda: shown.report is not None and shown.report.options.layer == "claims",
        timeout=MILLISECONDS,
    )
    shown.measure.setCurrentIndex(shown.measure.findData("token_f1"))
    qtbot.waitUntil(
        lambda: shown.report is not None and shown.report.options.measure == "token_f1",
        timeout=MILLISECONDS,
    )


def test_the_end_of_one_measuring_is_not_taken_for_that_of_the_next(
    opened: tuple[Person, ReportWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, shown = opened
    wanted: list[int] = []

    def endless(_store: object, _options: object, progress: Progress) -> None:
        wanted.append(1)
        while True:
            progress(0, 1, "x")

    monkeypatch.setattr("annotator.ui.reports.window.make_report", endless)
    for _time in range(2):
        shown.refresh()
    qtbot.waitUntil(lambda: len(wanted) == 2, timeout=MILLISECONDS)
    person.wait(50)
    running = shown._worker
    assert running is not None
    assert running.is_running
    shown.stop()
    assert not running.is_running
    assert shown._worker is None


def test_the_report_is_saved_as_page_tables_and_picture(
    opened: tuple[Person, ReportWindow], tmp_path: Path
) -> None:
    person, shown = opened
    shown.save(tmp_path / "r.html")
    assert "<bdi>Мадина</bdi>" in (tmp_path / "r.html").read_text(encoding="utf-8")
    shown.save(tmp_path / "tables")
    assert (tmp_path / "tables" / "pairs.csv").is_file()
    shown.save_picture(tmp_path / "p.png")
    assert QImage(str(tmp_path / "p.png")).width() == shown.section.width() * 2
    assert str(tmp_path / "p.png") in shown.note.text()
    shown.save(tmp_path / "no" / "r.html")
    assert "cannot be written" in person.window.notices.log[-1]


def test_an_untouched_project_says_what_is_to_be_done(
    opens: Callable[..., Person], project: Path, qtbot: QtBot
) -> None:
    shown = _report(opens(project), qtbot)
    assert shown.note.isVisibleTo(shown)
    assert "Nobody has labelled" in shown.note.text()


def test_the_report_goes_with_the_project_and_comes_but_once(
    opened: tuple[Person, ReportWindow], qtbot: QtBot
) -> None:
    person, shown = opened
    person.window.actions_.all["reports.report"].trigger()
    assert person.window.findChildren(ReportWindow) == [shown]
    with qtbot.waitSignal(shown.destroyed, timeout=MILLISECONDS):
        person.window.close_project()


def test_repeats_come_back_blind_and_lead_home_again(
    opens: Callable[..., Person], compared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = opens(compared)
    monkeypatch.setattr(
        RepeatDocuments,
        "exec",
        lambda dialog: dialog.documents.setValue(2) or QDialog.DialogCode.Accepted,
    )
    person.window.actions_.all["reports.repeat"].trigger()
    session: Session = person.session
    assert session.annotator == "aida (repeat 1)"
    assert len(session.entries) == 2
    assert session.spans == {}
    assert person.window.workspace.overlays.names(session) == []
    person.window.actions_.all["reports.end_repeating"].trigger()
    assert person.session.annotator == "aida"
    assert len(person.session.entries) == 3
    person.window.actions_.all["reports.repeat"].trigger()
    assert person.session.annotator == "aida (repeat 1)"


def test_the_project_file_tells_of_no_report(
    opened: tuple[Person, ReportWindow], compared: Path
) -> None:
    person, _shown = opened
    person.window.close_project()
    with Store.open(compared, readonly=True) as store:
        assert store.faults() == []
