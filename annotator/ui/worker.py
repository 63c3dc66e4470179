"""Long work beside the window: a plain function in a thread, with progress and cancel. One of the three doors for errors."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QThread, Signal, Slot

from annotator.errors import CancelledError, UserError
from annotator.i18n import _

if TYPE_CHECKING:
    from annotator.jobs import Progress

Result = TypeVar("Result")
STILL_A_MOMENT_MS = 300


class Worker(QThread):
    """Runs `work(progress)` once. `ended` is signalled, and after it one of three: done, failed, or cancelled.

    The thread only keeps how it came out; the window's thread tells, when the other is wholly over. So whoever hears of the end may
    begin the next work, or let the worker go. Otherwise it goes of itself.
    """

    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()
    progressed = Signal(int, int, str)

    def __init__(self, work: "Callable[[Progress], object]", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._tell: Callable[[], None] = self.cancelled.emit
        self._is_cancelled, self._is_abandoned = threading.Event(), False
        self.finished.connect(self._end)

    def cancel(self) -> None:
        """Ask the work to stop; it does so at its next report."""
        self._is_cancelled.set()

    def abandon(self) -> None:
        """Cancel, and tell nothing more of it than that it `ended`."""
        self._is_abandoned = True
        self.cancel()

    def _report(self, done: int, total: int, what: str) -> None:
        if self._is_cancelled.is_set():
            raise CancelledError(_("Cancelled; nothing of it was kept."))
        self.progressed.emit(done, total, what)

    def run(self) -> None:
        """Do the work; called by Qt in the new thread."""
        try:
            result = self._work(self._report)
        except CancelledError:
            pass
        except UserError as error:
            self._keep(self.failed.emit, error)
        except Exception as error:  # noqa: BLE001 - a door: our own faults are reported by the window
            self._keep(self.failed.emit, error)
        else:
            self._keep(self.done.emit, result)

    def _keep(self, tell: Callable[[object], None], what: object) -> None:
        self._tell = lambda: tell(what)

    @Slot()
    def _end(self) -> None:
        self.wait()
        self.ended.emit()
        if not self._is_abandoned:
            self._tell()
        self.deleteLater()
