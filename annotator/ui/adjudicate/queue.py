"""The queue of cases: what is to be decided, filtered and sorted, and how far one has come."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.adjudication import KINDS, STATES, Case
from annotator.errors import FSI, PDI
from annotator.i18n import N_, _, ngettext
from annotator.jobs.team.adjudicate import AdjudicationProgress
from annotator.session.adjudication_session import AdjudicationSession, CaseFilter
from annotator.ui.adjudicate.versions import LRM
from annotator.ui.look.style import LIGHT, Palette, legible, mixed
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.widgets.controls import plain_label
from annotator.ui.widgets.list_view import Index, ListView, paint_back

if TYPE_CHECKING:
    from collections.abc import Mapping

ROW_HEIGHT = 42
SLACK = 8
CASE = Qt.ItemDataRole.UserRole
STATE_SIGNS = {"open": "○", "waiting": "…", "stale": "!", "decided": "●"}
KIND_SIGNS = {
    "missing": "∅",
    "boundary": "↔",
    "label": "≠",
    "attribute": "±",
    "relation": "⇄",
    "agreed": "=",
    "added": "+",
    "gone": "−",
}
SORTS = {
    "place": N_("By place"),
    "doubt": N_("By doubt"),
    "kind": N_("By kind"),
    "label": N_("By label"),
}


@guard_overrides
class CaseModel(QAbstractListModel):
    """The cases that pass the filter."""

    def __init__(self) -> None:
        super().__init__()
        self._cases: list[Case] = []
        self._words: Mapping[str, str] = {}
        self._titles: Mapping[str, str] = {}

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many cases are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._cases)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a case, its words, or what a screen reader says of it."""
        case = self._cases[index.row()]
        if role == CASE:
            return case
        if role == Qt.ItemDataRole.DisplayRole:
            return case_words(case)
        kinds = ", ".join(_(KINDS[kind]) for kind in case.kinds)
        title = self._titles.get(case.document, case.document)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{kinds} – {_(STATES[case.state])}\n{FSI}{title}{PDI}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{case_words(case)}, {kinds}, {_(STATES[case.state])}, {title}"
        return None

    def show_cases(self, adjudication: AdjudicationSession | None) -> None:
        """Take the cases that pass the filter."""
        self.beginResetModel()
        self._cases = adjudication.shown if adjudication else []
        self._titles = adjudication.titles if adjudication else {}
        self.endResetModel()


def case_words(case: Case) -> str:
    """Return the words that a case is about, in one line."""
    if case.links:
        link = case.links[min(case.links)]
        child = link.child.text if link.child is not None else _(link.relation.implicit or "")
        return (
            f"{LRM}{FSI}{' '.join(link.head.text.split())[:60]}{PDI} →"
            f" {FSI}{' '.join(child.split())[:60]}{PDI}"
        )
    texts = [span.text for _name, span in sorted(case.spans.items())] or [
        getattr(thing, "text", thing.label) for thing in case.made
    ]
    return f"{FSI}{' '.join(max(texts, key=len).split())[:120]}{PDI}" if texts else case.id


@guard_overrides
class _Row(QStyledItemDelegate):
    """Paints a case in two lines: its state and words; the signs of its kinds, its labels."""

    palette = LIGHT

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        case = cast("Case", index.data(CASE))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_back(painter, option, index, self.palette)
        painter.setFont(option.font)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        self._paint_sign(painter, option.rect, case, mirrored=mirrored)
        self._paint_lines(painter, option.rect, case, index.data(), mirrored=mirrored)
        painter.restore()

    def _paint_sign(self, painter: QPainter, box: QRect, case: Case, *, mirrored: bool) -> None:
        palette = self.palette
        colors = {"stale": palette.warning, "decided": palette.accent}
        color = colors.get(case.state, palette.faint)
        painter.setPen(legible(color, palette.paper, palette.ink, 3.0))
        left = box.right() - 26 if mirrored else box.left() + 10
        sign_box = QRect(left, box.top() + 3, 18, 18)
        painter.drawText(sign_box, Qt.AlignmentFlag.AlignCenter, STATE_SIGNS[case.state])

    def _paint_lines(
        self, painter: QPainter, box: QRect, case: Case, words: str, *, mirrored: bool
    ) -> None:
        palette = self.palette
        metrics = painter.fontMetrics()
        width = box.width() - 46
        left = box.left() + 12 if mirrored else box.left() + 32
        start = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        start |= Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        is_decided = case.state == "decided"
        painter.setPen(mixed(palette.ink, palette.paper, 0.62 if is_decided else 1.0))
        short = metrics.elidedText(words, Qt.TextElideMode.ElideRight, width - SLACK)
        painter.drawText(QRect(left, box.top() + 3, width, 18), start, short)
        painter.setPen(mixed(palette.ink, palette.paper, 0.68))
        kinds = "  ".join(f"{KIND_SIGNS[kind]} {_(KINDS[kind])}" for kind in case.kinds)
        about = f"{kinds} · {' / '.join(case.labels)}"
        short = metrics.elidedText(about, Qt.TextElideMode.ElideRight, width - SLACK)
        painter.drawText(QRect(left, box.top() + 21, width, 18), start, short)


