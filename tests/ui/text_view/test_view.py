"""What a person does with the text view, and what the window hears of it."""

import random
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.text.segmentation import graphemes
from annotator.ui.text_view import Link, Mark, TextView
from annotator.ui.text_view.hit_testing import bar_chips, chip_at, handle_of
from annotator.ui.text_view.page import Page
from tests.ui.text_view.conftest import ALT, Opens, Reader, claim, entity

TEXT = (
    "شهردار رشت دوم آذر 1400 در نشست گفت: مشکلات شهر بسیار است.\nВ Астане создан новый офис.\nسلام"
    " دنیا"
)


def chip_point(reader: Reader, mark_id: str) -> QPoint:
    handle = handle_of(reader.view._page, reader.view._page.index.marks[mark_id])
    return QPointF(handle.center().x(), handle.bottom() - 4).toPoint()


def test_a_finished_drag_is_reported_once_with_its_words(opened: Opens, qtbot: QtBot) -> None:
    reader = opened(TEXT)
    with qtbot.waitSignals(
        [reader.view.selection_made], check_params_cbs=[lambda start, end: (start, end) == (0, 10)]
    ):
        reader.drag(reader.point(2), reader.point(8))
    assert reader.chosen() == "شهردار رشت"


def test_alt_selects_by_characters(opened: Opens) -> None:
    reader = opened(TEXT)
    reader.drag(reader.point(1, 0.9), reader.point(3, 0.1), ALT)
    assert reader.view.selection() == (1, 4)


def test_shift_click_extends_from_the_caret(opened: Opens) -> None:
    reader = opened(TEXT)
    reader.view.set_caret(7)
    reader.click(reader.point(18, 0.1), Qt.KeyboardModifier.ShiftModifier)
    assert reader.view.selection()[0] == 7
    assert reader.view.selection()[1] >= 18


def test_a_triple_click_takes_the_sentence(opened: Opens) -> None:
    reader = opened("او رفت. سپس آمد. پایان")
    point = reader.point(9)
    reader.double_click(point)
    QTest.mousePress(
        reader.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point
    )
    QTest.mouseRelease(
        reader.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point
    )
    assert reader.chosen() == "سپس آمد."


@pytest.mark.parametrize(("away", "chosen"), [(6, "."), (60, "")])
@pytest.mark.parametrize(("text", "language"), [("مردم آمدند.", "fa"), ("Люди пришли.", "ru")])
def test_a_double_click_far_beside_a_line_takes_nothing(
    opened: Opens, text: str, language: str, away: int, chosen: str
) -> None:
    reader = opened(text, language)
    last = reader.view.rects_of(len(text) - 1, len(text))[0].center().toPoint()
    reader.double_click(last + QPoint(-away if language == "fa" else away, 0))
    assert reader.chosen() == chosen


def test_ctrl_double_click_takes_the_clitics_too(opened: Opens) -> None:
    reader = opened("او شهرداری ها را دید")
    reader.double_click(reader.point(5), Qt.KeyboardModifier.ControlModifier)
    assert reader.chosen() == "شهرداری ها"


def test_clicks_go_from_the_inner_mark_to_the_outer_and_round(opened: Opens) -> None:
    reader = opened(TEXT)
    reader.view.show_marks([claim("c", 0, 58), entity("outer", 0, 18), entity("inner", 7, 10)])
    heard: list[str] = []
    reader.view.mark_clicked.connect(heard.append)
    reader.view.mark_clicked.connect(reader.view.select_mark)
    for _ in range(4):
        reader.click(reader.point(8))
    assert heard == ["inner", "outer", "c", "inner"]


def test_a_click_beside_the_text_clicks_nothing(opened: Opens, qtbot: QtBot) -> None:
    reader = opened(TEXT)
    reader.view.put_mark(entity("a", 0, 10))
    with qtbot.waitSignal(reader.view.mark_clicked) as heard:
        reader.click(QPoint(20, reader.point(0).y()))
    assert heard.args == [""]


@pytest.mark.parametrize("kind", ["entity", "claim"])
def test_a_click_on_a_chip_is_a_click_on_its_mark(opened: Opens, qtbot: QtBot, kind: str) -> None:
    reader = opened(TEXT)
    reader.view.show_marks([entity("entity", 0, 18), claim("claim", 0, 58), entity("inner", 0, 3)])
    with qtbot.waitSignal(reader.view.mark_clicked) as heard:
        reader.click(chip_point(reader, kind))
    assert heard.args == [kind]


