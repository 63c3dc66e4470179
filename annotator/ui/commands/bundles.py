"""The window's commands about handing work out and taking it back in."""

from annotator.commands import command
from annotator.i18n import N_
from annotator.ui.commands.window import can_write
from annotator.ui.window.main_window import MainWindow


def is_copy(window: MainWindow) -> bool:
    """Return whether the open project was begun from an assignment."""
    return window.session is not None and window.session.store.is_copy()


def leads(window: MainWindow) -> bool:
    """Return whether the open project can be handed out and collected into."""
    return can_write(window) and not is_copy(window)


@command(N_("Hand out documents…"), menu="project", when=leads)
def hand_out(window: MainWindow) -> None:
    """Share documents out to annotators: a bundle for each, with texts, labels and suggestions."""
    from annotator.ui.controllers import bundles  # noqa: PLC0415 - the start does not wait for it

    bundles.ask_hand_out(window)


@command(N_("Collect returned work…"), menu="project", when=leads)
def collect(window: MainWindow) -> None:
    """Take in what annotators returned, after a look at what it would bring."""
    from annotator.ui.controllers import bundles  # noqa: PLC0415 - the start does not wait for it

    bundles.ask_collect(window)


@command(N_("Open an assignment…"), menu="project")
def open_assignment(window: MainWindow) -> None:
    """Begin a project from a bundle that was handed out to you.

    Or take in a further one or a receipt.
    """
    from annotator.ui.controllers import bundles  # noqa: PLC0415 - the start does not wait for it

    bundles.ask_begin(window)


@command(N_("Return my work…"), menu="project", when=is_copy)
def give_back(window: MainWindow) -> None:
    """Make a bundle of your work for whoever leads the project."""
    from annotator.ui.controllers import bundles  # noqa: PLC0415 - the start does not wait for it

    bundles.ask_return(window)
