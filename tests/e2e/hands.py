"""Hands on a real keyboard of a real X server."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from annotator.ui.window.main_window import MainWindow
from tests.patience import MILLISECONDS

# X key codes: places on the keyboard, named by their US print.
ROWS = {10: "1234567890-=", 24: "qwertyuiop[]", 38: "asdfghjkl;'", 52: "zxcvbnm,./"}
NAMED = (
    "Esc Escape, Tab 23, Enter 36, Ctrl 37, Shift 50, Alt 64, Home 110, Left 113, Right 114, Down"
    " 116, PgDown 117, Del 119, F8 74"
)
PLACES = {
    key: str(first + number) for first, keys in ROWS.items() for number, key in enumerate(keys)
}
PLACES |= dict(entry.split() for entry in NAMED.split(", "))


def tool(name: str) -> str:
    """Return the path of a program; skip the test where it is missing."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"There is no {name} here.")
    return found


@dataclass
class Hands:
    """Two hands on a real keyboard, and eyes that wait for what a key brings.

    No key is pressed before the last one has done its work.
    """

    qtbot: QtBot
    window: MainWindow

    def press(self, *combinations: str, until: Callable[[], object]) -> None:
        """Press keys ("Ctrl+Shift+Left") and wait for what they should bring."""
        for combination in combinations:
            *held, key = [PLACES[name] for name in combination.split("+")]
            down = [word for code in held for word in ("keydown", code)]
            up = [word for code in reversed(held) for word in ("keyup", code)]
            subprocess.run([tool("xdotool"), *down, "key", key, *up], check=True, timeout=60)
        self.qtbot.waitUntil(lambda: bool(until()), timeout=MILLISECONDS)

    def press_until(self, key: str, until: Callable[[], object], most: int = 30) -> None:
        """Press a key.

        Each time when the focus or the caret has moved on, until something is so.
        """
        for _time in range(most):
            if until():
                return
            self.press(key, until=self.moved_from(self.place()))
        raise AssertionError(f"{most} times {key} did not do it")

    def place(self) -> tuple[object, ...]:
        """Return where the focus, the caret and the selected span are."""
        session = self.window.session
        return (
            self.focus(),
            self.window.workspace.view.selection(),
            self.window.workspace.view.caret(),
            session and session.span,
        )

    def moved_from(self, place: tuple[object, ...]) -> Callable[[], bool]:
        """Return what tells whether focus, caret or selected span have moved on."""
        return lambda: self.place() != place

    def focus(self) -> QWidget | None:
        """Return what has the focus."""
        return QApplication.focusWidget()
