"""The house's rules that no linter knows.

Each is a function from one source file to complaints about it.

A *complaint* is one line, `path:line: what is wrong`. The rules see text and syntax alone and
import nothing of the program.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOORS = (
    "annotator/cli/__init__.py",
    "annotator/ui/runtime/worker.py",
    "annotator/ui/runtime/slot_guard.py",
)

# What is imported inside a function, and why: everything else is imported at the top. Each of these
# is loaded late because the first picture of the window, or each call of the command line, would
# wait for it (tests/ui/test_start_is_light.py holds it).
LATE_IMPORTS: dict[str, set[str]] = {
    "annotator/__main__.py": {
        "annotator.cli",
        "annotator.ui.app",
        "annotator.ui.demo",
        "annotator.ui.runtime.import_hook",
    },
    "annotator/cli/console.py": {"annotator.text.terminal_bidi"},
    "annotator/cli/files.py": {"annotator.cli.training"},
    "annotator/formats/_shared/decode.py": {"charset_normalizer"},
    "annotator/model/schema_files.py": {"tomllib"},
    "annotator/store/project.py": {
        "annotator.store.events",
        "annotator.store.exchange.distribution",
        "annotator.store.exchange.working_copy",
        "annotator.store.file",
    },
    "annotator/text/segmentation.py": {"regex"},
    "annotator/ui/panels/document_list.py": {"annotator.text.folding"},
    "annotator/ui/window/lazy_panels.py": {
        "annotator.ui.panels.empty",
        "annotator.ui.window.find_bar",
        "annotator.ui.window.reading_pane",
    },
    "annotator/ui/window/main_window.py": {
        "annotator.ui.dialogs.sheets",
        "annotator.ui.panels.start",
    },
}

_TEXT_SUFFIXES = {".py", ".toml", ".md", ".txt", ".sh", ".yml", ".yaml", ".cfg", ".ini"}
_LEFT_BY_TOOLS = {"build", "dist", "__pycache__", "node_modules"}
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MACHINE = re.compile(r"(?<![\w.])/(?:root|home|Users|work)/")
_SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX)|PRAGMA\s+\w)",
    re.DOTALL,
)
_MODULES = {"utils", "util", "helpers", "helper", "common", "misc"}
_CLASSES = re.compile(r"^_*((Base|Abstract)([A-Z]|$)|\w*Manager$)")
_FUNCTIONS = re.compile(r"^_*(get|do|handle)_(?!of$)")
_EXEMPTION = re.compile(r"#\s*(noqa\b|type:\s*ignore)")
_WITH_REASON = re.compile(r"#\s*(noqa: [A-Z0-9, ]+|type: ignore\[[\w, -]+\])\s*[#–—-]\s*\w+")
_CHECKS = re.compile(r"^_*(raises|warns|fail|assert|check|expect|wait)")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file as the rules see it: its path below the root, in POSIX form, and its text."""

    path: str
    text: str

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of its syntax; none when it is not Python."""
        return list(ast.walk(ast.parse(self.text))) if self.path.endswith(".py") else []

    @property
    def is_test(self) -> bool:
        """Return whether it belongs to the tests."""
        return self.path.startswith("tests/")

    def at(self, line: int, what: str) -> str:
        """Return a complaint about a line."""
        return f"{self.path}:{line}: {what}"


def sources(root: Path = ROOT) -> Iterator[Source]:
    """Yield the files that people write: what begins with a dot is the tools', but for `.ci`."""
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        hidden = any(
            part.startswith(".") and part != ".ci" for part in parts
        ) or not _LEFT_BY_TOOLS.isdisjoint(parts)
        if not hidden and path.is_file() and (path.suffix in _TEXT_SUFFIXES or parts[0] == ".ci"):
            yield Source("/".join(parts), path.read_text(encoding="utf-8"))


