"""Acceptance cases from reported bugs, as far as they concern plain text."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from annotator.text.direction import base_directions
from annotator.text.offsets import Utf16Map, canonical, first_forbidden
from annotator.text.segmentation import (
    graphemes,
    paragraphs,
    snap_grapheme,
    snap_tokens,
    token_at,
    tokens,
    trim,
)


class Case(NamedTuple):
    text: str
    span: tuple[int, int]


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> dict[str, Case]:
    entries = json.loads((shared_data / "text/acceptance_cases.json").read_text(encoding="utf-8"))
    return {entry["id"]: Case(entry["text"], tuple(entry["span"] or (0, 0))) for entry in entries}


@pytest.mark.parametrize(
    "name", ["W01", "W02", "W03", "W04", "W05", "O02", "O03", "O04", "O11", "S03", "A16"]
)
def test_a_click_anywhere_in_the_word_takes_the_word(cases: dict[str, Case], name: str) -> None:
    text, span = cases[name]
    fragments = tokens(text)
    for position in range(span[0], span[1] + 1):
        assert token_at(fragments, position) == span
    for a in range(span[0], span[1]):
        assert snap_tokens(fragments, a, span[1]) == span
        assert snap_tokens(fragments, a + 1, span[0]) == span


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("W03", ["экс-әкім", "күш-жігерімді", "О’Коннор"]),
        ("W04", ["۱۴۰۰/۰۹/۰۳", "و", "1,234.56", "و", "۲۵٪"]),
        ("W05", ["Алматы-2050", "стратегиясы"]),
    ],
)
def test_all_words_of_a_case_are_whole(
    cases: dict[str, Case], name: str, expected: list[str]
) -> None:
    text = cases[name].text
    assert [text[start:end] for start, end in tokens(text)] == expected


def test_a_drag_over_a_trailing_space_or_zwnj_is_trimmed(cases: dict[str, Case]) -> None:
    text, span = cases["S07"]
    assert trim(text, 0, 5) == span
    assert trim("می\u200cرود", 0, 3) == (0, 2)


@pytest.mark.parametrize(
    ("name", "units"), [("O02", (13, 23)), ("O03", (22, 32)), ("O04", (8, 12)), ("O11", (16, 21))]
)
def test_utf16_offsets_of_a_case_come_back_as_code_points(
    cases: dict[str, Case], name: str, units: tuple[int, int]
) -> None:
    text, span = cases[name]
    both = Utf16Map(text)
    assert (both.to_utf16(span[0]), both.to_utf16(span[1])) == units
    assert (both.to_codepoint(units[0]), both.to_codepoint(units[1])) == span
    assert span[1] <= len(text)


def test_offsets_counted_with_cr_are_translated(cases: dict[str, Case]) -> None:
    made = canonical(cases["O06"].text)
    spans = [(made.from_raw(start), made.from_raw(end)) for start, end in ((18, 20), (29, 32))]
    assert spans == [(17, 19), (28, 31)]
    assert [made.text[start:end] for start, end in spans] == ["He", "her"]
    assert [(made.to_raw(start), made.to_raw(end)) for start, end in spans] == [(18, 20), (29, 32)]


def test_offsets_counted_with_a_bom_are_translated(cases: dict[str, Case]) -> None:
    text, (start, end) = cases["O07"]
    made = canonical(text)
    assert made.text[made.from_raw(start) : made.from_raw(end)] == text[start:end] == "دنیا"


def test_a_lone_surrogate_is_found(cases: dict[str, Case]) -> None:
    assert first_forbidden(cases["O12"].text) == (1, "lone surrogate (U+D800)")


def test_no_separator_is_lost(cases: dict[str, Case]) -> None:
    text, span = cases["O13"]
    found = paragraphs(text)
    assert [text[start:end] for start, end, _ in found] == ["خط\u2028دو", "سه", "چهار", "پنج"]
    assert "".join(text[start:after] for start, _, after in found) == text
    assert span in [(start, end) for start, end, _ in found]


def test_a_drag_into_an_emoji_takes_the_whole_cluster(cases: dict[str, Case]) -> None:
    text, span = cases["O15"]
    boundaries = graphemes(text)
    for position in range(span[0] + 1, span[1]):
        assert (
            snap_grapheme(boundaries, position, forward=False),
            snap_grapheme(boundaries, position, forward=True),
        ) == span


@pytest.mark.parametrize("name", ["A14", "A16"])
def test_a_paragraph_takes_the_direction_of_its_document(cases: dict[str, Case], name: str) -> None:
    assert base_directions([cases[name].text], "fa") == ["rtl"]
