"""The window's own commands: projects, files, looking, help.

Those that change work are in annotator/commands.
"""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog

from annotator.commands import command
from annotator.commands.schema import add_label
from annotator.i18n import N_, _
from annotator.ui.look.theme import APPEARANCES
from annotator.ui.window.main_window import MainWindow

ZOOM_STEP = 10


def has_project(window: MainWindow) -> bool:
    """Return whether a project is open."""
    return window.session is not None


def has_document(window: MainWindow) -> bool:
    """Return whether a document is open."""
    return window.session is not None and window.session.document is not None


def has_span(window: MainWindow) -> bool:
    """Return whether a span is selected."""
    return window.session is not None and window.session.selected is not None


def can_write(window: MainWindow) -> bool:
    """Return whether the open project can be changed."""
    return window.session is not None and not window.session.store.readonly


def is_open(window: MainWindow) -> bool:
    """Return whether the project's schema takes in labels of one's own."""
    return can_write(window) and window.session is not None and window.session.schema.open


@command(N_("New label…"), keys=("Ctrl+L",), menu="annotate", when=is_open)
def new_label(window: MainWindow) -> None:
    """Add a label of your own to an open schema."""
    session = window.session
    if session is None:
        return
    # The start does not wait for dialogs.
    from annotator.ui.dialogs.new_label import NewLabel  # noqa: PLC0415

    dialog = NewLabel(session, window)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        add_label(session, *dialog.chosen)


@command(N_("New project…"), keys=("Ctrl+N",), menu="project")
def new(window: MainWindow) -> None:
    """Make a new project."""
    window.projects.ask_new(())


@command(N_("Open a project…"), keys=("Ctrl+O",), menu="project")
def open_project(window: MainWindow) -> None:
    """Open a project file."""
    window.projects.ask_open()


@command(N_("Import files…"), keys=("Ctrl+I",), menu="project", when=can_write)
def bring_in(window: MainWindow) -> None:
    """Bring texts or annotated files into the project."""
    window.projects.ask_import_files()


@command(N_("Import a folder…"), menu="project", when=can_write)
def bring_in_folder(window: MainWindow) -> None:
    """Bring all files of a folder into the project."""
    window.projects.ask_import_folder()


@command(N_("Export…"), keys=("Ctrl+E",), menu="project", when=has_project)
def write_out(window: MainWindow) -> None:
    """Write documents with their layers to files."""
    window.projects.ask_export()


@command(N_("Make a training set…"), keys=("Ctrl+Shift+T",), menu="project", when=can_write)
def training_set(window: MainWindow) -> None:
    """Write parts for training, tuning and testing that do not leak, with a card and checksums."""
    # The start does not wait for dialogs.
    from annotator.ui.dialogs.training_set import Making, ask_training_set  # noqa: PLC0415

    def run(make: Making, folder: Path) -> None:
        def tell(_preflight: object) -> None:
            window.notices.show_text(
                _("The training set is in {path}.").format(path=str(folder)),
                action=_("Open the folder"),
                does=lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))),
            )

        window.projects.run(make, tell)

    if window.session is not None:
        ask_training_set(window.session, window, run)


@command(N_("Make a backup"), menu="project", when=has_project)
def back_up(window: MainWindow) -> None:
    """Copy the project into the folder “backups” beside it, and verify the copy."""
    window.projects.back_up()


@command(N_("Close the project"), keys=("Ctrl+W",), menu="project", when=has_project)
def close_project(window: MainWindow) -> None:
    """Close the project and show the start page."""
    window.close_project()


@command(N_("Quit"), keys=("Ctrl+Q",), menu="project")
def leave(window: MainWindow) -> None:
    """Close the program; everything is stored already."""
    window.close()


@command(N_("Find in the document"), keys=("Ctrl+F",), menu="edit", when=has_document)
def find(window: MainWindow) -> None:
    """Find a word, however its letters are written."""
    window.workspace.find_bar.begin()


@command(N_("Copy"), keys=("Ctrl+C",), menu="edit", when=has_document)
def copy(window: MainWindow) -> None:
    """Copy the selected text exactly as it is stored."""
    session = window.session
    if session is None or session.document is None:
        return
    span = session.selected
    text = span.text if span else session.document.text[slice(*session.selection)]
    if text:
        QGuiApplication.clipboard().setText(text)


