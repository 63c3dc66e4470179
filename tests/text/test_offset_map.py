"""Offset maps: stretches that did not change only move.

What changed says where each of its characters is.
"""

from hypothesis import given
from hypothesis import strategies as st

from annotator.text.offset_map import Change, OffsetMap, changed, composed


@st.composite
def _changes(draw: st.DrawFn) -> tuple[str, list[Change]]:
    """Draw a text of unlike characters and changes that reverse, double or drop stretches of it."""
    text = "".join(chr(0x4E00 + number) for number in range(draw(st.integers(0, 30))))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    made = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        piece, length = text[start:end], end - start
        kind = draw(st.sampled_from(["reverse", "double", "drop"]))
        if kind == "reverse":
            made.append(
                Change(
                    start,
                    end,
                    piece[::-1],
                    [(length - 1 - number, length - number) for number in range(length)],
                )
            )
        elif kind == "double":
            double = "".join(character * 2 for character in piece)
            made.append(
                Change(
                    start, end, double, [(2 * number, 2 * number + 2) for number in range(length)]
                )
            )
        else:
            made.append(Change(start, end, "", [(0, 0)] * length))
    return text, made


@given(made=_changes(), data=st.data())
def test_a_stretch_is_where_its_characters_are(
    made: tuple[str, list[Change]], data: st.DataObject
) -> None:
    text, changes = made
    after, known = changed(text, changes)
    start, end = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    found = known.fragments(start, end)
    assert {character for first, last in found for character in after[first:last]} == set(
        text[start:end]
    ) & set(after)
    assert all(first < last for first, last in found)
    assert list(found) == sorted(found)


def test_without_changes_everything_stays() -> None:
    assert OffsetMap().fragments(2, 5) == ((2, 5),)
    assert changed("abc", []) == ("abc", OffsetMap())


def test_two_changes_of_one_stretch_become_one() -> None:
    assert composed([(0, 2), (2, 3)], [(1, 2), (0, 1), (0, 0)]) == [(0, 2), (0, 0)]
