"""Underlines: solid, dashed, dotted.

Patterns are tiles, drawn once: Qt computes a dashed line anew each time, at 0.2 ms a line.
"""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

_PERIODS = {
    "dots": 2.4,
    "dashes": 4.2,
    "join": 5.0,
}  # in widths of the line, or in pixels where fragments are joined
_DOT, _DASH, _THIN, _JOIN = 0.6, 0.75, 1.0, 2.0
_DASH_SHARE = 0.62
_LEAST_DOT = 1.4


def fill(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """Fill a rectangle.

    `fillRect` takes a brush, with which Python would make the long lists of what gradients there
    are.
    """
    painter.setBackground(color)
    painter.eraseRect(rect)


def draw_underline(painter: QPainter, rect: QRectF, color: QColor, pattern: str) -> None:
    """Fill a line's rectangle: "solid", "dashes", "dots", or "join" (thin, between fragments)."""
    if pattern == "solid":
        fill(painter, rect, color)
    elif rect.width() > 0:
        painter.drawTiledPixmap(
            rect, _tile(color.rgb(), rect.height(), pattern, painter.device().devicePixelRatioF())
        )


@lru_cache(maxsize=256)
def _tile(rgb: int, height: float, pattern: str, ratio: float) -> QPixmap:
    """Return one period of a pattern, the line in the middle of its height.

    The period is a whole number of device pixels.
    """
    unit = 1.0 if pattern == "join" else height * (_DOT if pattern == "dots" else _DASH)
    wide = max(round(_PERIODS[pattern] * unit * ratio), 2)
    tile = QPixmap(wide, max(round(height * ratio), 1))
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(ratio, ratio)
    width = wide / ratio
    middle = height / 2
    if pattern == "dots":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(rgb))
        radius = max(unit, _LEAST_DOT) / 2
        painter.drawEllipse(QPointF(width / 2, middle), radius, radius)
    elif pattern == "dashes":
        fill(painter, QRectF(0, middle - unit / 2, width * _DASH_SHARE, unit), QColor(rgb))
    else:
        fill(painter, QRectF(0, middle - _THIN / 2, _JOIN, _THIN), QColor(rgb))
    painter.end()
    tile.setDevicePixelRatio(ratio)
    return tile
