"""The reported bugs of other tools, as they show in the view (numbers of the acceptance cases)."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt

from annotator.ui.look.style import metrics
from annotator.ui.text_view import Mark
from annotator.ui.text_view.layout import BlockLayout
from tests.ui.text_view.conftest import ALT, NO_KEYS, Opens, Reader, entity

WRAPPED = (
    "سید امیر حسین علوی شهردار رشت دوم آذر 1400 در نشست با علی فتحاللهی فرماندار رشت گفت: مشکلات"
    " شهر بسیار است و راه برون رفت همکاری است."
)


def glyphs(reader: Reader) -> list[tuple[int, int, float]]:
    return [glyph for placed in reader.view._page.placed for glyph in placed.layout.glyphs()]


def cover(rects: list[QRectF]) -> float:
    return sum(rect.width() for rect in rects)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("این یک جمله آزمایشی فارسی است", 12, 25),
        ("الزجاج", 2, 3),
        ("می\u200cرود و کتاب\u200cها", 0, 2),
        (WRAPPED, 0, 80),
    ],
)
def test_a_mark_moves_no_glyph(
    opened: Opens, text: str, start: int, end: int
) -> None:  # A01, A02, A07
    reader = opened(text)
    before = glyphs(reader)
    reader.view.put_mark(entity("a", start, end))
    reader.view.select_mark("a")
    reader.view.grab()
    assert glyphs(reader) == before
    assert cover(reader.view.rects_of(start, end)) > 0


def test_a_number_in_persian_is_one_rectangle_of_its_digits(opened: Opens) -> None:  # A03
    reader = opened("شهردار رشت دوم آذر 1400 در نشست")
    digits = [reader.view.rects_of(position, position + 1)[0] for position in range(19, 23)]
    assert [rect.left() for rect in digits] == sorted(rect.left() for rect in digits)
    (whole,) = reader.view.rects_of(19, 23)
    assert whole.left() == pytest.approx(digits[0].left())
    assert whole.right() == pytest.approx(digits[-1].right())


def test_the_halves_of_a_year_stand_in_their_order(opened: Opens) -> None:  # A04
    view = opened("سال 2002 بود").view
    (first,), (second,) = view.rects_of(4, 6), view.rects_of(6, 8)
    assert first.right() <= second.left() + 0.5


def test_a_span_of_two_directions_has_two_rectangles_and_its_chip_where_it_begins(
    opened: Opens,
) -> None:  # A05, A11
    reader = opened("شرکت Apple Inc. در تهران است")
    rects = reader.view.rects_of(0, 10)
    assert len(rects) == 2
    reader.view.put_mark(entity("a", 0, 10))
    placed = reader.view._page.placed[0]
    (chip,) = reader.view._page.decorations(placed, 0).chips
    assert chip.left + chip.width == pytest.approx(
        max(rect.right() for rect in rects) - reader.view._page.column_left
    )


def test_quotes_belong_to_the_rectangle_of_their_span(opened: Opens) -> None:  # A06
    view = opened("او گفت «سلام دنیا» و رفت").view
    (whole,) = view.rects_of(7, 18)
    assert whole.width() == pytest.approx(
        sum(cover(view.rects_of(position, position + 1)) for position in range(7, 18)), abs=1
    )


def test_an_empty_span_does_no_harm(opened: Opens) -> None:  # A08
    reader = opened("سلام دنیا")
    reader.view.put_mark(Mark("a", ((5, 5),), "entity", "PER", "#0072B2"))
    assert not reader.view.grab().isNull()


def test_a_whole_paragraph_wraps_as_without_its_mark(opened: Opens) -> None:  # A09
    reader = opened(WRAPPED * 3, width=400)
    lines = list(reader.view._page.placed[0].layout.starts)
    reader.view.put_mark(entity("a", 0, len(WRAPPED * 3)))
    assert list(reader.view._page.placed[0].layout.starts) == lines
    rects = reader.view.rects_of(0, len(WRAPPED * 3))
    assert len(rects) >= len(lines)
    assert all(
        rect.left() >= 0 and rect.right() <= reader.view.viewport().width() for rect in rects
    )


def test_right_to_left_paragraphs_stand_at_the_right(opened: Opens) -> None:  # A10, A12
    reader = opened("سلام دنیا\nПривет мир")
    page = reader.view._page
    assert [page.blocks.direction_of(block) for block in (0, 1)] == ["rtl", "ltr"]
    assert max(rect.right() for rect in reader.view.rects_of(0, 9)) == pytest.approx(
        page.column_left + page.width, abs=1
    )
    assert min(rect.left() for rect in reader.view.rects_of(10, 20)) == pytest.approx(
        page.column_left, abs=1
    )


@pytest.mark.parametrize(
    "text", ["۱۴۰۰/۰۹/۰۳ ۱۹:۱۱:۳۷", "Apple اعلام کرد که قیمت افزایش می\u200cیابد"]
)
def test_a_line_without_letters_or_with_a_foreign_first_word_follows_the_document(
    opened: Opens, text: str
) -> None:  # A14, A16
    reader = opened(f"{WRAPPED}\n{text}")
    position = len(WRAPPED) + 1
    assert reader.view.paragraph_direction(position) == "rtl"
    first, last = (
        reader.view.rects_of(position, position + 4)[0],
        reader.view.rects_of(position + 11, position + 15)[0],
    )
    assert first.left() > last.right()
    reader.view.set_paragraph_direction(position, "ltr")
    assert reader.view.rects_of(position, position + 1)[0].left() < first.left()


def test_tabs_advance_to_the_left_and_have_cells(opened: Opens) -> None:  # A15
    reader = opened("سلام\tدنیا\tABC")
    view = reader.view
    places = [
        view.rects_of(start, end)[0] for start, end in ((0, 4), (4, 5), (5, 9), (9, 10), (10, 13))
    ]
    assert all(before.left() >= after.right() - 0.5 for before, after in pairwise(places))
    assert places[-1].left() >= 0
    reader.click(reader.point(4, 0.2))
    assert view.caret() == 5


def test_every_visual_order_is_the_golden_one(qapp: object, shared_data: Path) -> None:  # A13, C02
    cases = json.loads((shared_data / "text" / "golden_bidi.json").read_text())
    assert len(cases) == 198
    for case in cases:
        layout = BlockLayout(
            case["text"], "rtl" if case["paragraph_level"] % 2 else "ltr", 5000, metrics(100)
        )
        for line in range(len(layout)):
            seen = [cell.start for cell in layout.cells(line).cells]
            assert seen == [index for index in case["visual_order"] if index in set(seen)], case[
                "escaped"
            ]


def words_of(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for word in text.split(" "):
        core = word.strip(".:")
        found.append((start, start + len(core)))
        start += len(word) + 1
    return found


@pytest.mark.parametrize("keys", [ALT, NO_KEYS])
def test_every_word_can_be_dragged_over_on_wrapped_lines_both_ways(
    opened: Opens, keys: Qt.KeyboardModifier
) -> None:  # S01, S03, S08
    reader = opened(WRAPPED, width=520)
    assert len(reader.view._page.placed[0].layout) > 2
    for start, end in words_of(WRAPPED):
        inside = [_edge_point(reader, start, first=True), _edge_point(reader, end - 1, first=False)]
        for points in (inside, inside[::-1]):
            reader.drag(points[0], points[1], keys)
            assert reader.view.selection() == (start, end), WRAPPED[start:end]


def _edge_point(reader: Reader, position: int, first: bool) -> QPoint:
    """Return a point one pixel inside a letter, at the side where the word begins or ends."""
    rect = reader.view.rects_of(position, position + 1)[0]
    is_number = reader.view.text()[position].isdigit()
    x = rect.left() + 1 if first == is_number else rect.right() - 1
    return QPoint(round(x), round(rect.center().y()))


@pytest.mark.parametrize("width", [300, 400, 700])
def test_a_click_goes_to_the_nearer_edge_of_every_character(
    opened: Opens, shared_data: Path, width: int
) -> None:  # S02
    for path in sorted((shared_data / "news").glob("*.txt")):
        text = path.read_text()
        reader = opened(text, path.name[:2], width=width, height=900)
        view, page, clicks = reader.view, reader.view._page, 0
        for value in range(0, page.scroll_range + 900, 900):
            view.verticalScrollBar().setValue(value)
            for placed in page.placed:
                start = page.blocks.starts[placed.block]
                for line, top in enumerate(placed.layout.tops):
                    for cell in placed.layout.cells(line).cells:
                        for share, position in (
                            (0.25, cell.end if cell.rtl else cell.start),
                            (0.75, cell.start if cell.rtl else cell.end),
                        ):
                            x = page.column_left + cell.left + (cell.right - cell.left) * share
                            assert (
                                view.position_at(QRectF(x, placed.y + top + 9, 0, 0).topLeft())
                                == start + position
                            )
                            clicks += 1
        assert clicks > len(text)


def test_dragging_inside_a_number_stays_inside(opened: Opens) -> None:  # S04
    reader = opened("سال 2002 بود")
    reader.view.set_character_mode(True)
    for first in range(4, 8):
        for last in range(4, 8):
            reader.drag(reader.point(first), reader.point(last))
            start, end = reader.view.selection()
            assert (start, end) == (0, 0) or 4 <= start <= end <= 8 or start == end


def test_half_a_ligature_is_half_of_its_glyph(opened: Opens) -> None:  # S05
    view = opened("مشکلات").view
    (lam,), (alef,), (kaf,) = view.rects_of(3, 4), view.rects_of(4, 5), view.rects_of(2, 3)
    assert lam.width() == pytest.approx(alef.width(), abs=0.1)
    assert alef.right() == pytest.approx(lam.left(), abs=0.1)
    assert lam.right() <= kaf.left() + 0.1


def test_a_drag_across_paragraphs_is_one_selection(opened: Opens) -> None:  # S06
    reader = opened("خط اول است\nخط دوم است")
    reader.drag(reader.point(4, 0.8), reader.point(16, 0.2))
    assert reader.view.selection() == (3, 17)
    assert len({round(rect.top()) for rect in reader.view.rects_of(3, 17)}) == 2


def test_white_space_and_trailing_zwnj_are_trimmed_off(opened: Opens) -> None:  # S07
    reader = opened("سلام دنیا می\u200cرود")
    reader.view.set_character_mode(True)
    reader.drag(reader.point(0, 0.9), reader.point(4, 0.1))
    assert reader.view.selection() == (0, 4)
    reader.drag(reader.point(10, 0.9), reader.point(11, 0.1))
    assert reader.chosen() == "می"


@pytest.mark.parametrize(
    ("text", "position", "word"),
    [
        ("نمی\u200cخواهم\u200cشان", 5, "نمی\u200cخواهم\u200cشان"),
        ("د\u0650ل\u064eم گرفت", 2, "د\u0650ل\u064eم"),
        ("экс-әкім күш-жігерімді О’Коннор", 1, "экс-әкім"),
        ("экс-әкім күш-жігерімді О’Коннор", 25, "О’Коннор"),
        ("۱۴۰۰/۰۹/۰۳ و 1,234.56 و ۲۵٪", 5, "۱۴۰۰/۰۹/۰۳"),
        ("«Алматы-2050» стратегиясы", 3, "Алматы-2050"),
        ("او گفت «سلام دنیا» و رفت", 9, "سلام"),
    ],
)
def test_a_double_click_takes_the_whole_word(
    opened: Opens, text: str, position: int, word: str
) -> None:  # W01-W05
    reader = opened(text)
    reader.double_click(reader.point(position))
    assert reader.chosen() == word


def test_astral_characters_do_not_shift_what_is_dragged(opened: Opens) -> None:  # O03, O04
    reader = opened("\U0001f4cc سلام دنیا")
    reader.double_click(reader.point(8))
    assert reader.view.selection() == (7, 11) == (7, len(reader.view.text()))


def test_a_span_that_begins_on_newlines_is_seen_and_clicked(opened: Opens) -> None:  # O10
    reader = opened("Lorem ipsum\n\n\n\nconsectetur", "en")
    reader.view.put_mark(entity("a", 11, 26))
    assert reader.view.rects_of(11, 26)
    assert reader.view.mark_at(reader.point(20).toPointF()) == "a"


def test_every_separator_ends_a_line_and_none_is_lost(opened: Opens) -> None:  # O13
    reader = opened("خط\u2028دو\u2029سه\u000bچهار\u0085پنج")
    tops = [reader.view.rects_of(start, start + 1)[0].top() for start in (0, 3, 6, 9, 14)]
    assert tops == sorted(set(tops))
    reader.double_click(reader.point(10))
    assert reader.view.selection() == (9, 13)


def test_a_family_of_emoji_is_taken_as_one(opened: Opens) -> None:  # O15
    reader = opened("a\U0001f468\u200d\U0001f469\u200d\U0001f467b", "en")
    reader.drag(reader.point(1, 0.3, end=6), reader.point(1, 0.7, end=6))
    assert reader.view.selection() == (1, 6)


def test_bidi_controls_are_counted_and_missing_glyphs_named(opened: Opens) -> None:  # C01, C03
    view = opened("abc \u202edrow\u202c سلام \u2067x\u2069", "en").view
    assert view.bidi_control_count() == 4
    assert not view.grab().isNull()
    assert opened("سلام \U0001d538").view.missing_characters() in ("", "\U0001d538")
    assert opened("سلام \ue123").view.missing_characters() == "\ue123"
