"""A real mouse over every word of mixed paragraphs, through the real window.

The offsets are read from the stored project.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF
from pytestqt.qtbot import QtBot

from annotator.model import Span
from tests.patience import MILLISECONDS
from tests.projects import made
from tests.ui.person import Person
from tests.ui.text_view.exact import Place, cell_at

if TYPE_CHECKING:
    from annotator.store import Store

pytestmark = [pytest.mark.screen, pytest.mark.slow, pytest.mark.timeout(400)]
Opens = Callable[..., Person]
TEXT = (
    "سید امیر حسین علوی شهردار رشت دوم آذر 1400 در نشست شرکت Apple Inc. گفت: «مشکلات iPhone 15"
    " بسیار است» و ۲۵٪ کم می\u200cشود.\nПрезидент «Алматы-2050» туралы айтты: тегеранская газета"
    " «همشهری» писала О’Коннор 12.03.2024 жылы.\nKambiz گفت که د\u0650ل\u064eم در London (لندن) تنگ"
    " شده و 📌 тест пройден."
)
WORD = re.compile(r"[\w\u0300-\u036f\u064b-\u065f\u200c%٪’.-]*[\w\u064b-\u065f٪]")


def tool(*arguments: str) -> None:
    path = shutil.which(arguments[0])
    if path is None:
        pytest.skip(f"There is no {arguments[0]} here.")
    subprocess.run([path, *arguments[1:]], check=True, timeout=60)


@pytest.fixture(params=[1100, 1300, 1500])
def reader(request: pytest.FixtureRequest, opens: Opens, tmp_path: Path, qtbot: QtBot) -> Person:
    """Return a person at a window of one of three widths."""
    if "DISPLAY" not in os.environ:
        pytest.skip("There is no X server.")
    made(tmp_path / "p.annot", texts={"fa-1": TEXT}).close()
    person = opens(tmp_path / "p.annot")
    person.window.resize(request.param, 900)
    with qtbot.waitExposed(person.window, timeout=MILLISECONDS):
        person.window.show()
    person.window.move(0, 0)
    tool("xdotool", "windowfocus", "--sync", str(int(person.window.winId())))
    person.wait(150)
    return person


def words() -> list[tuple[int, int]]:
    return [found.span() for found in WORD.finditer(TEXT)]


def inside(found: Place | None, *, at_end: bool) -> QPointF:
    """Return a point one pixel inside a character, at the side where it begins or ends as it is
    read.
    """
    assert found is not None
    cell, corner = found
    wide = cell.right - cell.left
    inset = min(1.0, wide / 4)
    return corner + QPointF(inset if cell.rtl == at_end else wide - inset, 0)


def drag(person: Person, start: QPointF, end: QPointF, *held: str) -> None:
    """Drag with the real mouse."""
    person.wait(10)
    before = stored(person)
    viewport = person.view.viewport()
    one, two = viewport.mapToGlobal(start.toPoint()), viewport.mapToGlobal(end.toPoint())
    middle = (one + two) / 2 + QPoint(0, 3)
    keys = [part for key in held for part in ("keydown", key)]
    steps = [
        part
        for place in (middle, two, two)
        for part in ("mousemove", str(place.x()), str(place.y()), "sleep", "0.01")
    ]
    after = [part for key in held for part in ("keyup", key)]
    tool(
        "xdotool",
        *keys,
        "mousemove",
        str(one.x()),
        str(one.y()),
        "mousedown",
        "1",
        *steps,
        "mouseup",
        "1",
        *after,
    )
    person.until(lambda: stored(person) != before)


def stored(person: Person) -> list[Span]:
    """Return the spans as the project holds them."""
    store: Store = person.session.store
    return list(store.annotation_set("fa-1", "aida").spans)


def take_back(person: Person) -> None:
    person.session.undo()
    person.session.select_text(0, 0)
    person.wait(5)


@pytest.mark.parametrize("held", [("alt",), ()], ids=["characters", "words"])
@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
def test_every_word_dragged_over_is_stored_exactly(
    reader: Person, held: tuple[str, ...], backwards: bool
) -> None:
    reader.session.set_label("PER")
    wrong = []
    for start, end in words():
        ends = [
            inside(cell_at(reader.view, start), at_end=False),
            inside(cell_at(reader.view, end - 1), at_end=True),
        ]
        drag(reader, *(reversed(ends) if backwards else ends), *held)
        found = [(span.start, span.end) for span in stored(reader)]
        if found != [(start, end)]:
            wrong.append((TEXT[start:end], [TEXT[slice(*place)] for place in found]))
        if found:
            take_back(reader)
    assert wrong == []


def test_a_double_click_stores_the_word_and_an_edge_is_dragged_to_another(reader: Person) -> None:
    reader.session.set_label("ORG")
    viewport = reader.view.viewport()
    for start, end in [(first, last) for first, last in words() if last - first > 2]:
        place = viewport.mapToGlobal(
            inside(cell_at(reader.view, (start + end) // 2), at_end=False).toPoint()
        )
        tool(
            "xdotool",
            "mousemove",
            str(place.x()),
            str(place.y()),
            "click",
            "--repeat",
            "2",
            "--delay",
            "30",
            "1",
        )
        reader.until(lambda: stored(reader))
        assert [(span.start, span.end) for span in stored(reader)] == [(start, end)]
        reader.wait(450)  # the next click is no third one
        take_back(reader)
    start = TEXT.index("شهردار")
    end = TEXT.index("رشت") + len("رشت")
    reader.session.select_text(start, start + len("شهردار"))
    reader.press("2")
    cell, corner = cell_at(reader.view, start + len("شهردار") - 1) or (None, None)
    assert cell is not None
    assert corner is not None
    drag(reader, corner + QPointF(0, 2), inside(cell_at(reader.view, end - 2), at_end=True))
    assert [(span.start, span.end, span.text) for span in stored(reader)] == [
        (start, end, "شهردار رشت")
    ]


def test_a_drag_across_paragraphs_is_one_stored_span(reader: Person) -> None:
    reader.session.set_label("EVENT")
    start, end = TEXT.index("بسیار"), TEXT.index("туралы") + len("туралы")
    for held in ((), ("alt",)):
        drag(
            reader,
            inside(cell_at(reader.view, start), at_end=False),
            inside(cell_at(reader.view, end - 1), at_end=True),
            *held,
        )
        (span,) = stored(reader)
        assert (span.start, span.end, span.text) == (start, end, TEXT[start:end])
        take_back(reader)
