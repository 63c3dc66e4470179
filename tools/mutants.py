"""Whether the tests would notice a fault: `python -m tools.mutants --area agreement --count 20`.

Small faults (see `tools.faults`) are planted one at a time in a copy of the project, and the tests
of the area run on it: those of the file by its name first, then all of `tests/AREA`. What fails no
test is a *survivor*; some survivors are the same program in other words, so the share is a compass.
The exit code is 1 when more than one in ten survive.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tools.faults import Fault, faults_in

ROOT = Path(__file__).resolve().parents[1]
COUNT, MOST_SURVIVE = 20, 0.1
_COPIED = ("annotator", "tests", "tools", "resources", "datasets")
_COPIED_FILES = ("pyproject.toml", "dev.py", "README.md", "CHANGELOG.md")
_PASSED, _NO_TESTS, _TOOK_TOO_LONG = 0, 5, 124
# A machine that is busy with other work must not be taken for a fault that never ends.
_LEAST_SECONDS, _TIMES_LONGER = 30.0, 4
_OPTIONS = ("-x", "-q", "--tb=no", "--no-header", "-m", "not slow and not screen")


@dataclass
class Score:
    """What became of the faults of one area."""

    area: str
    planted: int = 0
    took_too_long: int = 0
    survivors: list[Fault] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of faults that no test noticed."""
        return len(self.survivors) / self.planted if self.planted else 0.0

    def add(self, fault: Fault, code: int) -> None:
        """Count a fault by how the tests ended on it."""
        self.planted += 1
        self.took_too_long += code == _TOOK_TOO_LONG
        if code == _PASSED:
            self.survivors.append(fault)

    def __str__(self) -> str:
        count = len(self.survivors)
        told = f"{self.area:14} {count:3} of {self.planted:3} survive {self.share:6.0%}"
        if self.took_too_long:
            told += f"   ({self.took_too_long} took too long)"
        return told


class UntestableError(Exception):
    """The tests of an area cannot tell anything: they fail by themselves, or there are none."""


def areas(root: Path = ROOT) -> list[str]:
    """Return the names of the program's packages that have tests of their own."""
    packages = (file.parent.name for file in (root / "annotator").glob("*/__init__.py"))
    return sorted(name for name in packages if (root / "tests" / name).is_dir())


def sampled(root: Path, area: str, count: int, seed: int) -> list[Fault]:
    """Return faults of an area, drawn at random, the same ones for the same seed."""
    faults: list[Fault] = []
    for path in sorted((root / "annotator" / area).rglob("*.py")):
        name = path.relative_to(root).as_posix()
        faults += faults_in(name, path.read_text(encoding="utf-8"))
    # Nothing secret is drawn.
    drawn = random.Random(f"{seed} {area}").sample(faults, min(count, len(faults)))  # noqa: S311
    return sorted(drawn, key=lambda fault: (fault.path, fault.start))


class Bench:
    """A copy of the project in which faults are planted; the project itself is never changed."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._root = folder
        self._options: tuple[str, ...] = _OPTIONS
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        for name in _COPIED:
            if (root / name).is_dir():
                shutil.copytree(root / name, folder / name, ignore=ignored)
        for name in _COPIED_FILES:
            if (root / name).is_file():
                shutil.copy2(root / name, folder / name)
        self._environment = {"PYTHONPATH": str(folder)}
        for name, value in os.environ.items():
            if name != "PYTHONPATH" and not name.startswith("COVERAGE_"):
                self._environment[name] = value
        self._environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        beside = root.parent / "shared" / "data"
        self._environment.setdefault("ANNOTATOR_SHARED_DATA", str(beside))

    def tried(self, area: str, faults: Sequence[Fault]) -> Iterator[tuple[Fault, int]]:
        """Walk over faults with how the area's tests end on each; 0 is a survivor."""
        whole = f"tests/{area}"
        start = time.monotonic()
        code = self._run(whole, None)
        if code != _PASSED:
            why = "there are none" if code == _NO_TESTS else "they fail without a fault"
            raise UntestableError(f"The tests of {area} tell nothing: {why}.")
        # No one test may take longer than all of them did: that ends most faults without end soon.
        slowest = max(_LEAST_SECONDS, time.monotonic() - start)
        self._options = (*_OPTIONS, f"--timeout={slowest}")
        limit = _TIMES_LONGER * slowest
        # What Python compiled in that run stays valid for all files but the one with the fault.
        self._environment["PYTHONDONTWRITEBYTECODE"] = "1"
        for fault in faults:
            with self._planted(fault):
                own = self._tests_of(fault.path)
                code = self._run(own, limit) if own else _PASSED
                if code == _PASSED:
                    code = self._run(whole, limit)
            yield fault, code

    def _tests_of(self, path: str) -> str | None:
        """Return the tests that have a file's name, the quickest to notice a fault in it."""
        within = Path(path).relative_to("annotator")
        tests = Path("tests") / within.parent / f"test_{within.name.lstrip('_')}"
        return tests.as_posix() if (self._root / tests).is_file() else None

    @contextmanager
    def _planted(self, fault: Fault) -> Iterator[None]:
        path = self._root / fault.path
        text, stat = path.read_text(encoding="utf-8"), path.stat()
        path.write_text(fault.planted(text), encoding="utf-8", newline="")
        # Python tells by size and second whether what it compiled is still valid.
        os.utime(path, (stat.st_atime, stat.st_mtime + 100))
        try:
            yield
        finally:
            path.write_text(text, encoding="utf-8", newline="")
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    def _run(self, target: str, limit: float | None) -> int:
        """Run tests; a run that takes longer than the limit has failed."""
        with subprocess.Popen(  # noqa: S603 - our own tests
            [sys.executable, "-m", "pytest", *self._options, target],
            cwd=self._root,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            try:
                return process.wait(limit)
            except subprocess.TimeoutExpired:
                _end(process)
                return _TOOK_TOO_LONG
            except BaseException:
                _end(process)
                raise


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it started, where the system can."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def scores(root: Path, names: Sequence[str], count: int, seed: int) -> Iterator[Score]:
    """Plant faults in each area, and name each survivor as it is found."""
    with tempfile.TemporaryDirectory(prefix="annotator-mutants-") as folder:
        for area in names:
            bench = Bench(root, Path(folder) / area)
            score = Score(area)
            for fault, code in bench.tried(area, sampled(root, area, count, seed)):
                score.add(fault, code)
                if code == _PASSED:
                    sys.stdout.write(f"{fault}\n")
                    sys.stdout.flush()
            yield score


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Print each survivor and the share of each area; 1 when too many survive."""
    parser = argparse.ArgumentParser(description="Whether the tests would notice a fault.")
    parser.add_argument("--area", action="append", choices=areas(root), help="a package; else all")
    parser.add_argument("--count", type=int, default=COUNT, help="faults an area")
    parser.add_argument("--seed", type=int, default=0, help="for the choice of faults")
    chosen = parser.parse_args(arguments)
    is_enough = True
    try:
        for score in scores(root, chosen.area or areas(root), chosen.count, chosen.seed):
            sys.stdout.write(f"{score}\n")
            sys.stdout.flush()
            is_enough = is_enough and score.share <= MOST_SURVIVE
    except UntestableError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0 if is_enough else 1


if __name__ == "__main__":
    sys.exit(main())
