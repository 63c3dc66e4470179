"""Deciding by a rule: which one, with a preview of what it would decide.

It is one step that can be undone.
"""

from collections.abc import Sequence
from fractions import Fraction

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from annotator.adjudication import KINDS, RULES, STATES, Docket
from annotator.i18n import _, ngettext
from annotator.jobs.team.adjudicate import RuleReport, preview
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.runtime.worker import Worker
from annotator.ui.widgets.controls import plain_label
from annotator.ui.widgets.dialog_buttons import dialog_buttons

DELAY_MS = 120
LINES = 5
LEFT = {**KINDS, **STATES}


@guard_overrides
class RuleDialog(QDialog):
    """Asks for a rule and shows what it would decide; nothing is stored by it."""

    def __init__(self, found: Sequence[Docket], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Decide by a rule"))
        self.setMinimumWidth(460)
        self._found = list(found)
        self._worker: Worker | None = None
        self.rules = QButtonGroup(self)
        self._make_share()
        self._make_counts()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(DELAY_MS)
        self._later.timeout.connect(self._count)
        self._lay_out()
        self.rules.button(0).setChecked(True)
        self.rules.idToggled.connect(self._ask)
        self.share.valueChanged.connect(self._ask)
        self._ask()

    def _make_share(self) -> None:
        self.share = QSpinBox()
        self.share.setRange(1, 100)
        self.share.setValue(66)
        self.share.setSuffix(" %")
        self.share.setAccessibleName(_("Share of the annotators"))

    def _make_counts(self) -> None:
        self.counts = plain_label("", wraps=True)
        self.counts.setAccessibleName(_("What the rule would decide"))
        self.counts.setMinimumHeight(LINES * self.counts.fontMetrics().lineSpacing())
        self.counts.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _lay_out(self) -> None:
        buttons, self.ok = dialog_buttons(self, _("Decide"))
        column = QVBoxLayout(self)
        told = _(
            "Open cases are decided alike where the rule says something; who has nothing at a place"
            " votes for nothing."
        )
        column.addWidget(plain_label(told, "soft", wraps=True))
        for number, (rule, text) in enumerate(RULES.items()):
            row = QHBoxLayout()
            made = QRadioButton(_(text))
            self.rules.addButton(made, number)
            row.addWidget(made)
            if rule == "threshold":
                row.addWidget(self.share)
            row.addStretch(1)
            column.addLayout(row)
        column.addWidget(self.counts)
        column.addWidget(buttons)

    @property
    def rule(self) -> str:
        """The rule chosen."""
        return list(RULES)[self.rules.checkedId()]

    @property
    def fraction(self) -> Fraction:
        """The share chosen, of one."""
        return Fraction(self.share.value(), 100)

    def _ask(self) -> None:
        self.share.setEnabled(self.rule == "threshold")
        self.counts.setText(_("Counting…"))
        self.ok.setEnabled(False)
        self._later.start()

    def _count(self) -> None:
        if self._worker is not None:  # it is asked again when that one has ended
            self._later.start()
            return
        found = self._found
        rule = self.rule
        share = self.fraction
        worker = Worker(lambda progress: preview(found, rule, share, progress), self)
        worker.done.connect(self._show)
        worker.ended.connect(self._ended)
        self._worker = worker
        worker.start()

    def _ended(self) -> None:
        self._worker = None

    def _show(self, report: object) -> None:
        if not isinstance(report, RuleReport) or (report.rule, report.share) != (
            self.rule,
            self.fraction,
        ):
            return
        counts = report.counts
        taken = ngettext(
            "{count} case gets a version", "{count} cases get a version", counts["accepted"]
        ).format(count=counts["accepted"])
        dropped = ngettext(
            "{count} is rejected", "{count} are rejected", counts["rejected"]
        ).format(count=counts["rejected"])
        left = ngettext("{count} stays for you", "{count} stay for you", counts["left"]).format(
            count=counts["left"]
        )
        kinds = ", ".join(
            f"{_(LEFT[kind])} {count}" for kind, count in report.left_by_kind.most_common()
        )
        gold = ngettext(
            "Gold would be complete in {complete} of {documents} document.",
            "Gold would be complete in {complete} of {documents} documents.",
            report.documents,
        )
        lines = [
            f"{taken}, {dropped}, {left}{f' ({kinds})' if kinds else ''}.",
            gold.format(complete=report.complete, documents=report.documents),
        ]
        self.counts.setText("\n".join(lines))
        self.ok.setEnabled(bool(counts["accepted"] + counts["rejected"]))

    def done(self, result: int) -> None:
        """Close, when the counting has ended."""
        self._later.stop()
        if self._worker is not None:
            self._worker.abandon()
            self._worker.wait()
        super().done(result)
