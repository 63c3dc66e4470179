"""Sheets to read: all keys, the latest steps, a long report.

Made from what is declared, never written by hand.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QMessageBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from annotator.errors import FSI, PDI, UserError
from annotator.i18n import _
from annotator.session import Session
from annotator.ui.dialogs.printing import ask_and_write
from annotator.ui.panels.key_table import Holder, rows
from annotator.ui.runtime.keyboard import Keyboard
from annotator.ui.runtime.shortcut import Shortcut

COLUMN = 180


def show_text(
    parent: QWidget, title: str, text: str, save: Callable[[QWidget], object] | None = None
) -> None:
    """Show a text that one can read and copy; `save` is offered as a button."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.resize(640, 480)
    page = QPlainTextEdit(text)
    page.setReadOnly(True)
    page.setTabStopDistance(COLUMN)
    page.setAccessibleName(title)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    if save is not None:
        buttons.addButton(
            _("Save to print…"), QDialogButtonBox.ButtonRole.ActionRole
        ).clicked.connect(lambda: save(dialog))
    column = QVBoxLayout(dialog)
    column.addWidget(page)
    column.addWidget(buttons)
    dialog.exec()


def key_lines(
    shortcuts: Iterable[Shortcut], session: Session | None, keyboard: Keyboard
) -> list[str]:
    """Return the key sheet: a part for each holder of keys; a tab parts the columns.

    While cases are shown it has the keys of adjudication in the place of those of labelling.
    """
    is_adjudicating = session is not None and session.adjudication is not None
    left_out = {Holder.ADJUDICATION}
    if is_adjudicating:
        left_out = {Holder.LABELLING, Holder.SUGGESTION, Holder.LINKING}
    lines: list[str] = []
    table = rows(shortcuts, session, keyboard.cap)
    for holder in Holder:
        own = [row for row in table if row.holder is holder]
        if holder in left_out or not own:
            continue
        if lines:
            lines.append("")
        lines += [f"{row.shown}\t{row.meaning}" for row in own]
    return lines


def show_keys(
    parent: QWidget, shortcuts: Iterable[Shortcut], session: Session | None, keyboard: Keyboard
) -> None:
    """Show all keys on one sheet."""
    lines = key_lines(shortcuts, session, keyboard)
    show_text(parent, _("Keys"), "\n".join(lines), lambda dialog: _save(dialog, lines))


def _save(dialog: QWidget, lines: list[str]) -> None:
    try:
        ask_and_write(dialog, _("Keys"), lines)
    except UserError as error:
        QMessageBox.warning(dialog, _("Keys"), str(error))


def show_history(parent: QWidget, session: Session) -> None:
    """Show the annotator's latest steps, the newest first."""
    states = {"done": "", "undone": _("(undone)"), "gone": _("(undone)")}
    lines = []
    for step in session.store.steps(session.annotator):
        moment = (
            datetime.fromtimestamp(step.at_ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        )
        lines.append(f"{moment}  {FSI}{step.title}{PDI} {states[step.state]}".rstrip())
    show_text(parent, _("History"), "\n".join(lines) or _("Nothing has been done here yet."))
