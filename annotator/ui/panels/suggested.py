"""The details of the suggestion that is selected.

What is proposed, by whom, and the two answers.
"""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from annotator.commands import suggestions
from annotator.errors import isolate
from annotator.i18n import _, language
from annotator.model import Span
from annotator.session import Session
from annotator.ui.panels.outline import Line
from annotator.ui.runtime.keyboard import Keyboard
from annotator.ui.widgets.controls import Guard, button, plain_label, surface_label


def show_suggestion(
    column: QVBoxLayout, session: Session, span: Span, keyboard: Keyboard, guard: Guard
) -> None:
    """Fill the details panel for a suggestion."""
    found = session.schema.find_label(span.label)
    name = found[1].names.in_language(language()) if found else ""
    column.addWidget(surface_label(span.text))
    column.addWidget(plain_label(f"{span.label} · {name}", "soft", wraps=True))
    for twin in session.suggestions.twins(span.id):
        column.addWidget(
            plain_label(_("Suggested by {name}").format(name=twin.origin), "soft", wraps=True)
        )
    for entry in found[1].attributes if found else ():
        if entry.id in span.attributes:
            value = isolate(str(span.attributes[entry.id]))
            column.addWidget(plain_label(f"{entry.names.in_language(language())}: {value}"))
    _add_answers(column, session, keyboard, guard)


def _add_answers(column: QVBoxLayout, session: Session, keyboard: Keyboard, guard: Guard) -> None:
    answers: tuple[tuple[Callable[[Session], None], str, str], ...] = (
        (suggestions.accept, _("Accept"), suggestions.ACCEPT_KEY),
        (suggestions.dismiss, _("Dismiss"), suggestions.DISMISS_KEY),
    )
    for answer, text, key in answers:
        column.addWidget(
            button(f"{text}  [{keyboard.cap(key)}]", partial(guard, partial(answer, session)))
        )
    hint = _("The key of a label accepts it under that label. Tab goes on without an answer.")
    column.addWidget(plain_label(hint, "soft", wraps=True))


def suggested_lines(session: Session) -> Iterator[Line]:
    """Yield the lines of the outline for the suggestions that are open."""
    order = session.suggestions.order
    if order:
        yield Line("", f"{_('Suggestions')} · {len(order)}")
    for span in order:
        yield Line(span.id, span.text, span.label)
