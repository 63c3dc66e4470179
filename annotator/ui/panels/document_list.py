"""The list of documents: how far one has come with each, a filter, and a count."""

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.errors import FSI, PDI
from annotator.i18n import _, ngettext
from annotator.session import Session
from annotator.store import Entry, Listing
from annotator.store.tables.document_list import GONE
from annotator.ui.look.style import LIGHT, Palette, mixed
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.widgets.controls import button, plain_label, stacked
from annotator.ui.widgets.list_view import Index, ListView, paint_back

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW_HEIGHT = 30
COUNT_DELAY_MS = 25
CODE_WIDTH = 22
SLACK = 8
ENTRY = Qt.ItemDataRole.UserRole


def called(entry: Entry) -> str:
    """Return what a document is called: its name, or its id where it came without one."""
    return entry.name or entry.id


@guard_overrides
class DocumentModel(QAbstractListModel):
    """The entries that pass the filter."""

    def __init__(self) -> None:
        super().__init__()
        self._all: Listing | None = None
        self._folded: dict[str, str] = {}
        self._shown: Sequence[int] = ()
        self._needle = self._status = ""

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many entries pass."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return an entry, its name, or what a screen reader says of it."""
        entry = self._all[self._shown[index.row()]] if self._all is not None else GONE
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return called(entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{FSI}{called(entry)}{PDI}\n{FSI}{entry.id}{PDI}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{called(entry)}, {entry.status}, {entry.spans}"
        return None

    def show_entries(self, entries: Listing | None) -> None:
        """Take the entries of a project."""
        self._all = entries
        self.filter(self._needle, self._status)

    def show_entry(self, place: int) -> None:
        """Show anew one entry that has changed."""
        row = self._row_at(place)
        if self._all is not None and self._status and (row >= 0) != self._passes(self._all[place]):
            self.filter(self._needle, self._status)
            row = self._row_at(place)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))

    def filter(self, needle: str, status: str) -> None:
        """Show entries whose names hold the (folded) needle and that have the status ("": all)."""
        self.beginResetModel()
        self._needle = needle.strip()
        self._status = status
        if self._all is None or not (self._needle or status):
            self._shown = range(len(self._all or ()))
        else:
            self._shown = [place for place, entry in enumerate(self._all) if self._passes(entry)]
        self.endResetModel()

    def _passes(self, entry: Entry) -> bool:
        has_status = not self._status or entry.status == self._status
        return has_status and (
            not self._needle or self._fold(self._needle) in self._fold(called(entry))
        )

    def _fold(self, name: str) -> str:
        from annotator.text.folding import fold  # the start does not wait for it

        if name not in self._folded:
            self._folded[name] = fold(name).text
        return self._folded[name]

    def row_of(self, document: str) -> int:
        """Return the row of a document, -1 when it is filtered out."""
        return self._row_at(self._all.place(document)) if self._all is not None else -1

    def _row_at(self, place: int) -> int:
        row = bisect_left(self._shown, place)
        return row if place >= 0 and row < len(self._shown) and self._shown[row] == place else -1

    @property
    def done(self) -> tuple[int, int]:
        """Return how many documents are done, and how many there are."""
        return (self._all.done, len(self._all)) if self._all is not None else (0, 0)

    @property
    def is_empty(self) -> bool:
        """Return whether there are no documents at all, whatever passes the filter."""
        return not self._all


class _Columns(NamedTuple):
    """Where the parts of a row are painted, from where reading begins to where it ends."""

    ring: QRectF
    name: QRect
    language: QRect
    spans: QRect


def _columns(painter: QPainter, box: QRect, count: str, *, mirrored: bool) -> _Columns:
    count_width = max(painter.fontMetrics().horizontalAdvance(count), 22)
    name_width = box.width() - 14 - 17 - count_width - CODE_WIDTH - 26
    right = box.right() - 12
    if mirrored:
        ring_left = right - 9
        count_left = box.left() + 12
        code_left = count_left + count_width + 4
        name_left = code_left + CODE_WIDTH + 4
    else:
        ring_left = box.left() + 14
        count_left = right - count_width
        code_left = count_left - CODE_WIDTH - 4
        name_left = ring_left + 17
    top = box.top()
    height = box.height()
    return _Columns(
        QRectF(ring_left, box.center().y() - 4, 9, 9),
        QRect(name_left, top, name_width, height),
        QRect(code_left, top, CODE_WIDTH, height),
        QRect(count_left, top, count_width, height),
    )


