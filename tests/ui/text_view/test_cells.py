"""The cells of a line against what Qt says of single characters, and against painted pixels."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from annotator.text.segmentation import graphemes
from annotator.ui.look.style import metrics
from annotator.ui.text_view.cells import Caret
from annotator.ui.text_view.layout import BlockLayout

pytestmark = pytest.mark.usefixtures("qapp")

HARD = [
    "سال 2002 بود و ۲۵٪ از «Apple Inc.» (test) رفت",
    (
        "می\u200cرود خانه\u0654 د\u0650ل\u064eم لا الله \U0001f600 دنیا"
        " \U0001f468\u200d\U0001f469\u200d\U0001f467 آخر"
    ),
    "abc \u202edrow\u202c سلام \u2067x\u2069 ч\u0301",
    "سلام\tدنیا\tABC № 5 → «Алматы-2050»",
    "\ufeffسلام \ufdfc و \ufdfa",
    "De\u0301partement \U0001d538 سلام \U0001d538",
]
ALPHABET = st.sampled_from(
    "ابپلا می\u200c\u064e 123 ۴۵ abЖәі"
    " \t()«»٪\u200f\u202b\u202c\u2067\u2069\u00ad\U0001f600\U0001d538e\u0301\u2028\u06c0"
    "\u0640\u0654١\U0001f1f0\U0001f1ff\u200d\ufe0f\u20e3漢\u200b\u2060\u180e\x01\x1f\x7f\x9f\ufffc\ufffd\ue000\U0001f3f4"
)
TEXTS = st.text(alphabet=ALPHABET, max_size=60)


def laid_out(text: str, direction: str = "rtl", width: int = 400) -> BlockLayout:
    return BlockLayout(text, direction, width, metrics(100))


def is_in_ligature(text: str, start: int) -> bool:
    around = text[max(start - 3, 0) : start + 4]
    return any(pair in around for pair in ("لا", "لآ", "لأ", "لله"))


@pytest.mark.parametrize("width", [300, 400, 700])
def test_cells_are_where_qt_draws_each_character(shared_data: Path, width: int) -> None:
    texts = [
        line
        for path in sorted((shared_data / "news").glob("*.txt"))
        for line in path.read_text().split("\n")
        if line
    ]
    checked = 0
    for text in [*texts, *HARD]:
        for direction in ("rtl", "ltr"):
            layout = laid_out(text, direction, width)
            for number, line in enumerate(layout._lines):
                for cell in layout.cells(number).cells:
                    first, last = (
                        layout._units.to_utf16(cell.start),
                        layout._units.to_utf16(cell.end),
                    )
                    boxes = [run.boundingRect() for run in line.glyphRuns(first, last - first)]
                    if not boxes or is_in_ligature(text, cell.start):
                        # A tab has no glyph; for a part of a ligature Qt gives the place of its
                        # neighbour.
                        continue
                    assert cell.left == pytest.approx(min(box.left() for box in boxes), abs=0.1), (
                        text,
                        cell,
                    )
                    assert cell.right == pytest.approx(
                        max(box.right() for box in boxes), abs=0.1
                    ), (text, cell)
                    checked += 1
    assert checked > 20_000


@given(TEXTS, st.sampled_from(["rtl", "ltr"]), st.sampled_from([60, 150, 700]))
@example("\u0654\u06541", "rtl", 60)
@example("漢\U0001d538\u200c", "rtl", 60)
@example("\u064e\u200b\u064e1", "rtl", 60)
@example("١\U0001d538)\u0654\u0654a", "rtl", 60)
def test_cells_do_not_overlap_and_a_click_finds_the_edge_it_is_near(
    text: str, direction: str, width: int
) -> None:
    layout = laid_out(text, direction, width)
    stops = set(graphemes(text))
    for line in range(len(layout)):
        cells = layout.cells(line)
        assert all(before.right <= after.left + 0.1 for before, after in pairwise(cells.cells))
        for cell in cells.cells:
            assert {cell.start, cell.end} <= stops
            quarter = (cell.right - cell.left) / 4
            left, right = cells.hit(cell.left + quarter), cells.hit(cell.right - quarter)
            assert {left.position, right.position} == {cell.start, cell.end}
            assert cells.caret_x(left) == pytest.approx(cell.left)
            assert cells.caret_x(right) == pytest.approx(cell.right)


@given(TEXTS, st.sampled_from(["rtl", "ltr"]))
def test_walking_right_and_back_visits_every_cell_once(text: str, direction: str) -> None:
    layout = laid_out(text, direction, 5000)
    cells = layout.cells(0)
    x, there = cells.cells[0].left if cells.cells else 0.0, []
    while (caret := cells.right_of(x)) is not None:
        x = cells.caret_x(caret)
        there.append(x)
    assert there == pytest.approx([cell.right for cell in cells.cells])
    back = []
    while (caret := cells.left_of(x)) is not None:
        x = cells.caret_x(caret)
        back.append(x)
    assert back == pytest.approx([cell.left for cell in reversed(cells.cells)])


@given(TEXTS, st.sampled_from(["rtl", "ltr"]))
def test_every_position_has_a_caret_on_its_line(text: str, direction: str) -> None:
    layout = laid_out(text, direction, 200)
    for position in range(len(text) + 1):
        for before in (False, True):
            caret = Caret(position, before)
            line = layout.line_of(caret)
            assert layout.starts[line] <= position <= layout.ends[line]
            assert -250 <= layout.cells(line).caret_x(caret) <= 450


def test_painted_columns_of_a_span_are_its_rectangles() -> None:
    text = "رفت 1400 بار"
    layout = laid_out(text, "rtl", 300)
    plain, marked = (
        QImage(300, 30, QImage.Format.Format_RGB32),
        QImage(300, 30, QImage.Format.Format_RGB32),
    )
    (span,) = layout.cells(0).rects(4, 8)
    for image, hidden in ((plain, False), (marked, True)):
        image.fill(QColor("white"))
        painter = QPainter(image)
        layout.draw(painter, 0, 0, QRectF(0, 0, 300, 30))
        if hidden:
            painter.fillRect(QRectF(span[0] - 0.5, 0, span[1] - span[0] + 1, 30), QColor("white"))
        painter.end()
    inked = [
        x for x in range(300) if any(plain.pixelColor(x, y).lightness() < 160 for y in range(30))
    ]
    left = [
        x for x in range(300) if any(marked.pixelColor(x, y).lightness() < 160 for y in range(30))
    ]
    assert set(left) == {x for x in inked if not span[0] - 1 <= x <= span[1]}
    assert any(x < span[0] for x in left)
    assert any(x > span[1] for x in left)
