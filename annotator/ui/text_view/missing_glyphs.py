"""Characters that no font can show: they would be read as boxes."""

import unicodedata

from PySide6.QtGui import QTextLayout

from annotator.ui.look.style import TEXT_SIZE, supports, text_font


def missing_characters(text: str) -> str:
    """Return a text's characters that no shipped font and no system font has, sorted."""
    unsupported = {
        character
        for character in set(text)
        if not (supports(character, arabic=False) or supports(character, arabic=True))
    }
    doubtful = {
        character for character in unsupported if unicodedata.category(character) != "Cf"
    }  # invisible by nature
    return "".join(sorted(character for character in doubtful if not _is_shown(character)))


def _is_shown(character: str) -> bool:
    layout = QTextLayout(character, text_font(TEXT_SIZE, arabic=False))
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    runs = line.glyphRuns()
    # Without any font Qt draws boxes from an engine that has no family; with one, a missing glyph
    # is glyph 0.
    return bool(runs) and all(
        run.rawFont().familyName() and 0 not in run.glyphIndexes() for run in runs
    )
