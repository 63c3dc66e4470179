"""Physical keys.

Which key was pressed, whatever the keyboard layout, and what is printed on it in the active one.

A key is named by its US print: "1", "C", "=". The system tells the place of a key (its scan code);
where it does not (made-up events, some remote screens) the typed character is looked up in the
layouts of the languages that the program serves.
"""

import sys

from PySide6.QtCore import QKeyCombination, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

_US = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./"
# Evdev codes of those keys, which are Windows' scan codes too; X11 and Wayland count 8 more.
_CODES = (41, *range(2, 14), *range(16, 28), 43, *range(30, 41), *range(44, 54))
# macOS' virtual key codes of the same keys (Carbon, Events.h).
_MAC = (
    50,
    18,
    19,
    20,
    21,
    23,
    22,
    26,
    28,
    25,
    29,
    27,
    24,
    12,
    13,
    14,
    15,
    17,
    16,
    32,
    34,
    31,
    35,
    33,
    30,
    42,
    0,
    1,
    2,
    3,
    5,
    4,
    38,
    40,
    37,
    41,
    39,
    6,
    7,
    8,
    9,
    11,
    45,
    46,
    43,
    47,
    44,
)
LAYOUTS = {
    "en": _US,
    "ru": "ё1234567890-=йцукенгшщзхъ\\фывапролджэячсмитьбю.",
    "kk": '("әіңғ,.үұқөһйцукенгшщзхъ\\фывапролджэячсмитьбю№',
    "fa": "\u200d۱۲۳۴۵۶۷۸۹۰-=ضصثقفغعهخحجچ\\شسیبلاتنمکگظطزرذدپو./",
}
_LANGUAGES = {
    QLocale.Language.Persian: "fa",
    QLocale.Language.Russian: "ru",
    QLocale.Language.Kazakh: "kk",
}


def _codes() -> dict[int, str]:
    names = [key.upper() for key in _US]
    if sys.platform == "darwin":
        return dict(zip(_MAC, names, strict=True))
    shift = 0 if sys.platform == "win32" else 8
    return {code + shift: name for code, name in zip(_CODES, names, strict=True)}


_BY_CODE = _codes()
_BY_CHARACTER = {
    character: name.upper()
    for layout in ("fa", "kk", "ru", "en")  # the last one wins: made-up events mostly type US keys
    for character, name in zip(LAYOUTS[layout], _US, strict=True)
}


def physical_key(event: QKeyEvent) -> str:
    """Return the name of the key that was pressed, "" if it is none of those with a print."""
    if event.modifiers() & Qt.KeyboardModifier.KeypadModifier and event.text() in set(
        "0123456789+-/"
    ):
        return {"+": "="}.get(event.text(), event.text())
    code = event.nativeVirtualKey() if sys.platform == "darwin" else event.nativeScanCode()
    known = _BY_CODE.get(code) if code or sys.platform == "darwin" else None
    if known:
        return known
    typed = event.text().lower() or (
        chr(event.key()).lower() if 32 <= event.key() < 0x110000 else ""
    )
    return _BY_CHARACTER.get(typed, {"+": "=", "?": "/"}.get(typed, ""))


def physical_sequence(event: QKeyEvent, key: str) -> QKeySequence:
    """Return the key sequence that the event would be on a US keyboard."""
    return QKeySequence(
        QKeyCombination(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, Qt.Key(ord(key)))
    )


def has_combination(event: QKeyEvent) -> bool:
    """Return whether Ctrl, Alt or the like is held."""
    return bool(
        event.modifiers()
        & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    )


def edit_by_place(widget: QWidget | None, sequence: QKeySequence) -> bool:
    """Copy, paste, undo and the like in a field that one types in, by the keys' places.

    Return whether that is what they mean.
    """
    if not isinstance(widget, QLineEdit | QPlainTextEdit):
        return False
    edits = {
        "Ctrl+C": widget.copy,
        "Ctrl+X": widget.cut,
        "Ctrl+V": widget.paste,
        "Ctrl+A": widget.selectAll,
        "Ctrl+Z": widget.undo,
        "Ctrl+Y": widget.redo,
        "Ctrl+Shift+Z": widget.redo,
    }
    edit = edits.get(sequence.toString(QKeySequence.SequenceFormat.PortableText))
    if edit is not None:
        edit()
    return edit is not None


class Keyboard(QObject):
    """Knows the active layout, learnt from the system and from what the keys type."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        method = QGuiApplication.inputMethod()
        self.layout = _LANGUAGES.get(method.locale().language(), "en")
        method.localeChanged.connect(self._follow)

    def _follow(self) -> None:
        self._take(_LANGUAGES.get(QGuiApplication.inputMethod().locale().language(), "en"))

    def _take(self, layout: str) -> None:
        if layout != self.layout:
            self.layout = layout
            self.changed.emit()

    def learn(self, event: QKeyEvent) -> None:
        """Take the layout from a key press: the one whose print this key has typed."""
        key, typed = physical_key(event), event.text().lower()
        place = _US.find(key.lower()) if key else -1
        if place < 0 or not typed:
            return
        fitting = [name for name, layout in LAYOUTS.items() if layout[place] == typed]
        if fitting and self.layout not in fitting:
            self._take(fitting[0])

    def cap(self, key: str) -> str:
        """Return what is printed on a physical key in the active layout.

        Digits stay digits where letters share their keys.
        """
        place = _US.find(key.lower())
        if place < 0:
            return key
        printed = LAYOUTS[self.layout][place]
        return printed.upper() if printed.isalpha() != key.isdigit() or printed.isdigit() else key
