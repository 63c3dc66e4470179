"""Drawing: everything that is seen on the page, from what is already laid out.

Nothing here computes a layout.
"""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from annotator.ui.look.style import Metrics, Palette, chip_font, chip_text_width, legible, mixed
from annotator.ui.text_view.arcs import paint_arc
from annotator.ui.text_view.cells import Caret
from annotator.ui.text_view.control_pictures import apart, picture_rise, picture_size, pictures_of
from annotator.ui.text_view.decorations import Bracket, Chip, LineDecorations, Underline
from annotator.ui.text_view.hit_testing import bar_chips, bar_rect, chip_rect, rects
from annotator.ui.text_view.interaction import Interaction
from annotator.ui.text_view.marks import CLAIM, STANCE, Mark
from annotator.ui.text_view.page import Page, Placed
from annotator.ui.text_view.underlines import draw_underline, fill

_RADIUS = 3.0
_LINE_CONTRAST, _TEXT_CONTRAST = 2.6, 5.0


def paint_page(
    painter: QPainter, page: Page, interaction: Interaction, palette: Palette, clip: QRectF
) -> None:
    """Paint what meets the clip rectangle, in view coordinates."""
    # Before antialiasing, and over the edge: at a fractional scale the last pixel would stay half
    # empty.
    fill(painter, clip.adjusted(-1, -1, 1, 1), QColor(palette.paper))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # Ink may reach a little over its line: what is near the clip is drawn too, and cut by the
    # painter.
    reach = page.metrics.pitch / 2
    clip = clip.adjusted(0, -reach, 0, reach)
    seen = _seen(page, clip)
    brush = _Brush(painter, page, palette, interaction)
    for placed in seen:
        brush.grounds(placed, clip)
    brush.selection(clip)
    painter.setPen(QColor(palette.ink))
    for placed in seen:
        placed.layout.draw(painter, page.column_left, placed.y, clip)
    for placed in seen:
        brush.marks(placed, clip)
    brush.rings(clip)
    for arc in interaction.arcs:
        paint_arc(painter, arc, palette, page.metrics)
    if interaction.rubber_band is not None:
        paint_arc(painter, interaction.rubber_band, palette, page.metrics)
    if interaction.shows_caret:
        brush.caret()


def _seen(page: Page, clip: QRectF) -> list[Placed]:
    """Return the blocks that meet the clip, with the ink that reaches over their lower edge."""
    seen = []
    for placed in page.placed:
        bottom = placed.y + placed.layout.height + page.metrics.pitch
        if placed.y < clip.bottom() and bottom > clip.top():
            seen.append(placed)
    return seen


