"""How dense the code is: `python -m tools.figures` prints the table, `--lower` records what fell.

A *token* is what Python's tokenizer yields, without comments, docstrings and line ends. A *code
line* is one that holds a token. The figures are a compass for the reader's ease, and a ratchet:
`CEILINGS` holds what the project reached, and a house test fails when a figure rises above it.
"""

import argparse
import ast
import io
import json
import statistics
import sys
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CEILINGS = ROOT / "tests" / "house" / "ceilings.json"
FUNCTION_TOKENS, FILE_LINES = 250, 500
_MEASURED = ("annotator", "tools")
_NOT_CODE = {
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.COMMENT,
    tokenize.ENDMARKER,
}
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

Place = tuple[int, int]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Figures:
    """What was counted; `functions` are (tokens, place), `long_files` (lines, path)."""

    lines: int = 0
    code_lines: int = 0
    tokens: int = 0
    comments: int = 0
    comprehensions: int = 0
    ternaries: int = 0
    functions: list[tuple[int, str]] = field(default_factory=list)
    long_files: list[tuple[int, str]] = field(default_factory=list)

    def table(self) -> dict[str, float]:
        """Return the figures that are shown and held, by name."""
        sizes = sorted(tokens for tokens, _place in self.functions)
        return {
            "tokens in a function, median": statistics.median(sizes),
            "tokens in a function, 99th percentile": sizes[int(len(sizes) * 0.99)],
            "functions over 250 tokens": len(self.long_functions()),
            "files over 500 lines": len(self.long_files),
            "comprehensions per 100 code lines": self._per_100(self.comprehensions),
            "ternaries per 100 code lines": self._per_100(self.ternaries),
        }

    def long_functions(self) -> list[tuple[int, str]]:
        """Return the functions above the limit, the longest first."""
        longest_first = sorted(self.functions, reverse=True)
        return [entry for entry in longest_first if entry[0] > FUNCTION_TOKENS]

    def add(self, path: str, text: str) -> None:
        """Count one file."""
        tree = ast.parse(text)
        docstrings = set(_docstring_places(tree))
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
        places = _code_places(tokens, docstrings)
        lines = text.count("\n")
        self.lines += lines
        self.code_lines += len({line for line, _column in places})
        self.tokens += len(places)
        self.comments += sum(token.type == tokenize.COMMENT for token in tokens)
        if lines > FILE_LINES:
            self.long_files.append((lines, path))
        for node in ast.walk(tree):
            self.comprehensions += isinstance(node, _COMPREHENSIONS)
            self.ternaries += isinstance(node, ast.IfExp)
            if isinstance(node, Function):
                size = _tokens_within(node, places)
                self.functions.append((size, f"{path}:{node.lineno} {node.name}"))

    def _per_100(self, count: int) -> float:
        return round(100 * count / self.code_lines, 2)


def _docstring_places(tree: ast.AST) -> Iterator[Place]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        for statement in body:
            value = getattr(statement, "value", None)
            is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
            if isinstance(statement, ast.Expr) and is_text:
                yield statement.lineno, statement.col_offset


def _code_places(tokens: Iterable[tokenize.TokenInfo], docstrings: set[Place]) -> list[Place]:
    places = []
    depth = (
        0  # in f-strings, which Python yields in pieces since 3.12, and which count as one token
    )
    for token in tokens:
        name = tokenize.tok_name[token.type]
        is_counted = token.type not in _NOT_CODE and token.start not in docstrings
        if is_counted and not depth:
            places.append(token.start)
        depth += (name == "FSTRING_START") - (name == "FSTRING_END")
    return places


def _tokens_within(node: Function, places: list[Place]) -> int:
    begin = (node.lineno, node.col_offset)
    end = (node.end_lineno or node.lineno, node.end_col_offset or 0)
    return sum(begin <= place < end for place in places)


def measured(root: Path = ROOT) -> Figures:
    """Count all files of the program and its tools."""
    figures = Figures()
    for folder in _MEASURED:
        for path in sorted((root / folder).rglob("*.py")):
            figures.add(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    return figures


def main() -> int:
    """Print the table, and with `--lower` record the figures that fell."""
    parser = argparse.ArgumentParser(description="How dense the code is.")
    parser.add_argument("--lower", action="store_true", help="record the figures that fell")
    parser.add_argument("--long", action="store_true", help="list what is above a limit")
    chosen = parser.parse_args()
    figures = measured()
    ceilings: dict[str, float] = json.loads(CEILINGS.read_text(encoding="utf-8"))
    for name, value in figures.table().items():
        sys.stdout.write(f"{name:40} {value:8g}   ceiling {ceilings.get(name, value):g}\n")
    # Not held: joining a line that was broken raises the first without making anything worse.
    sys.stdout.write(f"{'tokens a code line':40} {figures.tokens / figures.code_lines:8.3g}\n")
    comments = 100 * figures.comments / figures.lines
    sys.stdout.write(f"{'comment lines, %':40} {comments:8.2g}\n")
    if chosen.long:
        for count, place in [*figures.long_functions(), *sorted(figures.long_files)]:
            sys.stdout.write(f"{count:6} {place}\n")
    if chosen.lower:
        lowered = {}
        for name, value in figures.table().items():
            lowered[name] = min(value, ceilings.get(name, value))
        CEILINGS.write_text(json.dumps(lowered, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
