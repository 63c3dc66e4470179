"""Faults that are planted: a weak test lets one survive, a strong one does not."""

from pathlib import Path

import pytest

from tools import mutants
from tools.faults import faults_in

SOURCE = '''"""Ages."""


def is_of_age(years: int) -> bool:
    """Return whether years are enough."""
    return years >= 18
'''
WEAK = """from annotator.ages import is_of_age


def test_of_age() -> None:
    assert is_of_age(40)
"""
STRONG = """from annotator.ages import is_of_age


def test_of_age() -> None:
    assert [is_of_age(years) for years in (17, 18)] == [False, True]
"""


def _project(folder: Path, test: str) -> Path:
    """Make a program of one area with one test."""
    for name, text in (
        ("annotator/__init__.py", ""),
        ("annotator/ages/__init__.py", SOURCE),
        ("tests/ages/test_ages.py", test),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def _ended(root: Path, before: str) -> list[int]:
    """Return how the tests end on the fault in the place of this."""
    faults = [fault for fault in mutants.sampled(root, "ages", 99, 0) if fault.before == before]
    bench = mutants.Bench(root, root.parent / "bench")
    return [code for _fault, code in bench.tried("ages", faults)]


def _planted(text: str) -> list[str]:
    return [fault.planted(text) for fault in faults_in("annotator/a.py", text)]


@pytest.mark.slow
def test_a_weak_test_lets_faults_survive_and_they_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = _project(tmp_path, WEAK)
    assert mutants.main(["--area", "ages"], root) == 1
    shown = capsys.readouterr().out
    assert "annotator/ages/__init__.py:6: >= → >   | return years >= 18" in shown
    assert "ages             3 of   4 survive    75%" in shown
    assert (root / "annotator/ages/__init__.py").read_text(encoding="utf-8") == SOURCE


@pytest.mark.slow
def test_a_strong_test_notices_the_fault(tmp_path: Path) -> None:
    root = _project(tmp_path / "project", STRONG)
    assert _ended(root, ">=") == [1]


@pytest.mark.slow
def test_a_run_without_end_counts_as_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutants, "_LEAST_SECONDS", 0.1)
    monkeypatch.setattr(mutants, "_TIMES_LONGER", 1.5)
    root = _project(tmp_path / "project", WEAK)
    endless = SOURCE.replace("    return", "    while True:\n        break\n    return")
    (root / "annotator/ages/__init__.py").write_text(endless, encoding="utf-8")
    assert 0 not in _ended(root, "break")


@pytest.mark.slow
def test_tests_that_fail_by_themselves_tell_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mutants.main([], _project(tmp_path, "def test_no() -> None:\n    assert False\n")) == 2
    assert "they fail without a fault" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("a < b", ["a <= b"]),
        ("a not in b", ["a in b"]),
        ("a is not b", ["a is b"]),
        ("a and b", ["a or b"]),
        ("not (a)", ["(a)"]),
        ("x = [not a]", ["x = [a]"]),
        ("x = 2", ["x = 1", "x = 3"]),
        ("x = 'я' + y", ["x = 'я' - y"]),
        ("x = True", ["x = False"]),
        ("x = 0.5", ["x = 0.75"]),
        ("x.y = z", ["pass"]),
        ("x(y)", ["pass"]),
        ("def f() -> int:\n    return x", ["def f() -> int:\n    return 0"]),
        ("def f() -> bool:\n    return x", ["def f() -> bool:\n    return not (x)"]),
        ("def f() -> str | None:\n    return x", ["def f() -> str | None:\n    return None"]),
    ],
)
def test_a_small_fault_is_one_change_of_the_text(text: str, faults: list[str]) -> None:
    assert sorted(_planted(text)) == sorted(faults)


@pytest.mark.parametrize(
    "text",
    [
        "'''Only 2 words.'''",
        "x: Literal[1]",
        "x = _('not 1')",
        "__all__ = ['a' + 'b']",
        "@dataclass(frozen=True)\nclass A: ...",
        "if TYPE_CHECKING:\n    x(y)",
        "x = zip(a, b, strict=True)",
    ],
)
def test_what_no_test_could_notice_is_left_alone(text: str) -> None:
    assert _planted(text) == []


def test_the_same_seed_draws_the_same_faults() -> None:
    drawn = [mutants.sampled(mutants.ROOT, "compare", 5, seed) for seed in (1, 1, 2)]
    assert len(drawn[0]) == 5
    assert drawn[0] == drawn[1] != drawn[2]


def test_every_area_with_tests_is_tried() -> None:
    assert {"agreement", "compare", "formats", "ui"} <= set(mutants.areas())
