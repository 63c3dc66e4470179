"""The cases of a project: compared, decided by rule, told to the annotators as feedback."""

from fractions import Fraction
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog

from annotator.adjudication import Docket
from annotator.commands import adjudication
from annotator.errors import UserError
from annotator.i18n import _
from annotator.jobs.team.adjudicate import (
    RuleReport,
    adjudicate,
    all_dockets,
    check_people,
    people,
)
from annotator.jobs.team.feedback import write_feedback as write_pages
from annotator.session import Session
from annotator.session.adjudication_session import AdjudicationSession
from annotator.ui.adjudicate.rule import RuleDialog
from annotator.ui.adjudicate.view import AdjudicationView
from annotator.ui.controllers import files, outcomes
from annotator.ui.controllers.adjudication import Adjudication
from annotator.ui.look.look import look_of
from annotator.ui.window.notice import Notice


def enter(mode: Adjudication) -> None:
    """Compare what the annotators did, and show the cases."""
    window, session = mode.window, mode.window.session
    if session is None:
        return
    view = _view(mode)
    names = people(session.store)
    window.show_page(view)
    window.actions_.refresh()
    try:
        check_people(names)
    except UserError as error:
        view.show_message(_("There is nothing to compare yet"), str(error), offers=True)
        return
    view.show_message(_("Comparing the annotators’ work…"))
    store, only_done = session.store, mode.only_done
    work = window.run(lambda progress: all_dockets(store, names, progress, only_done=only_done))
    work.then(lambda dockets: _show(mode, session, names, dockets))


def _show(
    mode: Adjudication, session: Session, names: tuple[str, ...], found: list[Docket]
) -> None:
    window, view = mode.window, mode.view
    if window.session is not session or view is None or not mode.is_on:
        return
    only_done = mode.only_done
    session.adjudication = AdjudicationSession(session.store, names, found, only_done=only_done)
    view.show_session(session)
    adjudication.show_case(session)
    view.view.setFocus()
    window.actions_.refresh()


def _view(mode: Adjudication) -> AdjudicationView:
    window = mode.window
    text = window.workspace.view
    if mode.view is None:
        mode.view = view = AdjudicationView(window.workspace.keyboard, window.guard)
        view.apply_theme(window.theme.palette)
        view.message.left.connect(mode.leave)
        view.message.files_wanted.connect(lambda: files.ask_import_files(window))
        view.message.collecting_wanted.connect(window.actions_.all["bundles.collect"].trigger)
        view.view.zoom_changed.connect(text.set_zoom)
        text.zoom_changed.connect(view.view.set_zoom)
    mode.view.view.set_zoom(text.zoom())
    mode.view.view.set_look(look_of(window.settings))
    return mode.view


def toggle_done(mode: Adjudication) -> None:
    """Compare finished work alone, or all of it again."""
    mode.only_done = not mode.only_done
    if mode.only_done:
        text = _("Only finished work is compared.")
    else:
        text = _("All work is compared, finished or not.")
    mode.window.tell(Notice(text))
    enter(mode)


def ask_rule(mode: Adjudication) -> None:
    """Ask for a rule, and decide by it."""
    session = mode.window.session
    if session is None or session.adjudication is None:
        return
    dialog = RuleDialog(list(session.adjudication.dockets.values()), mode.window.widget)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        decide_by_rule(mode, dialog.rule, dialog.fraction)


def decide_by_rule(mode: Adjudication, rule: str, share: Fraction) -> None:
    """Decide all open cases by a rule, beside the window."""
    session = mode.window.session
    if session is None or session.adjudication is None:
        return
    store, by = session.store, session.annotator
    names, only_done = session.adjudication.names, session.adjudication.only_done

    def finish(report: RuleReport) -> None:
        here = mode.window.session
        mode.window.tell(outcomes.decided_by_rule(report))
        if here is not None and here.adjudication is not None:
            adjudication.go_on(here)

    work = mode.window.run(
        lambda progress: adjudicate(store, names, rule, share, by, progress, only_done=only_done)
    )
    work.then(finish)


def ask_feedback(mode: Adjudication) -> None:
    """Ask for a folder, and write feedback into it."""
    title = _("Write feedback to a folder")
    name = QFileDialog.getExistingDirectory(mode.window.widget, title)
    if name:
        write_feedback(mode, Path(name))


def write_feedback(mode: Adjudication, folder: Path) -> None:
    """Write a page for each annotator, and one of guideline issues, beside the window."""
    session = mode.window.session
    if session is None:
        return
    store = session.store
    names = people(store)
    work = mode.window.run(lambda progress: write_pages(store, names, folder, progress))
    work.then(lambda _report: mode.window.tell(outcomes.feedback_written(folder)))
