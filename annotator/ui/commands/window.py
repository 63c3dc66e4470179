"""The window's own commands: projects, files, looking, help.

Those that change work are in annotator/commands.
"""

from PySide6.QtGui import QGuiApplication

from annotator.commands import command
from annotator.i18n import N_, _
from annotator.ui import controllers
from annotator.ui.commands.conditions import (
    can_write,
    has_document,
    has_project,
    has_span,
    takes_labels,
)
from annotator.ui.look.theme import APPEARANCES
from annotator.ui.window.app_window import AppWindow
from annotator.ui.window.notice import Notice

ZOOM_STEP = 10


@command(N_("New label…"), keys=("Ctrl+L",), menu="annotate", when=takes_labels)
def new_label(window: AppWindow) -> None:
    """Add a label of your own to an open schema."""
    controllers.labels.ask_new_label(window)


@command(N_("New project…"), keys=("Ctrl+N",), menu="project")
def new(window: AppWindow) -> None:
    """Make a new project."""
    controllers.projects.ask_new(window)


@command(N_("Open a project…"), keys=("Ctrl+O",), menu="project")
def open_project(window: AppWindow) -> None:
    """Open a project file."""
    controllers.projects.ask_open(window)


@command(N_("Import files…"), keys=("Ctrl+I",), menu="project", when=can_write)
def bring_in(window: AppWindow) -> None:
    """Bring texts or annotated files into the project."""
    controllers.files.ask_import_files(window)


@command(N_("Import a folder…"), menu="project", when=can_write)
def bring_in_folder(window: AppWindow) -> None:
    """Bring all files of a folder into the project."""
    controllers.files.ask_import_folder(window)


@command(N_("Export…"), keys=("Ctrl+E",), menu="project", when=has_project)
def write_out(window: AppWindow) -> None:
    """Write documents with their annotations to files."""
    controllers.files.ask_export(window)


@command(N_("Make a training set…"), keys=("Ctrl+Shift+T",), menu="project", when=can_write)
def training_set(window: AppWindow) -> None:
    """Write parts for training, tuning and testing that do not leak, with a card and checksums."""
    controllers.files.ask_training_set(window)


@command(N_("Make a backup"), menu="project", when=has_project)
def back_up(window: AppWindow) -> None:
    """Copy the project into the folder “backups” beside it, and verify the copy."""
    controllers.projects.back_up(window)


@command(N_("Close the project"), keys=("Ctrl+W",), menu="project", when=has_project)
def close_project(window: AppWindow) -> None:
    """Close the project and show the start page."""
    window.close_project()


@command(N_("Quit"), keys=("Ctrl+Q",), menu="project")
def leave(window: AppWindow) -> None:
    """Close the program; everything is stored already."""
    window.close()


@command(N_("Find in the document"), keys=("Ctrl+F",), menu="edit", when=has_document)
def find(window: AppWindow) -> None:
    """Find a word, however its letters are written."""
    window.workspace.panels.find_bar.begin()


@command(N_("Copy"), keys=("Ctrl+C",), menu="edit", when=has_document)
def copy(window: AppWindow) -> None:
    """Copy the selected text exactly as it is stored."""
    session = window.session
    if session is None or session.document is None:
        return
    span = session.selected
    text = span.text if span else session.document.text[slice(*session.selection)]
    if text:
        QGuiApplication.clipboard().setText(text)


@command(N_("Write a note"), keys=("Alt+N", "F2"), menu="annotate", when=has_span)
def note(window: AppWindow) -> None:
    """Go to the note of the selected span."""
    window.show_panel("details_panel")
    window.workspace.show_details()
    window.workspace.details.focus_note()


@command(N_("Larger text"), keys=("Ctrl++", "Ctrl+="), menu="view")
def larger(window: AppWindow) -> None:
    """Show the document's text larger."""
    window.workspace.view.set_zoom(window.workspace.view.zoom() + ZOOM_STEP)


@command(N_("Smaller text"), keys=("Ctrl+-",), menu="view")
def smaller(window: AppWindow) -> None:
    """Show the document's text smaller."""
    window.workspace.view.set_zoom(window.workspace.view.zoom() - ZOOM_STEP)


@command(N_("Normal text size"), keys=("Ctrl+0",), menu="view")
def normal(window: AppWindow) -> None:
    """Show the document's text in its normal size."""
    window.workspace.view.set_zoom(100)


@command(N_("Invisible characters"), keys=("Ctrl+Shift+I",), menu="view")
def invisibles(window: AppWindow) -> None:
    """Show or hide marks for characters without ink: joiners, marks of direction, hard spaces."""
    window.settings.choose(invisibles=not window.settings.flag("invisibles"))
    window.workspace.view.set_show_invisibles(window.settings.flag("invisibles"))


@command(N_("List of documents"), keys=("F9",), menu="view")
def documents_panel(window: AppWindow) -> None:
    """Show or hide the list of documents."""
    window.show_panel("documents_panel", on=not window.settings.flag("documents_panel"))


@command(N_("Details"), keys=("F10",), menu="view")
def details_panel(window: AppWindow) -> None:
    """Show or hide the details of what is selected."""
    window.show_panel("details_panel", on=not window.settings.flag("details_panel"))


@command(N_("Next part of the window"), keys=("F6",), menu="view", when=has_project)
def next_part(window: AppWindow) -> None:
    """Move the focus on: documents, text, labels, details."""
    window.workspace.focus_next(1)


@command(N_("Previous part of the window"), keys=("Shift+F6",), menu="view", when=has_project)
def previous_part(window: AppWindow) -> None:
    """Move the focus back: details, labels, text, documents."""
    window.workspace.focus_next(-1)


@command(N_("Light or dark"), keys=("Ctrl+Shift+D",), menu="view")
def appearance(window: AppWindow) -> None:
    """Switch between the light, the dark, and the system's appearance."""
    order = list(APPEARANCES)
    window.theme.choose(order[(order.index(window.theme.appearance) + 1) % len(order)])
    window.settings.choose(appearance=window.theme.appearance)
    window.tell(Notice(_(APPEARANCES[window.theme.appearance])))


@command(N_("Commands…"), keys=("Ctrl+Shift+P",), menu="help")
def palette(window: AppWindow) -> None:
    """Find a command by its name."""
    controllers.sheets.ask_command(window)


@command(N_("Keys"), keys=("F1",), menu="help")
def keys(window: AppWindow) -> None:
    """Show all keys on one sheet."""
    controllers.sheets.keys(window)


@command(N_("Documents…"), keys=("Ctrl+P",), menu="document", when=has_project)
def go_to(window: AppWindow) -> None:
    """Go to the filter of the document list."""
    window.show_panel("documents_panel")
    window.workspace.documents.needle.setFocus()
    window.workspace.documents.needle.selectAll()


@command(N_("History"), keys=("Ctrl+H",), menu="edit", when=has_project)
def history(window: AppWindow) -> None:
    """Show your latest steps, across all documents."""
    controllers.sheets.history(window)
