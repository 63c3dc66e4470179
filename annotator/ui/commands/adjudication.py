"""The window's commands of adjudication: entering and leaving, rules, feedback.

Decisions are in annotator/commands.
"""

from annotator.commands import command
from annotator.i18n import N_
from annotator.ui.window.main_window import MainWindow


def has_project(window: MainWindow) -> bool:
    """Return whether a project is open."""
    return window.session is not None


def is_at_desk(window: MainWindow) -> bool:
    """Return whether cases can be decided now."""
    return (
        window.session is not None
        and window.session.adjudication is not None
        and not window.session.store.readonly
    )


def is_comparing(window: MainWindow) -> bool:
    """Return whether the cases are shown."""
    return window.adjudication.is_on


@command(N_("Compare and adjudicate"), keys=("F8",), menu="adjudicate", when=has_project)
def compare(window: MainWindow) -> None:
    """Show where the annotators differ, and decide what becomes gold; or go back to labelling."""
    window.adjudication.toggle()


@command(N_("Decide by a rule…"), menu="adjudicate", when=is_at_desk)
def by_rule(window: MainWindow) -> None:
    """Decide what is unanimous, or what most annotators have, in one step."""
    window.adjudication.ask_rule()


@command(N_("Compare finished work only, or all"), menu="adjudicate", when=is_comparing)
def only_done(window: MainWindow) -> None:
    """Leave out what an annotator has not finished, or take it in again."""
    window.adjudication.toggle_done()


@command(N_("Write feedback…"), menu="adjudicate", when=has_project)
def feedback(window: MainWindow) -> None:
    """Write a page for each annotator with what was decided otherwise and why.

    And one with guideline issues.
    """
    window.adjudication.ask_feedback()
