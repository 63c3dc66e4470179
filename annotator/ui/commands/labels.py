"""The window's commands about the label set."""

from annotator.commands import command
from annotator.i18n import N_
from annotator.ui import controllers
from annotator.ui.commands.conditions import can_write
from annotator.ui.window.app_window import AppWindow


@command(N_("Labels…"), menu="project", when=can_write)
def change_labels(window: AppWindow) -> None:
    """Rename, retire or merge the project's labels; the spans of all annotators follow."""
    controllers.labels.ask_changes(window)