class _Brush:
    """A painter that knows the page, its colours and its measures."""

    def __init__(
        self, painter: QPainter, page: Page, palette: Palette, interaction: Interaction
    ) -> None:
        self._painter = painter
        self._page = page
        self._palette = palette
        self._interaction = interaction
        self._metrics: Metrics = page.metrics
        self._left = page.column_left

    def _line_color(self, mark: Mark) -> QColor:
        if mark.origin == "suggestion":
            return QColor(self._palette.suggestion)
        return legible(mark.color, self._palette.paper, self._palette.ink, _LINE_CONTRAST)

    def _lines(self, placed: Placed, clip: QRectF) -> Iterable[tuple[int, int, LineDecorations]]:
        """Yield number, view y and decorations of the lines that meet the clip."""
        for line, top in enumerate(placed.layout.tops):
            y = placed.y + top
            if y > clip.bottom() + 2:
                return
            if y + (placed.layout.bottom(line) - top) >= clip.top() - 2:
                yield line, y, self._page.decorations(placed, line)

    # Behind the text

    def grounds(self, placed: Placed, clip: QRectF) -> None:
        """Paint the tints of entities."""
        painter = self._painter
        box = self._metrics.box
        for _line, y, decorations in self._lines(placed, clip):
            for tint in decorations.tints:
                rect = QRectF(self._left + tint.left, y, tint.right - tint.left, box)
                if tint.mark.origin == "suggestion":
                    painter.setPen(QPen(QColor(self._palette.suggestion), 1, Qt.PenStyle.DashLine))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
                else:
                    color = QColor(tint.mark.color)
                    color.setAlphaF(self._palette.tint)
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(color)
                    painter.drawRoundedRect(rect, _RADIUS, _RADIUS)

    def selection(self, clip: QRectF) -> None:
        """Paint the selection over the tints and under the text."""
        start, end = self._interaction.selection
        if start == end:
            return
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(self._palette.selection))
        for rect in rects(self._page, start, end, in_view=True):
            if rect.intersects(clip):
                self._painter.drawRoundedRect(rect.adjusted(0, -1, 0, 1), 2, 2)

    # On the text

    def marks(self, placed: Placed, clip: QRectF) -> None:
        """Paint underlines, brackets, chips, bars, pictures and the paragraph's number."""
        for line, y, decorations in self._lines(placed, clip):
            for chip in decorations.chips:
                self._chip(chip, y)
            for underline in decorations.underlines:
                self._underline(underline, y)
            for bracket in decorations.brackets:
                self._bracket(bracket, y)
            if decorations.hidden:
                self._small(
                    f"+{decorations.hidden}",
                    QPointF(self._left + self._page.width + 4, y + self._metrics.box),
                    self._palette.faint,
                )
            self._pictures(placed, line, y)
        taken = self._bars(placed)
        self._number(placed, taken)

    def _underline(self, underline: Underline, y: float) -> None:
        mark = underline.mark
        pattern = "solid"
        if underline.joins:
            pattern = "join"
        elif mark.look == CLAIM:
            pattern = "dots"
        elif mark.look == STANCE or mark.origin == "suggestion":
            pattern = "dashes"
        inset = 0.0 if underline.joins else 0.75
        left = self._left + underline.left + inset
        right = self._left + underline.right - inset
        draw_underline(
            self._painter,
            QRectF(left, y + underline.y, right - left, self._metrics.underline),
            self._line_color(mark),
            pattern,
        )

    def _bracket(self, bracket: Bracket, y: float) -> None:
        inward = 4.0 if bracket.opens_right else -4.0
        x = self._left + bracket.x - (1.5 if bracket.opens_right else -1.5)
        path = QPainterPath(QPointF(x + inward, y + 1))
        path.lineTo(x, y + 1)
        path.lineTo(x, y + self._metrics.box)
        path.lineTo(x + inward, y + self._metrics.box)
        self._painter.setPen(QPen(self._line_color(bracket.mark), 1.5))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPath(path)

    def _chip(self, chip: Chip, y: float) -> None:
        # The chip hangs under the underline like a tab, so its text stands a little lower.
        self._label(
            chip_rect(self._page, y, chip), chip.mark, chip.rtl, self._metrics.underline * 0.5
        )

    def _label(self, rect: QRectF, mark: Mark, rtl: bool, lower: float = 0.0) -> None:
        """Paint a chip: tinted ground and dark text for one's own, an outline for a suggestion."""
        painter = self._painter
        ink = self._chip_ground(rect, mark)
        text_rect = rect.adjusted(0, lower, 0, lower)
        if mark.origin == "other" and mark.letter:
            self._letter(rect, mark.letter[:1], ink, rtl)
            size = rect.height()
            text_rect.adjust(0 if rtl else size, 0, -size if rtl else 0, 0)
        painter.setFont(chip_font(self._metrics.chip_size))
        painter.setPen(ink)
        painter.drawText(text_rect, Qt.AlignmentFlag.AlignCenter, mark.caption)

    def _chip_ground(self, rect: QRectF, mark: Mark) -> QColor:
        """Paint the ground of a chip; return the colour of the text on it."""
        painter = self._painter
        palette = self._palette
        if mark.origin == "suggestion":
            painter.setPen(QPen(QColor(palette.suggestion), 1, Qt.PenStyle.DashLine))
            painter.setBrush(QColor(palette.paper))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
            return legible(palette.suggestion, palette.paper, palette.ink, _TEXT_CONTRAST)
        ground = mixed(mark.color, palette.paper, palette.chip)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
        return legible(mark.color, ground.name(), palette.ink, _TEXT_CONTRAST)

    def _letter(self, rect: QRectF, letter: str, ink: QColor, rtl: bool) -> None:
        """Paint another annotator's letter in a circle, where the chip begins."""
        painter = self._painter
        size = rect.height()
        circle = QRectF(rect.right() - size if rtl else rect.left(), rect.top(), size, size)
        painter.setPen(QPen(ink, 1))
        painter.setBrush(QColor(self._palette.paper))
        painter.drawEllipse(circle.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setFont(chip_font(max(self._metrics.chip_size - 1, 6)))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, letter)

    # Margin

    def _bars(self, placed: Placed) -> float:
        """Paint claims' bars in the margin; return how wide their chips are at the first line."""
        for bar in placed.arrangement.bars:
            color = self._line_color(bar.mark)
            if bar.mark.origin == "suggestion":
                self._painter.setPen(QPen(color, 1, Qt.PenStyle.DashLine))
                self._painter.setBrush(Qt.BrushStyle.NoBrush)
            else:
                self._painter.setPen(Qt.PenStyle.NoPen)
                self._painter.setBrush(color)
            self._painter.drawRoundedRect(bar_rect(self._page, placed, bar), 1.5, 1.5)
        taken = 0.0
        for bar, chip in bar_chips(self._page, placed):
            self._label(chip, bar.mark, placed.layout.rtl)
            if bar.first == 0:
                taken = max(
                    taken,
                    chip.right() - self._left - self._page.width
                    if placed.layout.rtl
                    else self._left - chip.left(),
                )
        return taken

    def _number(self, placed: Placed, taken: float) -> None:
        number = self._page.blocks.numbers[placed.block]
        if not number or not len(self._page.blocks.content(placed.block)):
            return
        text = str(number)
        metrics = self._metrics
        wide = chip_text_width(text, metrics.chip_size)
        far = max(metrics.margin - 14.0, taken + 6 + wide)
        if far > self._left:
            return
        x = self._left + self._page.width + far - wide if placed.layout.rtl else self._left - far
        self._small(text, QPointF(x, placed.y + metrics.ascent), self._palette.faint)

    def _small(self, text: str, baseline: QPointF, color: str) -> None:
        self._painter.setFont(chip_font(self._metrics.chip_size))
        self._painter.setPen(QColor(color))
        self._painter.drawText(baseline, text)

    def _pictures(self, placed: Placed, line: int, y: float) -> None:
        """Paint pictures of bidi controls, and of other invisible characters if asked to."""
        layout = placed.layout
        blocks = self._page.blocks
        start = blocks.starts[placed.block]
        is_last = line + 1 == len(layout)
        end = blocks.limit(placed.block) if is_last else start + layout.ends[line]
        pictures = pictures_of(
            blocks.text, start + layout.starts[line], end, self._interaction.invisibles
        )
        if not pictures:
            return
        cells = layout.cells(line)
        size = picture_size(self._metrics.chip_size)
        named_xs: list[tuple[float, str]] = []
        for position, name in pictures:
            local = min(position - start, blocks.ends[placed.block] - start)
            caret = Caret(local, before=local > layout.starts[line])
            named_xs.append((self._left + cells.caret_x(caret), name))
        self._painter.setFont(chip_font(size))
        for x, name in apart(named_xs, lambda text: chip_text_width(text, size) + 3):
            self._picture(name, x, y)

    def _picture(self, name: str, x: float, y: float) -> None:
        """Paint the box with a character's name over the place where it stands."""
        painter = self._painter
        palette = self._palette
        chip_size = self._metrics.chip_size
        size = picture_size(chip_size)
        wide = chip_text_width(name, size) + 3
        rect = QRectF(x - wide / 2, y - picture_rise(chip_size), wide, size + 1)
        ink = legible(palette.warning, palette.paper, palette.ink, _TEXT_CONTRAST)
        painter.setPen(QPen(ink, 1))
        painter.drawLine(QPointF(x, y + 2), QPointF(x, y + self._metrics.box))
        painter.setBrush(QColor(palette.paper))
        painter.drawRoundedRect(rect, 2, 2)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, name)

    # Over everything

    def rings(self, clip: QRectF) -> None:
        """Paint the rings of the selected mark and a link's target, and what a drag would make."""
        marks = self._page.index.marks
        accent = QColor(self._palette.accent)
        if self._interaction.preview:
            self._ring(self._interaction.preview, QPen(accent, 2, Qt.PenStyle.DashLine), clip)
        elif self._interaction.selected in marks:
            self._ring(marks[self._interaction.selected].fragments, QPen(accent, 2), clip)
        if self._interaction.link_target in marks:
            self._ring(
                marks[self._interaction.link_target].fragments,
                QPen(accent, 2, Qt.PenStyle.DotLine),
                clip,
            )

    def _ring(self, fragments: Iterable[tuple[int, int]], pen: QPen, clip: QRectF) -> None:
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for start, end in fragments:
            for rect in rects(self._page, start, end, in_view=True):
                if rect.intersects(clip):
                    self._painter.drawRoundedRect(rect.adjusted(-1.5, -1, 1.5, 1), 4, 4)

    def caret(self) -> None:
        """Paint the caret."""
        block, line, x = self._page.caret_place(self._interaction.caret)
        y = self._page.view_y(block) + self._page.layout(block).tops[line]
        fill(
            self._painter,
            QRectF(self._left + x - 0.75, y, 1.5, self._metrics.box),
            QColor(self._palette.ink),
        )
