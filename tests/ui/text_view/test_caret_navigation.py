"""The caret walks as the eye goes, or as the text is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.text.segmentation import graphemes
from annotator.ui.text_view.caret_navigation import MOVES, Moved, move
from annotator.ui.text_view.cells import Caret
from annotator.ui.text_view.page import Page

pytestmark = pytest.mark.usefixtures("qapp")

TEXTS = st.text(
    alphabet=st.sampled_from(
        "ابلامی\u200c 12"
        " abЖә\n\t()\U0001f600e\u0301\u2028\u2029\x0b\x0c\x85\x1c\u202e\u2067\u2069\ufeff\u00ad"
        "\u0640\u0654١\U0001f1f0\U0001f1ff\u200d\ufe0f\u20e3漢\u200b\u2060\u180e\x01\x1f\x7f\x9f\ufffc\ufffd\ue000\U0001f3f4"
    ),
    max_size=80,
)


def page_of(text: str, language: str = "fa", width: int = 300) -> Page:
    page = Page(text, language, "auto")
    page.fit(width, 400, 100)
    return page


def walk(page: Page, start: int, what: str, times: int) -> list[int]:
    moved, seen = Moved(Caret(start)), []
    for _ in range(times):
        moved = move(page, moved.caret, what, moved.aim)
        seen.append(moved.caret.position)
    return seen


def test_right_goes_through_a_persian_run_from_its_last_letter() -> None:
    page = page_of("ABC سلام 123 def", "en", 800)
    assert walk(page, 0, "right", 16) == [1, 2, 3, 4, 10, 11, 12, 8, 7, 6, 5, 4, 13, 14, 15, 16]


def test_left_is_forward_in_persian_and_goes_on_in_the_next_line() -> None:
    text = "سلام دنیا این متن فارسی است که در چند خط نوشته شده است و ادامه دارد"
    page = page_of(text)
    assert len(page.layout(0)) > 1
    assert walk(page, 0, "left", len(text) + 5)[-1] == len(text)
    assert walk(page, len(text), "right", len(text) + 5)[-1] == 0


def test_words_are_stepped_over_as_seen() -> None:
    page = page_of("رفت به تهران «سلام» گفت", "fa", 800)
    assert walk(page, 0, "word_left", 5) == [3, 6, 12, 18, 23]
    assert walk(page, 23, "word_right", 5) == [20, 14, 7, 4, 0]


def test_tokens_and_sentences_are_stepped_over_as_written() -> None:
    page = page_of("او رفت. سپس آمد.\nپایان", "fa", 800)
    assert walk(page, 0, "next_token", 5) == [2, 6, 11, 15, 22]
    assert walk(page, 22, "previous_token", 5) == [17, 12, 8, 3, 0]
    assert walk(page, 0, "sentence_next", 3) == [8, 17, 22]
    assert walk(page, 22, "sentence_previous", 3) == [17, 8, 0]
    assert walk(page, 3, "paragraph_next", 2) == [17, 22]


def test_up_and_down_keep_their_aim_over_a_short_line() -> None:
    page = page_of("یک سطر بلند اینجاست\nکم\nیک سطر بلند اینجاست", "fa", 600)
    first = move(page, Caret(12), "down")
    second = move(page, first.caret, "down", first.aim)
    assert 20 <= first.caret.position <= 22
    assert second.caret.position == 12 + 23


def test_down_stays_on_an_empty_last_line() -> None:
    page = page_of("سلام\u2028", "fa", 300)
    assert [page.caret_place(Caret(5, before))[1] for before in (False, True)] == [1, 1]
    assert walk(page, 0, "down", 3) == [5, 5, 5]


def test_home_and_end_are_those_of_the_line() -> None:
    page = page_of("سلام دنیا این متن فارسی است که در چند خط نوشته شده است", "fa", 300)
    layout = page.layout(0)
    middle = Caret(layout.starts[1] + 2)
    end = move(page, middle, "line_end").caret
    assert move(page, middle, "line_start").caret.position == layout.starts[1]
    assert layout.line_of(end) == 1
    assert page.blocks.text[end.position] == " "


@settings(max_examples=60)
@given(TEXTS, st.sampled_from(sorted(MOVES)), st.data())
def test_every_move_ends_on_a_grapheme_and_stops_somewhere(
    text: str, what: str, data: st.DataObject
) -> None:
    page = page_of(text)
    stops = graphemes(text)
    here = Moved(Caret(data.draw(st.sampled_from(stops))))
    for _ in range(2 * len(text) + 3):
        there = move(page, here.caret, what, here.aim)
        if there.caret == here.caret:
            break
        here = there
        # A token or sentence may end before a ZWNJ, which belongs to the grapheme of the letter
        # before it.
        assert here.caret.position in stops or "token" in what or "sentence" in what
    assert move(page, here.caret, what, here.aim).caret == here.caret


@settings(max_examples=100)
@given(TEXTS, st.sampled_from(["fa", "ru", ""]), st.sampled_from([90, 300]))
def test_one_arrow_key_passes_every_character_once_through_paragraphs_of_both_directions(
    text: str, language: str, width: int
) -> None:
    page = page_of(text, language, width)
    first, last = page.layout(0), page.layout(len(page.blocks) - 1)
    step = "left" if first.rtl else "right"
    here = Moved(first.cells(0).outermost(right=first.rtl))
    seen: list[tuple[int, int, float]] = []
    for _ in range(3 * len(text) + 5):
        there = move(page, here.caret, step, here.aim)
        if there.caret == here.caret:
            break
        here = there
        seen.append(page.caret_place(here.caret))
    lines = sum(len(page.layout(block)) for block in range(len(page.blocks)))
    cells = sum(
        len(page.layout(block).cells(line).cells)
        for block in range(len(page.blocks))
        for line in range(len(page.layout(block)))
    )
    assert len(seen) == cells + lines - 1, "each character once, and one step from line to line"
    assert [place[:2] for place in seen] == sorted(place[:2] for place in seen), "never back up"
    assert page.locate(here.caret) == (len(page.blocks) - 1, len(last) - 1)


@given(TEXTS)
def test_next_grapheme_visits_every_boundary(text: str) -> None:
    page = page_of(text)
    stops = graphemes(text)
    assert walk(page, 0, "next_grapheme", len(stops) - 1) == stops[1:]
    assert walk(page, len(text), "previous_grapheme", len(stops) - 1) == stops[-2::-1]
