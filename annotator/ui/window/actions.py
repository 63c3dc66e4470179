"""Menus, shortcuts and the palette, all made from the commands: declared once, shown everywhere."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget

from annotator.commands import Command
from annotator.i18n import N_, _
from annotator.ui.runtime.shortcut import Shortcut
from annotator.ui.widgets.controls import Guard

Target = TypeVar("Target")
MENUS = {
    "project": N_("Project"),
    "edit": N_("Edit"),
    "annotate": N_("Annotate"),
    "relation": N_("Relation"),
    "adjudicate": N_("Adjudicate"),
    "document": N_("Document"),
    "view": N_("View"),
    "help": N_("Help"),
}


def is_bare(sequence: str) -> bool:
    """Return whether a key sequence has no Ctrl, Alt or function key.

    Such keys belong to the text alone.
    """
    key = sequence.rpartition("+")[2]
    return not any(part in sequence for part in ("Ctrl", "Alt", "Meta")) and not (
        key[:1] == "F" and key[1:].isdigit()
    )


class Actions:
    """The commands as actions of a window; bare keys only work while the text has the focus."""

    def __init__(self, window: QWidget, text: QWidget, bar: QMenuBar) -> None:
        self._window, self._text = window, text
        self.all: dict[str, QAction] = {}
        self._updates: list[Callable[[], None]] = []
        self.menus = {name: bar.addMenu(_(title)) for name, title in MENUS.items()}
        for menu in self.menus.values():
            menu.aboutToShow.connect(self.refresh)

    def add(
        self, entry: Command[Target], target: Callable[[], Target | None], guard: Guard
    ) -> QAction:
        """Make the action of a command.

        Target: what it works on just now, None when there is nothing.
        """
        action = QAction(self._window)
        action.setText(_(entry.title))
        action.setObjectName(entry.id)
        action.setStatusTip(_(entry.help))
        action.setToolTip(_(entry.help))
        action.setShortcuts([QKeySequence(key) for key in entry.keys])
        self._place(action, is_for_text=any(map(is_bare, entry.keys)))

        def act() -> None:
            here = target()
            if here is not None:
                guard(lambda: entry.run(here))

        def update() -> None:
            here = target()
            action.setEnabled(here is not None and entry.is_possible(here))

        action.triggered.connect(act)
        self._updates.append(update)
        if entry.menu:
            self.menus[entry.menu].addAction(action)
        self.all[entry.id] = action
        return action

    def _place(self, action: QAction, *, is_for_text: bool) -> None:
        """Let an action take its keys everywhere in the window, or in the text alone."""
        if is_for_text:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self._text.addAction(action)
        else:
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            self._window.addAction(action)

    def shortcuts(self) -> list[Shortcut]:
        """Return the keys of each command that has some, in the order of the menus."""
        found = []
        for name, menu in self.menus.items():
            for action in menu.actions():
                keys = tuple(keys.toString() for keys in action.shortcuts())
                native = QKeySequence.SequenceFormat.NativeText
                shown = "  ".join(keys.toString(native) for keys in action.shortcuts())
                if keys:
                    is_linking = name == "relation" and any(map(is_bare, keys))
                    found.append(Shortcut(keys, shown, action.statusTip(), is_linking))
        return found

    def press(self, keys: QKeySequence) -> bool:
        """Do the command of these keys, if it can be done now; tell whether there is one."""
        self.refresh()
        for action in self.all.values():
            if action.isEnabled() and keys in action.shortcuts():
                action.trigger()
                return True
        return False

    def refresh(self) -> None:
        """Enable what can be done now."""
        for update in self._updates:
            update()
