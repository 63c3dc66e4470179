"""Measures, colours and fonts of the text view."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QRawFont,
    QTextCharFormat,
    QTextLayout,
)

from annotator.resources import resource
from annotator.text.lazy_regex import pattern

TEXT_SIZE = 17
SMALLEST_ZOOM, LARGEST_ZOOM = 50, 400
_NO_GLYPH = frozenset({"Cc", "Zl", "Zp", "Zs", "Mn"})
_JOINERS = "\u200c\u200d"
_FONT_FILES = ("AnnotatorSans.ttf", "Vazirmatn-Regular.ttf")
_LATIN, _ARABIC = "Annotator Sans", "Vazirmatn"
_LATIN_TEST, _ARABIC_TEST = "AzЯёӘқұ", "یکگچپژئۀ۴"

_AR = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefe"
_LETTERS = "A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff\u1c80-\u1c8f\u2c60-\u2c7f\ua640-\ua69f"
_HAS_ARABIC = pattern(f"[{_AR}]")
_HAS_LETTERS = pattern(f"[{_LETTERS}]")
# A run reaches over the neutral characters between two letters of its script, so that words do not
# become single items.
_ARABIC_RUN = pattern(f"[{_AR}](?:[^{_LETTERS}]*[{_AR}])?[\u0300-\u036f\u200c\u200d]*")
_LETTER_RUN = pattern(f"[{_LETTERS}](?:[^{_AR}]*[{_LETTERS}])?[\u0300-\u036f]*")

_Run = tuple[int, int, bool]  # start, end, whether in the Arabic family


class Look(NamedTuple):
    """What a person chooses of the text's look.

    Line spacing is in per cent of the size, the column in characters of a full line; the family
    "" stands for the fonts that ship with the program.
    """

    leading: int = 160
    measure: int = 72
    family: str = ""


USUAL = Look()


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one appearance, as "#RRGGBB".

    `tint` is how much of a label's colour lies over the paper.
    """

    paper: str
    ink: str
    faint: str
    hairline: str
    selection: str
    accent: str
    suggestion: str
    warning: str
    tint: float
    chip: float
    dark: bool


LIGHT = Palette(
    "#FBFAF7",
    "#1B1B1A",
    "#8A857A",
    "#E4E1DA",
    "#C3D0DE",
    "#2F5D8A",
    "#77736B",
    "#9A5B00",
    0.17,
    0.20,
    False,
)
DARK = Palette(
    "#1D1E20",
    "#E7E5E0",
    "#84827D",
    "#34363A",
    "#384A5E",
    "#8DB4DC",
    "#9C9A95",
    "#E0A95A",
    0.25,
    0.30,
    True,
)


@dataclass(frozen=True, slots=True)
class Metrics:
    """All lengths in pixels at one zoom."""

    text_size: int
    ascent: int
    descent: int
    pitch: int
    paragraph_gap: int
    chip_size: int
    chip_height: int
    lane: int
    claim_lane: int
    underline: float
    column_ltr: int
    column_rtl: int
    margin: int
    top: int
    bottom: int
    family: str

    @property
    def box(self) -> int:
        """Height of the box of the text on a line."""
        return self.ascent + self.descent

    def column(self, direction: str) -> int:
        """Return the widest text column for documents of a direction."""
        return self.column_rtl if direction == "rtl" else self.column_ltr


@lru_cache(maxsize=32)
def metrics(zoom: int, look: Look = USUAL) -> Metrics:
    """Return the measures at a zoom in per cent.

    The boxes follow the ink of both fonts, not their generous line heights.
    """
    size = max(round(TEXT_SIZE * zoom / 100), 6)
    chip = max(round(size * 0.56), 7)
    return Metrics(
        text_size=size,
        ascent=round(size * 0.88),
        descent=round(size * 0.35),
        pitch=max(round(size * look.leading / 100), round(size * 1.23)),
        paragraph_gap=round(size * 0.6),
        chip_size=chip,
        chip_height=chip + 4,
        lane=max(round(size * 0.3), 4),
        claim_lane=max(round(size * 0.26), 4),
        underline=max(size * 3 / TEXT_SIZE, 1.5),
        column_ltr=round(size * 0.567 * look.measure),
        column_rtl=round(size * 0.48 * look.measure),
        margin=max(round(size * 5.7), 72),
        top=round(size * 1.6),
        bottom=round(size * 4),
        family=look.family,
    )


@lru_cache(maxsize=1)
def _families() -> tuple[str, str]:
    """Load the fonts that ship with the program; return those for Cyrillic and for Arabic."""
    loaded: set[str] = set()
    for name in _FONT_FILES:
        number = QFontDatabase.addApplicationFont(str(resource("fonts", name)))
        if number >= 0:
            loaded.update(QFontDatabase.applicationFontFamilies(number))
    known = loaded | set(QFontDatabase.families())
    latin = (
        _LATIN
        if _LATIN in known
        else QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    )
    return latin, _ARABIC if _ARABIC in known else latin


@lru_cache(maxsize=8)
def _families_with(family: str) -> tuple[str, str]:
    """Return the families for both scripts when a person has chosen one.

    It serves the scripts that it has letters for.
    """
    latin, arab = _families()
    if not family or family not in QFontDatabase.families():
        return latin, arab
    raw = QRawFont.fromFont(QFont(family, TEXT_SIZE))
    serves_latin, serves_arabic = (
        all(raw.supportsCharacter(ord(letter)) for letter in test)
        for test in (_LATIN_TEST, _ARABIC_TEST)
    )
    return family if serves_latin else latin, family if serves_arabic else arab


