"""Without a screen no window is waited for: a sentence says so, and what works all the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.run import ROOT, program

UNSEEN = [{"QT_QPA_PLATFORM": "offscreen"}, {"QT_QPA_PLATFORM": "minimal", "DISPLAY": ":0"}]
if sys.platform.startswith("linux"):
    UNSEEN.append({})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert program("new", tmp_path / "p.annot").code == 0
    return tmp_path / "p.annot"


def start(settings: dict[str, str], *words: str | Path) -> subprocess.CompletedProcess[str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "annotator", *words],
        env={**kept, "ANNOTATOR_LANGUAGE": "en", **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("settings", UNSEEN, ids=str)
@pytest.mark.parametrize("words", [(), ("{p}",), ("open", "{p}")], ids=len)
def test_a_window_without_a_screen_is_refused_in_a_sentence(
    project: Path, settings: dict[str, str], words: tuple[str, ...]
) -> None:
    ran = start(settings, *(word.format(p=project) for word in words))
    said = [line for line in ran.stderr.splitlines() if not line.startswith("import time:")]
    assert (ran.returncode, ran.stdout, len(said)) == (1, "", 1)
    assert "There is no screen" in said[0]
    assert "annotator demo" in said[0]
    assert "annotator --help" in said[0]
    assert "PySide6" not in ran.stderr


def test_commands_need_no_screen(project: Path) -> None:
    assert start({"QT_QPA_PLATFORM": "offscreen"}, "stats", project).returncode == 0
