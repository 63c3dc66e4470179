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

from annotator.commands.adjudication import ACTS
from annotator.errors import FSI, PDI, UserError
from annotator.i18n import _, language
from annotator.session import Session
from annotator.ui.dialogs.printing import ask_and_write
from annotator.ui.panels.suggestion_bar import ANSWER_KEYS
from annotator.ui.runtime.keyboard import Keyboard
from annotator.ui.text_view.keys import MOVING_KEYS

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
    shortcuts: Iterable[tuple[str, str]], session: Session | None, keyboard: Keyboard
) -> list[str]:
    """Return the key sheet.

    Commands, then the schema's labels, values and relations on the active layout; a tab parts the
    columns.
    """
    lines = [f"{keys}\t{text}" for keys, text in shortcuts]
    lines += ["", *(f"{keys}\t{_(text)}" for keys, text in MOVING_KEYS)]
    lines += ["", *(f"{keyboard.cap(key)}  {name}\t{_(text)}" for key, name, text in ANSWER_KEYS)]
    if session is None:
        return lines
    if session.adjudication is not None:
        keys = (("⇧" if act.shift else "") + keyboard.cap(act.key) for act in ACTS)
        return [*lines, "", *(f"{key}\t{_(act.help)}" for key, act in zip(keys, ACTS, strict=True))]
    lines.append("")
    for _layer, label in session.schema.labels():
        if label.key:
            lines.append(
                f"{keyboard.cap(label.key)}\t{label.id} – {label.names.in_language(language())}"
            )
        for attribute in label.attributes:
            name = attribute.names.in_language(language())
            lines += [
                f"{keyboard.cap(key)}\t{label.id}: {name} = {value}"
                for value, key in attribute.keys.items()
            ]
    for relation in session.schema.relations:
        if relation.key:
            lines.append(f"{keyboard.cap(relation.key)}\t{relation.names.in_language(language())}")
    return lines


def show_keys(
    parent: QWidget,
    shortcuts: Iterable[tuple[str, str]],
    session: Session | None,
    keyboard: Keyboard,
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
