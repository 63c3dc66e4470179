"""What the window does not wait for: whatever is not in its first picture is loaded when it is wanted."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import unmeasured

ROOT = Path(__file__).resolve().parents[2]
# Each of these takes 5 to 100 ms to load; all of them together would double the start.
LATER = (
    "annotator.cli",
    "annotator.jobs",
    "annotator.formats",
    "annotator.agreement",
    "annotator.adjudication",
    "annotator.compare.building",
    "annotator.ui.dialogs.import_files",
    "annotator.ui.dialogs.export_files",
    "click",
    "numpy",
    "regex",
    "lxml",
    "socket",
    "sqlite_utils",
    "charset_normalizer",
    "ftfy",
)
SCRIPT = f"""
import sys
import annotator.__main__
from annotator.ui.app import application, window
application()
window()
print(*sorted(set({LATER!r}) & set(sys.modules)))
"""


def test_the_window_stands_before_anything_is_loaded_that_it_does_not_show(tmp_path: Path) -> None:
    homes = {name: str(tmp_path) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    environment = {**unmeasured(), **homes, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr


@pytest.mark.parametrize("words", [["no-such.annot"], ["no-such-command"]])
def test_a_word_that_is_no_project_goes_to_the_command_line_which_says_so(tmp_path: Path, words: list[str]) -> None:
    command = [sys.executable, "-m", "annotator", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1
    assert words[0] in done.stderr


def test_a_file_that_only_looks_like_a_project_is_refused_in_the_window(tmp_path: Path) -> None:
    fake = tmp_path / "fake.annot"
    fake.write_text("not a project")
    script = """
import sys
from annotator import __main__ as program
from annotator.ui import app
app.QApplication.exec = lambda *_given: 7
shown = []
app.MainWindow.show_problem = lambda _window, text: shown.append(text)
code = program.main()
print(code, len(shown))
"""
    homes = {name: str(tmp_path) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    environment = {**unmeasured(), **homes, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", script, str(fake)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout.split() == ["7", "1"], done.stderr
