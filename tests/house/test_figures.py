"""How dense the code is: what a figure counts, and that none rises above what was reached."""

import json

import pytest

from tools import figures
from tools.figures import CEILINGS, Figures, measured


def counted(text: str) -> Figures:
    found = Figures()
    found.add("a.py", text)
    return found


def test_no_figure_rises_above_what_was_reached() -> None:
    ceilings = json.loads(CEILINGS.read_text(encoding="utf-8"))
    found = measured()
    table = found.table()
    assert ceilings.keys() == table.keys()
    risen = {name: value for name, value in table.items() if value > ceilings[name]}
    longest = "\n".join(f"{count} {place}" for count, place in found.long_functions())
    assert not risen, f"`python -m tools.figures --long` names the places.\n{longest}"


def test_comments_docstrings_and_empty_lines_are_no_tokens() -> None:
    bare = counted("def f() -> int:\n    return 1\n")
    told = counted('def f() -> int:\n    """Return one."""\n\n    # why\n    return 1\n')
    assert (bare.tokens, bare.code_lines) == (told.tokens, told.code_lines) == (9, 2)
    assert (bare.comments, told.comments) == (0, 1)


def test_a_function_is_measured_by_its_tokens_whatever_its_lines() -> None:
    wide = counted("def f(a, b):\n    return [a, b]\n")
    tall = counted("def f(\n    a,\n    b\n):\n    return [\n        a,\n        b\n    ]\n")
    assert [size for size, _place in wide.functions] == [14]
    assert [size for size, _place in tall.functions] == [14]


def test_a_formatted_string_is_one_token_in_every_python() -> None:
    assert counted('x = f"{a} {f(b)!r:>{width}} c"\n').tokens == 3


def test_comprehensions_and_ternaries_are_counted() -> None:
    found = counted("x = [y for y in z]\nw = {a for a in b} if c else d\n")
    assert (found.comprehensions, found.ternaries, found.code_lines) == (2, 1, 2)


@pytest.mark.parametrize(("count", "is_long"), [(120, False), (124, True)])
def test_a_long_function_and_a_long_file_are_named(count: int, is_long: bool) -> None:
    found = counted("def f():\n" + "    x\n" * 2 * count)
    assert [place for _size, place in found.long_functions()] == ["a.py:1 f"] * is_long
    assert figures.FILE_LINES == 500
    assert [path for _lines, path in counted("x = 1\n" * 501).long_files] == ["a.py"]
