"""The strip under the versions.

What can be decided, each with its key as the active keyboard shows it.
"""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from annotator.commands.adjudication import ACTS
from annotator.i18n import _
from annotator.session.adjudication_session import AdjudicationSession
from annotator.ui.look.style import LIGHT, Palette
from annotator.ui.runtime.keyboard import Keyboard
from annotator.ui.widgets.controls import Chip
from annotator.ui.widgets.flow_layout import FlowLayout

PERSON, ACT = "#2F5D8A", "#8A857A"


class KeysStrip(QFrame):
    """Shows the keys; pressing a chip does what the key does."""

    def __init__(self, keyboard: Keyboard, press: Callable[[str, bool], object]) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAccessibleName(_("Decisions"))
        self._keyboard = keyboard
        self._press = press
        self._palette = LIGHT
        self._people: list[str] = []
        self._chips: list[tuple[Chip, str, str]] = []
        outer = QHBoxLayout(self)
        outer.setContentsMargins(12, 6, 12, 6)
        self._holder = QWidget()
        self._flow = FlowLayout(self._holder, gap=6)
        outer.addWidget(self._holder)
        keyboard.changed.connect(self._dress_chips)

    def show_adjudication(self, adjudication: AdjudicationSession | None) -> None:
        """Show a chip for each person of the current case, and those of the other decisions."""
        case = adjudication.case if adjudication else None
        people = (
            [adjudication.called(name) for name in adjudication.order(case)]
            if adjudication is not None and case is not None
            else []
        )
        if people != self._people or not self._chips:
            self._people = people
            self._fill(people)
        self._dress_chips()

    def _fill(self, people: Sequence[str]) -> None:
        while self._flow.count():
            item = self._flow.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._chips = []
        for number, name in enumerate(people, 1):
            self._add(
                name, str(number), "", _("Take the version of {name}.").format(name=name), PERSON
            )
        for act in ACTS:
            self._add(_(act.name), act.key, "⇧" if act.shift else "", _(act.help), ACT)

    def _add(self, title: str, key: str, shift: str, tip: str, color: str) -> None:
        chip = Chip(title, color, lambda: self._press(key, bool(shift)))
        chip.setToolTip(tip)
        chip.setAccessibleDescription(tip)
        self._chips.append((chip, key, shift))
        self._flow.addWidget(chip)

    def apply_theme(self, palette: Palette) -> None:
        """Take an appearance."""
        self._palette = palette
        self._dress_chips()

    def _dress_chips(self) -> None:
        for chip, key, shift in self._chips:
            chip.apply_theme(self._palette, f"{shift}{self._keyboard.cap(key)}", active=False)
        self._flow.invalidate()
