"""A pattern is compiled when it is first asked for, and then kept."""

import re

import pytest

from annotator.text.lazy_regex import pattern


def test_a_pattern_is_the_compiled_one() -> None:
    source = "[а-яәі]+"
    assert pattern(source, re.IGNORECASE)() == re.compile(source, re.IGNORECASE)


def test_a_pattern_is_compiled_once_and_not_before_it_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sources: list[str] = []
    compiled = re.compile

    def note(source: str, flags: int = 0) -> re.Pattern[str]:
        sources.append(source)
        return compiled(source, flags)

    monkeypatch.setattr(re, "compile", note)
    later = pattern("می‌رو[مد]")
    assert not sources
    assert later().search("می‌روم")
    assert not later().match("رفتم")
    assert later().search("می‌رود")
    assert sources == ["می‌رو[مد]"]


def test_a_wrong_pattern_is_told_when_it_is_used() -> None:
    wrong = pattern("(")
    with pytest.raises(re.error):
        wrong()
