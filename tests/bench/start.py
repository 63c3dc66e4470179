"""Process start → first painted window with a large project, against a bare Qt window with a list.

`python -m tests.bench.start`.

Both run in the same interpreter, in turns; the time is from before the process is made until the
window's last paint of the first round of events: on the clock, and on the processor, which other
work on the machine does not lengthen. Compiled bytecode is made first: without it, Python compiles
all modules anew. Ours is what `annotator PROJECT` does, from its first line on.
"""

import argparse
import compileall
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import orjson

from annotator.store import Store
from datasets.generate import Plan, lines
from tests.bench.main_job import bring, row

ROOT = Path(__file__).resolve().parents[2]
# Both print the clock, which all processes share, once the window is painted; then they end without
# tidying up.
PAINTED = """
import os, sys, time
def painted(application):
    application.processEvents()
    application.processEvents()
    rss = next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1]
    print(time.monotonic(), time.process_time(), rss, flush=True)
    os._exit(0)
"""
BARE = """
from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QApplication, QListView, QMainWindow
application = QApplication(sys.argv[:1])
window = QMainWindow()
listed = QListView()
listed.setUniformItemSizes(True)
listed.setModel(QStringListModel([f"document {number}" for number in range(int(sys.argv[1]))]))
window.setCentralWidget(listed)
window.resize(1280, 800)
window.show()
painted(application)
"""
OURS = """
from annotator import __main__ as program
program.has_screen = lambda: True
show = program._window
def shown(project):
    from PySide6.QtWidgets import QApplication
    QApplication.exec = painted
    return show(project)
program._window = shown
program.main()
"""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure how long the window takes to appear.")
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=7)
    chosen = parser.parse_args()
    compileall.compile_dir(ROOT / "annotator", quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        source, project = Path(folder, "in.jsonl"), Path(folder, "p.annot")
        source.write_bytes(b"".join(lines(Plan(documents=chosen.documents))))
        bring(source, project)
        with Store.open(project) as store:
            store.remember("annotator", "a1")
        bare, ours = [], []
        for _number in range(chosen.repeat):
            bare.append(started(Path(folder), BARE, str(chosen.documents)))
            ours.append(started(Path(folder), OURS, str(project)))
    for name, unit, field in (
        ("start to first painted window", "s", 0),
        ("the same", "s of processor time", 1),
        ("memory then", "MB", 2),
    ):
        value, limit = (
            median(entry[field] for entry in ours),
            median(entry[field] for entry in bare),
        )
        line = row(f"{name}, {chosen.documents} documents", value, unit, limit, value / limit)
        sys.stdout.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE).decode())
    return 0


def started(home: Path, script: str, argument: str) -> tuple[float, float, float]:
    """Return the seconds until a script's window is painted, on the clock and on the processor.

    And its memory then in MB.
    """
    folders = {
        name: str(home / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    }
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, **folders}
    begin = time.monotonic()
    command = [sys.executable, "-c", PAINTED + script, argument]
    done = subprocess.run(
        command, capture_output=True, check=True, cwd=ROOT, env=environment, text=True, timeout=300
    )
    moment, processor, memory = map(float, done.stdout.split())
    return moment - begin, processor, memory / 1024


if __name__ == "__main__":
    sys.exit(main())
