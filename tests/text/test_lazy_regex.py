"""A pattern is compiled when it is first used, and then is what `re` makes of it."""

import re

import pytest

from annotator.text.lazy_regex import pattern


def test_a_pattern_does_what_a_compiled_one_does() -> None:
    source, text = "[а-яәі]+", "Қала мен қала"
    later, compiled = pattern(source, re.IGNORECASE), re.compile(source, re.IGNORECASE)
    assert [found.span() for found in later.finditer(text)] == [
        found.span() for found in compiled.finditer(text)
    ]
    assert later.sub("x", text) == compiled.sub("x", text)
    assert later.fullmatch("мен") is not None
    assert later.pattern == source


def test_a_pattern_is_compiled_once_and_not_before_it_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []
    compiled = re.compile

    def note(source: str, flags: int = 0) -> re.Pattern[str]:
        made.append(source)
        return compiled(source, flags)

    monkeypatch.setattr(re, "compile", note)
    later = pattern("می‌رو[مد]")
    assert not made
    assert later.search("می‌روم")
    assert not later.match("رفتم")
    assert later.search("می‌رود")
    assert made == ["می‌رو[مد]"]


def test_a_wrong_pattern_is_told_when_it_is_used() -> None:
    with pytest.raises(re.error):
        pattern("(").search("x")
