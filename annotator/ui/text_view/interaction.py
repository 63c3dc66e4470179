"""What mouse and keys have done to the page: what is painted beyond text and marks."""

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF

from annotator.ui.text_view.cells import Caret


@dataclass(slots=True)
class Arc:
    """A link to be drawn through some view points, from head to child.

    Its name stands in the rectangle `sign`.
    """

    points: tuple[QPointF, ...]
    text: str
    sign: QRectF
    color: str


@dataclass(slots=True)
class Interaction:
    """Selection, caret and drags, as they are painted over text and marks."""

    selection: tuple[int, int] = (0, 0)
    caret: Caret = field(default_factory=lambda: Caret(0))
    shows_caret: bool = False
    selected: str = ""
    link_target: str = ""
    preview: tuple[tuple[int, int], ...] = ()
    invisibles: bool = False
    arcs: list[Arc] = field(default_factory=list)
    rubber_band: Arc | None = None
