"""Arcs run where there is no text.

Neither their lines nor their names cover a letter, whatever they join.
"""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, QRectF

from annotator.ui.text_view import Link, TextView
from annotator.ui.text_view.arcs import arcs_of
from annotator.ui.text_view.interaction import Arc
from tests.ui.text_view.conftest import Opens, claim, entity

TEXTS = {
    "fa": (
        "شهردار رشت گفت پل تازه باز می‌شود. مردم شهر از این خبر استقبال کردند و منتظر ماندند.\nشورا"
        " هم موافق است و بودجه را تصویب کرد."
    ),
    "kk": (
        "Қала әкімі жаңа көпір ашылады деді. Тұрғындар бұл хабарға қуанып, күтіп отыр.\nКеңес те"
        " қолдап, қаржы бөлді."
    ),
}
GRACE = 3.0  # the ink of a letter leaves so much of its box free


def lines_of(view: TextView) -> list[QRectF]:
    """Return what the lines of the text cover, without the room that letters leave."""
    page, found = view._page, []
    for placed in page.placed:
        for line, top in enumerate(placed.layout.tops):
            cells = placed.layout.cells(line).cells
            if cells:
                box = QRectF(
                    page.column_left + cells[0].left,
                    placed.y + top,
                    cells[-1].right - cells[0].left,
                    page.metrics.box,
                )
                found.append(box.adjusted(0, GRACE, 0, -GRACE))
    return found


def covered(view: TextView, arcs: list[Arc]) -> list[str]:
    """Return which arcs cross or cover a line of text."""
    found = []
    for arc in arcs:
        ways = [QRectF(*_corner_and_size(one, two)) for one, two in pairwise(arc.points)]
        for line in lines_of(view):
            found += [f"{arc.text} crosses" for way in ways if way.intersects(line)]
            found += [f"{arc.text} covers"] if arc.sign.intersects(line) else []
    return found


def _corner_and_size(one: QPointF, two: QPointF) -> tuple[float, float, float, float]:
    left, top = min(one.x(), two.x()), min(one.y(), two.y())
    return left, top, max(abs(one.x() - two.x()), 0.1), max(abs(one.y() - two.y()), 0.1)


@pytest.mark.parametrize("language", TEXTS)
def test_an_arc_between_any_two_marks_covers_no_text(opened: Opens, language: str) -> None:
    text = TEXTS[language]
    view = opened(text, language, width=620).view
    words = [place for block in range(2) for place in _words(view, block)]
    view.show_marks(
        [
            *(entity(f"e{number}", *place) for number, place in enumerate(words[::3])),
            claim("c", words[2][0], words[9][1]),
        ]
    )
    names = list(view._page.index.marks)
    for head in names:
        links = [Link(head, child, "holder", "#555555") for child in names[:4] if child != head]
        arcs = arcs_of(view._page, [*links, Link(head, "", "source", "#555555", "author")])
        assert len(arcs) == len(links) + 1
        assert covered(view, arcs) == []


def _words(view: TextView, block: int) -> list[tuple[int, int]]:
    start = view._page.blocks.starts[block]
    return [(start + first, start + last) for first, last in view._page.blocks.tokens(block)]


def test_names_of_arcs_do_not_cover_each_other(opened: Opens) -> None:
    view = opened(TEXTS["kk"], "kk", width=620).view
    words = _words(view, 0)
    view.show_marks([entity(f"e{number}", *words[number]) for number in (0, 4, 9, 11)])
    signs = [
        arc.sign
        for arc in arcs_of(
            view._page, [Link("e0", f"e{number}", "holder", "#555555") for number in (4, 9, 11)]
        )
    ]
    assert not any(
        one.intersects(other) for number, one in enumerate(signs) for other in signs[:number]
    )


def test_an_arc_ends_with_its_arrow_at_the_child(opened: Opens) -> None:
    view = opened(TEXTS["fa"], "fa", width=620).view
    first, second = _words(view, 0)[0], _words(view, 1)[1]
    view.show_marks([entity("a", *first), entity("b", *second)])
    (arc,) = arcs_of(view._page, [Link("a", "b", "holder", "#555555")])
    below = view.rects_of(*second)[0].bottom()
    assert arc.points[-1].y() >= below
    assert arc.points[-2].y() > arc.points[-1].y(), "it comes from below"
    assert arc.points[0].y() >= view.rects_of(*first)[0].bottom()
