"""The window's commands about handing work out and taking it back in."""

from annotator.commands import command
from annotator.i18n import N_
from annotator.ui import controllers
from annotator.ui.commands.conditions import is_copy, leads
from annotator.ui.window.app_window import AppWindow


@command(N_("Hand out documents…"), menu="project", when=leads)
def hand_out(window: AppWindow) -> None:
    """Share documents out to annotators: a bundle for each, with texts, labels and suggestions."""
    controllers.bundles.ask_hand_out(window)


@command(N_("Collect returned work…"), menu="project", when=leads)
def collect(window: AppWindow) -> None:
    """Take in what annotators returned, after a look at what it would bring."""
    controllers.bundles.ask_collect(window)


@command(N_("Open an assignment…"), menu="project")
def open_assignment(window: AppWindow) -> None:
    """Begin a project from a bundle that was handed out to you.

    Or take in a further one or a receipt.
    """
    controllers.bundles.ask_begin(window)


@command(N_("Return my work…"), menu="project", when=is_copy)
def submit(window: AppWindow) -> None:
    """Make a bundle of your work for whoever leads the project."""
    controllers.bundles.ask_return(window)
