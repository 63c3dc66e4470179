"""The line under the text that counts open suggestions and takes the answers."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from annotator.commands import suggestions
from annotator.i18n import N_, _, ngettext
from annotator.session import Session
from annotator.ui.runtime.keyboard import Keyboard
from annotator.ui.widgets.controls import Guard, button, plain_label

LABELS_SHOWN = 4
_ANSWERS = {
    Qt.Key.Key_Return: suggestions.accept,
    Qt.Key.Key_Enter: suggestions.accept,
    Qt.Key.Key_Backspace: suggestions.dismiss,
    Qt.Key.Key_Delete: suggestions.dismiss,
}
# For the sheet of all keys: the physical key, another that does the same, and what they do.
ANSWER_KEYS = (
    (suggestions.ACCEPT_KEY, "Enter", N_("Accept the selected suggestion, and go on to the next")),
    (
        suggestions.DISMISS_KEY,
        "Backspace",
        N_("Dismiss the selected suggestion, and go on to the next"),
    ),
)


def answer_by_key(session: Session, key: int, guard: Guard) -> bool:
    """Accept the selected suggestion with Enter, dismiss it with Backspace.

    Return whether the key meant that.
    """
    answer = _ANSWERS.get(Qt.Key(key)) if session.suggested is not None else None
    if answer is None:
        return False
    guard(lambda: answer(session))
    return True


def counted(session: Session) -> str:
    """Return how many suggestions are open, and for which labels."""
    found = suggestions.summary(session)
    total = sum(count for _label, count in found)
    parts: list[str] = [
        ngettext("{count} suggestion", "{count} suggestions", total).format(count=total)
    ]
    parts += [f"{label} {count}" for label, count in found[:LABELS_SHOWN]]
    return " · ".join(parts) + (" …" if len(found) > LABELS_SHOWN else "")


class SuggestionBar(QFrame):
    """Seen only while the open document has suggestions without an answer."""

    def __init__(self, keyboard: Keyboard, guard: Guard) -> None:
        super().__init__()
        self.setObjectName("strip")
        self.setAccessibleName(_("Suggestions"))
        self._keyboard = keyboard
        self._guard = guard
        self._session: Session | None = None
        self.count = plain_label("", "soft")
        self.following = button("", lambda: self._answer(suggestions.following.run))
        self.accept = button("", lambda: self._answer(suggestions.accept.run))
        self.dismiss = button("", lambda: self._answer(suggestions.dismiss.run))
        self.accept_all = button("", lambda: self._answer(suggestions.accept_all.run))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(6)
        row.addWidget(self.count, 1)
        for made in (self.following, self.accept, self.dismiss, self.accept_all):
            row.addWidget(made)
        keyboard.changed.connect(self._name_keys)
        self._name_keys()
        self.hide()

    def _name_keys(self) -> None:
        for made, text, key in self._keys():
            made.setText(f"{text}  [{key}]")
            made.setAccessibleName(text)

    def _keys(self) -> list[tuple[QPushButton, str, str]]:
        cap = self._keyboard.cap
        return [
            (self.following, _("Next"), suggestions.following.keys[0]),
            (self.accept, _("Accept"), cap(suggestions.ACCEPT_KEY)),
            (self.dismiss, _("Dismiss"), cap(suggestions.DISMISS_KEY)),
        ]

    def _answer(self, answer: suggestions.Answer) -> None:
        session = self._session
        if session is not None:
            self._guard(lambda: answer(session))

    def follow(self, session: Session | None) -> None:
        """Show what is open in a session's document."""
        self._session = session
        is_needed = session is not None and bool(session.suggestions.open)
        if session is not None and is_needed:
            count = len(session.suggestions.open)
            self.count.setText(counted(session))
            self.accept_all.setText(
                ngettext("Accept {count}", "Accept all {count}", count).format(count=count)
            )
            for made in (self.accept, self.dismiss):
                made.setEnabled(session.suggested is not None)
        if self.isHidden() == is_needed:
            self.setVisible(is_needed)
