"""What mouse and keys have done to the page: what is painted beyond text and marks."""

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF

from annotator.ui.text_view.cells import Caret
from annotator.ui.text_view.marks import Link


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
    links: tuple[Link, ...] = ()
    arcs: list[Arc] = field(default_factory=list)
    rubber_band: Arc | None = None

    def forget_document(self) -> None:
        """Let go of marks, links and drags of the document that was shown."""
        self.selected = ""
        self.link_target = ""
        self.preview = ()
        self.links = ()
        self.rubber_band = None
