"""The program's icon, and the files by which a desktop finds it."""

import configparser
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QApplication

from annotator.resources import resource
from annotator.ui.app import show_icon

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def test_the_icon_is_a_square_drawing_of_our_own() -> None:
    root = ET.parse(resource("icons", "annotator.svg")).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert (left, top, width) == (0, 0, height)
    assert "href" not in resource("icons", "annotator.svg").read_text("utf-8")


def test_windows_have_the_icon(qapp: QApplication) -> None:
    show_icon()
    try:
        picture = qapp.windowIcon().pixmap(QSize(64, 64)).toImage()
    finally:
        qapp.setWindowIcon(QIcon())
    assert picture.size() == QSize(64, 64)
    assert picture.pixelColor(0, 0).alpha() == 0
    assert picture.pixelColor(32, 5).blue() > picture.pixelColor(32, 5).red()


@pytest.mark.parametrize("size", SIZES)
def test_a_picture_of_each_size_is_the_drawing(qapp: QApplication, size: int) -> None:
    picture = QImage(str(PACKAGING / "icons" / f"annotator-{size}.png"))
    assert picture.size() == QSize(size, size)
    drawn = QIcon(str(resource("icons", "annotator.svg"))).pixmap(QSize(size, size)).toImage()
    for x, y in ((size // 2, size // 12), (size // 4, size // 2), (size // 2, size - size // 6)):
        shown, wanted = picture.pixelColor(x, y), drawn.pixelColor(x, y)
        assert abs(shown.lightness() - wanted.lightness()) < 24


def test_the_desktop_entry_says_what_to_start() -> None:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment] # keys of a desktop entry have capitals
    parser.read(PACKAGING / "annotator.desktop", encoding="utf-8")
    assert parser.sections() == ["Desktop Entry"]
    entry = parser["Desktop Entry"]
    assert (entry["Type"], entry["Name"], entry["Exec"]) == (
        "Application",
        "Annotator",
        "annotator %f",
    )
    assert entry["Icon"] == entry["StartupWMClass"] == "annotator"
    assert entry["Terminal"] == "false"
    for key in ("Categories", "Keywords"):
        assert re.fullmatch(r"(\w+;)+", entry[key])
