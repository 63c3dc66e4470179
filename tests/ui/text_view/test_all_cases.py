"""All 51 acceptance cases: where the point of each is tested.

And the way of each span from the screen to an export.

The cases come from bugs reported against other tools (reference data,
`text/acceptance_cases.json`).
"""

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest
from PySide6.QtCore import Qt

from annotator.commands.spans import add_span, label_selection
from annotator.jobs import ExportOptions, ImportOptions, export_records, import_files
from annotator.session import Session
from annotator.text.offsets import canonical
from annotator.text.segmentation import trim
from tests.projects import made
from tests.ui.person import Person
from tests.ui.text_view.exact import select_by_keys, select_by_mouse

_VIEW, _TEXT, _HERE = "tests.ui.text_view.test_acceptance", "tests.text.test_text_cases", __name__
_VISUAL = "tests.text.test_terminal_bidi"
WHERE: dict[str, tuple[str, str]] = {
    "A01": (_VIEW, "test_a_mark_moves_no_glyph"),
    "A02": (_VIEW, "test_a_mark_moves_no_glyph"),
    "A03": (_VIEW, "test_a_number_in_persian_is_one_rectangle_of_its_digits"),
    "A04": (_VIEW, "test_the_halves_of_a_year_stand_in_their_order"),
    "A05": (_VIEW, "test_a_span_of_two_directions_has_two_rectangles_and_its_chip_where_it_begins"),
    "A06": (_VIEW, "test_quotes_belong_to_the_rectangle_of_their_span"),
    "A07": (_VIEW, "test_a_mark_moves_no_glyph"),
    "A08": (_HERE, "test_a_span_of_no_characters_is_refused_with_a_sentence"),
    "A09": (_VIEW, "test_a_whole_paragraph_wraps_as_without_its_mark"),
    "A10": (_VIEW, "test_right_to_left_paragraphs_stand_at_the_right"),
    "A11": (_VIEW, "test_a_span_of_two_directions_has_two_rectangles_and_its_chip_where_it_begins"),
    "A12": (_VIEW, "test_right_to_left_paragraphs_stand_at_the_right"),
    "A13": (_VIEW, "test_every_visual_order_is_the_golden_one"),
    "A14": (_VIEW, "test_a_line_without_letters_or_with_a_foreign_first_word_follows_the_document"),
    "A15": (_VIEW, "test_tabs_advance_to_the_left_and_have_cells"),
    "A16": (_VIEW, "test_a_line_without_letters_or_with_a_foreign_first_word_follows_the_document"),
    "S01": (_VIEW, "test_every_word_can_be_dragged_over_on_wrapped_lines_both_ways"),
    "S02": (_VIEW, "test_a_click_goes_to_the_nearer_edge_of_every_character"),
    "S03": (_TEXT, "test_a_click_anywhere_in_the_word_takes_the_word"),
    "S04": (_VIEW, "test_dragging_inside_a_number_stays_inside"),
    "S05": (_VIEW, "test_half_a_ligature_is_half_of_its_glyph"),
    "S06": (_VIEW, "test_a_drag_across_paragraphs_is_one_selection"),
    "S07": (_VIEW, "test_white_space_and_trailing_zwnj_are_trimmed_off"),
    "S08": (_VIEW, "test_every_word_can_be_dragged_over_on_wrapped_lines_both_ways"),
    **dict.fromkeys(
        ("W01", "W02", "W03", "W04", "W05"), (_VIEW, "test_a_double_click_takes_the_whole_word")
    ),
    "O01": (_HERE, "test_a_span_goes_from_the_screen_to_the_store_and_into_an_export"),
    "O02": (_HERE, "test_a_span_goes_from_the_screen_to_the_store_and_into_an_export"),
    "O03": (_VIEW, "test_astral_characters_do_not_shift_what_is_dragged"),
    "O04": (_VIEW, "test_astral_characters_do_not_shift_what_is_dragged"),
    "O05": (_HERE, "test_decomposed_letters_stay_as_they_are_and_the_caret_never_parts_them"),
    "O06": (_HERE, "test_offsets_counted_with_cr_are_translated_on_import"),
    "O07": (_HERE, "test_a_bom_goes_and_the_offsets_with_it"),
    "O08": (_HERE, "test_a_span_goes_from_the_screen_to_the_store_and_into_an_export"),
    "O09": (_HERE, "test_a_span_goes_from_the_screen_to_the_store_and_into_an_export"),
    "O10": (_VIEW, "test_a_span_that_begins_on_newlines_is_seen_and_clicked"),
    "O11": (_HERE, "test_a_span_goes_from_the_screen_to_the_store_and_into_an_export"),
    "O12": (_HERE, "test_a_lone_surrogate_is_refused_with_its_position"),
    "O13": (_VIEW, "test_every_separator_ends_a_line_and_none_is_lost"),
    "O14": (_TEXT, "test_utf16_offsets_of_a_case_come_back_as_code_points"),
    "O15": (_VIEW, "test_a_family_of_emoji_is_taken_as_one"),
    "C01": (_VIEW, "test_bidi_controls_are_counted_and_missing_glyphs_named"),
    "C02": (_VIEW, "test_every_visual_order_is_the_golden_one"),
    "C03": (_VIEW, "test_bidi_controls_are_counted_and_missing_glyphs_named"),
    "E01": (_VISUAL, "test_a_chart_gets_the_text_as_it_is_from_a_library_that_orders_by_itself"),
    "E02": (_VISUAL, "test_brackets_that_are_read_from_the_right_are_mirrored"),
    "E03": (_VISUAL, "test_marks_are_kept_and_reshaped_text_is_made_in_one_place_only"),
    "P01": (_HERE, "test_a_hundred_thousand_calls_that_return_nothing_are_survived"),
}


