"""The commands of the window; `add_to` hands them to it, in the order of the menus."""

from annotator.commands import commands, declared
from annotator.ui.commands import adjudication, bundles, labels, reports, view, window
from annotator.ui.controllers.adjudication import Adjudication
from annotator.ui.window.app_window import AppWindow


def add_to(target: AppWindow, mode: Adjudication) -> None:
    """Make the window's actions: its own commands, those of adjudication, those of a session."""
    for module in (window, bundles, view, labels, reports):
        for entry in declared(module):
            target.actions_.add(entry, lambda: target, target.guard)
    for decision in declared(adjudication):
        target.actions_.add(decision, lambda: mode, target.guard)
    for command in commands().values():
        target.actions_.add(command, mode.target(command.id), target.guard)
