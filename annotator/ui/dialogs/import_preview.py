"""The first documents of a file as they would come in: text in its direction, spans marked.

To be read and leafed through.
"""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.errors import FSI, PDI
from annotator.i18n import _
from annotator.model import Labelled
from annotator.text.direction import guess_language
from annotator.ui.text_view import TextView
from annotator.ui.widgets.controls import button, plain_label
from annotator.ui.widgets.mark_builder import MarkBuilder

SHOWN = 20_000
"""Characters of a document that are shown."""


class ImportPreview(QWidget):
    """One document at a time, read-only."""

    def __init__(self, marker: MarkBuilder, *, dark: bool) -> None:
        super().__init__()
        self._marker = marker
        self.records: Sequence[Labelled] = ()
        self._here = 0
        self.view = TextView()
        self.view.set_dark(dark)
        self.view.setAccessibleName(_("Preview"))
        self.name = plain_label("", "heading")
        self.before = button("‹", lambda: self._leaf(-1), tip=_("Previous document"))
        self.after = button("›", lambda: self._leaf(1), tip=_("Next document"))
        row = QHBoxLayout()
        row.setContentsMargins(12, 6, 8, 2)
        row.addWidget(self.name, 1)
        for made, name in ((self.before, _("Previous document")), (self.after, _("Next document"))):
            made.setAccessibleName(name)
            made.setFixedWidth(32)
            row.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.view, 1)

    def show_records(self, records: Sequence[Labelled], otherwise: str = "") -> None:
        """Show records from the first on; where there are none, say why."""
        self.records = records
        self._here = 0
        self._otherwise = otherwise
        self._show()

    def _leaf(self, by: int) -> None:
        self._here = min(max(self._here + by, 0), len(self.records) - 1)
        self._show()

    def _show(self) -> None:
        count = len(self.records)
        self.before.setEnabled(self._here > 0)
        self.after.setEnabled(self._here + 1 < count)
        if not count:
            self.name.setText(self._otherwise)
            self.view.clear()
            return
        record = self.records[self._here]
        document = record.document
        spans = record.annotation_set.spans if record.annotation_set else ()
        parts = [
            _("{number} of the first {count}").format(number=self._here + 1, count=count),
            f"{FSI}{document.name or document.id}{PDI}",
        ]
        parts += (
            [f"{FSI}{record.annotation_set.annotator}{PDI}"]
            if record.annotation_set and record.annotation_set.annotator
            else []
        )
        self.name.setText(" · ".join(parts))
        text = document.text[:SHOWN]
        self.view.show_document(text, document.language or guess_language(text), document.direction)
        self.view.show_marks(
            [
                self._marker.of_file(span, str(number))
                for number, span in enumerate(spans)
                if span.end <= len(text)
            ]
        )
