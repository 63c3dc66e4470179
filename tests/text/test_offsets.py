"""Offsets change unit and come back; Python's own encoders are the judge."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.text.offsets import Utf8Map, Utf16Map, canonical, first_forbidden, utf16_length

PIECES = [
    "a",
    "é",
    "س",
    "می\u200cرود",
    "ә",
    "😀",
    "\U0001f468\u200d\U0001f469",
    "\u2028",
    "\u00a0",
    "\n",
    " ",
    "\U00020000",
    "٪",
    "x" * 1500,
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=30).map("".join)
RAW_TEXTS = st.tuples(
    st.sampled_from(["", "\ufeff", "\ufeff\ufeff"]),
    st.lists(st.sampled_from(["\r", "\n", "\r\n", "a", "س", "😀"]), max_size=30),
).map(lambda parts: parts[0] + "".join(parts[1]))


@given(TEXTS)
def test_utf16_offsets_are_those_of_the_encoder(text: str) -> None:
    units = Utf16Map(text)
    for position in range(len(text) + 1):
        expected = len(text[:position].encode("utf-16-le")) // 2
        assert units.to_utf16(position) == expected
        assert units.to_codepoint(expected) == position
    assert utf16_length(text) == units.to_utf16(len(text))


@given(TEXTS)
def test_utf8_offsets_are_those_of_the_encoder(text: str) -> None:
    units = Utf8Map(text)
    for position in range(0, len(text) + 1, max(1, len(text) // 40)):
        expected = len(text[:position].encode())
        assert units.to_utf8(position) == expected
        assert units.to_codepoint(expected) == position
    assert units.to_utf8(len(text)) == len(text.encode())


@given(TEXTS, st.integers(0, 40_000))
def test_nearest_code_point_is_the_last_that_begins_at_or_before(text: str, unit: int) -> None:
    prefixes16 = (
        [len(text[:position].encode("utf-16-le")) // 2 for position in range(len(text) + 1)]
        if len(text) < 400
        else []
    )
    if prefixes16:
        assert Utf16Map(text).nearest_codepoint(unit) == max(
            position for position, start in enumerate(prefixes16) if start <= unit
        )
        prefixes8 = [len(text[:position].encode()) for position in range(len(text) + 1)]
        assert Utf8Map(text).nearest_codepoint(unit) == max(
            position for position, start in enumerate(prefixes8) if start <= unit
        )


def test_an_offset_inside_a_character_is_an_error() -> None:
    with pytest.raises(ValueError, match="inside a character"):
        Utf16Map("a😀b").to_codepoint(2)
    with pytest.raises(ValueError, match="inside a character"):
        Utf8Map("سلام").to_codepoint(3)


@pytest.mark.parametrize("text", ["", "abc", "a😀"])
@pytest.mark.parametrize("offset", [-1, 99])
def test_an_offset_outside_of_the_text_is_an_error_but_not_for_hit_tests(
    text: str, offset: int
) -> None:
    utf16, utf8 = Utf16Map(text), Utf8Map(text)
    for strict in (utf16.to_utf16, utf16.to_codepoint, utf8.to_utf8, utf8.to_codepoint):
        with pytest.raises(ValueError, match="outside"):
            strict(offset)
    assert (
        utf16.nearest_codepoint(offset)
        == utf8.nearest_codepoint(offset)
        == (0 if offset < 0 else len(text))
    )


def test_texts_of_one_unit_a_character_need_no_map() -> None:
    assert Utf16Map("Қазақ می\u200cرود").is_identity
    assert not Utf16Map("😀").is_identity
    assert Utf8Map("plain").is_identity
    assert not Utf8Map("Қ").is_identity


@given(RAW_TEXTS)
@example("\ufeff\ufeffa")  # saved twice with a mark
def test_canonical_text_has_neither_bom_nor_cr_and_maps_both_ways(raw: str) -> None:
    made = canonical(raw)
    without_bom = raw.lstrip("\ufeff")
    assert not canonical(made.text).is_changed
    assert made.text == without_bom.replace("\r\n", "\n").replace("\r", "\n")
    assert made.raw_length == len(raw)
    assert made.is_changed == (made.text != raw)
    assert [made.from_raw(made.to_raw(position)) for position in range(len(made.text) + 1)] == list(
        range(len(made.text) + 1)
    )
    mapped = [made.from_raw(position) for position in range(len(raw) + 1)]
    assert mapped == sorted(mapped)
    assert mapped[-1] == len(made.text)


@given(RAW_TEXTS, st.data())
def test_a_stretch_of_canonical_text_is_the_same_stretch_of_raw_text(
    raw: str, data: st.DataObject
) -> None:
    made = canonical(raw)
    end = data.draw(st.integers(0, len(made.text)))
    start = data.draw(st.integers(0, end))
    if start < end:
        stretch = raw[made.to_raw(start) : made.to_raw(end)]
        assert stretch.replace("\r\n", "\n").replace("\r", "\n") == made.text[start:end]


def test_canonical_counts_what_it_changed() -> None:
    made = canonical("\ufeffa\r\nb\rc\n")
    assert (made.text, made.bom, made.dropped, made.lone) == ("a\nb\nc\n", 1, (1,), 1)
    assert not canonical("a\nb").is_changed
    with pytest.raises(ValueError, match="outside"):
        made.from_raw(made.raw_length + 1)
    with pytest.raises(ValueError, match="outside"):
        made.to_raw(-1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("سلام\u2028\ufeff\u202e", None),
        ("ab\x00", (2, "NUL (U+0000)")),
        ("a\ud800b\x00", (1, "lone surrogate (U+D800)")),
        ("😀\udfff", (1, "lone surrogate (U+DFFF)")),
    ],
)
def test_the_first_forbidden_character_is_named_with_its_position(
    text: str, expected: tuple[int, str] | None
) -> None:
    assert first_forbidden(text) == expected
