"""What a person sees of long work: a line with a bar and a way to stop it."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from annotator.errors import isolate
from annotator.i18n import _
from annotator.ui.runtime.worker import STILL_A_MOMENT_MS, Worker
from annotator.ui.widgets.controls import button, plain_label


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