def names(source: Source) -> Iterator[str]:
    """A name says what the thing is.

    No drawers for anything, no managers, no get_, do_, handle_.
    """
    if not _MODULES.isdisjoint(
        part.removesuffix(".py").strip("_") for part in source.path.split("/")
    ):
        yield source.at(1, "a module is named for what it holds")
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and _CLASSES.match(node.name):
            yield source.at(
                node.lineno,
                f"{node.name} is named for what it is to the program, not to the language",
            )
        if isinstance(node, Function) and _FUNCTIONS.match(node.name):
            yield source.at(node.lineno, f"{node.name} says what it returns or changes")


def controls(source: Source) -> Iterator[str]:
    """Bidi controls stand as escapes, so that a line reads as it runs."""
    for number, line in enumerate(source.text.split("\n"), 1):
        if _CONTROLS.search(line):
            yield source.at(number, "a bidi control stands raw; write it as an escape")


def excepts(source: Source) -> Iterator[str]:
    """Everything is caught at three doors only; elsewhere a block may tidy up and raise again."""
    if source.path in DOORS:
        return
    for node in source.nodes:
        if (
            isinstance(node, ast.ExceptHandler)
            and _is_broad(node.type)
            and not _raises_again(node.body[-1])
        ):
            yield source.at(
                node.lineno, "catch what you expect; everything is caught at three doors only"
            )


def _is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_is_broad(item) for item in caught.elts)
    return caught is None or (
        isinstance(caught, ast.Name) and caught.id in ("Exception", "BaseException")
    )


def _raises_again(last: ast.stmt) -> bool:
    return isinstance(last, ast.Raise) and last.exc is None


def assertions(source: Source) -> Iterator[str]:
    """A test can fail: it asserts, or calls what does (raises, check…, expect…, wait…)."""
    if not source.is_test:
        return
    for node in source.nodes:
        if (
            isinstance(node, Function)
            and node.name.startswith("test")
            and not any(_can_fail(inner) for inner in ast.walk(node))
        ):
            yield source.at(node.lineno, f"{node.name} asserts nothing")


def _can_fail(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        return bool(_CHECKS.match(name))
    return isinstance(node, ast.Assert)


def machine(source: Source) -> Iterator[str]:
    """No path of somebody's machine is in the project."""
    for number, line in enumerate(source.text.split("\n"), 1):
        if _MACHINE.search(line):
            yield source.at(number, "a path of one machine")


def docstrings(source: Source) -> Iterator[str]:
    """A module says in its first line what it holds."""
    if (
        source.path.endswith(".py")
        and not source.is_test
        and source.text.strip()
        and ast.get_docstring(ast.parse(source.text)) is None
    ):
        yield source.at(1, "the module has no docstring")


def sql(source: Source) -> Iterator[str]:
    """SQL is written in the store alone."""
    if not source.path.startswith("annotator/") or source.path.startswith("annotator/store/"):
        return
    for node in source.nodes:
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and _SQL.search(node.value)
        ):
            yield source.at(node.lineno, "SQL stands in annotator/store alone")


def late_imports(source: Source) -> Iterator[str]:
    """A module is imported at the top, or late by the one list that says which."""
    if not source.path.startswith("annotator/"):
        return
    listed = LATE_IMPORTS.get(source.path, set())
    for node in source.nodes:
        if not isinstance(node, Function):
            continue
        for inner in ast.walk(node):
            for name in _imported(inner):
                if name not in listed:
                    yield source.at(node.lineno, f"{name} is imported inside a function")


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def exemptions(source: Source) -> Iterator[str]:
    """A rule is set aside for one line only, by its code, with the reason on it or above."""
    lines = source.text.split("\n") if source.path.endswith(".py") else []
    for number, (above, line) in enumerate(zip(["", *lines], lines, strict=False), 1):
        given = above.lstrip().startswith("#") and re.search(r"noqa: [A-Z]|ignore\[", line)
        if _EXEMPTION.search(line) and not _WITH_REASON.search(line) and not given:
            yield source.at(number, "an exemption names its code and gives its reason")


RULES: tuple[Callable[[Source], Iterator[str]], ...] = (
    *(names, controls, excepts, assertions),
    *(machine, docstrings, sql, late_imports, exemptions),
)
