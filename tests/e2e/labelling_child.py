"""A window without a screen in which made-up hands label for ever.

After each key it prints what the window calls stored.

Run by killed_at_any_key: `python -m tests.e2e.labelling_child PROJECT`. A line is the number of
spans that are shown.
"""

import random
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.ui.app import application, window

KEYS = (*"1234567", "C", "-", "=", Qt.Key.Key_Delete, Qt.Key.Key_Tab)


def main() -> None:
    """Label until killed."""
    application()
    made = window()
    made.show()
    made.open_project(Path(sys.argv[1]), "aida")
    session = made.session
    if session is None or session.document is None:
        sys.exit("The project could not be opened.")
    view, hands = made.workspace.view, random.Random()
    length = len(session.document.text)
    said = ""
    while True:
        start = hands.randrange(length - 20)
        view.select(start, start + hands.randrange(1, 20))
        key = hands.choice(KEYS)
        QTest.keyClick(view, Qt.Key(ord(key)) if isinstance(key, str) else key)
        if hands.random() < 0.2:
            QTest.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        QApplication.processEvents()
        stored = made.status.labels["stored"].text()
        if stored.startswith("All changes stored"):
            shown = " ".join(sorted(view._page.index.marks))
            if shown != said:
                said = shown
                sys.stdout.write(f"{len(session.spans)} {shown}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
