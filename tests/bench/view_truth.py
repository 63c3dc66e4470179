"""Are clicks understood? Every character of the reference texts is clicked on both halves.

In the view and in stock Qt.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from annotator.text import segmentation
from annotator.text.offsets import Utf16Map
from annotator.ui.text_view import TextView
from annotator.ui.text_view.cells import Cell, read_cells
from tests.bench.stock_view import StockView

if TYPE_CHECKING:
    from PySide6.QtGui import QTextLayout

WIDTHS = (300, 400, 700)


def texts(data: Path) -> list[tuple[str, str]]:
    """Return the reference texts with their languages, the hard strings among them."""
    news = [
        (path.read_text(encoding="utf-8"), path.name[:2])
        for path in sorted((data / "news").glob("*.txt"))
    ]
    hard = {
        case["text"]
        for case in json.loads((data / "text" / "golden_bidi.json").read_text(encoding="utf-8"))
    }
    return [*news, ("\n".join(sorted(hard)), "fa")]


def halves(cell: Cell) -> Iterator[tuple[float, int]]:
    """Yield an x in each half of a cell with the caret that belongs there."""
    width = cell.right - cell.left
    yield cell.left + width / 4, cell.end if cell.rtl else cell.start
    yield cell.right - width / 4, cell.start if cell.rtl else cell.end


def wrong_hits(data: Path) -> int:
    """Return how many clicks go wrong in the view."""
    wrong = 0
    for text, language in texts(data):
        for width in WIDTHS:
            view = TextView()
            view.resize(width, 900)
            view.show_document(text, language)
            view.show()
            QApplication.processEvents()
            page = view._page
            for value in range(0, page.scroll_range + 900, 850):
                view.verticalScrollBar().setValue(value)
                for placed in page.placed:
                    start = page.blocks.starts[placed.block]
                    for line, top in enumerate(placed.layout.tops):
                        if not 0 <= placed.y + top < 850:
                            continue
                        for cell in placed.layout.cells(line).cells:
                            for x, position in halves(cell):
                                point = QPointF(
                                    page.column_left + x, placed.y + top + page.metrics.ascent / 2
                                )
                                wrong += view.position_at(point) != start + position
            view.close()
    return wrong


def stock_wrong_hits(data: Path) -> int:
    """Return how many clicks go wrong in QPlainTextEdit, measured by the cells of its own lines."""
    wrong = 0
    for text, _language in texts(data):
        for width in WIDTHS:
            view = StockView()
            view.resize(width, 900)
            view.setPlainText(text)
            view.show()
            QApplication.processEvents()
            wrong += sum(_wrong_in(view))
            view.close()
    return wrong


def _wrong_in(view: StockView) -> Iterator[int]:
    block = view.firstVisibleBlock()
    while block.isValid():
        rect = view.blockBoundingGeometry(block).translated(view.contentOffset())
        if rect.top() > view.viewport().height():
            return
        layout: QTextLayout = block.layout()
        content = block.text()
        units, stops = Utf16Map(content), segmentation.graphemes(content)
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            y = rect.top() + line.y() + line.height() / 2
            if not 0 <= y < view.viewport().height():
                continue
            for cell in read_cells(line, content, units, stops, 0.0).cells:
                for x, position in halves(cell):
                    found = (
                        view.cursorForPosition(QPointF(rect.left() + x, y).toPoint()).position()
                        - block.position()
                    )
                    yield found != units.to_utf16(position)
        block = block.next()
