"""What is painted bit by bit looks as if it had been painted at once.

Scrolling and labelling move pixels about.
"""

import random

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from annotator.ui.text_view import Link, TextView
from tests.ui.text_view.conftest import Opens, claim, entity

TEXT = (
    "شهردار رشت دوم آذر 1400 در نشست گفت: مشکلات شهر بسیار است.\nВ Астане создан новый офис для"
    " работы.\nسلام دنیا"
)


def on_screen(view: TextView) -> QImage:
    """Return what the window holds now."""
    QApplication.processEvents()
    frame = view.viewport().geometry()
    shot = view.screen().grabWindow(
        view.winId(), frame.x(), frame.y(), frame.width(), frame.height()
    )
    return shot.toImage().convertToFormat(QImage.Format.Format_RGB32)


def afresh(view: TextView) -> QImage:
    """Return what it holds after everything was painted anew."""
    view.viewport().update()
    return on_screen(view)


def differing(one: QImage, other: QImage) -> list[int]:
    """Return the lines of pixels in which two pictures differ."""
    if one == other:
        return []
    wide = one.width()
    return [y for y in range(one.height()) if one.copy(0, y, wide, 1) != other.copy(0, y, wide, 1)]


@pytest.mark.parametrize("seed", range(4))
def test_the_screen_is_the_same_as_after_a_full_repaint(opened: Opens, seed: int) -> None:
    chance = random.Random(seed)
    view = opened("\n".join([TEXT] * 40), width=640, height=480).view
    view.setFocus()
    length = len(view.text())
    names: list[str] = []
    for number in range(120):
        first = view._page.blocks.starts[view._page.placed[0].block]
        start = min(first + chance.randrange(300), length - 60)
        what = chance.choice(
            (
                "scroll",
                "add",
                "add",
                "claim",
                "remove",
                "select",
                "mark",
                "move",
                "link_target",
                "jump",
            )
        )
        if what == "scroll":
            bar = view.verticalScrollBar()
            bar.setValue(bar.value() + chance.choice((-81, -20, 20, 81, 200)))
        elif what in ("add", "claim"):
            names.append(f"m{number}")
            made = (
                entity(names[-1], start, start + chance.randint(1, 30))
                if what == "add"
                else claim(names[-1], start, start + 50)
            )
            view.put_mark(made)
        elif what == "remove" and names:
            view.remove_mark(names.pop(chance.randrange(len(names))))
        elif what == "select":
            view.select(start, start + chance.randrange(40))
        elif what == "mark" and names:
            view.select_mark(chance.choice(names), reveal=chance.random() < 0.5)
        elif what == "link_target":
            view.set_link_target(chance.choice([*names, ""]))
        elif what == "jump":
            view.verticalScrollBar().setValue(chance.randrange(view.verticalScrollBar().maximum()))
        else:
            view.move_caret(
                chance.choice(("left", "down", "word_left", "page_down", "up")),
                extend=chance.random() < 0.5,
            )
        assert differing(on_screen(view), afresh(view)) == [], f"step {number}: {what}"
    seen = view._page.blocks.starts[view._page.placed[0].block]
    view.show_marks([entity("a", seen, seen + 7), entity("b", seen + 75, seen + 80)])
    view.show_links([Link("a", "b", "about", "#555555")])
    assert differing(on_screen(view), afresh(view)) == []
    for number in range(6):
        view.put_mark(entity(f"new{number}", seen + 10 * number, seen + 10 * number + 4))
        assert differing(on_screen(view), afresh(view)) == []