class Case(NamedTuple):
    """A case: its text as it is stored, and its span in it."""

    text: str
    span: tuple[int, int] | None


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> dict[str, Case]:
    """Return all cases by id."""
    found = {}
    for entry in json.loads(
        (shared_data / "text" / "acceptance_cases.json").read_text(encoding="utf-8")
    ):
        kept = canonical(entry["text"])
        span = (
            (kept.from_raw(entry["span"][0]), kept.from_raw(entry["span"][1]))
            if entry["span"]
            else None
        )
        found[entry["id"]] = Case(kept.text, span)
    return found


@pytest.mark.parametrize("name", sorted(WHERE))
def test_every_case_is_tested_somewhere(cases: dict[str, Case], name: str) -> None:
    assert set(WHERE) == set(cases)
    module, function = WHERE[name]
    # What isinstance takes since 3.10.
    assert isinstance(getattr(import_module(module), function), Callable)  # type: ignore[arg-type]


WITH_SPAN = sorted(
    set(WHERE)
    - {"A08", "A10", "A12", "A13", "O12", "C01", "C03", "E01", "E02", "E03", "P01", "S02"}
)


@pytest.mark.parametrize("name", WITH_SPAN)
def test_a_span_goes_from_the_screen_to_the_store_and_into_an_export(
    cases: dict[str, Case], name: str, opens: Callable[..., Person], tmp_path: Path
) -> None:
    text, span = cases[name]
    if span is None:
        pytest.skip("The case is about a whole text.")
    project = tmp_path / "p.annot"
    made(project, texts={f"fa-{name}": text}).close()
    person = opens(project)
    session, view = person.session, person.view
    if trim(text, *span) == span:
        select_by_keys(view, *span)
        assert session.selection == span
        assert select_by_mouse(view, *span)
        assert session.selection == span
        label_selection(session, "PER")
    else:  # such a span comes from files: selected by hand, its white space stays outside
        add_span(session, "PER", (span,))
    person.window.close()
    with session.store.open(project) as store:
        (stored,) = store.annotation_set(f"fa-{name}", "aida").spans
        assert (stored.fragments, stored.text) == ((span,), text[span[0] : span[1]])
        export_records(store, tmp_path / "out.jsonl", ExportOptions(annotators=("aida",)))
    plain = orjson.loads((tmp_path / "out.jsonl").read_bytes().split(b"\n")[0])
    assert plain["text"] == text
    assert plain["offset_unit"] == "codepoint"
    assert [(entry["start"], entry["end"], entry["text"]) for entry in plain["spans"]] == [
        (*span, text[span[0] : span[1]])
    ]


