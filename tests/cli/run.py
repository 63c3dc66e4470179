"""The command line as a test calls it.

In this process with faces that only note what they were asked, or as a program of its own.
"""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pytest

from annotator.cli import Faces, run
from tests.processes import unmeasured

ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Ran:
    """What a call gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        """The one JSON value on standard output."""
        value = orjson.loads(self.out)
        assert isinstance(value, dict)
        return value

    @property
    def rows(self) -> list[dict[str, object]]:
        """The list of objects on standard output."""
        value = orjson.loads(self.out)
        assert isinstance(value, list)
        return value


@dataclass(slots=True)
class Caller:
    """Calls the command line and notes which windows and tours it asks for."""

    capsys: pytest.CaptureFixture[str]
    windows: list[Path | None] = field(default_factory=list)
    tours: list[Path | None] = field(default_factory=list)

    def __call__(self, *arguments: str | Path) -> Ran:
        """Run the command line in this process."""
        self.capsys.readouterr()
        faces = Faces(self._window, self._tour)
        code = run(faces, [str(argument) for argument in arguments], {"ANNOTATOR_LANGUAGE": "en"})
        out, err = self.capsys.readouterr()
        return Ran(code, out, err)

    def _window(self, project: Path | None) -> int:
        self.windows.append(project)
        return 0

    def _tour(self, folder: Path | None) -> int:
        self.tours.append(folder)
        return 0


def program(
    *arguments: str | Path | bytes, before: str = "", user: int | None = None, **environment: str
) -> Ran:
    """Run `python -m annotator` in a process of its own; `before` is Python to run in it first."""
    start = (
        f"import sys, runpy\n{before}\nsys.argv[0] = 'annotator'\nrunpy.run_module('annotator',"
        " run_name='__main__')"
    )
    command: list[str | Path | bytes] = (
        [sys.executable, "-c", start] if before else [sys.executable, "-m", "annotator"]
    )
    known = {
        **(unmeasured() if before else os.environ),
        "ANNOTATOR_LANGUAGE": "en",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        **environment,
    }
    done = subprocess.run(
        [*command, *arguments],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=known,
        user=user,
        timeout=300,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