def test_a_drag_from_chip_to_mark_is_a_link(opened: Opens, qtbot: QtBot) -> None:
    reader = opened(TEXT)
    reader.view.show_marks([entity("a", 0, 6), entity("b", 11, 18), claim("c", 59, 85)])
    for head, child, point in (
        ("a", "b", reader.point(13)),
        ("b", "c", chip_point(reader, "c")),
        ("c", "a", reader.point(2)),
    ):
        with qtbot.waitSignal(reader.view.link_dragged) as heard:
            reader.drag(chip_point(reader, head), point)
        assert heard.args == [head, child]
    assert reader.view.selection() == (0, 0)


def test_a_drag_from_chip_to_nothing_is_no_link(opened: Opens, qtbot: QtBot) -> None:
    reader = opened(TEXT)
    reader.view.show_marks([entity("a", 0, 6)])
    with qtbot.assertNotEmitted(reader.view.link_dragged):
        reader.drag(chip_point(reader, "a"), reader.point(20))
    assert reader.view.selection() == (0, 0)


@pytest.mark.parametrize(
    ("position", "is_end", "target", "keys", "expected"),
    [
        (10, True, 13, None, (0, 14)),
        (10, True, 4, None, (0, 6)),
        (0, False, 8, None, (7, 10)),
        (10, True, 9, ALT, (0, 10)),
        (0, False, 3, ALT, (3, 10)),
    ],
)
def test_an_edge_of_the_selected_mark_is_dragged_by_words_or_characters(
    opened: Opens,
    qtbot: QtBot,
    position: int,
    is_end: bool,
    target: int,
    keys: Qt.KeyboardModifier | None,
    expected: tuple[int, int],
) -> None:
    reader = opened(TEXT)
    reader.view.put_mark(entity("a", 0, 10))
    reader.view.select_mark("a")
    rect = reader.view.rects_of(position - is_end, position - is_end + 1)[0]
    edge = QPointF(rect.left() if is_end else rect.right(), rect.center().y()).toPoint()
    goal = reader.point(target, 0.8 if keys else 0.5)
    if expected == (0, 10):
        with qtbot.assertNotEmitted(reader.view.boundary_dragged):
            reader.drag(edge, reader.point(target, 0.2), ALT)
        return
    with qtbot.waitSignal(reader.view.boundary_dragged) as heard:
        reader.drag(edge, goal, *([keys] if keys else []))
    assert heard.args == ["a", (expected,)]
    assert reader.view._page.index.marks["a"].fragments == ((0, 10),), (
        "the view itself changes nothing"
    )


@pytest.mark.parametrize(
    ("text", "language", "word"),
    [("او است اما", "fa", "است"), ("на ілім по", "kk", "ілім"), ("an ill fit", "en", "ill")],
)
def test_a_press_on_a_thin_first_or_last_letter_of_the_selected_mark_begins_a_selection(
    opened: Opens, qtbot: QtBot, text: str, language: str, word: str
) -> None:
    reader = opened(text, language)
    start, end = text.index(word), text.index(word) + len(word)
    reader.view.put_mark(entity("a", start, end))
    reader.view.select_mark("a")
    for first, last in ((start, end - 1), (end - 1, start)):
        with qtbot.assertNotEmitted(reader.view.boundary_dragged):
            reader.drag(reader.point(first), reader.point(last))
        assert reader.chosen() == word
    with qtbot.waitSignal(reader.view.boundary_dragged):
        before = reader.point(
            start - 1, 0.8 if language != "fa" else 0.2
        )  # the far half of the space is still the edge's
        reader.drag(before, reader.point(0))


@pytest.mark.parametrize(
    ("text", "language", "signs"),
    [
        ("نرخ ۱۵ ٪ بود", "fa", "۱۵ ٪"),
        ("до 15 % за год", "ru", "15 %"),
        ("бағасы № 5 болды", "kk", "№ 5"),
        ("все 20 ₽, и", "ru", "20 ₽"),
        ("пройден 📌 тест", "ru", "пройден 📌"),
    ],
)
def test_a_drag_that_ends_on_a_lone_sign_takes_it(
    opened: Opens, text: str, language: str, signs: str
) -> None:
    reader = opened(text, language)
    first, last = text.index(signs), text.index(signs) + len(signs) - 1
    for begin, end in ((first, last), (last, first)):
        reader.drag(reader.point(begin), reader.point(end))
        assert reader.chosen() == signs