@command(N_("Write a note"), keys=("Alt+N", "F2"), menu="annotate", when=has_span)
def note(window: MainWindow) -> None:
    """Go to the note of the selected span."""
    window.show_panel("details_panel")
    window.workspace.show_details()
    window.workspace.details.focus_note()


@command(N_("Larger text"), keys=("Ctrl++", "Ctrl+="), menu="view")
def larger(window: MainWindow) -> None:
    """Show the document's text larger."""
    window.workspace.view.set_zoom(window.workspace.view.zoom() + ZOOM_STEP)


@command(N_("Smaller text"), keys=("Ctrl+-",), menu="view")
def smaller(window: MainWindow) -> None:
    """Show the document's text smaller."""
    window.workspace.view.set_zoom(window.workspace.view.zoom() - ZOOM_STEP)


@command(N_("Normal text size"), keys=("Ctrl+0",), menu="view")
def normal(window: MainWindow) -> None:
    """Show the document's text in its normal size."""
    window.workspace.view.set_zoom(100)


@command(N_("Invisible characters"), keys=("Ctrl+Shift+I",), menu="view")
def invisibles(window: MainWindow) -> None:
    """Show or hide marks for characters without ink: joiners, marks of direction, hard spaces."""
    window.settings.choose(invisibles=not window.settings.flag("invisibles"))
    window.workspace.view.set_show_invisibles(window.settings.flag("invisibles"))


@command(N_("List of documents"), keys=("F9",), menu="view")
def documents_panel(window: MainWindow) -> None:
    """Show or hide the list of documents."""
    window.show_panel("documents_panel", on=not window.settings.flag("documents_panel"))


@command(N_("Details"), keys=("F10",), menu="view")
def details_panel(window: MainWindow) -> None:
    """Show or hide the details of what is selected."""
    window.show_panel("details_panel", on=not window.settings.flag("details_panel"))


@command(N_("Next part of the window"), keys=("F6",), menu="view", when=has_project)
def next_part(window: MainWindow) -> None:
    """Move the focus on: documents, text, labels, details."""
    window.workspace.focus_next(1)


@command(N_("Previous part of the window"), keys=("Shift+F6",), menu="view", when=has_project)
def previous_part(window: MainWindow) -> None:
    """Move the focus back: details, labels, text, documents."""
    window.workspace.focus_next(-1)


@command(N_("Light or dark"), keys=("Ctrl+Shift+D",), menu="view")
def appearance(window: MainWindow) -> None:
    """Switch between the light, the dark, and the system's appearance."""
    order = list(APPEARANCES)
    window.theme.choose(order[(order.index(window.theme.appearance) + 1) % len(order)])
    window.settings.choose(appearance=window.theme.appearance)
    window.notices.show_text(_(APPEARANCES[window.theme.appearance]), stays=False)


@command(N_("Commands…"), keys=("Ctrl+Shift+P",), menu="help")
def palette(window: MainWindow) -> None:
    """Find a command by its name."""
    # The start does not wait for dialogs.
    from annotator.ui.dialogs.palette import Palette  # noqa: PLC0415

    window.actions_.refresh()
    asked = Palette(window.actions_.all.values(), window)
    if asked.exec() == QDialog.DialogCode.Accepted and asked.chosen is not None:
        asked.chosen.trigger()


@command(N_("Keys"), keys=("F1",), menu="help")
def keys(window: MainWindow) -> None:
    """Show all keys on one sheet."""
    # The start does not wait for dialogs.
    from annotator.ui.dialogs.sheets import show_keys  # noqa: PLC0415

    show_keys(window, window.actions_.key_lines(), window.session, window.workspace.keyboard)


@command(N_("Documents…"), keys=("Ctrl+P",), menu="document", when=has_project)
def go_to(window: MainWindow) -> None:
    """Go to the filter of the document list."""
    window.show_panel("documents_panel")
    window.workspace.documents.needle.setFocus()
    window.workspace.documents.needle.selectAll()


@command(N_("History"), keys=("Ctrl+H",), menu="edit", when=has_project)
def history(window: MainWindow) -> None:
    """Show your latest steps, across all documents."""
    # The start does not wait for dialogs.
    from annotator.ui.dialogs.sheets import show_history  # noqa: PLC0415

    if window.session is not None:
        show_history(window, window.session)
