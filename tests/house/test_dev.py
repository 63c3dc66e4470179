"""`dev.py` makes what it needs once, and says what it cannot do itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dev


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what a `dev.py` has made, in order: its folder is empty, and it installs nothing."""
    done: list[str] = []

    def make_venv() -> None:
        done.append("venv")
        shutil.rmtree(tmp_path / ".venv", ignore_errors=True)
        (tmp_path / ".venv").mkdir()
        (tmp_path / ".venv/python").touch()

    for name in ("run", "test"):
        (tmp_path / name).write_text(f"what {name} needs", encoding="utf-8")
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "PYTHON", tmp_path / ".venv/python")
    monkeypatch.setattr(dev, "REQUIREMENTS", {name: tmp_path / name for name in ("run", "test")})
    monkeypatch.setattr(dev, "make_venv", make_venv)
    monkeypatch.setattr(dev, "install", lambda requirements: done.append(requirements.name))
    return done


def test_its_help_has_a_line_for_each_way_to_call_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["--help"]) == 0
    lines = capsys.readouterr().err.splitlines()
    calls = [line.split("  ")[0] for line in lines if line.startswith("python3 ")]
    assert calls == [
        "python3 dev.py run",
        "python3 dev.py run ARGUMENTS",
        "python3 dev.py test",
        "python3 dev.py test --quick",
        "python3 dev.py test ARGUMENTS",
    ]


def test_the_environment_is_made_once(made: list[str]) -> None:
    dev.make_environment("run")
    dev.make_environment("run")
    assert made == ["venv", "run"]


def test_what_the_checks_need_is_enough_to_run(made: list[str]) -> None:
    dev.make_environment("test")
    dev.make_environment("run")
    assert made == ["venv", "test"]


def test_what_the_program_needs_is_not_enough_for_the_checks(made: list[str]) -> None:
    dev.make_environment("run")
    dev.make_environment("test")
    assert made == ["venv", "run", "test"]


def test_changed_requirements_are_installed_into_the_same_environment(made: list[str]) -> None:
    dev.make_environment("run")
    dev.REQUIREMENTS["run"].write_text("more", encoding="utf-8")
    dev.make_environment("run")
    assert made == ["venv", "run", "run"]


def test_an_interrupted_installation_starts_over(
    made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(requirements: Path) -> None:
        raise KeyboardInterrupt

    dev.make_environment("run")
    with monkeypatch.context() as patch:
        patch.setattr(dev, "install", broken_off)
        with pytest.raises(KeyboardInterrupt):
            dev.make_environment("test")
    dev.make_environment("test")
    assert made == ["venv", "run", "venv", "test"]


def test_another_python_makes_its_own_environment(
    made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dev.make_environment("run")
    monkeypatch.setattr(sys, "version", "another")
    dev.make_environment("run")
    assert made == ["venv", "run", "venv", "run"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="There is no root here.")
def test_who_is_not_root_is_told_the_line_that_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: name)
    with pytest.raises(
        dev.SetupError, match="sudo apt-get install --yes --no-install-recommends libgl1"
    ):
        dev.install_packages(("libgl1",), "Qt lacks a library.")


def test_where_there_is_no_apt_the_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(dev.SetupError, match="libgl1"):
        dev.install_packages(("libgl1",), "Qt lacks a library.")


def test_one_failed_step_fails_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.report([("lint", True, 1.0), ("types", False, 2.0)]) == 1
    assert "steps: 1 passed, 1 failed" in capsys.readouterr().err
    assert dev.report([("lint", True, 1.0)]) == 0


def test_a_wrong_command_is_wrong_usage() -> None:
    child = subprocess.run(
        [sys.executable, str(dev.ROOT / "dev.py"), "walk"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 2
    assert "dev.py test" in child.stderr