@guard_overrides
class _Row(QStyledItemDelegate):
    """Paints an entry: a ring (empty, half, full), the name, the language, the number of spans."""

    palette = LIGHT

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_back(painter, option, index, self.palette)
        painter.setFont(option.font)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        columns = _columns(painter, option.rect, str(entry.spans), mirrored=mirrored)
        self._paint_ring(painter, columns.ring, entry.status)
        self._paint_texts(painter, columns, entry, mirrored=mirrored)
        painter.restore()

    def _paint_texts(
        self, painter: QPainter, columns: _Columns, entry: Entry, *, mirrored: bool
    ) -> None:
        palette = self.palette
        painter.setPen(mixed(palette.ink, palette.paper, 0.62))
        far = Qt.AlignmentFlag.AlignLeft if mirrored else Qt.AlignmentFlag.AlignRight
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(columns.spans, middle | far, str(entry.spans))
        painter.drawText(columns.language, Qt.AlignmentFlag.AlignCenter, entry.language)
        painter.setPen(QColor(palette.ink))
        # A word that is cut ends in another shape than it was measured with, a few pixels wider.
        name = painter.fontMetrics().elidedText(
            called(entry), Qt.TextElideMode.ElideRight, columns.name.width() - SLACK
        )
        near = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        alignment = middle | near | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(columns.name, alignment, f"{FSI}{name}{PDI}")

    def _paint_ring(self, painter: QPainter, ring: QRectF, status: str) -> None:
        accent = QColor(self.palette.accent)
        painter.setPen(
            QPen(
                accent if status != "new" else mixed(self.palette.ink, self.palette.paper, 0.5), 1.4
            )
        )
        painter.setBrush(accent if status == "done" else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(ring)
        if status == "open":
            painter.setBrush(accent)
            painter.drawPie(ring, -90 * 16, -180 * 16)


@guard_overrides
class DocumentList(QWidget):
    """The panel with the filter, the list and the count."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAccessibleName(_("Documents"))
        self._session: Session | None = None
        self.model = DocumentModel()
        self._make_filter()
        self._make_list()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(COUNT_DELAY_MS)
        self._later.timeout.connect(self.show_count)
        self._lay_out()
        self._connect()

    def _make_filter(self) -> None:
        self.needle = QLineEdit()
        self.needle.setPlaceholderText(_("Filter"))
        self.needle.setAccessibleName(_("Filter documents by name"))
        self.needle.setClearButtonEnabled(True)
        self.status = QComboBox()
        self.status.setAccessibleName(_("Filter documents by status"))
        for value, name in (
            ("", _("All")),
            ("new", _("New")),
            ("open", _("Begun")),
            ("done", _("Done")),
        ):
            self.status.addItem(name, value)

    def _make_list(self) -> None:
        self._row = _Row(self)
        self.view = ListView(self.model, self._row, ROW_HEIGHT, _("List of documents"))
        self._count = plain_label("", "soft")
        self._nothing = plain_label(_("No document passes the filter."), "soft", wraps=True)
        self.clear_filter = button(_("Show all documents"), self._clear_filter)
        self._empty = stacked(self._nothing, self.clear_filter, gap=8)

    def _connect(self) -> None:
        self.needle.textChanged.connect(self._filter)
        self.needle.returnPressed.connect(self._choose_first)
        self.status.currentIndexChanged.connect(self._filter)
        self.view.clicked.connect(self._choose)
        self.view.activated.connect(self._choose)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.setSpacing(4)
        head.addWidget(self.needle, 1)
        head.addWidget(self.status)
        column.addLayout(head)
        self._empty.setContentsMargins(12, 8, 12, 0)
        self._empty.hide()
        column.addWidget(self._empty)
        column.addWidget(self.view, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 0, 8, 0)
        foot.addWidget(self._count)
        column.addLayout(foot)

    def _filter(self) -> None:
        self.model.filter(self.needle.text(), str(self.status.currentData()))
        self.show_place(self._session)

    def _clear_filter(self) -> None:
        self.needle.clear()
        self.status.setCurrentIndex(0)
        self.view.setFocus()

    def _choose_first(self) -> None:
        if self.model.rowCount():
            self._choose(self.model.index(0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from the filter down into the list."""
        if event.key() == Qt.Key.Key_Down and self.needle.hasFocus() and self.model.rowCount():
            self.view.setFocus()
            if not self.view.selectionModel().hasSelection():
                self.view.setCurrentIndex(self.model.index(0))
        else:
            super().keyPressEvent(event)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(ENTRY).id)

    def apply_theme(self, palette: Palette) -> None:
        """Take an appearance."""
        self._row.palette = palette
        if self.view.isVisible():
            self.view.viewport().update()

    def show_session(self, session: Session | None) -> None:
        """Show the documents of a session, and which is open."""
        self._take(session)
        self._later.start()  # to read and count all of them takes longer than to show some

    def _take(self, session: Session | None) -> None:
        self._session = session
        self.model.show_entries(session.entries if session else None)
        self.show_place(session)

    def follow(self, session: Session) -> None:
        """Show again what the session's last step has touched."""
        if session.touched_entry is None:
            self._take(session)
        else:
            self.model.show_entry(session.touched_entry)
            self.show_place(session)
        self.show_count()

    def show_count(self) -> None:
        """Show now what the line below the list would show in a moment."""
        self._later.stop()
        if self._session is not None:
            self._session.entries.complete()
        done, count = self.model.done
        text = ngettext(
            "{done} of {count} document done", "{done} of {count} documents done", count
        )
        self._count.setText(text.format(done=done, count=count) if count else _("No documents yet"))

    def show_place(self, session: Session | None) -> None:
        """Mark the open document; where the filter lets nothing pass, say so."""
        self._empty.setVisible(not self.model.is_empty and not self.model.rowCount())
        row = self.model.row_of(session.document.id) if session and session.document else -1
        if row < 0:
            self.view.clearSelection()
        elif self.view.currentIndex().row() != row:
            self.view.setCurrentIndex(self.model.index(row))
