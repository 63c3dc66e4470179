"""The fixtures that watch every test do notice what they watch for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.rules import ROOT

PLANTED = """
import logging
import os
import threading
import time
import warnings
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given, settings, strategies
from PySide6.QtCore import QThread, qWarning
from annotator.model import Names, Schema
from annotator.store import Store

def test_thread():
    threading.Thread(target=time.sleep, args=(20,), name="left behind", daemon=True).start()

def test_qt_thread(qapp):
    thread = QThread(qapp)
    thread.start()
    qapp.aboutToQuit.connect(thread.quit)
    globals()["kept"] = thread

def test_qt_thread_ended():
    kept.quit()
    kept.wait()

def test_log():
    logging.getLogger("annotator").warning("beware")

@pytest.mark.logs
def test_expected_log():
    logging.getLogger("annotator").warning("beware")

def test_warning():
    warnings.warn("old", DeprecationWarning)

def test_qt_message(qapp):
    qWarning("odd")

def test_store(tmp_path):
    schema = Schema("blank", 1, Names({"en": "Blank"}))
    globals()["store"] = Store.create(tmp_path / "left.annot", schema)

def test_store_closed(tmp_path):
    Store.create(tmp_path / "closed.annot", Schema("blank", 1, Names({"en": "Blank"}))).close()

def test_home_written():
    folder = Path(platformdirs.user_config_dir("annotator"))
    assert "annotator-tests-" in str(folder)
    folder.mkdir(parents=True)

def test_home_clean():
    assert not Path(platformdirs.user_config_dir("annotator")).exists()
    assert "annotator-tests-" in str(Path.home())

@given(strategies.integers())
def test_property(number):
    assert settings.default.deadline is None
    assert settings.default.derandomize

def test_data(shared_data):
    assert shared_data.is_dir()
"""


def _outcomes(folder: Path, **environment: str) -> dict[str, set[str]]:
    """Run the planted tests under the project's own settings and return test → its outcomes."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-vv",
        "-p",
        "no:cacheprovider",
        "-c",
        "pyproject.toml",
        "-o",
        "addopts=",
        "tests",
    ]
    child = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, set[str]] = {}
    for line in child.stdout.splitlines():
        words = line.split()
        if (
            len(words) > 1
            and "::" in words[0]
            and words[1] in ("PASSED", "FAILED", "ERROR", "SKIPPED")
        ):
            found.setdefault(words[0].split("::")[1].removeprefix("test_"), set()).add(words[1])
    assert found, child.stdout + child.stderr
    return found


@pytest.mark.parametrize("in_ci", ["", "true"])
def test_what_a_test_leaves_behind_is_noticed(tmp_path: Path, in_ci: str) -> None:
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "tests/conftest.py", tmp_path / "tests")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "tests/test_planted.py").write_text(PLANTED, encoding="utf-8")
    found = _outcomes(tmp_path, CI=in_ci, ANNOTATOR_SHARED_DATA=str(tmp_path / "nowhere"))
    odd = {name: outcomes for name, outcomes in found.items() if outcomes != {"PASSED"}}
    left_something = {name: {"PASSED", "ERROR"} for name in ("thread", "qt_thread", "log", "store")}
    assert odd == {
        **left_something,
        "warning": {"FAILED"},
        "qt_message": {"FAILED"},
        "data": {"SKIPPED"},
    }
