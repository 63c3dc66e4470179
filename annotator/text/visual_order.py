"""Text in visual order: right-to-left letters that stand from left to right.

Some PDF programs write lines so.

A line tells its order by what cannot stand at a word's beginning or end: the shapes of letters,
harakat, punctuation, letters that only end words, and frequent words read backwards.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from annotator.text.offset_map import Change

if TYPE_CHECKING:
    from annotator.model import Fragment

# How many places must speak for visual order: in a text, and in a line where the text does not.
_LEAST, _LEAST_ALONE = 3, 4
_LETTER = "\u0620-\u064a\u066e-\u06d3\u06d5\ufb50-\ufd3d\ufd50-\ufdfb\ufe70-\ufefc"
_MARK = "\u064b-\u065f\u0670"
_DIGIT = "0-9\u0660-\u0669\u06f0-\u06f9"
_LTR = "A-Za-z\u00c0-\u024f\u0400-\u052f"
_HAS_LETTER = re.compile(f"[{_LETTER}]")
_WORD = re.compile(f"[{_LETTER}{_MARK}]+")
_UNIT = re.compile(
    f"(?P<ltr>[{_LTR}](?:[^{_LETTER}\n]*[{_LTR}{_DIGIT}])?|[{_DIGIT}](?:[{_DIGIT}.,:/٫٬–-]*[{_DIGIT}])?)|[{_LETTER}][{_MARK}]+|(?s:.)"
)
_MARKS_FIRST = re.compile(f"(?:^|[^{_LETTER}{_MARK}])[{_MARK}]")
_PUNCTUATION_AFTER = re.compile(f"(?<=[{_LETTER}])[،؛؟.!:](?=\\s|$)", re.MULTILINE)
_PUNCTUATION_BEFORE = re.compile(f"(?:^|(?<=\\s))[،؛؟.!:](?=[{_LETTER}])", re.MULTILINE)
_ONLY_LAST = frozenset("ةى")
_WORDS = frozenset(
    (
        "به",
        "که",
        "است",
        "برای",
        "این",
        "آن",
        "می",
        "را",
        "از",
        "بود",
        "شده",
        "یک",
        "على",
        "في",
        "من",
        "هذا",
        "إلى",
        "التي",
    )
)
_TURNED_WORDS = frozenset(word[::-1] for word in _WORDS) - {"نم"}
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


def looks_turned(text: str) -> bool:
    """Return whether most of what a text tells speaks for visual order."""
    if not _HAS_LETTER.search(text):
        return False
    logical, visual = evidence(text)
    return visual >= _LEAST and visual >= 3 * logical


def turned_lines(text: str) -> Iterator[Change]:
    """Walk over the lines in visual order, each changed to the order in which it is read."""
    if not _HAS_LETTER.search(text):
        return
    whole = looks_turned(text)
    start = 0
    for line in text.split("\n"):
        if _HAS_LETTER.search(line):
            logical, visual = evidence(line)
            if visual >= logical if whole else visual >= _LEAST_ALONE and visual >= 3 * logical:
                yield turned(line, start)
        start += len(line) + 1


def turned(line: str, start: int = 0) -> Change:
    """Return a line that begins at `start` read from its other end.

    Words of other scripts and numbers keep their order.
    """
    places: list[Fragment] = [(0, 0)] * len(line)
    pieces: list[str] = []
    length = 0
    for place, unit in reversed(_units(line)):
        for number in range(len(unit)):
            places[place + number] = (length + number, length + number + 1)
        pieces.append(unit)
        length += len(unit)
    return Change(start, start + len(line), "".join(pieces), places)


def _units(line: str) -> list[tuple[int, str]]:
    """Return what keeps its own order when a line is turned, and where each of it begins."""
    # Where marks stand before their letters each of both is turned by itself.
    by_character = _MARKS_FIRST.search(line) is not None
    units: list[tuple[int, str]] = []
    for match in _UNIT.finditer(line):
        unit, start = match.group(), match.start()
        if match.group("ltr") or (len(unit) > 1 and not by_character):
            units.append((start, unit))
        else:
            for number, sign in enumerate(unit):
                units.append((start + number, sign.translate(_MIRRORED)))
    return units


def evidence(text: str) -> tuple[int, int]:
    """Return how many places speak for reading order, and how many for visual order."""
    logical = len(_PUNCTUATION_AFTER.findall(text))
    visual = len(_PUNCTUATION_BEFORE.findall(text)) + len(_MARKS_FIRST.findall(text))
    for word in _WORD.findall(text):
        logical += word in _WORDS
        visual += word in _TURNED_WORDS
        if len(word) > 1:
            logical += word[-1] in _ONLY_LAST
            visual += word[0] in _ONLY_LAST
        if any(sign >= "\ufb50" for sign in word):
            shapes = [(shape_of(one), shape_of(other)) for one, other in pairwise(word)]
            logical += sum(
                pair in (("initial", "medial"), ("initial", "final"), ("medial", "final"))
                for pair in shapes
            )
            visual += sum(pair in (("final", "medial"), ("medial", "initial")) for pair in shapes)
    return logical, visual


@cache
def shape_of(character: str) -> str:
    """Return a presentation form's shape: initial, medial, final, isolated; "" for a letter."""
    mapped = unicodedata.decomposition(character)
    return mapped[1 : mapped.index(">")] if mapped.startswith("<") else ""
