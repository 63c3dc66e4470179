"""A real X server: real key events on real layouts, and a drag over Persian that is wrapped."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.patience import MILLISECONDS
from tests.projects import made
from tests.ui.conftest import Opens
from tests.ui.person import Person

pytestmark = pytest.mark.screen
LONG = (
    "شهرداری رشت روز شنبه اعلام کرد که بازسازی پل قدیمی شهر تا پایان اسفند تمام می‌شود و مردم از آن"
    " استقبال کرده‌اند. " * 3
)
KEY_1, KEY_S, KEY_Z, KEY_CONTROL = "10", "39", "52", "37"  # X key codes: places on the keyboard


def tool(name: str) -> str:
    """Return the path of a program; skip the test where it is missing."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"There is no {name} here.")
    return found


def xdotool(*arguments: str) -> None:
    subprocess.run([tool("xdotool"), *arguments], check=True, timeout=60)


@pytest.fixture
def us_again() -> Iterator[None]:
    """Give the keyboard its usual layout back."""
    yield
    subprocess.run([tool("setxkbmap"), "us"], check=True, timeout=60)


@pytest.fixture
def on_screen(opens: Opens, tmp_path: Path, qtbot: QtBot) -> Person:
    tool("xdotool")
    if "DISPLAY" not in os.environ:
        pytest.skip("There is no X server.")
    made(tmp_path / "p.annot", texts={"fa-1": LONG}).close()
    person = opens(tmp_path / "p.annot")
    with qtbot.waitExposed(person.window, timeout=MILLISECONDS):
        person.window.show()
    person.window.move(0, 0)
    xdotool("windowfocus", "--sync", str(int(person.window.winId())))
    qtbot.waitUntil(person.window.isActiveWindow, timeout=MILLISECONDS)
    person.view.setFocus()
    return person


def screen_place(person: Person, position: int) -> QPoint:
    return person.view.viewport().mapToGlobal(person.point(position))


def drag(person: Person, start: QPoint, end: QPoint) -> None:
    xdotool("mousemove", str(start.x()), str(start.y()), "mousedown", "1")
    person.wait(50)
    for step in range(1, 6):
        place = start + (end - start) * step / 5
        xdotool("mousemove", str(place.x()), str(place.y()))
        person.wait(20)
    xdotool("mouseup", "1")
    person.wait(100)


def test_the_window_opens_and_is_painted(on_screen: Person) -> None:
    assert QApplication.platformName() == "xcb"
    image = on_screen.window.grab().toImage()
    assert (
        len(
            {
                image.pixelColor(x, y).name()
                for x in range(0, image.width(), 7)
                for y in range(0, image.height(), 7)
            }
        )
        > 5
    )


def test_a_drag_over_wrapped_persian_selects_from_line_to_line(on_screen: Person) -> None:
    text = on_screen.view.text()
    start = text.index("استقبال")
    end = text.index("اسفند", start) + len("اسفند")
    assert on_screen.point(start).y() < on_screen.point(end - 1).y(), (
        "the words must stand on two lines"
    )
    drag(on_screen, screen_place(on_screen, start), screen_place(on_screen, end - 1))
    on_screen.until(lambda: on_screen.view.selection() == (start, end))
    assert on_screen.view.selection() == (start, end)
    xdotool("key", "--clearmodifiers", KEY_1)
    on_screen.until(on_screen.spans)
    assert on_screen.spans() == [("PER", text[start:end])]


@pytest.mark.usefixtures("us_again")
@pytest.mark.parametrize("layout", ["us", "ir", "kz", "ru", "us,ir"])
def test_keys_label_and_undo_by_their_place_on_every_layout(on_screen: Person, layout: str) -> None:
    subprocess.run([tool("setxkbmap"), layout], check=True, timeout=60)
    on_screen.wait(200)
    for key, label in ((KEY_1, "PER"), (KEY_S, "STANCE")):
        on_screen.view.select(*on_screen.place("رشت"))
        xdotool("key", key)
        on_screen.until(on_screen.spans)
        assert on_screen.spans() == [(label, "رشت")]
        xdotool("keydown", KEY_CONTROL, "key", KEY_Z, "keyup", KEY_CONTROL)
        on_screen.until(lambda: not on_screen.spans())
        assert on_screen.spans() == []
