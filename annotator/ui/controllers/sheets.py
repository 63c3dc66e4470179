"""What can be looked up: the palette of commands, all keys, the latest steps."""

from PySide6.QtWidgets import QDialog

from annotator.ui.dialogs.palette import Palette
from annotator.ui.dialogs.sheets import show_history, show_keys
from annotator.ui.window.app_window import AppWindow


def ask_command(window: AppWindow) -> None:
    """Let a command be found by its name, and do it."""
    window.actions_.refresh()
    asked = Palette(window.actions_.all.values(), window.widget)
    if asked.exec() == QDialog.DialogCode.Accepted and asked.chosen is not None:
        asked.chosen.trigger()


def keys(window: AppWindow) -> None:
    """Show all keys on one sheet."""
    lines = window.actions_.shortcuts()
    show_keys(window.widget, lines, window.session, window.workspace.keyboard)


def history(window: AppWindow) -> None:
    """Show the person's latest steps."""
    if window.session is not None:
        show_history(window.widget, window.session)
