"""Python's search for garbage cycles, kept to the window's thread.

Left alone, it runs in whichever thread makes an object next; in a worker's it would free widgets
there, which ends the program. So it is switched off, and a timer of the window's thread does what
is due.
"""

import gc

from PySide6.QtCore import QCoreApplication, QTimer

from annotator.gc_pause import leave_to_timer

EVERY_MS = 1_000
DUE = (10_000, 20, 50)
"""After how many new objects, or searches of the generation before, a generation is searched.

Seldom, for it stops the window.
"""


_COLLECTS = "collects_garbage"


class GcTimer(QTimer):
    """Searches for garbage when it is due."""

    def __init__(self, parent: QCoreApplication) -> None:
        super().__init__(parent)
        self.timeout.connect(self.look)
        self.start(EVERY_MS)

    def look(self) -> None:
        """Search the oldest generation that is due."""
        counts = gc.get_count()
        due = [generation for generation in range(3) if counts[generation] > DUE[generation]]
        if due:
            gc.collect(due[-1])


def collect_here(app: QCoreApplication) -> None:
    """Let only this thread, the application's, search for garbage."""
    leave_to_timer()
    # (Asked for its children, the application would tell of its style too, and Python would make
    # all enums of that.)
    if not app.property(_COLLECTS):
        app.setProperty(_COLLECTS, True)
        GcTimer(app)


def pass_over_what_is_there() -> None:
    """Let the search pass over all that has been made so far: the start makes much that stays."""
    gc.freeze()
