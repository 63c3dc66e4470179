"""The panel beside the text.

What kind of case it is, what was decided, for which reason, with a note.
"""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget

from annotator.adjudication import KINDS, OUTCOMES, REASONS, RULES, STATES, Case
from annotator.errors import FSI, PDI
from annotator.i18n import _
from annotator.model import Decision, Span
from annotator.session.adjudication_session import AdjudicationSession
from annotator.ui.panels.details import NoteEdit
from annotator.ui.widgets.controls import button, hairline, plain_label, surface_label


class ReasonBox(QScrollArea):
    """Rebuilt for each case. `explained`: a reason (or "") and a note were given."""

    explained = Signal(str, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(_("Decision"))
        self.setWidgetResizable(True)
        self.note: NoteEdit | None = None
        self.reasons: dict[str, QPushButton] = {}
        self._reason = ""
        self._body = QWidget()
        self._body.setObjectName("panel")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._page = QWidget(self._body)
        self._column.addWidget(self._page)
        self.setWidget(self._body)

    def show_adjudication(self, adjudication: AdjudicationSession | None) -> None:
        """Show the current case."""
        case = adjudication.case if adjudication else None
        page = QWidget(self._body)
        column = QVBoxLayout(page)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        self.note = None
        self.reasons = {}
        if adjudication is not None and case is not None:
            self._show_case(column, adjudication, case)
            self._show_reasons(column, adjudication, case.decision)
        column.addStretch(1)
        # The old page goes later: the key that was pressed in it may have led here.
        self._page.hide()
        self._column.removeWidget(self._page)
        self._page.deleteLater()
        self._page = page
        self._column.addWidget(page)

    def _show_case(
        self, column: QVBoxLayout, adjudication: AdjudicationSession, case: Case
    ) -> None:
        column.addWidget(
            plain_label(" · ".join(_(KINDS[kind]) for kind in case.kinds), "heading", wraps=True)
        )
        title = plain_label(
            f"{FSI}{adjudication.titles.get(case.document, case.document)}{PDI}", "soft", wraps=True
        )
        column.addWidget(title)
        column.addWidget(
            plain_label(
                _(STATES[case.state]), "warning" if case.state == "stale" else "", wraps=True
            )
        )
        if case.state == "waiting":
            column.addWidget(
                plain_label(
                    _("Decide the two spans that it joins first; then it can be decided."),
                    "soft",
                    wraps=True,
                )
            )
        if case.state == "stale":
            text = _(
                "What it was decided on has changed. Decide it anew, or let the decision stand (C)."
            )
            column.addWidget(plain_label(text, "soft", wraps=True))
        if case.decision is not None:
            self._show_decision(column, case, case.decision)

    def _show_decision(self, column: QVBoxLayout, case: Case, decision: Decision) -> None:
        column.addWidget(hairline())
        column.addWidget(plain_label(_("In gold"), "heading"))
        for thing in case.made:
            if isinstance(thing, Span):
                column.addWidget(surface_label(thing.text))
            column.addWidget(plain_label(thing.label))
        if not case.made:
            column.addWidget(plain_label(_("nothing"), "soft"))
        column.addWidget(plain_label(_(OUTCOMES[decision.outcome]), wraps=True))
        rule = RULES.get(decision.rule.partition(" ")[0])
        if rule is not None:
            column.addWidget(
                plain_label(_("By the rule: {rule}").format(rule=_(rule)), "soft", wraps=True)
            )
        elif decision.by:
            column.addWidget(
                plain_label(_("Decided by {who}").format(who=decision.by), "soft", wraps=True)
            )

    def _show_reasons(
        self, column: QVBoxLayout, adjudication: AdjudicationSession, decision: Decision | None
    ) -> None:
        reason = decision.reason if decision is not None else adjudication.reason
        note = decision.note if decision is not None else adjudication.note
        self._reason = reason
        column.addWidget(hairline())
        column.addWidget(plain_label(_("Reason (Alt+1 to Alt+7)"), "heading"))
        for number, (code, text) in enumerate(REASONS.items(), 1):
            made = button(
                f"{'✓' if code == reason else number}  {_(text)}", self._chooser(code), "link"
            )
            made.setCheckable(True)
            made.setChecked(code == reason)
            made.setAccessibleName(_(text))
            self.reasons[code] = made
            column.addWidget(made)
        column.addWidget(plain_label(_("Note (F2)"), "heading"))
        self.note = NoteEdit(note, note)
        self.note.setAccessibleName(_("Note on the decision"))
        self.note.written.connect(self._take_note)
        self.note.left.connect(self.left)
        column.addWidget(self.note)

    def _chooser(self, code: str) -> Callable[[], None]:
        return lambda: self.choose(code)

    def choose(self, code: str) -> None:
        """Give a reason, or take it back when it is given already."""
        self.explained.emit(
            "" if code == self._reason else code,
            self.note.toPlainText() if self.note is not None else "",
        )

    def _take_note(self, text: str) -> None:
        self.explained.emit(self._reason, text)
