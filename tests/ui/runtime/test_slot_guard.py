"""An error in a method that Qt calls is told.

And neither ends the program nor comes out somewhere else.
"""

import sys

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from annotator.ui.runtime import slot_guard

pytestmark = pytest.mark.usefixtures("qapp")
NOWHERE = QModelIndex()


class Faulty(QWidget):
    """A widget that fails whenever Qt calls it.

    In the ways of C code, which are the dangerous ones.
    """

    __module__ = "annotator.planted"

    def closeEvent(self, event: QCloseEvent) -> None:
        int("x")

    def sizeHint(self) -> QSize:
        return QSize(1 // 0, 1)

    def own(self) -> None:
        raise KeyError


class FaultyModel(QAbstractListModel):
    """A model that fails likewise."""

    __module__ = "annotator.planted"

    def rowCount(self, parent: object = NOWHERE) -> int:
        return int([].pop())

    def data(self, index: object, role: int = 0) -> object:
        return {0: 0}[role + 1]

    def flags(self, index: object) -> Qt.ItemFlag:
        raise RuntimeError


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the errors that were told, by their names."""
    names: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: names.append(kind.__name__))
    return names


def test_an_event_that_fails_is_told_and_whoever_waits_for_qt_goes_on(told: list[str]) -> None:
    widget = Faulty()
    widget.show()
    assert told == ["ZeroDivisionError"] * len(told)
    told.clear()
    assert widget.close()
    assert told == ["ValueError"]


def test_the_answer_is_an_empty_one_of_its_kind(told: list[str]) -> None:
    model = FaultyModel()
    assert (model.rowCount(), model.data(model.index(0)), model.flags(NOWHERE)) == (
        0,
        None,
        Qt.ItemFlag.NoItemFlags,
    )
    assert Faulty().sizeHint() == QSize()
    assert {"IndexError", "RuntimeError", "ZeroDivisionError"} <= set(told)


def test_a_method_that_qt_does_not_know_raises_as_ever(told: list[str]) -> None:
    with pytest.raises(KeyError):
        Faulty().own()
    assert told == []


def test_a_class_of_somebody_else_is_left_alone() -> None:
    class Foreign(QWidget):
        def closeEvent(self, event: QCloseEvent) -> None: ...

    assert not hasattr(Foreign.closeEvent, "__wrapped__")
    assert hasattr(Faulty.closeEvent, "__wrapped__")


def test_watching_twice_tells_once(told: list[str]) -> None:
    slot_guard.watch()
    widget = Faulty()
    widget.close()
    assert told == ["ValueError"]
