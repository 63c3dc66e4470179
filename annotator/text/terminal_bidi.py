"""Text for faces that neither shape nor order: joined letter forms, in the order they are seen in.

What comes out is another text: letters are presentation forms, «لا» is one character. It is never
stored, exported or handed to Qt, which shapes and orders by itself.
"""

import re
import unicodedata

from arabic_reshaper import ArabicReshaper  # type: ignore[import-untyped]  # it has no types
from bidi import get_display  # type: ignore[import-untyped]  # it has no types

_MIRRORED = str.maketrans("()[]{}<>«»‹›≤≥", ")(][}{><»«›‹≥≤")
_PAIRED = re.compile(r"[()\[\]{}<>«»‹›≤≥]")
# Marks take the level of the character before them, and stand before it in reverse order where it
# is read from right to left.
_ONE, _TWO = "\U000e0101", "\U000e0102"
_TURNED = re.compile(f"{_TWO}{_ONE}(.)")
_NO_WIDTH = frozenset(("Mn", "Me", "Cf"))
_SHAPES_BY_ITSELF = (3, 11)  # matplotlib's version since which it orders and joins


def visual(text: str, direction: str) -> str:
    """Return a line of an "rtl" or "ltr" paragraph as a terminal without bidi should print it.

    Harakat stay. get_display orders as UAX #9 says but leaves brackets as they are, so those read
    from the right are mirrored here.
    """
    shaped = ArabicReshaper(
        configuration={"delete_harakat": False, "support_ligatures": False}
    ).reshape(text)
    marked = _PAIRED.sub(rf"\g<0>{_ONE}{_TWO}", shaped)
    ordered = get_display(marked, base_dir="R" if direction == "rtl" else "L")
    mirrored = _TURNED.sub(lambda match: match.group(1).translate(_MIRRORED), ordered)
    return mirrored.replace(_ONE + _TWO, "")


def width(text: str) -> int:
    """Return how many cells of a terminal a text takes.

    Marks and invisible characters take none, wide letters two.

    >>> width("می‌شود"), width("خانهٔ"), width("Алматы"), width("北")
    (5, 4, 6, 2)
    """
    return sum(
        0
        if unicodedata.category(character) in _NO_WIDTH
        else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def chart_label(text: str, matplotlib: str, direction: str) -> str:
    """Return a label for a chart of that matplotlib, which may order and join by itself."""
    major, minor = matplotlib.split(".")[:2]
    return text if (int(major), int(minor)) >= _SHAPES_BY_ITSELF else visual(text, direction)
