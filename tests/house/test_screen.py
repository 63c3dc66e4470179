"""The step `tests on a screen` has a real screen."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.patience import MILLISECONDS


@pytest.mark.screen
def test_a_window_appears_on_a_real_screen(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window, timeout=MILLISECONDS):
        window.show()
    assert QGuiApplication.platformName() != "offscreen"
