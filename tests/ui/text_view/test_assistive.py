"""A real client of AT-SPI walks over the window while a person works in it.

Nothing crashes, and the text has its name.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.screen, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[3]
LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
SYSTEM_PYTHON = "/usr/bin/python3"
# The client's library is the system's, so it runs in the system's Python.
CLIENT = """
import sys, time
import pyatspi

def walk(thing, seen):
    if thing is None or len(seen) > 3000:
        return
    try:
        seen.append((thing.getRoleName(), thing.name))
        for what in ("queryText", "queryComponent", "queryAction", "queryValue"):
            try:
                found = getattr(thing, what)()
            except NotImplementedError:
                continue
            if what == "queryText":
                found.getText(0, min(found.characterCount, 50))
            if what == "queryComponent":
                found.getExtents(0)
        children = range(thing.childCount)
    except Exception as error:  # a widget may go while it is looked at
        sys.stderr.write(f"{error}\\n")
        return
    for number in children:
        try:
            child = thing.getChildAtIndex(number)
        except Exception as error:
            sys.stderr.write(f"{error}\\n")
            continue
        walk(child, seen)

application, end, walks, every = None, time.time() + 60, 0, set()
while time.time() < end and (walks < 3 or "document frame" not in {role for role, _name in every}):
    time.sleep(0.2)
    desktop = pyatspi.Registry.getDesktop(0)
    programs = (entry for entry in desktop if entry and "nnotator" in (entry.name or ""))
    application = application or next(programs, None)
    if application is not None:
        seen = []
        walk(application, seen)
        every.update(seen)
        walks += 1
sys.stdout.write("\\n".join(f"{role}|{name}" for role, name in sorted(every)))
"""
WORKER = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from annotator.commands import keys
from annotator.ui.app import application, window
from tests.projects import made

path, finished = Path(sys.argv[1]), Path(sys.argv[2])
made(path).close()
app = application()
shown = window()
shown.show()
shown.open_project(path, "aida")
shown.workspace.panels.reading.setVisible(True)
steps = iter(range(3000))

def work():
    number = next(steps, None)
    if number is None or (number >= 300 and finished.exists()):
        shown.close()
        app.exit(0)
        return
    shown.workspace.view.move_caret("next_token", number % 3 == 0)
    if number % 10 == 0:
        shown.session.select_text(0, 4)
        keys.press(shown.session, "1")
        shown.session.undo()

timer = QTimer()
timer.timeout.connect(work)
timer.start(30)
sys.exit(app.exec())
"""


def needed() -> tuple[str, str]:
    """Return the session runner and the launcher of the accessibility bus.

    Skip the test where something is missing.
    """
    runner = shutil.which("dbus-run-session")
    launcher = next((path for path in LAUNCHERS if Path(path).exists()), None)
    if runner is None or launcher is None or "DISPLAY" not in os.environ:
        pytest.skip("There is no screen, no D-Bus or no AT-SPI here.")
    if (
        not Path(SYSTEM_PYTHON).exists()
        or subprocess.run(
            [SYSTEM_PYTHON, "-c", "import pyatspi"], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("There is no pyatspi here.")
    return runner, launcher


def test_a_walk_of_a_screen_reader_is_survived_and_finds_the_document(tmp_path: Path) -> None:
    runner, launcher = needed()
    environment = {
        **os.environ,
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "QT_QPA_PLATFORM": "xcb",
        "PYTHONPATH": str(ROOT),
    }
    client, worker, seen, finished = (
        tmp_path / name for name in ("client.py", "worker.py", "seen.txt", "finished")
    )
    client.write_text(CLIENT, encoding="utf-8")
    worker.write_text(WORKER, encoding="utf-8")
    script = (
        f'"{launcher}" --launch-immediately & launcher=$!; sleep 1; "{sys.executable}" "{worker}"'
        f' "{tmp_path / "p.annot"}" "{finished}" & worker=$!; "{SYSTEM_PYTHON}" "{client}" >'
        f' "{seen}"; touch "{finished}"; wait $worker; code=$?; kill $launcher; exit $code'
    )
    command = [runner, "--", "sh", "-c", script]
    done = subprocess.run(
        command, check=False, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = seen.read_text(encoding="utf-8").splitlines()
    assert "document frame|Text of the document" in found
    assert any(line.startswith("text|The paragraph at the caret") for line in found)
