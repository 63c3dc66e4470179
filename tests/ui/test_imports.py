"""What Qt's binding does to imports is undone, and the bytecode of its support modules is kept where Python keeps its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import unmeasured

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import sys
compiled, read = [], []
def watch(event, arguments):
    if event == "compile" and str(arguments[1]).startswith("shibokensupport/"):
        compiled.append(arguments[1])
    if event == "open" and str(arguments[0]).endswith("worker.py"):
        read.append(arguments[0])
sys.addaudithook(watch)
import annotator.ui
import annotator.ui.worker
from PySide6.QtCore import QObject, Qt
try:
    QObject().setObjectName(QObject())
except TypeError as error:  # whose words the binding's support modules find
    print(len(compiled), len(read), Qt.Key.Key_A.name, " ".join(str(error).split()))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where Python keeps bytecode in a test."""
    return tmp_path / "bytecode"


def started(folder: Path, *options: str) -> list[str]:
    environment = {**unmeasured(), "PYTHONPYCACHEPREFIX": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, *options, "-c", SCRIPT]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.split(maxsplit=2)


def kept(folder: Path) -> list[Path]:
    return list(folder.rglob("*.binding"))


def test_the_bindings_own_modules_are_compiled_once_and_nobodys_source_is_read_twice(folder: Path) -> None:
    first, second = started(folder), started(folder)
    assert int(first[0]) > 5
    assert second[:2] == ["0", "0"]
    assert first[2] == second[2]
    assert len(kept(folder)) == 1
    assert not [path for path in kept(folder)[0].parent.iterdir() if path.suffix not in (".pyc", ".binding")]


@pytest.mark.parametrize("content", [b"", b"1234", b"\x00" * 200])
def test_a_spoiled_file_of_bytecode_counts_for_nothing_and_is_made_anew(folder: Path, content: bytes) -> None:
    first = started(folder)
    sound = kept(folder)[0].read_bytes()
    kept(folder)[0].write_bytes(content or sound[:-3])
    assert started(folder)[0] == first[0]
    assert kept(folder)[0].read_bytes() == sound


def test_no_bytecode_is_written_where_python_may_not_write_any(folder: Path) -> None:
    assert int(started(folder, "-B")[0]) > 5
    assert not folder.exists()
