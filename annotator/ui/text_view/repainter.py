"""What of the view is painted again after a change, and what is only moved.

Moving pixels is cheap and painting is not: what stays in view after scrolling, or lies below a
changed paragraph, is moved as it is.
"""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QObject, QRect
from PySide6.QtWidgets import QAbstractScrollArea

from annotator.ui.text_view.interaction import Interaction
from annotator.ui.text_view.page import Page, Placed


class Repainter(QObject):
    """Keeps the viewport and the scroll bar of a view in step with its page."""

    def __init__(self, area: QAbstractScrollArea, page: Page, interaction: Interaction) -> None:
        super().__init__(area)
        self.page = page
        self._area = area
        self._interaction = interaction
        self._selected_blocks: tuple[int, int] = (0, 0)
        self._is_setting_bar = False

    # Scrolling

    def show_scroll(self, repaint: bool = True) -> None:
        """Let the scroll bar show where the page is, and repaint."""
        bar = self._area.verticalScrollBar()
        page = self.page
        self._is_setting_bar = True
        bar.setRange(0, page.scroll_range)
        bar.setPageStep(page.view_height)
        bar.setSingleStep(page.metrics.pitch)
        bar.setValue(page.scroll_value)
        self._is_setting_bar = False
        if repaint:
            self._area.viewport().update()

    def follow_scroll_bar(self, is_dragging: bool) -> None:
        """Scroll the page to a value set by the scroll bar; what stays in view is moved."""
        if self._is_setting_bar:
            return
        tops = _tops(self.page.placed)
        self.page.scroll_to(self._area.verticalScrollBar().value())
        staying = _first_staying(tops, self.page.placed)
        # Arcs lead past many blocks, and a drag changes the selection while it scrolls.
        if staying is None or self._interaction.links or is_dragging:
            self.show_scroll()
            return
        self.show_scroll(repaint=False)
        if staying.y != tops[staying.block]:
            self._move_pixels(staying.y - tops[staying.block], 0)

    def _move_pixels(self, by: int, top: int) -> None:
        """Move what is painted below a height, and repaint what comes into view.

        Ink reaches over the edge of that, so that a margin is painted too.
        """
        viewport = self._area.viewport()
        page = self.page
        wide = page.view_width
        high = page.view_height
        margin = page.metrics.pitch
        viewport.scroll(0, by, QRect(0, top, wide, high - top))
        viewport.update(0, high + by - margin if by < 0 else top, wide, abs(by) + margin)

    # Repainting

    def repaint_change(self, touched: Collection[int], before: Sequence[Placed]) -> None:
        """Repaint the touched blocks; `before` is what was in view before the change.

        What lies below them and only moved is moved as it is.
        """
        after = self.page.placed
        if self._interaction.links or not _begin_alike(before, after):
            self.show_scroll()
            return
        self.show_scroll(repaint=False)
        if not touched:
            return
        first = min(touched)
        last = max(touched)
        tops = _tops(before)
        below = _first_staying(tops, [placed for placed in after if placed.block > last])
        if below is not None and below.y != tops[below.block]:
            top = tops[below.block]
            self._move_pixels(below.y - top, min(top, below.y))
        self.repaint_blocks(first, last)

    def repaint_blocks(self, first: int, last: int) -> None:
        """Repaint what is in view of some blocks."""
        viewport = self._area.viewport()
        page = self.page
        if self._interaction.links:
            # Their arcs lead past other blocks, and their names give way to what is new.
            viewport.update()
            return
        in_view = [placed for placed in page.placed if first <= placed.block <= last]
        if in_view:
            margin = page.metrics.pitch
            top = in_view[0].y - margin
            bottom = in_view[-1].y + in_view[-1].height + margin
            viewport.update(0, top, page.view_width, bottom - top)

    def repaint_marks(self, *mark_ids: str) -> None:
        """Repaint the blocks of marks; unknown ids count for nothing."""
        page = self.page
        for mark_id in mark_ids:
            mark = page.index.marks.get(mark_id)
            if mark is not None:
                self.repaint_blocks(page.blocks.at(mark.start), page.blocks.at(mark.end))

    def repaint_selection(self) -> None:
        """Repaint where selection and caret were and are."""
        blocks = self.page.blocks
        interaction = self._interaction
        positions = (*interaction.selection, interaction.caret.position)
        now = (blocks.at(min(positions)), blocks.at(max(positions)))
        before = self._selected_blocks
        self._selected_blocks = now
        for first, last in {before, now}:
            self.repaint_blocks(first, last)


def _tops(placed_blocks: Sequence[Placed]) -> dict[int, int]:
    return {placed.block: placed.y for placed in placed_blocks}


def _first_staying(tops: dict[int, int], placed_blocks: Sequence[Placed]) -> Placed | None:
    """Return the first block that was in view before; None where none was."""
    for placed in placed_blocks:
        if placed.block in tops:
            return placed
    return None


def _begin_alike(before: Sequence[Placed], after: Sequence[Placed]) -> bool:
    """Return whether the same block still begins the view at the same height."""
    if not before:
        return False
    return (before[0].block, before[0].y) == (after[0].block, after[0].y)
