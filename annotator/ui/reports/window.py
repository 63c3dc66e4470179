"""The report window.

Sections, a chart and a table each, and the spans behind the figure that is chosen.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLayout,
    QListWidget,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from annotator.agreement import find_measure
from annotator.errors import UserError
from annotator.i18n import _, language, ngettext
from annotator.jobs.reports import (
    MEASURES,
    Behind,
    Cell,
    Place,
    Report,
    ReportOptions,
    Sheet,
    make_report,
    sheets,
    write_report,
)
from annotator.session import Session
from annotator.ui.look.theme import Theme
from annotator.ui.reports.chart import Chart, by_document, over_time
from annotator.ui.reports.model import BAR_ROOM, CELL, VALUE, CellDelegate, PlaceModel, SheetModel
from annotator.ui.runtime import error_reporting
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.runtime.worker import Worker
from annotator.ui.widgets.background import ProgressLine
from annotator.ui.widgets.controls import OF_A_PROJECT, Guard, button, plain_label

MOST_PLACES = 2000
SIZE, SMALLEST = (1080, 660), (760, 480)
SECTIONS = 190
HEIGHTS = (400, 220)
ROOM = 12
CHARTS = {"time": over_time, "documents": by_document}


@guard_overrides
class ReportWindow(QWidget):
    """Shows the report of a session's project.

    `goes_to` takes the place that a person wants to see in its document.
    """

    def __init__(
        self,
        session: Session,
        theme: Theme,
        guard: Guard,
        parent: QWidget,
        goes_to: Callable[[Place], object],
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName(OF_A_PROJECT)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Report on {project}").format(project=session.store.path.stem))
        self.setMinimumSize(*SMALLEST)
        self.resize(*SIZE)
        self._session = session
        self._theme = theme
        self._guard = guard
        self._goes_to = goes_to
        self.report: Report | None = None
        self._sheets: list[Sheet] = []
        self._worker: Worker | None = None
        self._make_parts()
        self._lay_out()
        theme.changed.connect(self._apply_theme)
        # Made now, so that it can be told: a window that belongs to another stays above it, and
        # would hide the text it leads to.
        self.create()
        # Qt takes none; the stubs do not know it.
        self.windowHandle().setTransientParent(None)  # type: ignore[arg-type]
        self.sections.setFocus()  # arrows choose a section; on the layers they would measure anew
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        self.refresh()

    # ── making ────────────────────────────────────────────────────────────────────────────────────

    def _make_parts(self) -> None:
        self.layer = QComboBox()
        self.measure = QComboBox()
        self.layer.addItem(_("All layers"), None)
        for layer in self._session.schema.layers:
            self.layer.addItem(layer.names.in_language(language()), layer.id)
        for name in MEASURES:
            self.measure.addItem(_(find_measure(name).name), name)
        self.layer.setAccessibleName(_("Layer"))
        self.measure.setAccessibleName(_("Measure for labels, documents and days"))
        for box in (self.layer, self.measure):
            box.currentIndexChanged.connect(self.refresh)
        self.progress = ProgressLine()
        self._make_sections()
        self._make_tables()
        self.exports = [
            button(
                _("Save as a page…"),
                self._save_page,
                tip=_("One HTML file that needs nothing else and can be printed."),
            ),
            button(_("Save the tables…"), self._save_tables, tip=_("CSV files in a folder.")),
            button(_("Save a picture…"), self._save_picture, tip=_("This section as a PNG file.")),
        ]

    def _make_sections(self) -> None:
        self.sections = QListWidget()
        self.sections.setAccessibleName(_("Sections of the report"))
        self.sections.setFixedWidth(SECTIONS)
        self.sections.setFrameShape(QFrame.Shape.NoFrame)
        self.sections.setSpacing(2)
        self.sections.currentRowChanged.connect(self._show_section)
        self.note = plain_label("", "warning", wraps=True)
        self.note.hide()

    def _make_tables(self) -> None:
        self._delegate = CellDelegate(self._theme.palette)
        self.table = _table(_("Figures"), self._delegate)
        self.table.clicked.connect(self._take_cell)
        self.table.activated.connect(self._take_cell)
        self.told = plain_label("", "soft", wraps=True)
        self.places = _table(_("Spans behind the figure"), None)
        self.places.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.places.clicked.connect(self._take_place)
        self.places.activated.connect(self._take_place)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        left: tuple[QWidget, ...] = (
            self.layer,
            self.measure,
            button(_("Measure again"), self.refresh),
            self.progress,
        )
        for widget in left:
            head.addWidget(widget)
        head.addStretch(1)
        for press in self.exports:
            head.addWidget(press)
        return head

    def _lay_out(self) -> None:
        self.section = QWidget()
        self.section.setObjectName("page")
        self._column = QVBoxLayout(self.section)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.title = plain_label("", "title")
        self.about = plain_label("", "soft", wraps=True)
        shown: tuple[QWidget, ...] = (self.title, self.about, self.note, self.table)
        for widget in shown:
            self._column.addWidget(widget)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.told)
        column.addWidget(self.places, 1)
        column.addStretch()
        self._split = QSplitter(Qt.Orientation.Vertical)
        for part, stretch in ((self.section, 3), (below, 1)):
            self._split.addWidget(part)
            self._split.setStretchFactor(self._split.count() - 1, stretch)
        self._split.setChildrenCollapsible(False)
        self._split.setSizes(list(HEIGHTS))
        self._lay_out_body(self._head())

    def _lay_out_body(self, head: QHBoxLayout) -> None:
        middle = QHBoxLayout()
        middle.addWidget(self.sections)
        middle.addWidget(self._split, 1)
        body = QWidget()
        body.setObjectName("page")
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(middle, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        outer.addWidget(body)

    # ── measuring ─────────────────────────────────────────────────────────────────────────────────

    def refresh(self) -> None:
        """Work the report out beside the window."""
        self.stop()
        store = self._session.store
        options = ReportOptions(
            layer=self.layer.currentData(), measure=str(self.measure.currentData())
        )
        worker = Worker(lambda progress: make_report(store, options, progress), self)
        worker.done.connect(self._take_report)
        worker.failed.connect(self._fail)
        worker.cancelled.connect(
            lambda: self._say(_("Cancelled. “Measure again” works the report out."))
        )
        worker.ended.connect(self._ended)
        self._worker = worker
        self._say(_("The report is being worked out…") if self.report is None else "")
        self.progress.follow(worker)
        worker.start()

    def stop(self) -> None:
        """Cancel what is under way and wait for it."""
        if self._worker is not None:
            self._worker.abandon()
            self._worker.wait()

    def _ended(self) -> None:
        self._worker = None

    def _fail(self, error: BaseException) -> None:
        error_reporting.write_down(error)
        self._say(error_reporting.sentence(error))

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _take_report(self, report: object) -> None:
        if not isinstance(report, Report):
            return
        self.report = report
        self._sheets = sheets(report)
        here = max(self.sections.currentRow(), 0)
        self.sections.clear()
        self.sections.addItems([sheet.title for sheet in self._sheets])
        self._say(" ".join(note for note in (report.alone, *report.notes[:3]) if note))
        self.sections.setCurrentRow(min(here, len(self._sheets) - 1))

    def _apply_theme(self) -> None:
        self._delegate.palette = self._theme.palette
        self._show_section(self.sections.currentRow())

    # ── showing ───────────────────────────────────────────────────────────────────────────────────

    def _show_section(self, number: int) -> None:
        if not 0 <= number < len(self._sheets) or self.report is None:
            return
        sheet = self._sheets[number]
        self.title.setText(sheet.title)
        self.about.setText(sheet.about)
        for chart in self.section.findChildren(Chart):
            self._column.removeWidget(chart)
            chart.setParent(None)
        field = CHARTS[sheet.id](self.report) if sheet.id in CHARTS else None
        if field is not None:
            chart = Chart(field, self._theme.palette)
            chart.chosen.connect(self.show_behind)
            self._column.insertWidget(3, chart)
        model = SheetModel(sheet)
        _show(self.table, model)
        self.table.setSortingEnabled(sheet.id in ("labels", "documents"))
        if model.bars:
            self.table.setColumnWidth(len(sheet.headings), BAR_ROOM)
        leads_on = any(cell.behind for row in sheet.rows for cell in row)
        self.show_places([], _("Choose a figure to see the spans behind it.") if leads_on else "")

    def show_behind(self, behind: Behind) -> None:
        """List the spans behind a figure."""
        if self.report is None:
            return
        total, places = self.report.places(behind, MOST_PLACES)
        text: str = ngettext(
            "{count} place is behind this figure.", "{count} places are behind this figure.", total
        ).format(count=total)
        if total > len(places):
            text += " " + _("The first {count} are listed.").format(count=len(places))
        self.show_places(
            places,
            text if total else _("Nothing is behind this figure: the annotators agree everywhere."),
        )

    def show_places(self, places: list[Place], text: str) -> None:
        """Show a list of places under the table, and a sentence above them."""
        _show(self.places, PlaceModel(places))
        self.places.setVisible(bool(places))
        self.places.setColumnWidth(1, 300)
        self.told.setText(text)

    def _take_cell(self, index: QModelIndex) -> None:
        cell = index.data(CELL)
        if isinstance(cell, Cell) and cell.behind is not None:
            self.show_behind(cell.behind)

    def _take_place(self, index: QModelIndex) -> None:
        place = index.data(CELL)
        if isinstance(place, Place):
            self._goes_to(place)

    # ── files ─────────────────────────────────────────────────────────────────────────────────────

    def _save_page(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(
            self, _("Save as a page"), self._beside(".html"), _("Web page (*.html)")
        )
        if name:
            self.save(Path(name))

    def _save_tables(self) -> None:
        name = QFileDialog.getExistingDirectory(self, _("Save the tables"))
        if name:
            self.save(Path(name))

    def save(self, target: Path) -> None:
        """Write the report to a page or a folder, and say where it is."""
        report = self.report
        if report is not None and self._guard(lambda: write_report(report, target)):
            self._say(_("Saved {path}.").format(path=str(target)))

    def _save_picture(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(
            self, _("Save a picture"), self._beside(".png"), _("Picture (*.png)")
        )
        if name:
            self._guard(lambda: self.save_picture(Path(name)))

    def save_picture(self, target: Path) -> None:
        """Write the section as a picture, twice as fine as the screen."""
        picture = QPixmap(self.section.size() * 2)
        picture.setDevicePixelRatio(2)
        picture.fill(self._theme.palette.paper)
        self.section.render(picture)
        if not picture.save(str(target), "PNG"):
            raise UserError(
                _("{path} cannot be written. Choose another place.").format(path=str(target))
            )
        self._say(_("Saved {path}.").format(path=str(target)))

    def _beside(self, suffix: str) -> str:
        path = self._session.store.path
        return str(path.with_name(f"{path.stem}-report{suffix}"))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what is under way."""
        self.stop()
        super().closeEvent(event)


def _table(name: str, delegate: CellDelegate | None) -> QTableView:
    made = QTableView()
    made.setAccessibleName(name)
    made.setShowGrid(False)
    made.setTabKeyNavigation(False)
    made.setWordWrap(False)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(28)
    made.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    made.horizontalHeader().setHighlightSections(False)
    if delegate is not None:
        made.setItemDelegate(delegate)
        delegate.setParent(made)
    return made


def _show(table: QTableView, model: SheetModel | PlaceModel) -> None:
    """Show another table; the one before goes."""
    before = table.model()
    sorted_ = QSortFilterProxyModel(table)
    model.setParent(sorted_)
    sorted_.setSourceModel(model)
    sorted_.setSortRole(VALUE)
    table.setSortingEnabled(False)
    table.setModel(sorted_)
    table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    table.resizeColumnsToContents()
    for column in range(sorted_.columnCount()):
        table.setColumnWidth(column, table.columnWidth(column) + ROOM)
    if before is not None:
        before.deleteLater()
