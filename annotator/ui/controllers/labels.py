"""The label set: changed in a dialog, in one step beside the window."""

from PySide6.QtWidgets import QDialog

from annotator.commands.schema import add_label
from annotator.jobs.relabeling import relabel
from annotator.ui.controllers import outcomes
from annotator.ui.dialogs.labels import Labels
from annotator.ui.dialogs.new_label import NewLabel
from annotator.ui.window.app_window import AppWindow


def ask_new_label(window: AppWindow) -> None:
    """Ask for a label of one's own, and add it to an open schema."""
    session = window.session
    if session is None:
        return
    dialog = NewLabel(session, window.widget)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        add_label(session, *dialog.chosen)


def ask_changes(window: AppWindow) -> None:
    """Show the labels, and change what is to be changed."""
    session = window.session
    if session is None:
        return
    dialog = Labels(session.schema, window.widget)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        store, name, revision = session.store, session.annotator, dialog.revision
        work = window.run(lambda progress: relabel(store, name, revision, progress))
        work.then(lambda report: window.tell(outcomes.relabelled(report)))
