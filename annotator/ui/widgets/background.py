"""Work beside a window or a dialog: a line that shows how far it is, and a task that answers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from annotator.errors import isolate
from annotator.i18n import _
from annotator.ui.runtime.worker import STILL_A_MOMENT_MS, Worker
from annotator.ui.widgets.controls import button, plain_label

TOLD_EVERY_MS = 200

if TYPE_CHECKING:
    from annotator.jobs import Progress


class ProgressLine(QWidget):
    """How far long work is, with a way to stop it; shown when it takes longer than a moment."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._text = plain_label("")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self.cancel = button(_("Cancel"), self._stop)
        for widget in (self._text, self._bar, self.cancel):
            row.addWidget(widget)
        self._worker: Worker | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STILL_A_MOMENT_MS)
        self._timer.timeout.connect(self.show)
        self.hide()

    def follow(self, worker: Worker) -> None:
        """Show how far a worker is."""
        self._worker = worker
        worker.progressed.connect(self._show)
        worker.ended.connect(self._end)
        self._timer.start()

    def _show(self, done: int, total: int, what: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._text.setText(
            f"{done}/{total}  {isolate(what)}" if total else f"{done}  {isolate(what)}"
        )

    def _end(self) -> None:
        self._timer.stop()
        self.hide()

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.cancel()


class BackgroundTask(QObject):
    """Does one thing beside the dialog.

    A new request ends the one before, whose answer is not wanted any more.
    """

    told = Signal(int, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._workers: list[Worker] = []
        self._since = QElapsedTimer()
        self._is_over = False

    def ask(
        self,
        work: "Callable[[Progress], object]",
        done: Callable[[object], None],
        failed: Callable[[str], None],
    ) -> None:
        """Do some work, and hand over what it finds."""
        self.cancel()
        if self._is_over:
            return
        worker = Worker(work, self)
        self._workers.append(worker)
        worker.done.connect(done)
        worker.failed.connect(lambda error: failed(str(error)))
        worker.progressed.connect(
            lambda number, _total, what: (
                self._pass_on(number, what) if self._is_latest(worker) else None
            )
        )
        worker.ended.connect(lambda: self._forget(worker))
        worker.start()

    def _pass_on(self, number: int, what: str) -> None:
        """Signal how far it is, now and then: each word laid out anew costs the window time."""
        if not self._since.isValid() or self._since.elapsed() > TOLD_EVERY_MS:
            self._since.start()
            self.told.emit(number, what)

    def _is_latest(self, worker: Worker) -> bool:
        return self._workers[-1:] == [worker] and not self._is_over

    def _forget(self, worker: Worker) -> None:
        if worker in self._workers:
            self._workers.remove(worker)

    @property
    def is_busy(self) -> bool:
        """Return whether an answer is still to come."""
        return bool(self._workers)

    def cancel(self) -> None:
        """Ask what is under way to stop."""
        for worker in self._workers:
            worker.abandon()

    def end(self) -> None:
        """Stop what is under way and wait for it.

        Answers on their way are not wanted, and nothing begins any more.
        """
        self._is_over = True
        self.cancel()
        for worker in list(self._workers):  # each goes from the list as it ends
            worker.wait()
