"""The map beside the scroll bar: where in a long document the marks are.

Entities, claims and stances have a column each.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from annotator.i18n import _
from annotator.ui.look.style import LIGHT, Palette, legible
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.text_view.marks import CLAIM, ENTITY, STANCE, Mark
from annotator.ui.text_view.page import Page
from annotator.ui.text_view.underlines import fill

WIDTH = 14
_COLUMN, _TICK, _GAP = 4, 2, 1
_COLUMNS = {ENTITY: 0, CLAIM: 1, STANCE: 2}
_SAMPLES = 256
_DELAY_MS = 300
_AT_ONCE = 1000
_CONTRAST = 1.9

Tick = tuple[int, int, str]  # column, y, colour


def shares(page: Page, count: int) -> list[float]:
    """Return where `count` equal parts of the text, and its end, lie on the page.

    0 is its top, 1 its bottom.
    """
    blocks = page.blocks
    heights = page.heights
    length = len(blocks.text)
    total = max(heights.total, 1)
    found = []
    for number in range(count):
        position = number * length // count
        block = blocks.at(position)
        inside = (position - blocks.starts[block]) / max(
            blocks.limit(block) - blocks.starts[block], 1
        )
        found.append((heights.top(block) + heights[block] * inside) / total)
    return [*found, 1.0]


def ticks(page: Page, height: int, marks: Iterable[Mark]) -> set[Tick]:
    """Return what marks look like on a map of this height."""
    length = max(len(page.blocks.text), 1)
    places = shares(page, _SAMPLES)
    found: set[Tick] = set()
    for mark in marks:
        place, rest = divmod(mark.start * _SAMPLES, length)
        low = places[place]
        high = places[min(place + 1, _SAMPLES)]
        y = (low + (high - low) * rest / length) * (height - _TICK)
        found.add((_COLUMNS.get(mark.look, 0), int(y) // _TICK * _TICK, mark.color))
    return found


@guard_overrides
class Minimap(QWidget):
    """Shows the marks of a page that is longer than the view; a press goes there."""

    wanted = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._palette: Palette = LIGHT
        self._page: Page | None = None
        self._ticks: set[Tick] = set()
        self._coming: set[Tick] = set()
        self._rest: Iterator[Mark] | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._read)
        self.setAccessibleName(_("Map of the labels in the document"))
        self.setToolTip(_("Where the labels are; click to go there"))

    def follow(self, page: Page, palette: Palette) -> None:
        """Show the marks of a page when nothing has changed for a moment."""
        self._page = page
        self._palette = palette
        self._rest = None
        self._later.start(_DELAY_MS)

    def _read(self) -> None:
        """Read a part of the marks; there may be so many that all at once would be felt."""
        page = self._page
        if page is None:
            return
        if self._rest is None:
            is_long = page.scroll_range > page.view_height
            self._rest = iter(list(page.index.marks.values()) if is_long else ())
            self._coming = set()
        portion = list(islice(self._rest, _AT_ONCE))
        self._coming |= ticks(page, self.height(), portion)
        if portion:
            self._later.start(0)
        elif self._ticks != self._coming:
            self._ticks = self._coming
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ticks."""
        painter = QPainter(self)
        palette = self._palette
        try:
            fill(painter, QRectF(event.rect()), QColor(palette.paper))
            for column, y, color in self._ticks:
                x = _GAP + column * (_COLUMN + _GAP) - column
                fill(
                    painter,
                    QRectF(x, y, _COLUMN, _TICK),
                    legible(color, palette.paper, palette.ink, _CONTRAST),
                )
        finally:
            painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the place that was pressed."""
        self.wanted.emit(min(max(event.position().y() / max(self.height(), 1), 0.0), 1.0))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse with the button down."""
        self.mousePressEvent(event)
