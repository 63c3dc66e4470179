"""The layers hold, and each contract breaks when its violation is planted."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.rules import ROOT

# Contract → the file that breaks it and what it imports.
PLANTED = {
    "layers": ("annotator/model/annotation.py", "import annotator.compare"),
    "qt": ("annotator/formats/planted.py", "from PySide6 import QtCore"),
    "sql": ("annotator/text/planted.py", "import sqlite3"),
    "circles": ("annotator/formats/_shared/decode.py", "import annotator.formats._sandbox.host"),
    "store": ("annotator/store/tables/queries.py", "import annotator.store.events.step"),
    "ui": ("annotator/ui/panels/outline.py", "import annotator.ui.dialogs.palette"),
    "strangers": ("annotator/formats/planted.py", "import annotator.formats.stranger"),
}
BROKEN = re.compile(r"^(.*) BROKEN(?: \(.*\))?$", re.MULTILINE)


def _contracts() -> dict[str, str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {
        contract["id"]: contract["name"]
        for contract in settings["tool"]["importlinter"]["contracts"]
    }


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the package and its settings that a test may spoil."""
    shutil.copytree(
        ROOT / "annotator", tmp_path / "annotator", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _broken(folder: Path) -> set[str]:
    """Return the names of the contracts that a tree breaks."""
    lint = "from importlinter.cli import lint_imports_command as lint; lint()"
    command = [sys.executable, "-P", "-c", lint, "--no-cache", "--no-logo"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
    }  # our own kind of contract; the package is the folder's
    child = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    broken = set(BROKEN.findall(child.stdout))
    assert (child.returncode == 0) == (not broken), child.stdout + child.stderr
    return broken


def test_the_tree_keeps_every_contract(copy: Path) -> None:
    assert _broken(copy) == set()


def test_every_contract_has_a_planted_violation() -> None:
    assert _contracts().keys() == PLANTED.keys()


@pytest.mark.parametrize("contract", PLANTED)
def test_a_planted_import_breaks_its_contract(contract: str, copy: Path) -> None:
    place, line = PLANTED[contract]
    (copy / "annotator/formats/stranger.py").write_text('"""A format."""\n', encoding="utf-8")
    path = copy / place
    text = path.read_text(encoding="utf-8") if path.exists() else '"""Planted."""\n'
    path.write_text(f"{text}\n{line}\n", encoding="utf-8")
    assert _contracts()[contract] in _broken(copy)


def test_a_shared_module_that_knows_a_format_breaks_its_contract(copy: Path) -> None:
    (copy / "annotator/formats/stranger.py").write_text('"""A format."""\n', encoding="utf-8")
    (copy / "annotator/formats/_planted.py").write_text(
        "import annotator.formats.stranger\n", encoding="utf-8"
    )
    assert _contracts()["strangers"] in _broken(copy)


def test_a_format_may_import_what_formats_share(copy: Path) -> None:
    (copy / "annotator/formats/planted.py").write_text(
        "import annotator.formats._api\n", encoding="utf-8"
    )
    assert _contracts()["strangers"] not in _broken(copy)


def test_a_module_without_a_row_breaks_the_layers(copy: Path) -> None:
    (copy / "annotator/nowhere.py").write_text(
        '"""A module that no row names."""\n', encoding="utf-8"
    )
    assert _contracts()["layers"] in _broken(copy)