def test_a_drag_that_ends_on_a_comma_or_a_quote_leaves_it_out(opened: Opens) -> None:
    text = "он «там», да"
    reader = opened(text, "ru")
    for last in (text.index("»"), text.index(",")):
        reader.drag(reader.point(text.index("«")), reader.point(last))
        assert reader.chosen() == "там"


def test_a_dragged_edge_never_passes_the_next_fragment(opened: Opens, qtbot: QtBot) -> None:
    reader = opened(TEXT)
    reader.view.put_mark(Mark("a", ((0, 6), (11, 14)), "entity", "PER", "#0072B2"))
    reader.view.select_mark("a")
    rect = reader.view.rects_of(5, 6)[0]
    with qtbot.waitSignal(reader.view.boundary_dragged) as heard:
        reader.drag(QPointF(rect.left(), rect.center().y()).toPoint(), reader.point(40))
    assert heard.args[1] == ((0, 10), (11, 14))


def test_esc_lets_go_of_a_drag_and_is_else_the_windows(opened: Opens, qtbot: QtBot) -> None:
    reader = opened(TEXT)
    reader.view.show_marks([entity("a", 0, 6), entity("b", 11, 18)])
    viewport, left, none = (
        reader.view.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.assertNotEmitted(reader.view.link_dragged):
        QTest.mousePress(viewport, left, none, chip_point(reader, "a"))
        reader.move(reader.point(13))
        QTest.keyClick(reader.view, Qt.Key.Key_Escape)
        QTest.mouseRelease(viewport, left, none, reader.point(13))
    assert reader.view.selection() == (0, 0)


@pytest.mark.parametrize(
    "key",
    [
        Qt.Key.Key_1,
        Qt.Key.Key_Tab,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Return,
        Qt.Key.Key_Escape,
        Qt.Key.Key_F,
    ],
)
def test_keys_that_are_not_the_views_reach_the_window(
    opened: Opens, qtbot: QtBot, key: Qt.Key
) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    opened(TEXT).view.keyPressEvent(event)
    assert not event.isAccepted()


def test_arrow_keys_move_and_shift_extends(opened: Opens) -> None:
    reader = opened(TEXT)
    reader.view.set_caret(0)
    QTest.keyClick(reader.view, Qt.Key.Key_Left)
    assert reader.view.caret() == 1
    QTest.keyClick(
        reader.view,
        Qt.Key.Key_Left,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert reader.view.selection() == (1, 6)
    QTest.keyClick(reader.view, Qt.Key.Key_Right)
    assert reader.view.selection() == (1, 1)
    QTest.keyClick(reader.view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert reader.view.caret() == len(TEXT)
    QTest.keyClick(reader.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert reader.view.selection() == (0, len(TEXT))


def test_ctrl_wheel_zooms_the_text_and_keeps_the_place(opened: Opens, qtbot: QtBot) -> None:
    reader = opened("\n".join([TEXT] * 60))
    reader.view.verticalScrollBar().setValue(3000)
    before = reader.view.scroll_position()
    here = QPointF(100, 100)
    event = QWheelEvent(
        here,
        here,
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    with qtbot.waitSignal(reader.view.zoom_changed) as heard:
        reader.view.wheelEvent(event)
    assert heard.args == [110] == [reader.view.zoom()]
    assert abs(reader.view.scroll_position() - before) < 100


def test_a_mark_far_away_is_brought_into_view_and_the_place_is_remembered(opened: Opens) -> None:
    text = "\n".join(f"{number} {TEXT}" for number in range(400))
    reader = opened(text)
    start = text.index("\n300 ") + 5
    reader.view.put_mark(entity("a", start, start + 6))
    reader.view.select_mark("a")
    rect, *_ = reader.view.rects_of(start, start + 6)
    assert 0 <= rect.top() < rect.bottom() <= reader.view.viewport().height()
    place = reader.view.scroll_position()
    reader.view.reveal(0)
    assert reader.view.scroll_position() == 0
    reader.view.restore_scroll_position(place)
    assert reader.view.scroll_position() == place


def test_scrolling_to_the_end_shows_the_last_line_and_the_range_hardly_changes(
    opened: Opens,
) -> None:
    r = random.Random(7)
    text = "\n".join(TEXT[: r.randint(1, 60)] * r.randint(1, 5) for _ in range(600))
    reader = opened(text)
    bar = reader.view.verticalScrollBar()
    first_range = bar.maximum()
    for value in range(0, first_range + 3000, 400):
        bar.setValue(value)
    bar.setValue(bar.maximum())
    rects = reader.view.rects_of(len(text) - 1, len(text))
    assert rects[0].bottom() <= reader.view.viewport().height()
    assert abs(bar.maximum() - first_range) < first_range * 0.1


def test_blocks_in_view_follow_one_another_without_gap(opened: Opens) -> None:
    reader = opened("\n".join([TEXT] * 100))
    bar = reader.view.verticalScrollBar()
    for value in (0, 500, 333, 2000, 1999, bar.maximum(), 10):
        bar.setValue(value)
        placed = reader.view._page.placed
        assert all(after.y == before.y + before.layout.height for before, after in pairwise(placed))
        assert placed[0].y <= reader.view._page.metrics.top
        assert bar.value() == reader.view._page.scroll_value


def test_marks_shown_again_change_only_what_differs(opened: Opens) -> None:
    reader = opened("\n".join([TEXT] * 100))
    marks = [entity(f"m{number}", number * 96, number * 96 + 6) for number in range(90)]
    reader.view.show_marks(marks)
    page = reader.view._page
    assert page.index.show(marks) == set()
    changed = [*marks[1:50], entity("m50", 4801, 4806, "LOC"), *marks[51:]]
    assert page.index.show(changed) == {page.blocks.at(0), page.blocks.at(4801)}
    assert page.index.marks == {mark.id: mark for mark in changed}


@given(
    st.lists(
        st.tuples(
            st.integers(0, 94),
            st.integers(1, 40),
            st.sampled_from(["entity", "claim", "stance"]),
            st.integers(0, 5),
        ),
        max_size=14,
    )
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_marks_put_one_by_one_or_all_at_once_lie_in_the_same_blocks(
    qapp: object, drawn: list[tuple[int, int, str, int]]
) -> None:
    marks = [
        Mark(f"m{i}", ((start, min(start + length, 95)),), look, "X", "#0072B2")
        for i, (start, length, look, _) in enumerate(drawn)
    ]
    at_once, by_one = Page(TEXT, "fa", "auto"), Page(TEXT, "fa", "auto")
    at_once.show_marks(marks)
    for mark in [*marks, *marks[:3]]:
        by_one.put_mark(mark)
    for block in range(len(at_once.blocks)):
        assert at_once.index.pieces(block) == by_one.index.pieces(block)
        for piece in at_once.index.pieces(block):
            assert (
                0
                <= piece.start
                < piece.end
                <= at_once.blocks.limit(block) - at_once.blocks.starts[block]
            )


NASTY = st.text(
    alphabet=st.sampled_from(
        "ابلامی\u200c\u064e 12۴"
        " abЖә\n\n\t()«»\U0001f600\U0001d538e\u0301\u2028\u2029"
        "\x0b\x85\u202e\u2067\u2069\ufeff\u00a0\u00ad"
        "\x0c\x1c\x1d\x1e\u0640\u0654١\U0001f1f0\U0001f1ff\u200d\ufe0f\u20e3漢"
        "\u200b\u2060\u180e\x01\x1f\x7f\x9f\ufffc\ufffd\ue000\U0001f3f4"
    ),
    min_size=1,
    max_size=120,
)


@given(NASTY, st.data())
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_marked_and_selected_is_painted_and_keeps_its_offsets(
    qapp: object, text: str, data: st.DataObject
) -> None:
    view = TextView()
    view.resize(data.draw(st.sampled_from([120, 400])), 300)
    view.show_document(text, data.draw(st.sampled_from(["fa", "ru", ""])))
    stops = st.sampled_from(graphemes(text))
    for number in range(data.draw(st.integers(0, 5))):
        start, end = sorted((data.draw(stops), data.draw(stops)))
        look, origin = (
            data.draw(st.sampled_from(["entity", "claim", "stance"])),
            data.draw(st.sampled_from(["own", "other", "suggestion"])),
        )
        view.put_mark(
            Mark(
                f"m{number}",
                ((start, end),),
                look,
                "PER",
                "#0072B2",
                origin=origin,
                letter="A",
                badge="2",
                incomplete=True,
            )
        )
        view.select(start, end)
        assert view.selection() == (start, end)
        if any(character.isalnum() for character in text[start:end]):
            assert view.rects_of(start, end)
    view.show_links(
        [Link("m0", "m1", "about", "#555555"), Link("m0", "", "source", "#555555", "author")]
    )
    view.set_show_invisibles(data.draw(st.booleans()))
    view.set_dark(data.draw(st.booleans()))
    view.select_mark("m0")
    view.show()
    assert not view.grab().isNull()
    view.close()


@given(NASTY, st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_offset_goes_to_the_screen_and_comes_back(
    qapp: object, text: str, data: st.DataObject
) -> None:
    view = TextView()
    view.resize(500, 2000)
    view.show_document(text, "fa")
    position = data.draw(st.sampled_from(graphemes(text)))
    end = next((stop for stop in graphemes(text) if stop > position), position)
    for rect in view.rects_of(position, end):
        middle = rect.center()
        if rect.width() > 1 and text[position] not in "\n\u2029\x0b\x0c\x1c\x1d\x1e\x85":
            hit = view._page.hit(middle)
            assert (hit.start, hit.end) == (position, end)


def test_a_huge_paragraph_is_cut_and_still_one_paragraph(opened: Opens) -> None:
    text = "سلام دنیا " * 3000
    reader = opened(text)
    blocks = reader.view._page.blocks
    assert len(blocks) > 3
    assert "".join(blocks.content(block) for block in range(len(blocks))) == text
    assert [number for number in blocks.numbers if number] == [1]
    reader.view.put_mark(claim("c", 10, 20_000))
    reader.view.reveal(19_000)
    assert reader.view.rects_of(19_000, 19_004)
    assert "".join(blocks.content(block) for block in range(len(blocks))) == text


def test_chips_do_not_cover_one_another(opened: Opens) -> None:
    reader = opened(TEXT * 8, width=500, height=900)
    r = random.Random(3)
    for number in range(60):
        start = r.randrange(len(TEXT) * 7)
        reader.view.put_mark(
            Mark(f"m{number}", ((start, start + r.randint(2, 20)),), "entity", "LABEL", "#0072B2")
        )
    page = reader.view._page
    covered = total = 0
    for placed in page.placed:
        for line in range(len(placed.layout)):
            chips = page.decorations(placed, line).chips
            total += len(chips)
            for number, first in enumerate(chips):
                covered += any(
                    abs(first.top - second.top) < 1
                    and first.left < second.left + second.width - 1
                    and second.left < first.left + first.width - 1
                    for second in chips[number + 1 :]
                )
    assert total > 40
    assert covered <= total * 0.1  # only where more marks meet than there are lanes


def test_the_chip_of_anothers_claim_has_room_for_name_and_letter(opened: Opens) -> None:
    view = opened(TEXT).view
    view.put_mark(Mark("own", ((0, 10),), "claim", "CLAIM", "#D55E00"))
    view.put_mark(
        Mark("other", ((12, 20),), "claim", "CLAIM", "#D55E00", origin="other", letter="3")
    )
    page = view._page
    wide = {
        bar.mark.id: rect.width() for placed in page.placed for bar, rect in bar_chips(page, placed)
    }
    assert wide["other"] >= wide["own"] + page.metrics.chip_height


def test_the_view_is_a_named_document_to_assistive_technology(opened: Opens) -> None:
    view = opened(TEXT).view
    interface = QAccessible.queryAccessibleInterface(view)
    assert interface.role() == QAccessible.Role.Document
    assert interface.text(QAccessible.Text.Name)
    view.announce("PER: شهردار")


def test_what_is_shown_follows_switches(opened: Opens) -> None:
    reader = opened("می\u200cرود\tو\u00a0رفت \u200fپایان")
    pictures = []
    for dark in (False, True):
        for invisibles in (False, True):
            reader.view.set_dark(dark)
            reader.view.set_show_invisibles(invisibles)
            pictures.append(reader.view.grab().toImage())
    assert all(
        first != second
        for number, first in enumerate(pictures)
        for second in pictures[number + 1 :]
    )


def test_clearing_forgets_everything(opened: Opens) -> None:
    reader = opened(TEXT)
    reader.view.show_marks([entity("a", 0, 6)])
    reader.view.select_mark("a")
    reader.view.select(0, 5)
    reader.view.clear()
    assert (reader.view.text(), reader.view.selection(), reader.view.selected_mark()) == (
        "",
        (0, 0),
        "",
    )
    assert chip_at(reader.view._page, QPointF(100, 100)) == ""
    reader.view.move_caret("down")
    assert not reader.view.grab().isNull()
