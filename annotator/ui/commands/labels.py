"""The window's commands about the label set."""

from PySide6.QtWidgets import QDialog

from annotator.commands import command
from annotator.i18n import N_, ngettext
from annotator.ui.commands.window import can_write
from annotator.ui.window.main_window import MainWindow


@command(N_("Labels…"), menu="project", when=can_write)
def change_labels(window: MainWindow) -> None:
    """Rename, retire or merge the project's labels; the spans of all annotators follow."""
    session = window.session
    if session is None:
        return
    # The start does not wait for long work.
    from annotator.jobs.relabeling import relabel  # noqa: PLC0415

    # The start does not wait for dialogs.
    from annotator.ui.dialogs.labels import Labels  # noqa: PLC0415

    dialog = Labels(session.schema, window)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        store, name, revision = session.store, session.annotator, dialog.revision
        window.projects.run(
            lambda progress: relabel(store, name, revision, progress),
            lambda report: _tell(window, report),
        )


def _tell(window: MainWindow, report: object) -> None:
    # The start does not wait for long work.
    from annotator.jobs.relabeling import RelabelReport  # noqa: PLC0415

    if isinstance(report, RelabelReport):
        count = sum(report.moved.values())
        text = ngettext(
            "The labels are changed; {count} span has another label now. Ctrl+Z takes it back.",
            "The labels are changed; {count} spans have another label now. Ctrl+Z takes it back.",
            count,
        )
        window.notices.show_text(text.format(count=count), stays=False)
