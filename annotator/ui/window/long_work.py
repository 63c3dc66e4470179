"""Long work of the window: one at a time, beside it, with a line in the status bar."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from annotator.ui.runtime.worker import Worker
from annotator.ui.widgets.background import ProgressLine

if TYPE_CHECKING:
    from annotator.jobs import Progress

T = TypeVar("T")


class Pending(Generic[T]):
    """The result of a work that is under way; it goes to whoever asks for it with `then`."""

    def __init__(self) -> None:
        self._takers: list[Callable[[T], object]] = []

    def then(self, on_result: Callable[[T], object]) -> None:
        """Call a function with the result, in the window's thread, if the work ends well."""
        self._takers.append(on_result)

    def deliver(self, result: T) -> None:
        """Give the result to those who wait for it."""
        for taker in self._takers:
            taker(result)


class LongWork(QObject):
    """Runs one work at a time; `refused` when another is under way, `ended` however it ended."""

    refused = Signal()
    ended = Signal()
    cancelled = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.progress = ProgressLine()
        self.worker: Worker | None = None
        self._pending: Pending[Any] | None = None

    def run(self, job: "Callable[[Progress], T]") -> Pending[T]:
        """Begin a job in a thread of its own; what it returns comes with `then`."""
        pending = Pending[T]()
        if self.worker is not None:
            self.refused.emit()
            return pending
        self._pending = pending  # of a bound method Qt's binding holds the object weakly
        worker = Worker(job, self)
        worker.done.connect(pending.deliver)
        worker.failed.connect(self.failed)
        worker.cancelled.connect(self.cancelled)
        worker.ended.connect(self._end)
        self.worker = worker
        self.progress.follow(worker)
        worker.start()
        return pending

    def _end(self) -> None:
        self.worker = None
        self.ended.emit()

    def stop(self) -> None:
        """Cancel what is under way and wait for it."""
        if self.worker is not None:
            self.worker.abandon()
            self.worker.wait()
