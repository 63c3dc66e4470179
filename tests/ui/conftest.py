"""A window with a project, and a person before it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.ui.app import window
from annotator.ui.window.main_window import MainWindow
from tests.projects import made
from tests.ui.person import Person

SIZE = (1280, 720)


@pytest.fixture
def new_window(qtbot: QtBot) -> Iterator[Callable[[], MainWindow]]:
    """Return a function that shows a window as the program's start does.

    All are closed at the end.
    """
    shown: list[MainWindow] = []

    def show() -> MainWindow:
        fresh = window()
        qtbot.addWidget(fresh)
        fresh.resize(*SIZE)
        fresh.show()
        fresh.activateWindow()
        QApplication.processEvents()
        shown.append(fresh)
        return fresh

    yield show
    for fresh in shown:
        fresh.close()
    QApplication.processEvents()


Opens = Callable[..., Person]


@pytest.fixture
def opens(new_window: Callable[[], MainWindow]) -> Opens:
    """Return a function that opens a project in a window of its own."""

    def show(path: Path, annotator: str = "aida") -> Person:
        fresh = new_window()
        fresh.open_project(path, annotator)
        QApplication.processEvents()
        return Person(fresh)

    return show


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the path of a project with one Persian, one Kazakh and one Russian document."""
    path = tmp_path / "p.annot"
    made(path).close()
    return path


@pytest.fixture
def person(opens: Opens, project: Path) -> Person:
    """Return a person with that project open, at the Persian document."""
    return opens(project)
