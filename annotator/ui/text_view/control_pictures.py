"""Characters that nobody sees, by the names shown for them.

Bidi controls and odd separators are always shown: they can deceive.
"""

from collections.abc import Callable, Iterable, Sequence

from annotator.text.lazy_regex import pattern

_ALWAYS = {
    "\u061c": "ALM",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\x0b": "VT",
    "\x0c": "FF",
    "\x1c": "FS",
    "\x1d": "GS",
    "\x1e": "RS",
    "\x85": "NEL",
    "\u2028": "LS",
    "\u2029": "PS",
    "\ufeff": "BOM",
}
_ON_DEMAND = {
    "\u200c": "|",
    "\u200d": "ZWJ",
    "\u0640": "ـ",
    "\u00ad": "SHY",
    "\u00a0": "°",
    "\u202f": "°",
    "\u200b": "ZWSP",
    "\u2060": "WJ",
    "\t": "→",
    "\n": "¶",
    "\r": "CR",
}
_NAMES = {**_ALWAYS, **_ON_DEMAND}
_SHOWN = pattern(f"[{''.join(_ALWAYS)}]")
_SHOWN_ON_DEMAND = pattern(f"[{''.join(_NAMES)}]")
_BIDI = pattern("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def pictures_of(text: str, start: int, end: int, with_all: bool) -> list[tuple[int, str]]:
    """Return position and name of the characters in [start, end) that get a picture."""
    pattern = _SHOWN_ON_DEMAND() if with_all else _SHOWN()
    return [(found.start(), _NAMES[found.group()]) for found in pattern.finditer(text, start, end)]


def picture_size(chip_size: int) -> int:
    """Return the size of a picture's letters beside chips of a size."""
    return max(chip_size - 2, 6)


def picture_rise(chip_size: int) -> float:
    """Return how far a picture stands out over its line."""
    return picture_size(chip_size) * 0.7


def lines_with_pictures(text: str, lines: Sequence[tuple[int, int]]) -> set[int]:
    """Return the numbers of the lines [start, end) with a character that always gets a picture."""
    shown = _SHOWN()
    return {number for number, (start, end) in enumerate(lines) if shown.search(text, start, end)}


def count_bidi_controls(text: str) -> int:
    """Return how many bidi controls the text holds."""
    return len(_BIDI().findall(text))


def apart(
    places: Iterable[tuple[float, str]], width: Callable[[str], float]
) -> list[tuple[float, str]]:
    """Return pictures with their x so that none covers another.

    Those that would cover one another share one box, in the order of the line. Where directions
    meet, a control before a word and one after it may stand at one x.
    """
    result: list[tuple[float, str]] = []
    for x, name in sorted(places, key=lambda place: place[0]):
        before = result[-1] if result else None
        if before is not None and x - width(name) / 2 < before[0] + width(before[1]) / 2:
            result[-1] = ((before[0] + x) / 2, f"{before[1]} {name}")
        else:
            result.append((x, name))
    return result
