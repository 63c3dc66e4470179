"""The start page: what was open last, and the ways to begin. Files may be dropped anywhere."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.errors import FSI, PDI
from annotator.i18n import _
from annotator.ui.widgets.controls import button, hairline, plain_label

SAMPLES = {"fa": "فارسی", "kk": "Қазақша", "ru": "Русский", "mixed": "فارسی · Қазақша · English"}


class StartPage(QWidget):
    """Shown when no project is open."""

    wanted = Signal(str)
    forgotten = Signal(str)
    sample_wanted = Signal(str)

    def __init__(
        self, make: Callable[[], object], find: Callable[[], object], begin: Callable[[], object]
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        self._heading = plain_label(_("Recent projects"), "heading")
        beginnings = (
            button(_("New project…"), make, "primary"),
            button(_("Open a project…"), find),
            button(_("Open an assignment…"), begin),
        )
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addLayout(self._column(beginnings), 4)
        outer.addStretch(1)

    def _column(self, beginnings: Sequence[QWidget]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.addStretch(2)
        column.addWidget(plain_label("Annotator", "title"))
        column.addWidget(
            plain_label(
                _("Label entities, claims and stance in Persian, Kazakh, Russian and mixed text."),
                "soft",
                wraps=True,
            )
        )
        column.addSpacing(20)
        column.addLayout(_row(beginnings))
        column.addSpacing(20)
        column.addWidget(plain_label(_("Try it on a sample"), "heading"))
        samples = [
            button(name, partial(self.sample_wanted.emit, code)) for code, name in SAMPLES.items()
        ]
        column.addLayout(_row(samples))
        column.addSpacing(20)
        column.addWidget(self._heading)
        column.addLayout(self._recent)
        column.addSpacing(20)
        column.addWidget(hairline())
        hint = plain_label(
            _("Drop files or folders anywhere in the window to import them."), "soft", wraps=True
        )
        column.addWidget(hint)
        column.addStretch(3)
        return column

    def show_recent(self, paths: list[str]) -> None:
        """List the projects opened last.

        Those whose file is gone say so, and can be taken off the list.
        """
        while self._recent.count():
            item = self._recent.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._heading.setVisible(bool(paths))
        for path in paths:
            self._recent.addWidget(self._row(path))

    def _row(self, path: str) -> QWidget:
        file = Path(path)
        is_there = file.is_file()
        text = f"{FSI}{file.stem}{PDI}   {FSI}{file.parent}{PDI}"
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        if is_there:
            row.addWidget(
                button(text, lambda: self.wanted.emit(path), "link"),
                1,
                Qt.AlignmentFlag.AlignLeading,
            )
        else:
            row.addWidget(
                plain_label(_("{name} – not there any more").format(name=text), "soft"), 1
            )
            row.addWidget(button(_("Forget"), lambda: self.forgotten.emit(path)))
        return made


def _row(widgets: Sequence[QWidget]) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