def test_a_span_of_no_characters_is_refused_with_a_sentence(tmp_path: Path) -> None:
    line = {
        "id": "d",
        "text": "سلام دنیا",
        "annotator": "a",
        "spans": [{"label": "PER", "start": 5, "end": 5, "text": ""}],
    }
    (tmp_path / "in.jsonl").write_bytes(orjson.dumps(line) + b"\n")
    with made(tmp_path / "p.annot", texts={}) as store:
        report = import_files(store, [tmp_path / "in.jsonl"], ImportOptions(format="jsonl"), "a")
        (error,) = report.problems
    assert "5" in error.reason
    assert "empty" in error.reason


def test_decomposed_letters_stay_as_they_are_and_the_caret_never_parts_them(
    cases: dict[str, Case], opens: Callable[..., Person], tmp_path: Path
) -> None:
    text, _span = cases["O05"]
    made(tmp_path / "p.annot", texts={"en-1": text}).close()
    person = opens(tmp_path / "p.annot")
    assert person.view.text() == text
    assert "e\u0301" in text
    person.view.set_caret(0)
    seen = []
    for _step in range(len(text)):
        person.press(Qt.Key.Key_Right)
        seen.append(person.view.caret())
    assert not {position for position in seen if text[position : position + 1] == "\u0301"}


def _imported(tmp_path: Path, plain: dict[str, object]) -> Session:
    (tmp_path / "in.jsonl").write_bytes(orjson.dumps(plain) + b"\n")
    store = made(tmp_path / "p.annot", texts={})
    report = import_files(store, [tmp_path / "in.jsonl"], ImportOptions(format="jsonl"), "a")
    assert not report.problems
    session = Session(store, "a")
    session.open_document("d")
    return session


def _places(session: Session) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.text) for span in session.in_order()]


def test_offsets_counted_with_cr_are_translated_on_import(tmp_path: Path) -> None:
    spans = [
        {"label": "PER", "start": 18, "end": 20, "text": "He"},
        {"label": "PER", "start": 29, "end": 32, "text": "her"},
    ]
    session = _imported(
        tmp_path,
        {
            "id": "d",
            "text": "John loves Mary.\r\nHe married her.",
            "annotator": "a",
            "spans": spans,
        },
    )
    assert _places(session) == [(17, 19, "He"), (28, 31, "her")]
    session.close()


def test_a_bom_goes_and_the_offsets_with_it(tmp_path: Path) -> None:
    spans = [{"label": "LOC", "start": 6, "end": 10, "text": "دنیا"}]
    session = _imported(
        tmp_path, {"id": "d", "text": "\ufeffسلام دنیا", "annotator": "a", "spans": spans}
    )
    assert session.document is not None
    assert session.document.text == "سلام دنیا"
    assert _places(session) == [(5, 9, "دنیا")]
    session.close()


def test_a_lone_surrogate_is_refused_with_its_position(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(b'{"id": "d", "text": "a\\ud800b"}\n')
    with made(tmp_path / "p.annot", texts={}) as store:
        report = import_files(store, [tmp_path / "in.jsonl"], ImportOptions(format="jsonl"), "a")
        assert report.problems
        assert store.entries("a") == []


def test_a_hundred_thousand_calls_that_return_nothing_are_survived(person: Person) -> None:
    for _call in range(100_000):
        person.view.setObjectName("x")
    assert person.view.objectName() == "x"
