"""Qt's binding does not read the source of what is imported after it."""

import subprocess
import sys
from pathlib import Path

from tests.processes import unmeasured

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import sys
read = []
def watch(event, arguments):
    if event == "open" and str(arguments[0]).endswith(("errors.py", "i18n.py")):
        read.append(arguments[0])
sys.addaudithook(watch)
from annotator.ui.runtime.import_hook import put_back
put_back()
import annotator.ui.runtime.worker
from PySide6.QtCore import QObject, Qt
try:
    QObject().setObjectName(QObject())
except TypeError as error:  # whose words the binding's support modules find
    print(len(read), Qt.Key.Key_A.name, "setObjectName" in str(error))
"""


def test_the_source_of_a_module_is_not_read_again_and_the_binding_works(tmp_path: Path) -> None:
    environment = {
        **unmeasured(),
        "PYTHONPYCACHEPREFIX": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", SCRIPT]
    runs = [
        subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
        for _time in range(2)
    ]
    assert runs[1].stdout.split() == ["0", "Key_A", "True"]  # the first had no bytecode yet
