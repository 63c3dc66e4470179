"""An error in a method that Qt calls is told.

And neither ends the program nor comes out somewhere else.
"""

import importlib
import pkgutil
import sys

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

import annotator.ui
from annotator.ui.runtime.slot_guard import guard_overrides, is_guarded, overrides_of

pytestmark = pytest.mark.usefixtures("qapp")
NOWHERE = QModelIndex()


@guard_overrides
class Faulty(QWidget):
    """A widget that fails whenever Qt calls it.

    In the ways of C code, which are the dangerous ones.
    """

    def closeEvent(self, event: QCloseEvent) -> None:
        int("x")

    def sizeHint(self) -> QSize:
        return QSize(1 // 0, 1)

    def own(self) -> None:
        raise KeyError


@guard_overrides
class FaultyModel(QAbstractListModel):
    """A model that fails likewise."""

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


def test_every_class_of_the_window_that_overrides_qt_is_guarded() -> None:
    classes = {one for one in _below(QObject) if one.__module__.startswith("annotator.ui.")}
    for info in pkgutil.walk_packages(annotator.ui.__path__, "annotator.ui."):
        importlib.import_module(info.name)
    classes |= {one for one in _below(QObject) if one.__module__.startswith("annotator.ui.")}
    bare = []
    for one in classes:
        for name in overrides_of(one):
            if not is_guarded(vars(one)[name]):
                bare.append(f"{one.__module__}.{one.__name__}.{name}")
    assert not bare, "put @guard_overrides on these classes: " + ", ".join(sorted(bare))
    assert len(classes) > 40


def _below(kind: type) -> set[type]:
    below: set[type] = set(kind.__subclasses__())
    return below.union(*map(_below, below)) if below else below


def test_a_class_without_the_decorator_would_be_found() -> None:
    class Bare(QWidget):
        def closeEvent(self, event: QCloseEvent) -> None: ...

    assert overrides_of(Bare) == ["closeEvent"]
    assert not is_guarded(Bare.closeEvent)
    assert is_guarded(Faulty.closeEvent)