class Queue(QWidget):
    """The panel with filters, the list and the count."""

    chosen = Signal(str, str)
    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(_("Cases"))
        self.model = CaseModel()
        self._row = _Row(self)
        self.view = ListView(self.model, self._row, ROW_HEIGHT, _("List of cases"))
        self._make_filters()
        self.count = plain_label("", "soft", wraps=True)
        self.hint = plain_label("", "soft", wraps=True)
        self._is_showing = False
        self._lay_out()
        self._connect()

    def _make_filters(self) -> None:
        self.needle = QLineEdit()
        self.needle.setPlaceholderText(_("Documents"))
        self.needle.setAccessibleName(_("Filter cases by the name of the document"))
        self.needle.setClearButtonEnabled(True)
        kinds = [("", N_("All kinds")), ("differing", N_("All that differ")), *KINDS.items()]
        self.kind = _choices(kinds, _("Filter cases by kind"))
        self.state = _choices([("", N_("All states")), *STATES.items()], _("Filter cases by state"))
        self.label = _choices([("", N_("All labels"))], _("Filter cases by label"))
        self.sort = _choices(list(SORTS.items()), _("Order of the cases"))

    def _connect(self) -> None:
        self.needle.textChanged.connect(self._ask)
        for box in (self.kind, self.state, self.label, self.sort):
            box.currentIndexChanged.connect(self._ask)
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(6)
        head = QGridLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.setSpacing(4)
        head.addWidget(self.needle, 0, 0, 1, 2)
        places = ((self.kind, 1, 0), (self.state, 1, 1), (self.label, 2, 0), (self.sort, 2, 1))
        for box, row, place in places:
            head.addWidget(box, row, place)
        column.addLayout(head)
        self.hint.setContentsMargins(14, 8, 14, 0)
        self.count.setContentsMargins(14, 0, 14, 0)
        column.addWidget(self.hint)
        column.addWidget(self.view, 1)
        column.addWidget(self.count)

    def _ask(self) -> None:
        if not self._is_showing:
            kind, state, label, sort = (
                str(box.currentData()) for box in (self.kind, self.state, self.label, self.sort)
            )
            self.asked.emit(CaseFilter(kind, state, label, self.needle.text(), sort))

    def _choose(self, index: QModelIndex) -> None:
        case = cast("Case", index.data(CASE))
        self.chosen.emit(case.document, case.id)

    def show_adjudication(self, adjudication: AdjudicationSession | None) -> None:
        """Show the cases, which one is current, and how far adjudication has come."""
        self._is_showing = True
        self.model.show_cases(adjudication)
        self._offer(adjudication.labels if adjudication else [])
        self._is_showing = False
        if adjudication is None:
            self.hint.hide()
            self.count.setText("")
            return
        far = adjudication.standing
        self.hint.setVisible(not adjudication.shown or far.decided == far.cases)
        text = ngettext(
            "{decided} of {cases} case decided", "{decided} of {cases} cases decided", far.cases
        )
        more = ngettext(
            "gold complete in {complete} of {documents} document",
            "gold complete in {complete} of {documents} documents",
            far.documents,
        )
        counts = {
            "decided": far.decided,
            "cases": far.cases,
            "complete": far.complete,
            "documents": far.documents,
        }
        self.count.setText(f"{text};\n{more}".format(**counts))
        self.hint.setText(_hint(far))
        if adjudication.place >= 0:
            self.view.setCurrentIndex(self.model.index(adjudication.place))
        else:
            self.view.clearSelection()

    def _offer(self, labels: list[str]) -> None:
        here = str(self.label.currentData())
        if [str(self.label.itemData(number)) for number in range(1, self.label.count())] != labels:
            while self.label.count() > 1:
                self.label.removeItem(1)
            for label in labels:
                self.label.addItem(label, label)
            self.label.setCurrentIndex(max(self.label.findData(here), 0))

    def apply_theme(self, palette: Palette) -> None:
        """Take an appearance."""
        self._row.palette = palette
        self.view.viewport().update()


def _choices(entries: list[tuple[str, str]], name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(8)
    for value, text in entries:
        made.addItem(_(text), value)
    return made


def _hint(far: AdjudicationProgress) -> str:
    """Return what stands above the list when it is empty, or done with."""
    if not far.cases:
        return _("The annotators have marked nothing.")
    if far.decided == far.cases:
        return _("All cases are decided; gold is complete.")
    return _("No case passes the filter.")
