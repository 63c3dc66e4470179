"""How the text looks by a person's settings: line spacing, width, font."""

from annotator.settings import Settings
from annotator.ui.look.style import Look

LEADING, MEASURE = (130, 240), (40, 140)


def look_of(settings: Settings) -> Look:
    """Return the look that a person has chosen, within what can be shown."""
    leading = min(max(settings.number("leading"), LEADING[0]), LEADING[1])
    measure = min(max(settings.number("measure"), MEASURE[0]), MEASURE[1])
    return Look(leading, measure, settings.text("font"))
