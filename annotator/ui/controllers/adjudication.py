"""Adjudication as a mode of the window: entering and leaving it, rules, feedback."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QFileDialog

from annotator.commands import adjudication
from annotator.errors import UserError
from annotator.i18n import _, ngettext
from annotator.session import Session

if TYPE_CHECKING:
    from fractions import Fraction

    from annotator.ui.adjudicate.view import AdjudicationView
    from annotator.ui.window.main_window import MainWindow

AT_THE_DESK = ("adjudication", "history")


class AdjudicationController:
    """Works for the window.

    The room is made when it is entered first: a start does not wait for it.
    """

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.room: AdjudicationView | None = None
        self.only_done = False
        """Whether what an annotator has not finished is left out."""

    @property
    def is_on(self) -> bool:
        """Return whether the room is shown."""
        return self.room is not None and self._window.pages.currentWidget() is self.room

    def target(self, command: str) -> Callable[[], Session | None]:
        """Return what a command works on: at the desk, labels and the like work on nothing."""
        area = command.partition(".")[0]
        return lambda: self._window.session if not self.is_on or area in AT_THE_DESK else None

    def toggle(self) -> None:
        """Enter the room, or go back to labelling."""
        if self.is_on:
            self.leave()
        else:
            self.enter()

    def enter(self) -> None:
        """Compare what the annotators did, and show the cases."""
        session = self._window.session
        if session is None:
            return
        from annotator.jobs.team.adjudicate import all_dockets, check_people, people  # noqa: PLC0415 - the start does not wait for numpy

        room = self._room()
        names = people(session.store)
        self._window.pages.setCurrentWidget(room)
        self._window.actions_.refresh()
        try:
            check_people(names)
        except UserError as error:
            room.show_lone(_("There is nothing to compare yet"), str(error), offers=True)
            return
        room.show_lone(_("Comparing the annotators’ work…"))
        store, only_done = session.store, self.only_done
        self._window.projects.run(
            lambda progress: all_dockets(store, names, progress, only_done=only_done),
            lambda found: self._arrived(session, names, found),
        )

    def toggle_done(self) -> None:
        """Compare finished work alone, or all of it again."""
        self.only_done = not self.only_done
        text = (
            _("Only finished work is compared.")
            if self.only_done
            else _("All work is compared, finished or not.")
        )
        self._window.notices.show_text(text, stays=False)
        self.enter()

    def _room(self) -> "AdjudicationView":
        # It names the window's class, which imports this module.
        from annotator.ui.commands.view import look_of  # noqa: PLC0415

        if self.room is None:
            # The start does not wait for it.
            from annotator.ui.adjudicate.view import AdjudicationView  # noqa: PLC0415

            window = self._window
            self.room = AdjudicationView(window.workspace.keyboard, window.guard)
            self.room.apply_theme(window.theme.palette)
            window.pages.addWidget(self.room)
            self.room.lone.left.connect(self.leave)
            self.room.lone.files_wanted.connect(window.projects.ask_import_files)
            self.room.lone.collecting_wanted.connect(window.actions_.all["bundles.collect"].trigger)
            self.room.view.zoom_changed.connect(window.workspace.view.set_zoom)
            window.workspace.view.zoom_changed.connect(self.room.view.set_zoom)
        self.room.view.set_zoom(self._window.workspace.view.zoom())
        self.room.view.set_look(look_of(self._window.settings))
        return self.room

    def _arrived(self, session: Session, names: tuple[str, ...], found: object) -> None:
        # The start does not wait for numpy.
        from annotator.session.adjudication_session import AdjudicationSession  # noqa: PLC0415

        if (
            self._window.session is not session
            or self.room is None
            or not self.is_on
            or not isinstance(found, list)
        ):
            return
        session.adjudication = AdjudicationSession(
            session.store, names, found, only_done=self.only_done
        )
        self.room.show_session(session)
        adjudication.show_case(session)
        self.room.view.setFocus()
        self._window.actions_.refresh()

    def leave(self) -> None:
        """Go back to labelling."""
        session = self._window.session
        if session is not None:
            session.adjudication = None
        if self.room is not None:
            self.room.show_session(None)
        if self.is_on:
            self._window.pages.setCurrentWidget(self._window.workspace)
            self._window.workspace.focus_text()
        self._window.actions_.refresh()

    def follow(self, topics: frozenset[str]) -> None:
        """Refresh what a session's topics speak of."""
        if self.room is not None and self.is_on:
            self.room.follow(topics)

    def dress(self) -> None:
        """Take the window's appearance."""
        if self.room is not None:
            self.room.apply_theme(self._window.theme.palette)

    # ── rules, feedback ───────────────────────────────────────────────────────────────────────────

    def ask_rule(self) -> None:
        """Ask for a rule, and decide by it."""
        # The start does not wait for dialogs.
        from annotator.ui.adjudicate.rule import RuleDialog  # noqa: PLC0415

        session = self._window.session
        if session is None or session.adjudication is None:
            return
        dialog = RuleDialog(list(session.adjudication.dockets.values()), self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.decide_by_rule(dialog.rule, dialog.fraction)

    def decide_by_rule(self, rule: str, share: "Fraction") -> None:
        """Decide all open cases by a rule, beside the window."""
        # The start does not wait for numpy.
        from annotator.jobs.team.adjudicate import adjudicate  # noqa: PLC0415

        session = self._window.session
        if session is not None and session.adjudication is not None:
            store, names, by, only_done = (
                session.store,
                session.adjudication.names,
                session.annotator,
                session.adjudication.only_done,
            )
            self._window.projects.run(
                lambda progress: adjudicate(
                    store, names, rule, share, by, progress, only_done=only_done
                ),
                self._decided,
            )

    def _decided(self, report: object) -> None:
        # The start does not wait for numpy.
        from annotator.jobs.team.adjudicate import RuleReport  # noqa: PLC0415

        session = self._window.session
        if isinstance(report, RuleReport) and session is not None:
            count = report.counts["accepted"] + report.counts["rejected"]
            text = ngettext(
                "{count} case was decided; {left} stay open.",
                "{count} cases were decided; {left} stay open.",
                count,
            )
            undo = _("One undo takes them all back.")
            self._window.notices.show_text(
                f"{text.format(count=count, left=report.counts['left'])} {undo}", stays=False
            )
            if session.adjudication is not None:
                adjudication.go_on(session)

    def ask_feedback(self) -> None:
        """Ask for a folder, and write feedback into it."""
        name = QFileDialog.getExistingDirectory(self._window, _("Write feedback to a folder"))
        if name:
            self.write_feedback(Path(name))

    def write_feedback(self, folder: Path) -> None:
        """Write a page for each annotator, and one of guideline issues, beside the window."""
        # The start does not wait for numpy.
        from annotator.jobs.team.adjudicate import people  # noqa: PLC0415

        # The start does not wait for it.
        from annotator.jobs.team.feedback import write_feedback  # noqa: PLC0415

        session = self._window.session
        if session is not None:
            store = session.store
            names = people(store)
            self._window.projects.run(
                lambda progress: write_feedback(store, names, folder, progress),
                lambda _report: self._written(folder),
            )

    def _written(self, folder: Path) -> None:
        text = _("Feedback for each annotator, and the guideline issues, are in {path}.")
        self._window.notices.show_text(text.format(path=str(folder)), stays=False)
