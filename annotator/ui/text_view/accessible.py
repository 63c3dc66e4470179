"""What assistive technology sees: a named document, and announcements.

A text interface written in Python crashes as soon as a real client reads it, so there is none; the
window has a reading pane.
"""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from annotator.i18n import _
from annotator.text.segmentation import token_at
from annotator.ui.text_view.page import Page

_LONGEST_SPOKEN = 200

# Qt keeps only raw pointers: what the factory returns must be held here as long as its widget
# lives.
_interfaces: dict[int, QAccessibleInterface] = {}
_is_installed: list[bool] = []


def _forget(key: int) -> None:
    _interfaces.pop(key, None)


def _interface(_class_name: str, thing: QObject) -> QAccessibleInterface | None:
    if not (isinstance(thing, QWidget) and thing.property("is_document_view")):
        return None
    key = id(thing)
    if key not in _interfaces:
        _interfaces[key] = QAccessibleWidget(
            thing, QAccessible.Role.Document, thing.accessibleName()
        )
        thing.destroyed.connect(lambda: _forget(key))
    return _interfaces[key]


def make_accessible(view: QWidget, name: str) -> None:
    """Let a widget appear as a named document."""
    view.setProperty("is_document_view", True)
    view.setAccessibleName(name)
    if not _is_installed:
        _is_installed.append(True)
        QAccessible.installFactory(_interface)


def announce(view: QWidget, text: str) -> None:
    """Let a screen reader say something, such as the label just given."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, text))


def spoken_place(page: Page, start: int, end: int) -> str:
    """Return the selected text, or the word at a position, and the labels that cover it.

    The inner label comes first.
    """
    text = page.blocks.text
    if start < end:
        selected = text[start:end][:_LONGEST_SPOKEN]
        words: str = _("Selected: {text}").format(text=selected)
    else:
        words = _word_or_character(page, start)
    return " · ".join([words, *(mark.caption for mark in page.index.covering(start))])


def _word_or_character(page: Page, position: int) -> str:
    block = page.blocks.at(position)
    offset = page.blocks.starts[block]
    token = token_at(page.blocks.tokens(block), position - offset)
    if token is None:
        return page.blocks.text[position : position + 1]
    return page.blocks.text[token[0] + offset : token[1] + offset]
