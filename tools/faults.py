"""Small faults that could be in a file: each is one change of its text, found with Python's ast.

Words: a *fault* is a stretch of a file and what would stand there instead. What no test could
notice is left alone: annotations, decorators, messages, docstrings, `__all__`, type-checking
imports, `strict=`.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

Function = ast.FunctionDef | ast.AsyncFunctionDef
_MESSAGES = {"_", "N_", "ngettext"}
_EMPTY = {
    "int": "0",
    "float": "0.0",
    "str": '""',
    "list": "[]",
    "dict": "{}",
    "tuple": "()",
    "set": "set()",
    "frozenset": "frozenset()",
}
_COMPARED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: (r"is\s+not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: (r"not\s+in", "in"),
}
_COUNTED: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: (r"\+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: (r"\*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A change of one stretch of a text; offsets are of its UTF-8 bytes, as ast counts them."""

    path: str
    line: int
    start: int
    end: int
    before: str
    after: str
    context: str = ""
    """The line on which it begins."""

    def planted(self, text: str) -> str:
        """Return the text with the fault in it."""
        data = text.encode()
        return (data[: self.start] + self.after.encode() + data[self.end :]).decode()

    def __str__(self) -> str:
        before = " ".join(self.before.split())
        return f"{self.path}:{self.line}: {before} → {self.after or 'nothing'}   | {self.context}"


def faults_in(path: str, text: str) -> list[Fault]:
    """Return all faults of a file, in its order, that leave it Python."""
    tree = ast.parse(text)
    faults = []
    for fault in _Planter(path, text).of(tree):
        if _is_another(fault.planted(text), tree):
            faults.append(fault)
    return sorted(faults, key=lambda fault: (fault.start, fault.end, fault.after))


def _is_another(text: str, tree: ast.AST) -> bool:
    try:
        return ast.dump(ast.parse(text)) != ast.dump(tree)
    except SyntaxError:
        return False


class _Planter:
    """Walks over a tree and yields what could be wrong at each node."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._data = text.encode()
        self._lines = [0]
        for line in self._data.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._returns: list[ast.expr | None] = []

    def of(self, node: ast.AST) -> Iterator[Fault]:
        """Walk over the faults of a node and of all below it."""
        if _is_left_alone(node):
            return
        plant = self._PLANTS.get(type(node))
        if plant is not None:
            yield from plant(self, node)
        if isinstance(node, Function):
            self._returns.append(node.returns)
        for child in _children(node):
            yield from self.of(child)
        if isinstance(node, Function):
            self._returns.pop()

    def _compared(self, node: ast.Compare) -> Iterator[Fault]:
        operands = [node.left, *node.comparators]
        for number, operator in enumerate(node.ops):
            swap = _COMPARED[type(operator)]
            yield from self._between(operands[number], operands[number + 1], *swap)

    def _joined(self, node: ast.BoolOp) -> Iterator[Fault]:
        swap = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            yield from self._between(left, right, *swap)

    def _counted(self, node: ast.BinOp) -> Iterator[Fault]:
        if type(node.op) in _COUNTED:
            yield from self._between(node.left, node.right, *_COUNTED[type(node.op)])

    def _negated(self, node: ast.UnaryOp) -> Iterator[Fault]:
        if isinstance(node.op, ast.Not):
            start, _end = self._place(node)
            yield self._fault(node, "", start, start + len("not "))

    def _constant(self, node: ast.Constant) -> Iterator[Fault]:
        if isinstance(node.value, bool):
            yield self._fault(node, str(not node.value))
        elif isinstance(node.value, int):
            yield self._fault(node, str(node.value + 1))
            if node.value:
                yield self._fault(node, str(node.value - 1))
        elif isinstance(node.value, float):
            yield self._fault(node, repr(node.value * 1.5 or 0.5))

    def _returned(self, node: ast.Return) -> Iterator[Fault]:
        if node.value is None:
            return
        returns = self._returns[-1] if self._returns else None
        empty = _empty(ast.unparse(returns) if returns is not None else "")
        if isinstance(node.value, ast.Constant) and empty in ("None", "not"):
            return
        if empty == "not":
            yield self._fault(node.value, f"not ({self._text(node.value)})")
        elif self._text(node.value) != empty:
            yield self._fault(node.value, empty)

    def _stated(self, node: ast.stmt) -> Iterator[Fault]:
        yield self._fault(node, "pass")

    def _called(self, node: ast.Expr) -> Iterator[Fault]:
        if isinstance(node.value, ast.Call):
            yield from self._stated(node)

    def _assigned(self, node: ast.Assign) -> Iterator[Fault]:
        # A name that gets no value is an error wherever it is read: no test learns from that.
        if not isinstance(node.targets[0], ast.Name | ast.Tuple):
            yield from self._stated(node)

    def _between(self, left: ast.expr, right: ast.expr, old: str, new: str) -> Iterator[Fault]:
        start, end = self._place(left)[1], self._place(right)[0]
        gap = self._data[start:end].decode()
        if re.match(r"\w", old):
            old = rf"\b{old}\b"
        match = re.search(old, gap)
        if match:
            begin = start + len(gap[: match.start()].encode())
            yield self._fault(left, new, begin, begin + len(match.group().encode()))

    def _fault(
        self, node: ast.expr | ast.stmt, after: str, start: int = -1, end: int = -1
    ) -> Fault:
        if start < 0:
            start, end = self._place(node)
        line = self._data.count(b"\n", 0, start) + 1
        context = self._data[self._lines[line - 1] : self._lines[line]].decode().strip()
        before = self._data[start:end].decode()
        return Fault(self._path, line, start, end, before, after, context)

    def _place(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return (
            self._lines[node.lineno - 1] + node.col_offset,
            self._lines[end_line - 1] + end_column,
        )

    def _text(self, node: ast.expr) -> str:
        start, end = self._place(node)
        return self._data[start:end].decode()

    _PLANTS: ClassVar[dict[type[ast.AST], Callable[..., Iterator[Fault]]]] = {
        ast.Compare: _compared,
        ast.BoolOp: _joined,
        ast.BinOp: _counted,
        ast.UnaryOp: _negated,
        ast.Constant: _constant,
        ast.Return: _returned,
        ast.Expr: _called,
        ast.Assign: _assigned,
        ast.AugAssign: _stated,
        ast.Delete: _stated,
        ast.Continue: _stated,
        ast.Break: _stated,
        ast.Raise: _stated,
    }


def _empty(returns: str) -> str:
    """Return what stands for nothing where this type is returned; "not" for the opposite."""
    if returns == "bool":
        return "not"
    name = re.match(r"\w*", returns.strip("\"'"))
    if "None" in returns or name is None:
        return "None"
    return _EMPTY.get(name.group(), "None")


def _is_left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        return True  # before Python 3.12 what is inside has no places of its own
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _MESSAGES
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) == "__all__"
    if isinstance(node, ast.keyword):
        return node.arg == "strict"  # of zip: it guards against faults elsewhere
    return False


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child
