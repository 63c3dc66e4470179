"""Text in visual order.

Told by what cannot stand where it stands, turned without harm to numbers and words of other
scripts.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.text.visual_order import evidence, looks_turned, shape_of, turned, turned_lines

LOGICAL = (
    "دولت گفت که قیمت‌ها در سال 1400 پایین آمد، این است.",
    "شرکت Apple Inc. (تهران) از ۱۲/۰۳/۱۴۰۰ به «رشت» رفته بود؛ آن را برای من گفت.",
    "الحكومة قالت إن الأسعار في المدينة انخفضت، من على التي.",
)


@pytest.mark.parametrize("line", LOGICAL)
def test_a_line_turned_twice_is_the_line_again_and_its_order_is_told(line: str) -> None:
    seen = turned(line).text
    assert turned(seen).text == line
    assert not looks_turned(line)
    assert looks_turned(seen)
    assert [(change.start, change.text) for change in turned_lines(f"{seen}\n{seen}")] == [
        (0, line),
        (len(line) + 1, line),
    ]
    assert not list(turned_lines(line))


def test_numbers_and_words_of_other_scripts_keep_their_order_and_brackets_turn() -> None:
    assert turned("(۱۴۰۰/۰۹/۰۳) Apple Inc-2 ب").text == "ب Apple Inc-2 (۱۴۰۰/۰۹/۰۳)"
    assert turned("«ا»").text == "«ا»"


def test_harakat_stay_with_their_letters_whichever_way_they_stand() -> None:
    assert turned("دِلَم").text == "ملَدِ"
    assert turned("َلاِ").text == "ِالَ"


@given(line=st.text(st.sampled_from("ابپ ِ(12a.»\u200c"), max_size=20))
def test_places_tell_where_each_character_went(line: str) -> None:
    change = turned(line)
    assert sorted(change.places) == [(number, number + 1) for number in range(len(line))]
    mirrored = str.maketrans("()«»", ")(»«")
    assert all(
        change.text[place[0]].translate(mirrored) in (sign, sign.translate(mirrored))
        for sign, place in zip(line, change.places, strict=True)
    )


@pytest.mark.parametrize(
    ("logical", "visual", "is_turned"),
    [(0, 2, False), (0, 3, True), (1, 3, True), (1, 2, False), (2, 5, False), (2, 6, True)],
)
def test_a_text_is_turned_when_three_places_speak_for_it_against_one(
    logical: int, visual: int, is_turned: bool
) -> None:
    text = " ".join(["هب"] * visual + ["است"] * logical)
    assert evidence(text) == (logical, visual)
    assert looks_turned(text) is is_turned


@pytest.mark.parametrize(
    ("logical", "visual", "is_turned"),
    [(0, 3, False), (0, 4, True), (1, 4, True), (2, 5, False), (2, 6, True)],
)
def test_a_line_of_a_text_in_order_is_turned_when_four_places_speak_for_it(
    logical: int, visual: int, is_turned: bool
) -> None:
    line = " ".join(["هب"] * visual + ["است"] * logical)
    text = f"{'است ' * 20}\n{line}"
    assert [change.end for change in turned_lines(text)] == [len(text)] * is_turned


@pytest.mark.parametrize(
    ("logical", "visual", "is_turned"), [(0, 0, True), (1, 1, True), (2, 1, False)]
)
def test_a_line_of_a_turned_text_stays_only_when_it_speaks_against_it(
    logical: int, visual: int, is_turned: bool
) -> None:
    line = " ".join(["ب", *["هب"] * visual, *["است"] * logical])
    text = f"{'هب ' * 20}\n{line}"
    assert [change.start for change in turned_lines(text)] == [0, 61][: 1 + is_turned]


def test_shapes_tell_the_order_too() -> None:
    assert (shape_of("\ufe91"), shape_of("\ufe92"), shape_of("\ufe90"), shape_of("ب")) == (
        "initial",
        "medial",
        "final",
        "",
    )
    logical = "\ufe91\ufe92\ufe90 " * 3
    assert not looks_turned(logical)
    assert looks_turned(logical[::-1])


def test_other_scripts_and_poor_evidence_are_left_alone() -> None:
    for text in ("", "Город растёт .", "سلام", "،سلام", "a,b ,c"):
        assert not looks_turned(text)
        assert not list(turned_lines(text))


def test_one_turned_line_among_others_is_found() -> None:
    text = "\n".join([LOGICAL[0], turned(LOGICAL[1]).text, LOGICAL[2]])
    assert [change.text for change in turned_lines(text)] == [LOGICAL[1]]


@pytest.mark.parametrize("file", ["fa-qom", "fa-rasht", "fa-tehran21", "kk-almaty", "ru-astana"])
def test_real_articles_are_in_order(shared_data: Path, file: str) -> None:
    text = (shared_data / "news" / f"{file}.txt").read_text("utf-8")
    assert not list(turned_lines(text))
    seen = "\n".join(turned(line).text for line in text.split("\n"))
    assert looks_turned(seen) == file.startswith("fa")
