"""Starting: the check of Qt's binding, the application, the tour without a screen."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator.errors import UserError
from annotator.screen import has_screen
from annotator.store import Store
from annotator.ui.app import application
from annotator.ui.demo import demonstrate
from annotator.ui.runtime import selfcheck
from tests.projects import check_texts

ROOT = Path(__file__).resolve().parents[2]


def test_a_sound_binding_passes(qapp: QApplication) -> None:
    selfcheck.check_binding()
    assert application() is qapp


def test_a_binding_that_eats_references_is_refused_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = iter([10_000, 10_000 - selfcheck.CALLS])
    monkeypatch.setattr(sys, "getrefcount", lambda _thing: next(counts))
    with pytest.raises(UserError, match=r"PySide6-Essentials<6\.12"):
        selfcheck.check_binding()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "w"}, True),
        ({"QT_QPA_PLATFORM": "minimal:enable_fonts", "DISPLAY": ":0"}, False),
        ({"QT_QPA_PLATFORM": "vnc:port=5901"}, True),
        ({"QT_QPA_PLATFORM": "xcb"}, False),
        ({}, False),
    ],
)
@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="There is always a screen there.")
def test_a_screen_is_known_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: bool
) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert has_screen() is expected


def test_the_tour_labels_exports_and_says_what_it_did(
    qapp: QApplication, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert qapp is application()
    if has_screen():
        pytest.skip("The tour is for machines without a screen.")
    assert demonstrate(tmp_path) == 0
    said = capsys.readouterr().out
    assert "spans equal the text they point at" in said
    assert list(tmp_path.glob("*.png"))
    with Store.open(tmp_path / "sample.annot", readonly=True) as store:
        assert check_texts(store) > 0
        assert store.faults() == []


@pytest.mark.slow
def test_the_demo_runs_as_a_program_of_its_own(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "annotator", "demo", str(tmp_path)]
    done = subprocess.run(
        command, capture_output=True, cwd=ROOT, env=environment, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Labelled" in done.stdout
    assert "Traceback" not in done.stderr
