"""Long work beside the window: a plain function in a thread, with progress and cancel. One of the three doors for errors."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QThread, Signal

from annotator.errors import CancelledError, UserError
from annotator.i18n import _

if TYPE_CHECKING:
    from annotator.jobs import Progress

Result = TypeVar("Result")
STILL_A_MOMENT_MS = 300


class Worker(QThread):
    """Runs `work(progress)` once. Exactly one of the three ends is signalled: done, failed, or cancelled."""

    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    progressed = Signal(int, int, str)

    def __init__(self, work: "Callable[[Progress], object]", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._is_cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop; it does so at its next report."""
        self._is_cancelled.set()

    def _report(self, done: int, total: int, what: str) -> None:
        if self._is_cancelled.is_set():
            raise CancelledError(_("Cancelled; nothing of it was kept."))
        self.progressed.emit(done, total, what)

    def run(self) -> None:
        """Do the work; called by Qt in the new thread."""
        try:
            result = self._work(self._report)
        except CancelledError:
            self.cancelled.emit()
        except UserError as error:
            self.failed.emit(error)
        except Exception as error:  # noqa: BLE001 - a door: our own faults are reported by the window
            self.failed.emit(error)
        else:
            self.done.emit(result)