@lru_cache(maxsize=64)
def text_font(size: int, arabic: bool, family: str = "") -> QFont:
    """Return the document font of a script; the other script's family is its first fallback."""
    latin, arab = _families_with(family)
    font = QFont()
    font.setFamilies([arab, latin] if arabic else [latin, arab])
    font.setPixelSize(size)
    # Glyph positions must not depend on the place on the screen, nor on the zoom's rounding.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


@lru_cache(maxsize=64)
def chip_font(size: int) -> QFont:
    """Return the font of chips, numbers and control pictures."""
    font = text_font(size, arabic=False)
    small = QFont(font)
    small.setWeight(QFont.Weight.Medium)
    return small


@lru_cache(maxsize=4096)
def chip_text_width(text: str, size: int) -> float:
    """Return the width of a small text."""
    return QFontMetricsF(chip_font(size)).horizontalAdvance(text)


def block_font(
    text: str, direction: str, size: int, chosen: str = ""
) -> tuple[QFont, list[QTextLayout.FormatRange]]:
    """Return the font of a block, and formats for its other script and for what its font lacks.

    Runs get their family by name because Qt's own fallback inside a run spoils the string indexes
    that cells are read from. Offsets in the formats are code points: the caller maps them.
    """
    arabic = bool(_HAS_ARABIC().search(text))
    letters = bool(_HAS_LETTERS().search(text))
    main_is_arabic = direction == "rtl" and (arabic or not letters) if arabic == letters else arabic
    runs: list[_Run] = []
    if arabic and letters:
        pattern = _LETTER_RUN() if main_is_arabic else _ARABIC_RUN()
        runs = [
            (found.start(), found.end(), not main_is_arabic) for found in pattern.finditer(text)
        ]
    families = (False, True) if runs else (main_is_arabic,)
    lacks = {
        family: "".join(
            character for character in set(text) if not supports(character, family, chosen)
        )
        for family in families
    }
    if any(lacks.values()):
        runs = _without_strays(text, runs, main_is_arabic, lacks)
    main = text_font(size, main_is_arabic, chosen)
    return main, [
        _format(start, end, text_font(size, family, chosen)) for start, end, family in runs
    ]


def _without_strays(text: str, runs: list[_Run], main: bool, lacks: dict[bool, str]) -> list[_Run]:
    """Make the characters that their run's font lacks runs of their own, of the other family."""
    result: list[_Run] = []
    done = 0
    for start, end, family in [*runs, (len(text), len(text), main)]:
        result += [
            run
            for run in _cut(text, done, start, main, lacks)
            if run[2] != main or _lacks_any(text, run, lacks[main])
        ]
        result += _cut(text, start, end, family, lacks)
        done = end
    return result


def _lacks_any(text: str, run: _Run, lacking: str) -> bool:
    return any(character in lacking for character in text[run[0] : run[1]])


def _cut(text: str, start: int, end: int, family: bool, lacks: dict[bool, str]) -> list[_Run]:
    """Cut a stretch of one family before and after the characters that its font lacks."""
    if not lacks[family] or start == end:
        return [(start, end, family)] if start < end else []
    result: list[_Run] = []
    controls = "".join(
        character for character in lacks[family] if unicodedata.category(character) == "Cf"
    )
    others = "".join(character for character in lacks[family] if character not in controls)
    # Each control stands alone; emoji joined by ZWJ stay together.
    parts = [f"[{re.escape(controls)}]"] if controls else []
    parts += (
        [f"[{re.escape(others)}](?:[\u200d\ufe0f]*[{re.escape(others)}])*\ufe0f*"] if others else []
    )
    done = start
    for found in re.compile("|".join(parts)).finditer(text, start, end):
        if done < found.start():
            result.append((done, found.start(), family))
        result.append((found.start(), found.end(), not family))
        done = found.end()
    return result + ([(done, end, family)] if done < end else [])


def _format(start: int, end: int, font: QFont) -> QTextLayout.FormatRange:
    style = QTextCharFormat()
    style.setFont(font)
    part = QTextLayout.FormatRange()
    part.start = start
    part.length = end - start
    part.format = style
    return part


@lru_cache(maxsize=8192)
def supports(character: str, arabic: bool, chosen: str = "") -> bool:
    """Return whether the font of a script has a glyph for a character, or needs none.

    Bidi controls need one: Qt looks for them in other fonts.
    """
    if character in _JOINERS or unicodedata.category(character) in _NO_GLYPH:
        return True
    return QCoreApplication.instance() is None or _raw_font(arabic, chosen).supportsCharacter(
        ord(character)
    )


@lru_cache(maxsize=16)
def _raw_font(arabic: bool, chosen: str) -> QRawFont:
    return QRawFont.fromFont(text_font(TEXT_SIZE, arabic, chosen))


@lru_cache(maxsize=2048)
def mixed(color: str, ground: str, share: float) -> QColor:
    """Return `share` of a colour over a ground."""
    above = QColor(color)
    below = QColor(ground)
    if not above.isValid():
        above = QColor("#777777")

    def channel(top: float, bottom: float) -> float:
        return top * share + bottom * (1 - share)

    return QColor.fromRgbF(
        channel(above.redF(), below.redF()),
        channel(above.greenF(), below.greenF()),
        channel(above.blueF(), below.blueF()),
    )


def _luminance(color: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    return (
        0.2126 * linear(color.redF())
        + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF())
    )


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio of two colours (WCAG 2.1)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=2048)
def legible(color: str, ground: str, ink: str, least: float) -> QColor:
    """Return the colour, moved towards the ink until it has the least contrast on the ground."""
    below = QColor(ground)
    for step in range(21):
        candidate = mixed(color, ink, 1 - step / 20)
        if contrast(candidate, below) >= least:
            return candidate
    return QColor(ink)
