"""The row of buttons under a dialog."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton


def dialog_buttons(
    dialog: QDialog,
    text: str,
    *,
    is_primary: bool = False,
    accept: Callable[[], object] | None = None,
) -> tuple[QDialogButtonBox, QPushButton]:
    """Return a row with a button that says what it does and Cancel, and that button.

    `accept` is called in place of the dialog's own.
    """
    row = QDialogButtonBox(
        QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
    )
    ok = row.button(QDialogButtonBox.StandardButton.Ok)
    ok.setText(text)
    if is_primary:
        ok.setProperty("role", "primary")
    row.accepted.connect(accept or dialog.accept)
    row.rejected.connect(dialog.reject)
    return row, ok
