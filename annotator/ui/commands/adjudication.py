"""The commands of the mode of adjudication: entering and leaving, rules, feedback.

Decisions are in annotator/commands.
"""

from annotator.commands import command
from annotator.i18n import N_
from annotator.ui import controllers
from annotator.ui.controllers.adjudication import Adjudication


def has_project(mode: Adjudication) -> bool:
    """Return whether a project is open."""
    return mode.window.session is not None


def can_decide(mode: Adjudication) -> bool:
    """Return whether cases can be decided now."""
    session = mode.window.session
    return session is not None and session.adjudication is not None and not session.store.readonly


def is_on(mode: Adjudication) -> bool:
    """Return whether the cases are shown."""
    return mode.is_on


@command(N_("Compare and adjudicate"), keys=("F8",), menu="adjudicate", when=has_project)
def compare(mode: Adjudication) -> None:
    """Show where the annotators differ, and decide what becomes gold; or go back to labelling."""
    mode.toggle()


@command(N_("Decide by a rule…"), menu="adjudicate", when=can_decide)
def by_rule(mode: Adjudication) -> None:
    """Decide what is unanimous, or what most annotators have, in one step."""
    controllers.cases.ask_rule(mode)


@command(N_("Compare finished work only, or all"), menu="adjudicate", when=is_on)
def only_done(mode: Adjudication) -> None:
    """Leave out what an annotator has not finished, or take it in again."""
    controllers.cases.toggle_done(mode)


@command(N_("Write feedback…"), menu="adjudicate", when=has_project)
def feedback(mode: Adjudication) -> None:
    """Write a page for each annotator with what was decided otherwise and why.

    And one with guideline issues.
    """
    controllers.cases.ask_feedback(mode)
