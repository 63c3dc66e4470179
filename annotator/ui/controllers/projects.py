"""Making and opening projects: by asking, by a sample, by what was dropped on the window."""

from collections.abc import Sequence
from pathlib import Path

import platformdirs
from PySide6.QtWidgets import QDialog, QFileDialog

from annotator.i18n import _
from annotator.jobs import ImportOptions, import_files
from annotator.jobs.schema_files import schema_from
from annotator.model.schema_files import load_schema
from annotator.resources import sample_files
from annotator.store import Store
from annotator.ui.controllers import bundles, files, outcomes
from annotator.ui.dialogs.new_project import NewProject
from annotator.ui.runtime import error_reporting
from annotator.ui.window.app_window import AppWindow

SAMPLE_ANNOTATOR = "a1"
BUNDLE = ".annot-bundle"


def ask_new(window: AppWindow, paths: Sequence[Path] = ()) -> None:
    """Ask for a new project, open it, and import files into it."""
    name = window.settings.text("annotator") or error_reporting.user_name()
    dialog = NewProject(name, window.widget)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        person = dialog.person.text().strip()
        window.guard(lambda: make(window, dialog.file, dialog.schema, person))
        if paths and window.session is not None:
            files.ask_import(window, paths)


def make(window: AppWindow, path: Path, schema: str, name: str) -> None:
    """Make a project and open it; schema: a preset's name, or a schema file."""
    store = Store.create(path, schema_from(schema))
    store.remember("annotator", name)
    store.close()
    window.settings.choose(annotator=name)
    window.open_project(path, name)


def ask_open(window: AppWindow) -> None:
    """Ask for a project file and open it."""
    kinds = _("Annotator projects (*.annot);;All files (*)")
    name, _filter = QFileDialog.getOpenFileName(window.widget, _("Open a project"), "", kinds)
    if name:
        window.open_project(Path(name))


def open_sample(window: AppWindow, code: str) -> None:
    """Open the sample project of a language, made if it is not there yet."""
    folder = Path(platformdirs.user_data_dir("annotator", appauthor=False)) / "samples"
    path = folder / f"sample-{code}.annot"

    def make_and_open() -> None:
        if not path.exists():
            make_sample(path, [file for file in sample_files() if file.stem == code])
        window.open_project(path, SAMPLE_ANNOTATOR)

    window.guard(make_and_open)


def make_sample(path: Path, corpora: Sequence[Path]) -> None:
    """Make a sample project of the shipped corpora."""
    with Store.create(path, load_schema("news")) as store:
        import_files(store, list(corpora), ImportOptions(format="jsonl"), SAMPLE_ANNOTATOR)
        store.remember("annotator", SAMPLE_ANNOTATOR)


def take_paths(window: AppWindow, paths: Sequence[Path]) -> None:
    """Open a project that was dropped, take bundles, or import files."""
    if paths and all(path.name.endswith(BUNDLE) for path in paths):
        bundles.take_bundles(window, paths)
        return
    dropped = [path for path in paths if path.suffix == ".annot" and path.is_file()]
    if dropped:
        window.open_project(dropped[0])
    elif paths and window.session is not None:
        files.ask_import(window, paths)
    elif paths:
        ask_new(window, paths)


def back_up(window: AppWindow) -> None:
    """Copy the project to a verified backup."""
    if window.session is not None:
        window.tell(outcomes.backed_up(window.session.store.back_up()))
