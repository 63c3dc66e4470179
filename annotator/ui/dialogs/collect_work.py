"""Collect: what returned work would bring, bundle by bundle, before anything is stored."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.errors import FSI, PDI
from annotator.i18n import _
from annotator.jobs.team.collect import CollectReport, collect
from annotator.session import Session
from annotator.ui.dialogs.reading_form import choice
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.widgets.background import BackgroundTask
from annotator.ui.widgets.controls import name_columns, plain_label
from annotator.ui.widgets.dialog_buttons import dialog_buttons

SIZE = (860, 460)


@guard_overrides
class CollectWork(QDialog):
    """Looks into bundles beside the window and shows what they hold.

    Collect is offered when nothing stands against it.
    """

    def __init__(
        self, paths: Sequence[Path], session: Session, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Collect returned work"))
        self.resize(*SIZE)
        self.paths = list(paths)
        self._session = session
        self.report: CollectReport | None = None
        self._aside = BackgroundTask(self)
        self.table = QTableWidget(0, 8)
        self.table.setAccessibleName(_("What would come in"))
        self.labels = choice(
            (
                ("", _("As the schema says")),
                ("add", _("Add to the schema")),
                ("keep", _("Keep them as they are")),
            ),
            _("Unknown labels"),
        )
        self.receipts = QCheckBox(
            _("Write receipts beside the bundles, for those who returned them")
        )
        self.receipts.setChecked(True)
        self.reasons = QPlainTextEdit()
        self.reasons.setReadOnly(True)
        self.reasons.setAccessibleName(_("Why it cannot be collected"))
        self.reasons.setMaximumHeight(120)
        self.about = plain_label("", "soft", wraps=True)
        self._lay_out()
        self.labels.currentIndexChanged.connect(lambda _index: self.look())

    def _lay_out(self) -> None:
        names = [
            _("By"),
            _("New"),
            _("Changed"),
            _("Known"),
            _("Conflict"),
            _("Unknown labels"),
            _("Other text"),
            _("Bundle"),
        ]
        name_columns(self.table, names, numbers=range(1, len(names) - 1))
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        buttons, self._ok = dialog_buttons(self, _("Collect"), is_primary=True)
        self._ok.setEnabled(False)
        row = QHBoxLayout()
        row.addWidget(plain_label(_("Unknown labels")))
        row.addWidget(self.labels)
        row.addStretch(1)
        row.addWidget(self.receipts)
        column = QVBoxLayout(self)
        column.addWidget(self.table, 1)
        column.addWidget(self.reasons)
        column.addLayout(row)
        column.addWidget(self.about)
        column.addWidget(buttons)
        self.reasons.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to look into the bundles."""
        super().showEvent(event)
        self.look()

    def look(self) -> None:
        """Look into the bundles again, for the choices as they are."""
        self._ok.setEnabled(False)
        self.about.setText(_("Looking into the bundles…"))
        store = self._session.store
        paths = self.paths
        name = self._session.annotator
        labels = self.policy
        self._aside.ask(
            lambda progress: collect(store, paths, name, progress, labels=labels, dry_run=True),
            self._show,
            lambda text: self._refuse([text]),
        )

    @property
    def is_looking(self) -> bool:
        """Return whether the answer is still to come."""
        return self._aside.is_busy

    @property
    def policy(self) -> str:
        """What becomes of unknown labels."""
        return str(self.labels.currentData())

    def done(self, result: int) -> None:
        """End what is under way with the dialog."""
        self._aside.end()
        super().done(result)

    def _show(self, report: object) -> None:
        if not isinstance(report, CollectReport):
            return
        self.report = report
        self.table.setRowCount(len(report.arrivals))
        for row, (arrival, unknown) in enumerate(
            zip(report.arrivals, report.unknown, strict=False)
        ):
            counts = (
                arrival.new,
                arrival.changed,
                arrival.known,
                arrival.conflict,
                sum(unknown.values()),
                len(arrival.different_text),
            )
            name = arrival.bundle.manifest.annotator
            for column, text in enumerate(
                (f"{FSI}{name}{PDI}", *map(str, counts), f"{FSI}{arrival.bundle.path.name}{PDI}")
            ):
                item = QTableWidgetItem(text)
                if 0 < column < len(counts) + 1:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
                    )
                self.table.setItem(row, column, item)
        self._refuse([str(problem) for problem in report.problems])

    def _refuse(self, reasons: list[str]) -> None:
        """Say what stands against collecting, or that nothing does."""
        self.reasons.setPlainText("\n".join(reasons))
        self.reasons.setVisible(bool(reasons))
        new = sum(arrival.events_new for arrival in self.report.arrivals) if self.report else 0
        if reasons:
            self.about.setText(
                _(
                    "Nothing can be collected until this is settled; a bundle that is refused stays"
                    " as it is."
                )
            )
        elif new:
            self.about.setText(_("A backup is made first; all bundles are taken in together."))
        else:
            self.about.setText(
                _("All of this is here already; collecting it again changes nothing.")
            )
        self._ok.setEnabled(not reasons)
