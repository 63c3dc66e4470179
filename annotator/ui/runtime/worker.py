"""Long work beside the window: a plain function in a thread, with progress and cancel.

One of the three doors for errors.
"""

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.errors import CancelledError
from annotator.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotator.jobs import Progress

STILL_A_MOMENT_MS = 300
LOOK_EVERY_MS = 10


class _Work:
    """What the thread has to do with.

    Nothing of Qt, whose objects must live and die in the window's thread.
    """

    def __init__(self, work: "Callable[[Progress], object]") -> None:
        self._work = work
        self.is_cancelled = threading.Event()
        self.reached: tuple[int, int, str] | None = None
        self.result: object = None
        self.error: Exception | None = None

    def do(self) -> None:
        try:
            self.result = self._work(self._report)
        except Exception as error:  # noqa: BLE001 - a door: our own faults are reported by the window
            self.error = error

    def _report(self, done: int, total: int, what: str) -> None:
        if self.is_cancelled.is_set():
            raise CancelledError(_("Cancelled; nothing of it was kept."))
        self.reached = done, total, what


class Worker(QObject):
    """Runs `work(progress)` once.

    `ended` is signalled, and after it one of three: done, failed, or cancelled.

    The thread only notes how far it is and how it came out; a timer of the window's looks there and
    tells. So whoever hears of the end may begin the next work, or let the worker go. Otherwise it
    goes of itself.
    """

    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()
    progressed = Signal(int, int, str)

    def __init__(self, work: "Callable[[Progress], object]", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = _Work(work)
        self._thread = threading.Thread(target=self._work.do, name="work beside the window")
        self._told: tuple[int, int, str] | None = None
        self._is_abandoned = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_running(self) -> bool:
        """Return whether the thread is at work."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin."""
        self._thread.start()
        self._timer.start()

    def cancel(self) -> None:
        """Ask the work to stop; it does so at its next report."""
        self._work.is_cancelled.set()

    def abandon(self) -> None:
        """Cancel, and tell nothing more of it than that it `ended`."""
        self._is_abandoned = True
        self.cancel()

    def wait(self) -> None:
        """Wait until the thread is over, and tell of it at once.

        Nothing of this work comes after the next has begun.
        """
        self._thread.join()
        self._look()

    def _look(self) -> None:
        is_over = not self._thread.is_alive()
        reached = self._work.reached
        if reached is not None and reached != self._told and not self._is_abandoned:
            self._told = reached
            self.progressed.emit(*reached)
        if is_over and self._timer.isActive():
            self._timer.stop()
            self.ended.emit()
            self._tell()
            self.deleteLater()

    def _tell(self) -> None:
        error = self._work.error
        if self._is_abandoned:
            return
        if error is None:
            self.done.emit(self._work.result)
        elif isinstance(error, CancelledError):
            self.cancelled.emit()
        else:
            self.failed.emit(error)
