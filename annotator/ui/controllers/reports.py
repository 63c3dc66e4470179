"""The report window, and rounds of repeats."""

from PySide6.QtWidgets import QDialog

from annotator.i18n import _
from annotator.jobs.reports import Place
from annotator.jobs.team.repeats import begin_round, unfinished_round
from annotator.ui.reports.repeating import RepeatDocuments
from annotator.ui.reports.window import ReportWindow
from annotator.ui.window.app_window import AppWindow
from annotator.ui.window.notice import Notice


def show(window: AppWindow) -> None:
    """Show the report; a place that is chosen in it is gone to."""
    session = window.session
    if session is None:
        return

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
        window.widget.activateWindow()

    shown = window.widget.findChild(ReportWindow)
    if shown is None:
        shown = ReportWindow(session, window.theme, window.guard, window.widget, go_to)
    shown.show()
    shown.activateWindow()


def ask_repeat(window: AppWindow) -> None:
    """Go on with a round of repeats, or ask for a new one."""
    session = window.session
    if session is None:
        return
    name = unfinished_round(session.store, session.annotator)
    if not name:
        dialog = RepeatDocuments(session.annotator, window.widget)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        name = begin_round(session.store, dialog.options).name
    work_as(window, name)
    text = _("You work as {name} now; your first marks are hidden.")
    window.tell(Notice(text.format(name=name)))


def work_as(window: AppWindow, name: str) -> None:
    """Open the project anew under another name of the person."""
    if window.session is not None:
        path = window.session.store.path
        window.close_project(quietly=True)
        window.open_project(path, name)
