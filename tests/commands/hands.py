"""What hands do.

Select words of the open document, press a physical key, run a command by its id.
"""

from annotator.commands import commands, keys
from annotator.model import Span
from annotator.session import Session


def choose(session: Session, words: str) -> None:
    """Select the first place where these words stand."""
    assert session.document is not None
    start = session.document.text.index(words)
    session.select_text(start, start + len(words))


def label(session: Session, words: str, key: str) -> Span:
    """Select words, press a key, and return the span that is selected then."""
    choose(session, words)
    assert keys.press(session, key)
    assert session.selected is not None
    return session.selected


def run(session: Session, name: str) -> None:
    """Run a command as the window would: only when it can be done."""
    command = commands()[name]
    assert command.when(session), f"{name} cannot be done now"
    command(session)


def can(session: Session, name: str) -> bool:
    """Return whether a command can be done."""
    return commands()[name].when(session)


def shown(session: Session) -> list[tuple[str, str]]:
    """Return the spans in reading order as label and text."""
    return [(span.label, span.text) for span in session.in_order()]
