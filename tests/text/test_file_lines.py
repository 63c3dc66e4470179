"""The lines of a file end at LF, CR LF and CR, and nowhere else."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.text.file_lines import file_lines


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_kind_of_end_ends_a_line(end: str) -> None:
    assert file_lines(f"a{end}{end}b{end}") == ["a", "", "b"]


@pytest.mark.parametrize("inside", list("\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e"))
def test_what_only_python_breaks_at_stays_inside(inside: str) -> None:
    assert file_lines(f"a{inside}b\nc") == [f"a{inside}b", "c"]


@given(st.text(st.sampled_from("ab\r\n\u2028\x85\x0b"), max_size=12))
def test_the_lines_are_those_that_a_text_file_has(text: str) -> None:
    lines = [line.removesuffix("\n") for line in io.StringIO(text, newline=None)]
    assert file_lines(text) == lines
