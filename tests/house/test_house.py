"""The project keeps the house's rules, and each rule bites."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator

import pytest

from tests.house import rules
from tests.house.rules import ROOT, Source

Rule = Callable[[Source], Iterator[str]]
PLANTED: list[tuple[Rule, str, str]] = [
    (rules.names, "annotator/ui/utils.py", ""),
    (rules.names, "annotator/text/_helpers.py", ""),
    (rules.names, "annotator/a.py", "class SpanManager: ..."),
    (rules.names, "annotator/a.py", "class BaseFormat: ..."),
    (rules.names, "annotator/a.py", "class _AbstractFormat: ..."),
    (rules.names, "annotator/a.py", "def get_span() -> None: ..."),
    (rules.names, "annotator/a.py", "class A:\n    def _handle_key(self) -> None: ..."),
    (rules.controls, "annotator/a.py", "x = 'a\u200fb'"),
    (rules.controls, "README.md", "a\u2067b"),
    (rules.excepts, "annotator/store/a.py", "try:\n    x = 1\nexcept Exception:\n    pass"),
    (
        rules.excepts,
        "annotator/store/a.py",
        "try:\n    x = 1\nexcept (OSError, BaseException):\n    raise ValueError",
    ),
    (rules.excepts, "tests/a.py", "try:\n    x = 1\nexcept:\n    pass"),
    (rules.assertions, "tests/test_a.py", "def test_it_starts() -> None:\n    start()"),
    (rules.machine, "README.md", "Open /" + "home/somebody/project.annot"),
    (rules.machine, "annotator/a.py", "DATA = '/" + "work/shared'"),
    (rules.docstrings, "annotator/a.py", "x = 1"),
    (rules.sql, "annotator/jobs.py", "QUERY = 'SELECT id FROM spans'"),
    (rules.sql, "annotator/ui/a.py", "f'DELETE FROM {table}'"),
    (rules.late_imports, "annotator/a.py", "def f() -> None:\n    import numpy"),
    (
        rules.late_imports,
        "annotator/cli/files.py",
        "def f() -> None:\n    from annotator.cli import a",
    ),
    (rules.exemptions, "annotator/a.py", "x = 1  # " + "noqa"),
    (rules.exemptions, "annotator/a.py", "x = 1  # " + "noqa: F401"),
    (rules.exemptions, "annotator/a.py", "x = 1  # " + "type: ignore[arg-type]"),
]
HARMLESS: list[tuple[Rule, str, str]] = [
    (rules.names, "annotator/a.py", "def handle_of(span: int) -> None: ..."),
    (
        rules.names,
        "annotator/formats/_api.py",
        "class Basement:\n    def target(self) -> None: ...",
    ),
    (rules.controls, "annotator/a.py", r"x = 'a\u200fb'"),
    (rules.excepts, "annotator/cli/__init__.py", "try:\n    x = 1\nexcept Exception:\n    pass"),
    (rules.excepts, "annotator/a.py", "try:\n    x = 1\nexcept OSError:\n    pass"),
    (
        rules.excepts,
        "annotator/a.py",
        "try:\n    x = 1\nexcept BaseException:\n    tidy()\n    raise",
    ),
    (
        rules.assertions,
        "tests/test_a.py",
        "def test_it_refuses() -> None:\n    with pytest.raises(ValueError):\n        start()",
    ),
    (rules.machine, "annotator/a.py", "ADDRESS = 'https://example.org/home/page'"),
    (rules.sql, "annotator/store/a.py", "QUERY = 'SELECT id FROM spans'"),
    (rules.sql, "annotator/ui/a.py", "TITLE = 'Select all from here'"),
    (rules.late_imports, "annotator/model/schema_files.py", "def f() -> None:\n    import tomllib"),
    (rules.exemptions, "annotator/a.py", "x = 1  # " + "noqa: F401 - the module registers itself"),
    (
        rules.exemptions,
        "annotator/a.py",
        "# The stubs do not know it.\nx = 1  # " + "type: ignore[arg-type]",
    ),
]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(rule: Rule) -> None:
    complaints = [complaint for source in rules.sources() for complaint in rule(source)]
    assert not complaints, "\n".join([str(rule.__doc__), *complaints])


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED)
def test_a_planted_violation_is_found(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(path, text)))


@pytest.mark.parametrize(("rule", "path", "text"), HARMLESS)
def test_what_only_looks_like_a_violation_passes(rule: Rule, path: str, text: str) -> None:
    assert not list(rule(Source(path, text)))


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(rules.RULES)


def test_the_rules_see_the_whole_project() -> None:
    seen = {source.path for source in rules.sources()}
    assert {
        "annotator/model/annotation.py",
        "tests/house/rules.py",
        "dev.py",
        "pyproject.toml",
        ".ci/run",
        "requirements.txt",
    } <= seen
    assert not [path for path in seen if ".venv" in path]


def _pins(name: str) -> dict[str, str]:
    """Return what a requirements file pins.

    The line with name, version and marker, and the hashes below it.
    """
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {line.split("==")[0]: " ".join(line.split()) for line in lines}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pins_and_hashes_alone(name: str) -> None:
    strange = [
        line
        for line in _pins(name).values()
        if not re.fullmatch(r"[\w.-]+==[\w.]+( ; [^/@]+?)?( --hash=sha256:[0-9a-f]{64})+", line)
    ]
    assert not strange
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_what_the_checks_install_contains_what_the_program_needs() -> None:
    assert _pins("requirements.txt").items() <= _pins("requirements-dev.txt").items()


def test_every_declared_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[<>=!; \[]", requirement)[0].lower() for requirement in wanted}
    assert names <= _pins("requirements-dev.txt").keys()


def test_an_old_python_can_read_dev_py_as_far_as_its_own_message() -> None:
    source = (ROOT / "dev.py").read_text(encoding="utf-8")
    head = source[: source.index("ROOT =")]
    assert "sys.exit(" in head
    assert ast.parse(source, feature_version=(3, 6)).body


def test_the_list_of_late_imports_names_only_what_is_imported_late() -> None:
    for path, names in rules.LATE_IMPORTS.items():
        bare = Source(path, (ROOT / path).read_text(encoding="utf-8"))
        imported = {
            name
            for node in bare.nodes
            if isinstance(node, rules.Function)
            for inner in ast.walk(node)
            for name in rules._imported(inner)
        }
        assert imported == names, path
