"""When a command of the window can be done: each condition stands here once."""

from annotator.model import original
from annotator.ui.window.app_window import AppWindow


def has_project(window: AppWindow) -> bool:
    """Return whether a project is open."""
    return window.session is not None


def has_document(window: AppWindow) -> bool:
    """Return whether a document is open."""
    return window.session is not None and window.session.document is not None


def has_span(window: AppWindow) -> bool:
    """Return whether a span is selected."""
    return window.session is not None and window.session.selected is not None


def can_write(window: AppWindow) -> bool:
    """Return whether the open project can be changed."""
    return window.session is not None and not window.session.store.readonly


def takes_labels(window: AppWindow) -> bool:
    """Return whether the project's schema takes in labels of one's own."""
    return window.session is not None and can_write(window) and window.session.schema.open


def is_copy(window: AppWindow) -> bool:
    """Return whether the open project was begun from an assignment."""
    return window.session is not None and window.session.store.is_copy()


def leads(window: AppWindow) -> bool:
    """Return whether the open project can be handed out and collected into."""
    return can_write(window) and not is_copy(window)


def is_repeating(window: AppWindow) -> bool:
    """Return whether the person at the window repeats documents."""
    return window.session is not None and bool(original(window.session.annotator))


def can_repeat(window: AppWindow) -> bool:
    """Return whether the person at the window could repeat documents."""
    return can_write(window) and not is_repeating(window)
