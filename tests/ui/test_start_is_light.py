"""What the window does not wait for.

Whatever is not in its first picture is loaded when it is wanted.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from annotator.model import AnnotationSet, Document, Span
from annotator.model.schema_files import load_schema
from annotator.store import Store, annotator_id
from tests.processes import unmeasured

ROOT = Path(__file__).resolve().parents[2]
PERSON = Span("1", "entity", "PERSON", ((0, 3),), "متن")
# Each of these takes 5 to 100 ms to load; all of them together would double the start.
LATER = (
    "annotator.cli",
    "annotator.jobs",
    "annotator.formats",
    "annotator.agreement",
    "annotator.adjudication",
    "annotator.compare.building",
    "annotator.store.file.backup",
    "annotator.store.exchange.working_copy",
    "annotator.store.exchange",
    "annotator.store.events.integrity",
    "annotator.store.events.undo",
    "annotator.text.folding",
    "annotator.ui.dialogs.import_files",
    "annotator.ui.dialogs.export_files",
    "annotator.ui.window.find_bar",
    "annotator.ui.panels.empty",
    "annotator.ui.panels.start",
    "annotator.ui.window.reading_pane",
    "click",
    "filelock",
    "fractions",
    "numpy",
    "regex",
    "lxml",
    "socket",
    "sqlite_utils",
    "charset_normalizer",
    "ftfy",
)
# Classes of Qt with long lists of values (or, the wizard, one of all that are widgets), which
# Python makes when they are first touched.
CLASSES = ("QGradient", "QIcon", "QStyle", "QTextCursor", "QWizard")
SCRIPT = f"""
import sys
from annotator import __main__ as program
from annotator.ui import app
def painted(application):
    application.processEvents()
    widgets = application.topLevelWidgets()
    [window] = [widget for widget in widgets if isinstance(widget, app.MainWindow)]
    from PySide6 import QtGui, QtWidgets
    loaded = set({LATER!r}) & set(sys.modules)
    touched = set({CLASSES!r}) & (set(vars(QtGui)) | set(vars(QtWidgets)))
    space = window.workspace
    shown = [
        space.view.text(),
        space.documents.model.rowCount(),
        space.documents.view.currentIndex().row(),
        space.view.hasFocus(),
    ]
    print(sorted(loaded), sorted(touched), shown, sep="\\n")
app.QApplication.exec = painted
program.has_screen = lambda: True
program.main()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    with Store.create(tmp_path / "p.annot", load_schema("news")) as store:
        with store.change("", "سارا") as step:
            step.add_annotator("سارا")
            for number in range(500):
                step.add_document(Document(f"d{number}", f"سند {number}", f"متن {number}", "fa"))
            step.import_annotation_set(
                "d400", annotator_id("سارا"), AnnotationSet("سارا", "open", (PERSON,)), "متن 400"
            )
        store.remember("annotator", "سارا")
        store.remember("place", '{"document": "d400"}')
    return tmp_path / "p.annot"


def test_the_window_stands_with_its_document_before_anything_is_loaded_that_it_does_not_show(
    project: Path,
) -> None:
    homes = {
        name: str(project.parent) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    }
    environment = {**unmeasured(), **homes, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", SCRIPT, str(project)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.stdout.splitlines() == ["[]", "[]", "['متن 400', 500, 400, True]"], done.stderr


@pytest.mark.parametrize(("word", "code"), [("no-such.annot", 1), ("no-such-command", 2)])
def test_a_word_that_is_no_project_goes_to_the_command_line_which_says_so(
    word: str, code: int
) -> None:
    command = [sys.executable, "-m", "annotator", word]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == code
    assert word in done.stderr


def test_a_file_that_only_looks_like_a_project_is_refused_in_the_window(tmp_path: Path) -> None:
    fake = tmp_path / "fake.annot"
    fake.write_text("not a project")
    script = """
import sys
from annotator import __main__ as program
from annotator.ui import app
app.QApplication.exec = lambda *_given: 7
program.has_screen = lambda: True
shown = []
app.MainWindow.show_problem = lambda _window, text: shown.append(text)
code = program.main()
print(code, len(shown))
"""
    homes = {name: str(tmp_path) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    environment = {**unmeasured(), **homes, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", script, str(fake)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.stdout.split() == ["7", "1"], done.stderr
