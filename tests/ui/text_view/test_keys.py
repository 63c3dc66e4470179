"""The keys that move the caret are all on the sheet, and what is on the sheet moves it."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from annotator.ui.text_view.keys import MOVING_KEYS, move_of

LISTED = {key for _shown, _meaning, keys in MOVING_KEYS for key in keys} - {"Ctrl+A"}
MODIFIERS = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier,
)


def event_of(key: Qt.Key, modifiers: Qt.KeyboardModifier) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers)


@pytest.mark.parametrize("rtl", [False, True])
def test_the_sheet_lists_the_keys_that_move_and_no_other(rtl: bool) -> None:
    moving = set()
    for key in Qt.Key:
        for modifiers in MODIFIERS:
            if move_of(event_of(key, modifiers), rtl) is not None:
                moving.add(QKeySequence(modifiers.value | key.value).toString())
    assert moving == LISTED


@pytest.mark.parametrize("name", sorted(LISTED))
def test_with_shift_each_extends_the_selection(name: str) -> None:
    move = None
    for key in Qt.Key:
        for modifiers in MODIFIERS:
            if QKeySequence(modifiers.value | key.value).toString() == name:
                wider = modifiers | Qt.KeyboardModifier.ShiftModifier
                move = move_of(event_of(key, wider), rtl=True)
                break
    assert move is not None
    assert move[1]
