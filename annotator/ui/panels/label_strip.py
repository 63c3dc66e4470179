"""The strip of labels under the text.

Grouped by layer, each with its key as the active keyboard shows it.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from annotator.commands.spans import label_selection
from annotator.commands.suggestions import accept_as
from annotator.i18n import _, language
from annotator.model import Label
from annotator.session import Session
from annotator.ui.look.style import Palette
from annotator.ui.runtime.keyboard import Keyboard
from annotator.ui.widgets.controls import Chip, Guard, button
from annotator.ui.widgets.flow_layout import FlowLayout


class LabelStrip(QFrame):
    """Shows the schema's labels.

    Pressing a chip labels what is selected, or makes the label the active one.
    """

    label_wanted = Signal()

    def __init__(self, keyboard: Keyboard, guard: Guard) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAccessibleName(_("Labels"))
        self._keyboard = keyboard
        self._guard = guard
        self._session: Session | None = None
        self._chips: list[tuple[Chip, Label]] = []
        self._palette: Palette | None = None
        outer = QHBoxLayout(self)
        outer.setContentsMargins(12, 6, 12, 6)
        self._holder = QWidget()
        self._flow = FlowLayout(self._holder, gap=6)
        outer.addWidget(self._holder)
        keyboard.changed.connect(self.refresh)

    def show_session(self, session: Session | None) -> None:
        """Show the labels of a session's schema."""
        self._session = session
        while self._flow.count():
            item = self._flow.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._chips = []
        for layer in session.schema.layers if session else ():
            for label in layer.labels:
                if not label.retired:
                    self._add(label, layer.look)
            if layer is not (session.schema.layers[-1] if session else None):
                self._add_gap()
        if session is not None and session.schema.open and not session.store.readonly:
            self._flow.addWidget(button(_("+ New label"), self.label_wanted.emit))
        self.refresh()

    def _add(self, label: Label, look: str) -> None:
        chip = Chip(label.id, label.color, lambda: self._press(label), look=look)
        names = [label.names.in_language(language()), label.guideline.in_language(language())]
        chip.setToolTip("\n".join(name for name in names if name))
        chip.setAccessibleDescription(names[0])
        self._chips.append((chip, label))
        self._flow.addWidget(chip)

    def _add_gap(self) -> None:
        gap = QFrame()
        gap.setObjectName("line")
        gap.setFixedSize(1, Chip.HEIGHT)
        self._flow.addWidget(gap)

    def _press(self, label: Label) -> None:
        session = self._session
        if session is not None and session.document is not None and session.linking is None:
            press = label_selection if session.suggested is None else accept_as
            self._guard(lambda: press(session, label.id))

    def apply_theme(self, palette: Palette) -> None:
        """Take an appearance."""
        self._palette = palette
        self.refresh()

    def refresh(self) -> None:
        """Show the keys of the active layout, and the active label or that of the selected span."""
        session = self._session
        if self._palette is None or session is None:
            return
        span = session.selected
        for chip, label in self._chips:
            active = label.id == session.label or (span is not None and span.label == label.id)
            chip.apply_theme(
                self._palette, self._keyboard.cap(label.key) if label.key else "", active=active
            )
        self._flow.invalidate()
