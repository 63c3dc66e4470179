"""Adjudication as a mode of the window: whether it is on, entering and leaving it.

What stands on jobs and their numbers is in `cases`, which the start does not wait for.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.session import Session
from annotator.ui import controllers
from annotator.ui.window.app_window import AppWindow

if TYPE_CHECKING:
    from annotator.ui.adjudicate.view import AdjudicationView

WHILE_ADJUDICATING = ("adjudication", "history")
"""The areas of commands that have something to work on while cases are shown."""


class Adjudication:
    """The mode of one window; its view is made when it is entered first."""

    def __init__(self, window: AppWindow) -> None:
        self.window = window
        self.view: AdjudicationView | None = None
        self.only_done = False
        """Whether what an annotator has not finished is left out."""

    @property
    def is_on(self) -> bool:
        """Return whether the cases are shown."""
        return self.view is not None and self.window.is_shown(self.view)

    def target(self, command: str) -> Callable[[], Session | None]:
        """Return what a command works on: while cases are shown, labels work on nothing."""
        area = command.partition(".")[0]

        def session() -> Session | None:
            is_at_work = not self.is_on or area in WHILE_ADJUDICATING
            return self.window.session if is_at_work else None

        return session

    def toggle(self) -> None:
        """Enter the mode, or go back to labelling."""
        if self.is_on:
            self.leave()
        else:
            controllers.cases.enter(self)

    def leave(self) -> None:
        """Go back to labelling."""
        session = self.window.session
        if session is not None:
            session.adjudication = None
        if self.view is not None:
            self.view.show_session(None)
        if self.is_on:
            self.window.show_page(None)
            self.window.workspace.focus_text()
        self.window.actions_.refresh()

    def follow(self, topics: frozenset[str]) -> None:
        """Refresh what a session's topics speak of."""
        if self.view is not None and self.is_on:
            self.view.follow(topics)

    def apply_theme(self) -> None:
        """Take the window's appearance."""
        if self.view is not None:
            self.view.apply_theme(self.window.theme.palette)
