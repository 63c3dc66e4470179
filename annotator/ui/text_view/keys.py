"""Which keys move the caret; every other key is the window's."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from annotator.i18n import N_
from annotator.ui.runtime.keyboard import physical_key

_NONE = Qt.KeyboardModifier.NoModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_KEY = Qt.Key

_MOVES: dict[tuple[Qt.Key, Qt.KeyboardModifier], str] = {
    (_KEY.Key_Left, _NONE): "left",
    (_KEY.Key_Right, _NONE): "right",
    (_KEY.Key_Up, _NONE): "up",
    (_KEY.Key_Down, _NONE): "down",
    (_KEY.Key_Home, _NONE): "line_start",
    (_KEY.Key_End, _NONE): "line_end",
    (_KEY.Key_PageUp, _NONE): "page_up",
    (_KEY.Key_PageDown, _NONE): "page_down",
    (_KEY.Key_Left, _CONTROL): "word_left",
    (_KEY.Key_Right, _CONTROL): "word_right",
    (_KEY.Key_Up, _CONTROL): "paragraph_previous",
    (_KEY.Key_Down, _CONTROL): "paragraph_next",
    (_KEY.Key_Home, _CONTROL): "document_start",
    (_KEY.Key_End, _CONTROL): "document_end",
}
# Towards the reading direction is the next character as written, whatever it looks like.
_LOGICAL = {
    _KEY.Key_Left: ("previous_grapheme", "next_grapheme"),
    _KEY.Key_Right: ("next_grapheme", "previous_grapheme"),
}
_SENTENCES = {
    _KEY.Key_Left: ("sentence_previous", "sentence_next"),
    _KEY.Key_Right: ("sentence_next", "sentence_previous"),
}
# As the sheet of all keys shows them, what they do, and each by its name; with Shift each of them
# extends the selection.
MOVING_KEYS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("←  →", N_("To the next character as seen"), ("Left", "Right")),
    ("↑  ↓", N_("To the line above or below"), ("Up", "Down")),
    ("Ctrl+←  Ctrl+→", N_("To the next word as seen"), ("Ctrl+Left", "Ctrl+Right")),
    (
        "Ctrl+Alt+←  Ctrl+Alt+→",
        N_("To the next character as written"),
        ("Ctrl+Alt+Left", "Ctrl+Alt+Right"),
    ),
    (
        "Alt+←  Alt+→",
        N_("To the next sentence, or the one before, in the reading direction"),
        ("Alt+Left", "Alt+Right"),
    ),
    ("Ctrl+↑  Ctrl+↓", N_("To the paragraph before or after"), ("Ctrl+Up", "Ctrl+Down")),
    ("Home  End", N_("To the beginning or end of the line"), ("Home", "End")),
    ("PgUp  PgDown", N_("One page up or down"), ("PgUp", "PgDown")),
    (
        "Ctrl+Home  Ctrl+End",
        N_("To the beginning or end of the document"),
        ("Ctrl+Home", "Ctrl+End"),
    ),
    ("Ctrl+A", N_("Select the whole text"), ("Ctrl+A",)),
    ("Shift+…", N_("With any of these: extend the selection"), ()),
)


def move_of(event: QKeyEvent, rtl: bool) -> tuple[str, bool] | None:
    """Return the move of a key event and whether it extends; None for the window's keys."""
    modifiers = event.modifiers() & ~_KEYPAD
    extend = bool(modifiers & _SHIFT)
    plain = modifiers & ~_SHIFT
    key = Qt.Key(event.key())
    if plain == _CONTROL | _ALT and key in _LOGICAL:
        return _LOGICAL[key][rtl], extend
    if plain == _ALT and key in _SENTENCES:
        return _SENTENCES[key][rtl], extend
    name = _MOVES.get((key, plain))
    return (name, extend) if name else None


def selects_all(event: QKeyEvent) -> bool:
    """Return whether the event asks to select everything.

    It is known by the letter; on a layout without Latin letters, by where the key lies.
    """
    is_a = event.key() == _KEY.Key_A or (event.key() > 0x7F and physical_key(event) == "A")
    return is_a and event.modifiers() & ~_KEYPAD == _CONTROL
