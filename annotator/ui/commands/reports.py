"""The window's commands about quality: the report, and repeats of one's own documents."""

from PySide6.QtWidgets import QDialog

from annotator.commands import command
from annotator.i18n import N_, _
from annotator.model import original
from annotator.ui.commands.window import can_write, has_project
from annotator.ui.window.main_window import MainWindow


@command(N_("Report…"), keys=("Ctrl+R",), menu="project", when=has_project)
def report(window: MainWindow) -> None:
    """Show progress, active time and agreement, down to the spans behind each figure."""
    session = window.session
    if session is None:
        return
    # The start does not wait for what reports stand on.
    from annotator.jobs.reports import Place  # noqa: PLC0415
    from annotator.ui.reports.window import ReportWindow  # noqa: PLC0415 - nor for their window

    def go_to(place: Place) -> None:
        if window.session is not session or session.entries.place(place.document) < 0:
            return
        session.open_document(place.document)
        sides = zip(place.annotators, place.spans, strict=True)
        own = [span for who, span in sides if who == session.annotator and span in session.spans]
        if own:
            session.select_span(own[0])
        else:
            session.select_text(*place.extent)
        window.activateWindow()

    shown = window.findChild(ReportWindow) or ReportWindow(
        session, window.theme, window.guard, window, go_to
    )
    shown.show()
    shown.activateWindow()


def can_repeat(window: MainWindow) -> bool:
    """Return whether the person at the window could repeat documents."""
    return (
        can_write(window) and window.session is not None and not original(window.session.annotator)
    )


def is_repeating(window: MainWindow) -> bool:
    """Return whether the person at the window repeats documents."""
    return window.session is not None and bool(original(window.session.annotator))


@command(N_("Repeat my earlier documents…"), menu="project", when=can_repeat)
def repeat(window: MainWindow) -> None:
    """Label finished documents again without seeing your marks, to learn how far you agree."""
    session = window.session
    if session is None:
        return
    # The start does not wait for what few use.
    from annotator.jobs.team.repeats import begin_round, unfinished_round  # noqa: PLC0415
    from annotator.ui.reports.repeating import RepeatDocuments  # noqa: PLC0415 - nor for its dialog

    name = unfinished_round(session.store, session.annotator)
    if not name:
        dialog = RepeatDocuments(session.annotator, window)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        name = begin_round(session.store, dialog.options).name
    work_as(window, name)
    window.notices.show_text(
        _("You work as {name} now; your first marks are hidden.").format(name=name),
        stays=False,
    )


@command(N_("Back to my own work"), menu="project", when=is_repeating)
def end_repeating(window: MainWindow) -> None:
    """Leave the round of repeats; it goes on where you left it when you repeat documents again."""
    if window.session is not None:
        work_as(window, original(window.session.annotator))


def work_as(window: MainWindow, name: str) -> None:
    """Open the project anew under another name of the person."""
    if window.session is not None:
        path = window.session.store.path
        window.close_project(quietly=True)
        window.open_project(path, name)
