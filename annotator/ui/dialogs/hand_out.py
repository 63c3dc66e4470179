"""Hand out: who gets which documents, shown as a plan before any bundle is written."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.errors import FSI, PDI
from annotator.i18n import _, ngettext
from annotator.jobs.team.assign import Plan, chosen, places, planned
from annotator.model import GOLD, is_suggester
from annotator.model.schema_files import name_fault
from annotator.session import Session
from annotator.ui.dialogs.reading_form import choice
from annotator.ui.widgets.controls import button, name_columns, plain_label
from annotator.ui.widgets.dialog_buttons import dialog_buttons

SIZE = (860, 560)
LARGEST_SEED = 1_000_000


class HandOut(QDialog):
    """Asks for people and documents and shows the plan.

    `plan` and `targets` are what was chosen.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Hand out documents"))
        self.resize(*SIZE)
        self._session = session
        self.plan: Plan = {}
        self.people: dict[str, QCheckBox] = {}
        self._people = QVBoxLayout()
        self._list_annotators()
        self._make_filter()
        self._make_settings()
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName(_("Who would get what"))
        self.about = plain_label("", "soft", wraps=True)
        self._lay_out()
        self._connect()
        self.follow()

    # ── making ────────────────────────────────────────────────────────────────────────────────────

    def _list_annotators(self) -> None:
        session = self._session
        for name in session.store.annotators():
            if name not in (GOLD, session.annotator) and not is_suggester(name):
                self._list(name, is_chosen=False)

    def _make_filter(self) -> None:
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("Name of another person"))
        self.name.setAccessibleName(_("Name of another person"))
        self.words = QLineEdit()
        self.words.setPlaceholderText(_("Part of a name"))
        self.words.setAccessibleName(_("Documents whose name holds"))
        entries = self._session.entries
        languages = sorted({entry.language for entry in entries if entry.language})
        self.language = choice(
            [("", _("All languages")), *((code, code) for code in languages)], _("Language")
        )
        self.handed = choice(
            [("handed:no", _("Not handed out yet")), ("", _("All"))], _("Documents")
        )

    def _make_settings(self) -> None:
        self.overlap = QSpinBox()
        self.seed = QSpinBox()
        self.overlap.setMinimum(1)
        self.overlap.setAccessibleName(_("People for each document"))
        self.seed.setMaximum(LARGEST_SEED)
        self.seed.setAccessibleName(_("Seed"))
        self.folder = QLineEdit(str(self._session.store.path.parent / _("bundles")))
        self.folder.setAccessibleName(_("Folder for the bundles"))

    def _lay_out(self) -> None:
        name_columns(
            self.table, [_("For"), _("Documents"), _("Characters"), _("Languages")], numbers=(1, 2)
        )
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        buttons, self._ok = dialog_buttons(self, _("Hand out"), is_primary=True)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(self._left(), 2)
        right = QVBoxLayout()
        right.addWidget(plain_label(_("Who would get what"), "heading"))
        right.addWidget(self.table, 1)
        right.addWidget(self.about)
        row.addLayout(right, 3)
        column = QVBoxLayout(self)
        column.addLayout(row, 1)
        column.addWidget(buttons)

    def _left(self) -> QVBoxLayout:
        adding = QHBoxLayout()
        adding.addWidget(self.name, 1)
        self._add = button(_("Add"), self.add_person)
        self._add.setAutoDefault(False)
        adding.addWidget(self._add)
        where = QHBoxLayout()
        where.addWidget(self.folder, 1)
        where.addWidget(button(_("Choose…"), self._choose))
        form = QFormLayout()
        form.addRow(_("Documents"), self.handed)
        form.addRow(_("Language"), self.language)
        form.addRow(_("Name"), self.words)
        form.addRow(_("People for each"), self.overlap)
        form.addRow(_("Seed"), self.seed)
        form.addRow(_("Folder"), where)
        left = QVBoxLayout()
        left.addWidget(plain_label(_("For whom"), "heading"))
        left.addWidget(self._scrolled_people(), 1)
        left.addLayout(adding)
        left.addLayout(form)
        return left

    def _scrolled_people(self) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.addLayout(self._people)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inside)
        scroll.setAccessibleName(_("For whom"))
        return scroll

    def _connect(self) -> None:
        self.name.returnPressed.connect(self.add_person)
        self.words.textChanged.connect(lambda _text: self.follow())
        for box in (self.language, self.handed):
            box.currentIndexChanged.connect(lambda _index: self.follow())
        for spin in (self.overlap, self.seed):
            spin.valueChanged.connect(lambda _value: self.follow())

    def _list(self, name: str, *, is_chosen: bool) -> None:
        box = QCheckBox(f"{FSI}{name}{PDI}".replace("&", "&&"))
        box.setChecked(is_chosen)
        box.toggled.connect(lambda _on: self.follow())
        self.people[name] = box
        self._people.addWidget(box)

    def add_person(self) -> None:
        """List the person whose name was typed, chosen."""
        name = self.name.text().strip()
        fault = name_fault(name) or (
            _("that name is taken by the program") if name == GOLD or is_suggester(name) else ""
        )
        known = {name.casefold() for name in self.people}
        if fault or name.casefold() in known:
            self.about.setText(fault or _("This person is in the list already."))
            return
        self.name.clear()
        self._list(name, is_chosen=True)
        self.follow()

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, _("Folder for the bundles"), self.folder.text()
        )
        if name:
            self.folder.setText(name)

    # ── the plan ──────────────────────────────────────────────────────────────────────────────────

    @property
    def chosen_people(self) -> list[str]:
        """The names that are ticked."""
        return [name for name, box in self.people.items() if box.isChecked()]

    @property
    def targets(self) -> dict[str, Path]:
        """The bundle that each person would get."""
        return places(
            Path(self.folder.text().strip()).expanduser(),
            self._session.store.path.stem,
            self.chosen_people,
        )

    def follow(self) -> None:
        """Make the plan anew and show it."""
        people = self.chosen_people
        self.overlap.setMaximum(max(len(people), 1))
        language = str(self.language.currentData())
        query = (
            f"{self.handed.currentData()} {f'language:{language}' if language else ''}"
            f" {self.words.text()}"
        )
        entries = chosen(self._session.store, query)
        self.plan = (
            planned(entries, people, self.overlap.value(), self.seed.value())
            if people and entries
            else {}
        )
        self._show()
        count = ngettext(
            "{count} document is chosen.", "{count} documents are chosen.", len(entries)
        ).format(count=len(entries))
        if not entries:
            count = _("No document is chosen. Take all of them, another language, or another name.")
        elif not people:
            count = _("{chosen} Tick who is to get them, or add a name.").format(chosen=count)
        elif not all(self.plan.values()):
            count = _("{chosen} These are too few for so many people.").format(chosen=count)
        self.about.setText(count)
        self._ok.setEnabled(bool(self.plan) and all(self.plan.values()))

    def _show(self) -> None:
        self.table.setRowCount(len(self.plan))
        for row, (name, entries) in enumerate(self.plan.items()):
            languages = sorted({entry.language or "?" for entry in entries})
            counted = ", ".join(
                f"{code} {sum((entry.language or '?') == code for entry in entries)}"
                for code in languages
            )
            texts = (
                f"{FSI}{name}{PDI}",
                str(len(entries)),
                str(sum(entry.length for entry in entries)),
                counted,
            )
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if column in (1, 2):
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
                    )
                self.table.setItem(row, column, item)
