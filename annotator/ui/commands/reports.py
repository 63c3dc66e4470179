"""The window's commands about quality: the report, and repeats of one's own documents."""

from annotator.commands import command
from annotator.i18n import N_
from annotator.model import original
from annotator.ui import controllers
from annotator.ui.commands.conditions import can_repeat, has_project, is_repeating
from annotator.ui.window.app_window import AppWindow


@command(N_("Report…"), keys=("Ctrl+R",), menu="project", when=has_project)
def report(window: AppWindow) -> None:
    """Show progress, active time and agreement, down to the spans behind each figure."""
    controllers.reports.show(window)


@command(N_("Repeat my earlier documents…"), menu="project", when=can_repeat)
def repeat(window: AppWindow) -> None:
    """Label finished documents again without seeing your marks, to learn how far you agree."""
    controllers.reports.ask_repeat(window)


@command(N_("Back to my own work"), menu="project", when=is_repeating)
def end_repeating(window: AppWindow) -> None:
    """Leave the round of repeats; it goes on where you left it when you repeat documents again."""
    if window.session is not None:
        controllers.reports.work_as(window, original(window.session.annotator))
