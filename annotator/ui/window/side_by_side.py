"""The same document side by side.

One's own text, and beside it the annotations of others, to be read, scrolling in step.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from annotator.compare.span_diff import ALONE, DIFFERENT, SAME, SetDiff
from annotator.errors import isolate
from annotator.i18n import _
from annotator.model import Document, Span
from annotator.session import Session
from annotator.ui.text_view import Mark, TextView
from annotator.ui.widgets.controls import plain_label
from annotator.ui.widgets.mark_builder import MarkBuilder

MOST_COLUMNS = 3
RECOUNT_MS = 150
_HINTS = {SAME: "", DIFFERENT: DIFFERENT, ALONE: ALONE}


class InStep(QObject):
    """Keeps views of one text at the same line: whichever is scrolled leads."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._views: list[TextView] = []
        self._is_following = False

    def add(self, view: TextView) -> None:
        """Let a view lead and follow."""
        self._views.append(view)
        view.verticalScrollBar().valueChanged.connect(partial(self._follow, view))

    def remove(self, view: TextView) -> None:
        """Let a view go its own way."""
        self._views.remove(view)

    def _follow(self, leader: TextView, _value: int) -> None:
        if not self._is_following and leader in self._views:
            self.bring_to(leader)

    def bring_to(self, leader: TextView) -> None:
        """Bring all others to the line at which one view is."""
        self._is_following = True
        try:
            position, y = leader.top_line()
            for view in self._views:
                if view is not leader and view.text() == leader.text():
                    view.bring_line(position, y)
        finally:
            self._is_following = False


class _Headed(QWidget):
    """A text below a heading."""

    def __init__(self, view: TextView) -> None:
        super().__init__()
        self.setObjectName("page")
        self.view = view
        self.head = plain_label("", "heading")
        self.head.setContentsMargins(14, 6, 14, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(view, 1)


class SetColumn(_Headed):
    """A layer over its text, to be read: a name, how it differs, and the text.

    A click on a span tells where it is.
    """

    clicked = Signal(int, int)

    def __init__(self, name: str) -> None:
        super().__init__(TextView())
        self.setAccessibleName(_("Annotations of {name}").format(name=name))
        self.name = name
        self.view.setAccessibleName(_("Text with the annotations of {name}").format(name=name))
        self.view.mark_clicked.connect(self._click)
        self._signs: dict[str, str] = {}

    def show_document(self, document: Document | None) -> None:
        """Show the text of a document, without marks."""
        self._signs = {}
        if document is None:
            self.view.clear()
        else:
            self.view.show_document(
                document.text, document.language, document.direction, document.paragraph_directions
            )

    def show_set(
        self,
        spans: Sequence[Span],
        signs: Mapping[str, str],
        made: Callable[[Span], Mark],
        said: str,
    ) -> None:
        """Show the spans of the layer as marks, and say how it differs; signs.

        How each span does, by its id.
        """
        self.head.setText(f"{isolate(self.name)}   {said}".rstrip())
        other = [span for span in spans if signs[span.id] != self._signs.get(span.id)]
        self._signs = dict(signs)
        if len(other) == len(spans):
            self.view.show_marks([made(span) for span in spans])
        for span in other if len(other) < len(spans) else ():
            self.view.put_mark(made(span))

    def _click(self, name: str) -> None:
        if name:
            self.clicked.emit(*self.view.extent_of(name))


class SideBySide(QSplitter):
    """The text one works on, and columns of others beside it."""

    def __init__(self, view: TextView) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self._view = view
        self._own = _Headed(view)
        self._own.head.hide()
        self.addWidget(self._own)
        self.columns: dict[str, SetColumn] = {}
        self._session: Session | None = None
        self._marker: MarkBuilder | None = None
        self._standings: dict[str, SetDiff] = {}
        self._steps = InStep(self)
        self._steps.add(view)
        view.zoom_changed.connect(lambda _percent: self.take_looks())
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(RECOUNT_MS)
        self._later.timeout.connect(self.compare)

    def show_people(
        self, names: Sequence[str], session: Session | None, marker: MarkBuilder | None
    ) -> None:
        """Show a column for each of these annotators, the first few of them."""
        self._session, self._marker = session, marker
        wanted = list(names)[:MOST_COLUMNS]
        for name in [name for name in self.columns if name not in wanted]:
            column = self.columns.pop(name)
            self._steps.remove(column.view)
            column.hide()
            column.deleteLater()
        for name in wanted:
            if name not in self.columns:
                column = self.columns[name] = SetColumn(name)
                column.clicked.connect(self._select)
                self.addWidget(column)
                self._steps.add(column.view)
        self._own.head.setVisible(bool(self.columns))
        if self.columns and session is not None:
            self._own.head.setText(_("{name} (you)").format(name=session.annotator))
            width = max(self.width() // (len(self.columns) + 1), 1)
            self.setSizes([width] * self.count())
            self.show_document()

    def show_document(self) -> None:
        """Show the document that is open, with the layers as they are stored now."""
        session = self._session
        if session is None or not self.columns:
            return
        document = session.document
        for name, column in self.columns.items():
            self._standings[name] = SetDiff(
                session.store.annotation_set(document.id, name).spans if document else ()
            )
            column.show_document(document)
        self.take_looks()
        self.compare()
        self._steps.bring_to(self._view)

    def follow(self) -> None:
        """Compare anew in a moment, when one's own spans have changed."""
        if self.columns:
            self._later.start()

    def compare(self) -> None:
        """Mark in each column what is there otherwise than here."""
        session, marker = self._session, self._marker
        if session is None or marker is None:
            return
        mine = session.in_order()
        for name, column in self.columns.items():
            standing = self._standings[name]
            standing.follow(mine)
            column.show_set(
                standing.theirs,
                standing.signs,
                partial(_mark, marker, standing.signs),
                _said(standing),
            )

    def _select(self, start: int, end: int) -> None:
        if self._session is not None:
            self._session.select_text(start, end)

    def take_looks(self) -> None:
        """Show the columns in the size, the look and the colours of the text."""
        for column in self.columns.values():
            column.view.take_looks(self._view)


def _mark(marker: MarkBuilder, signs: Mapping[str, str], span: Span) -> Mark:
    return marker.of_file(span, span.id, _HINTS[signs[span.id]])


def _said(standing: SetDiff) -> str:
    counts = Counter(standing.signs.values())
    alone = list(standing.of_mine.values()).count(ALONE)
    parts = [f"{sign} {counts[sign]}" for sign in (SAME, DIFFERENT, ALONE) if counts[sign]]
    return " · ".join([*parts, *([f"− {alone}"] if alone else [])])
