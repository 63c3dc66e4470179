"""Text for faces that neither shape nor order.

By the golden orders, and nowhere near what is stored.
"""

import json
from pathlib import Path

import pytest
from bidi import get_display  # type: ignore[import-untyped]  # it has no types

from annotator.text.terminal_bidi import chart_label, visual, width

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("text", "direction", "expected"),
    [
        ("(ب)", "rtl", "(\ufe8f)"),
        ("abc (x)", "ltr", "abc (x)"),
        ("ب((ج))", "rtl", "((\ufe9d))\ufe8f"),
        ("a (b) ج", "rtl", "\ufe9d a (b)"),
    ],
)
def test_brackets_that_are_read_from_the_right_are_mirrored(
    text: str, direction: str, expected: str
) -> None:  # E02
    assert visual(text, direction) == expected


def test_brackets_look_as_in_the_golden_orders(shared_data: Path) -> None:
    brackets = set("()[]{}<>«»")
    cases = json.loads((shared_data / "text" / "golden_bidi.json").read_text(encoding="utf-8"))
    tried = 0
    for case in cases:
        if (
            brackets & set(case["text"])
            and "\u2028" not in case["text"]
            and "\t" not in case["text"]
        ):
            seen = visual(case["text"], "rtl" if case["paragraph_level"] % 2 else "ltr")
            assert [c for c in seen if c in brackets] == [
                c for c in case["display"] if c in brackets
            ], case["escaped"]
            tried += 1
    assert tried > 20


def test_a_chart_gets_the_text_as_it_is_from_a_library_that_orders_by_itself() -> None:  # E01
    text = "شهردار (۱۴۰۰)"
    assert chart_label(text, "3.11.2", "rtl") == text
    assert chart_label(text, "3.10.9", "rtl") == visual(text, "rtl") != text
    assert get_display(text, base_dir="R") != text


def test_marks_are_kept_and_reshaped_text_is_made_in_one_place_only() -> None:  # E03
    assert "\u0654" in visual("خانه\u0654 ما", "rtl")
    users = [
        path.name
        for path in (ROOT / "annotator").rglob("*.py")
        if "arabic_reshaper" in path.read_text(encoding="utf-8")
    ]
    assert users == ["terminal_bidi.py"]
    stores = [
        path
        for folder in ("store", "formats", "jobs", "commands")
        for path in (ROOT / "annotator" / folder).rglob("*.py")
    ]
    assert not [
        path.name for path in stores if "text.terminal_bidi" in path.read_text(encoding="utf-8")
    ]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("می‌شود", 5),
        ("خانهٔ", 4),
        ("مُدُن", 3),
        ("Әлия", 4),
        ("й", 1),
        ("北京", 4),
        ("", 0),
        ("\u2068سارا\u2069", 4),
    ],
)
def test_the_width_on_a_terminal_counts_neither_marks_nor_invisible_characters(
    text: str, cells: int
) -> None:
    assert width(text) == cells
    assert width(visual(text, "rtl")) == cells
