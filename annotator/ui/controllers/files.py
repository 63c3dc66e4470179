"""Files brought into a project and written from it: asked for, done beside the window."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog

from annotator.i18n import _
from annotator.jobs import ImportOptions, ImportReport, export_records, import_files
from annotator.jobs.training import make_training_set
from annotator.ui.controllers import outcomes
from annotator.ui.dialogs.export_files import ExportFiles
from annotator.ui.dialogs.import_files import ImportFiles
from annotator.ui.dialogs.training_set import TrainingSet
from annotator.ui.window.app_window import AppWindow
from annotator.ui.window.notice import Notice


def ask_import_files(window: AppWindow) -> None:
    """Ask for files, then how to import them."""
    names, _filter = QFileDialog.getOpenFileNames(window.widget, _("Import files"))
    if names:
        ask_import(window, [Path(name) for name in names])


def ask_import_folder(window: AppWindow) -> None:
    """Ask for a folder, then how to import it."""
    name = QFileDialog.getExistingDirectory(window.widget, _("Import a folder"))
    if name:
        ask_import(window, [Path(name)])


def ask_import(window: AppWindow, paths: Sequence[Path]) -> None:
    """Show what files would bring, and import them."""
    session = window.session
    if session is None:
        return
    dialog = ImportFiles(paths, session, window.widget, dark=window.theme.palette.dark)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        dialog.keep_mapping()
        import_paths(window, paths, dialog.options)


def import_paths(window: AppWindow, paths: Sequence[Path], options: ImportOptions) -> None:
    """Import files beside the window."""
    session = window.session
    if session is None:
        return
    store, name = session.store, session.annotator

    def finish(report: ImportReport) -> None:
        window.tell(outcomes.imported(report))
        here = window.session
        if here is not None and here.document is None and here.entries:
            here.open_document(here.entries[0].id)

    work = window.run(lambda progress: import_files(store, list(paths), options, name, progress))
    work.then(finish)


def ask_export(window: AppWindow) -> None:
    """Ask what to write, and write it beside the window."""
    session = window.session
    if session is None:
        return
    dialog = ExportFiles(session, window.widget)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        store, target, options = session.store, dialog.target, dialog.options
        work = window.run(lambda progress: export_records(store, target, options, progress))
        work.then(lambda report: window.tell(outcomes.exported(report)))


def ask_training_set(window: AppWindow) -> None:
    """Ask what to make, make it beside the window, and say where it lies."""
    session = window.session
    if session is None:
        return
    dialog = TrainingSet(session, window.widget)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return
    store, folder, options = session.store, dialog.folder, dialog.options()
    url = QUrl.fromLocalFile(str(folder))
    notice = Notice(
        _("The training set is in {path}.").format(path=str(folder)),
        stays=True,
        action=_("Open the folder"),
        does=lambda: QDesktopServices.openUrl(url),
    )
    work = window.run(lambda progress: make_training_set(store, folder, options, progress))
    work.then(lambda _preflight: window.tell(notice))
