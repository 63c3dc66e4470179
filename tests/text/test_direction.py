"""Base directions and the guess at a language."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.text.direction import (
    base_directions,
    document_direction,
    guess_language,
    language_direction,
)

MIXED = "Apple اعلام کرد که قیمت افزایش می\u200cیابد"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        *(
            (code, "rtl")
            for code in ("fa", "fa-IR", "AR", "ur", "he", "ckb", "kk-Arab", "az-Arab-IR")
        ),
        *((code, "ltr") for code in ("kk", "ru_RU", "en", "ks-Deva")),
        *((code, "") for code in ("", "und", "mul")),
    ],
)
def test_a_language_has_a_direction(language: str, expected: str) -> None:
    assert language_direction(language) == expected


def test_in_a_persian_document_only_wholly_foreign_paragraphs_are_ltr() -> None:
    paragraphs = [
        MIXED,
        "Hello, world 12",
        "Привет",
        "۱۴۰۰/۰۹/۰۳ ۱۹:۱۱:۳۷",
        "",
        "— 25%",
        "ABC DEF GHI JKL و",
    ]
    assert base_directions(paragraphs, "fa") == ["rtl", "ltr", "ltr", "rtl", "rtl", "rtl", "rtl"]


def test_in_a_russian_document_only_wholly_arabic_paragraphs_are_rtl() -> None:
    paragraphs = ["سلام دنیا", "Слово سلام دنیا و همه", "12", "Привет"]
    assert base_directions(paragraphs, "ru") == ["rtl", "ltr", "ltr", "ltr"]


def test_without_a_language_letters_decide_and_numbers_follow_their_neighbours() -> None:
    paragraphs = ["12", MIXED, "25%", "Hello", "", "Hello سلام", "سلام Hello!"]
    assert base_directions(paragraphs, "") == ["rtl", "rtl", "rtl", "ltr", "ltr", "ltr", "ltr"]
    assert base_directions(["ab سل", "سل ab"], "und") == ["ltr", "rtl"]
    assert base_directions(["1", "2"], "") == ["ltr", "ltr"]


@pytest.mark.parametrize("direction", ["rtl", "ltr"])
def test_a_direction_that_was_set_holds_for_all(direction: str) -> None:
    assert base_directions(["سلام", "Hello", "1"], "fa", direction) == [direction] * 3


@given(
    st.lists(st.text(alphabet="aЖسә1٪ \u200f", max_size=6), max_size=8),
    st.sampled_from(["", "fa", "kk"]),
    st.sampled_from(["auto", "rtl", "ltr"]),
)
def test_each_paragraph_gets_one_of_two_directions(
    paragraphs: list[str], language: str, direction: str
) -> None:
    directions = base_directions(paragraphs, language, direction)
    assert len(directions) == len(paragraphs)
    assert set(directions) <= {"rtl", "ltr"}


def test_a_document_has_the_direction_of_its_language_else_of_its_letters() -> None:
    assert document_direction("Hello", "fa") == "rtl"
    assert document_direction(MIXED, "") == "rtl"
    assert document_direction("Hello سلام", "") == "ltr"
    assert document_direction("123", "") == "ltr"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("این یک جمله است", "fa"),
        ("سلام", "fa"),
        ("كتاب علی گران است", "fa"),
        ("أجرت وزارة الصحة الإماراتية 123,037 فحصا", ""),
        ("Президент Тоқаев Астанада сөз сөйледі", "kk"),
        ("Президент Токаев выступил в Астане на большом заседании правительства", "ru"),
        (
            (
                "Глава государства побывал в городе Өскемен и встретился там со студентами и"
                " преподавателями"
            ),
            "ru",
        ),
        ("Київ є столицею", "ru"),
        ("Hello", "en"),
        ("در ۱۴۰۰ شرکت Apple Inc. اعلام کرد", "fa"),
        ("12 — 25% 😀", ""),
        ("", ""),
    ],
)
def test_the_language_is_guessed_from_letters(text: str, expected: str) -> None:
    assert guess_language(text) == expected


def test_the_news_are_rightly_guessed_and_directed(shared_data: Path) -> None:
    for file in sorted((shared_data / "news").glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        language = file.name.split("-")[0]
        assert guess_language(text) == language
        assert document_direction(text, "") == ("rtl" if language == "fa" else "ltr")
