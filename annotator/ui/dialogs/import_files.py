"""Import: what the files are, how they are read, what will come in.

Shown before anything is stored.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

import orjson
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.errors import FSI, PDI, InputError
from annotator.formats import ReadOptions
from annotator.i18n import _, ngettext
from annotator.jobs import ImportOptions, Preview, Progress, Source, look_into
from annotator.jobs.imports.discovery import sources
from annotator.jobs.imports.importing import FileOptions, as_chosen
from annotator.jobs.imports.survey import Surveyed, foreign_labels, survey_file
from annotator.session import Session
from annotator.ui.dialogs.import_preview import ImportPreview
from annotator.ui.dialogs.label_mapping import LabelMapping
from annotator.ui.dialogs.reading_form import ReadingForm, choice
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.widgets.background import BackgroundTask
from annotator.ui.widgets.controls import plain_label
from annotator.ui.widgets.dialog_buttons import dialog_buttons
from annotator.ui.widgets.mark_builder import MarkBuilder

LANGUAGES = ("", "fa", "kk", "ru", "en")
KEPT_MAPPING = "label mapping"
_FILE, _FORMAT, _DOCUMENTS, _SPANS = range(4)
_PLACE = Qt.ItemDataRole.UserRole


@guard_overrides
class ImportFiles(QDialog):
    """Shows the files with their first documents as they would come in.

    Nothing is stored before Import is pressed.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        session: Session,
        parent: QWidget | None = None,
        *,
        dark: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Import"))
        self.resize(1080, 620)
        self.paths = list(paths)
        self._session = session
        self._has_begun = False
        self._own: dict[Path, FileOptions] = {}
        self._found: list[Source] = []
        self._surveyed: dict[Path, tuple[FileOptions, Surveyed]] = {}
        self._looking = BackgroundTask(self)
        self._surveying = BackgroundTask(self)
        self._make_choices(session)
        self._make_preview(session, dark=dark)
        self.about = plain_label("", "soft", wraps=True)
        self._lay_out()
        self._connect()

    # ── making ────────────────────────────────────────────────────────────────────────────────────

    def _make_choices(self, session: Session) -> None:
        self.files = _file_list()
        self.form = ReadingForm(session.schema)
        self.language = choice([(code, code or _("Detect")) for code in LANGUAGES], _("Language"))
        choices = (
            ("", _("As the schema says")),
            ("add", _("Add to the schema")),
            ("refuse", _("Refuse the file")),
        )
        self.labels = choice(choices, _("Other unknown labels"))
        self.person = QLineEdit(session.annotator)
        self.person.setAccessibleName(_("Annotations are by"))

    def _make_preview(self, session: Session, *, dark: bool) -> None:
        self.preview = ImportPreview(MarkBuilder(session), dark=dark)
        self.mapping = LabelMapping(session.schema, kept_mapping(session))
        self.report = QPlainTextEdit()
        self.report.setReadOnly(True)
        self.report.setAccessibleName(_("What would be changed, lost, or is wrong"))

    def _lay_out(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(_("What would come in"))
        for page, name in (
            (self.preview, _("Preview")),
            (self.mapping, _("Labels")),
            (self.report, _("Report")),
        ):
            self.tabs.addTab(page, name)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(self._left(), 2)
        row.addWidget(self.tabs, 3)
        buttons, self._ok = dialog_buttons(self, _("Import"), is_primary=True)
        foot = QHBoxLayout()
        foot.addWidget(self.about, 1)
        foot.addWidget(buttons)
        column = QVBoxLayout(self)
        column.addLayout(row, 1)
        column.addLayout(foot)

    def _left(self) -> QVBoxLayout:
        self._chosen = plain_label("", "heading")
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName(_("How the chosen files are read"))
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.form)
        scroll.setMinimumHeight(110)
        every = QFormLayout()
        every.addRow(plain_label(_("For all files"), "heading"))
        for text, box in (
            (_("Language"), self.language),
            (_("Other unknown labels"), self.labels),
            (_("Annotations are by"), self.person),
        ):
            every.addRow(text, box)
        left = QVBoxLayout()
        left.addWidget(self.files, 2)
        left.addWidget(self._chosen)
        left.addWidget(scroll, 3)
        left.addLayout(every)
        return left

    def _connect(self) -> None:
        self.files.currentItemChanged.connect(lambda _now, _before: self._look())
        self.files.itemSelectionChanged.connect(self._name_chosen)
        self.form.changed.connect(self._take_reading)
        self.language.currentIndexChanged.connect(self._read_again)
        self.mapping.changed.connect(self._count)
        self.labels.currentIndexChanged.connect(self._count)
        self._surveying.told.connect(self._tell_progress)
        self.finished.connect(self._end)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to read when the dialog is seen for the first time."""
        super().showEvent(event)
        self.begin()

    def begin(self) -> None:
        """Look for the files and read them, once."""
        if not self._has_begun:
            self._has_begun = True
            self._find()

    def _end(self) -> None:
        for aside in (self._looking, self._surveying):
            aside.end()

    # ── what is chosen ────────────────────────────────────────────────────────────────────────────

    @property
    def options(self) -> ImportOptions:
        """How to import, as chosen."""
        language = str(self.language.currentData())
        own = {
            path: replace(entry, options=replace(entry.options, language=language))
            for path, entry in self._own.items()
        }
        plain = ImportOptions(
            "", self.person.text().strip(), str(self.labels.currentData()), together=False
        )
        plain = replace(plain, read=replace(plain.read, language=language), own=own)
        return replace(plain, mapping=self.mapping.mapping, welcome=self.mapping.welcome)

    def keep_mapping(self) -> None:
        """Keep what was decided on labels for the next import into this project."""
        kept = {name: chosen for name, chosen in self.mapping.chosen.items() if chosen}
        self._session.store.remember(KEPT_MAPPING, orjson.dumps(kept).decode())

    def _here(self) -> Source | None:
        item = self.files.currentItem()
        return None if item is None else self._found[item.data(_FILE, _PLACE)]

    def _chosen_paths(self) -> list[Path]:
        return [self._found[item.data(_FILE, _PLACE)].path for item in self.files.selectedItems()]

    def _name_chosen(self) -> None:
        count = len(self._chosen_paths())
        self._chosen.setText(
            ngettext("For the chosen file", "For the {count} chosen files", count).format(
                count=count
            )
        )

    def _take_reading(self) -> None:
        """Read the chosen files as the form says now."""
        here = self._here()
        for path in {*self._chosen_paths(), *([here.path] if here else [])}:
            self._own[path] = self.form.reading(self._own.get(path, FileOptions()))
        self._read_again()

    # ── reading ───────────────────────────────────────────────────────────────────────────────────

    def _find(self) -> None:
        self._ok.setEnabled(False)
        self._say(_("Looking for files…"))
        self._looking.ask(lambda _progress: sources(self.paths), self._take_found, self._say)

    def _take_found(self, found: object) -> None:
        self._found = cast("list[Source]", found)
        for place, (path, entry, _root) in enumerate(self._found):
            item = QTreeWidgetItem([f"{FSI}{path.name}{PDI}", entry.id if entry else "?", "…", "…"])
            item.setData(_FILE, _PLACE, place)
            item.setToolTip(_FILE, str(path))
            for column in (_DOCUMENTS, _SPANS):
                item.setTextAlignment(
                    column, Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
                )
            self.files.addTopLevelItem(item)
            if self.files.topLevelItemCount() == 1:
                self.files.setCurrentItem(item)
        self._ok.setEnabled(bool(self._found))
        self._survey()

    def _read_again(self) -> None:
        self._look()
        self._survey()

    def _look(self) -> None:
        """Read the first documents of the current file."""
        here = self._here()
        if here is None:
            return
        options = self.options
        reading = options.reading(here.path)
        self.preview.show_records(
            [], _("Reading {file}…").format(file=f"{FSI}{here.path.name}{PDI}")
        )

        def look(progress: Progress) -> tuple[Preview, list[str], list[str]]:
            read = replace(
                reading.options,
                schema=self._session.schema,
                root=here.root,
                pulse=lambda: progress(0, 0, ""),
            )
            found = look_into(here.path, replace(options, format=reading.format, read=read))
            return found, *_cells_and_sheets(found, read)

        self._looking.ask(
            look,
            lambda found: self._show(*cast("tuple[Preview, list[str], list[str]]", found)),
            self._say,
        )

    def _say(self, text: str) -> None:
        self.preview.show_records([], text)

    def _show(self, preview: Preview, columns: list[str], names: list[str]) -> None:
        wrong = "\n".join(map(str, preview.problems[:3]))
        self.preview.show_records(preview.records, wrong or _("This file holds no document."))
        self.form.show_reading(self.options.reading(preview.path), preview, columns, names)
        item = self.files.currentItem()
        if item is not None:
            item.setText(_FORMAT, preview.format.id if preview.format else "?")

    def _survey(self) -> None:
        """Read all files to their end, those aside that were read in this way before."""
        options = self.options
        schema = self._session.schema
        sources_found = self._found
        known = dict(self._surveyed)

        def look(progress: Progress) -> dict[Path, tuple[FileOptions, Surveyed]]:
            found = {}
            for source in sources_found:
                reading = options.reading(source.path)
                before = known.get(source.path)
                is_known = before is not None and before[0] == reading
                read = partial(survey_file, as_chosen(source, options), options, schema, progress)
                found[source.path] = before if before and is_known else (reading, read())
            return found

        if self._found:
            self.about.setText(_("Reading…"))
            self._surveying.ask(look, self._take_survey, self.about.setText)

    def _tell_progress(self, number: int, file: str) -> None:
        if number:
            self.about.setText(
                _("Reading {file}: {number} documents…").format(
                    file=f"{FSI}{file}{PDI}", number=number
                )
            )

    def _take_survey(self, found: object) -> None:
        self._surveyed = cast("dict[Path, tuple[FileOptions, Surveyed]]", found)
        for place, source in enumerate(self._found):
            item = self.files.topLevelItem(place)
            entry = self._surveyed[source.path][1]
            if item is not None:
                item.setText(_DOCUMENTS, "✗" if entry.problems else str(entry.documents))
                item.setText(_SPANS, "" if entry.problems else str(entry.spans))
        every = [entry for _reading, entry in self._surveyed.values()]
        self.mapping.show_labels(foreign_labels(every, self._session.schema))
        self.report.setPlainText("\n".join(report_lines(every)))
        self._count()

    def _count(self) -> None:
        """Say how much would come in, and what is still to be decided."""
        every = [entry for _reading, entry in self._surveyed.values()]
        good = [entry for entry in every if not entry.problems]
        bad = [entry for entry in every if entry.problems]
        parts = [
            _("{documents} documents, {spans} spans, {relations} relations.").format(
                documents=sum(entry.documents for entry in good),
                spans=sum(entry.spans for entry in good),
                relations=sum(entry.relations for entry in good),
            )
        ]
        if bad:
            text = ngettext(
                "{count} file cannot be read as it is.",
                "{count} files cannot be read as they are.",
                len(bad),
            )
            parts.append(text.format(count=len(bad)))
        waiting = len(self.mapping.undecided) if self._refuses_unknown() else 0
        if waiting:
            text = ngettext(
                "{count} label needs a decision.", "{count} labels need a decision.", waiting
            )
            parts.append(text.format(count=waiting))
        self.about.setText(" ".join(parts))
        self._name_tab(1, _("Labels"), len(self.mapping.boxes))
        self._name_tab(
            2, _("Report"), sum(len(entry.problems) + len(entry.lost) for entry in every)
        )

    def _refuses_unknown(self) -> bool:
        chosen = self.labels.currentData()
        return chosen == "refuse" or (chosen == "" and not self._session.schema.open)

    def _name_tab(self, number: int, name: str, count: int) -> None:
        self.tabs.setTabText(number, f"{name} · {count}" if count else name)


def _cells_and_sheets(found: Preview, read: ReadOptions) -> tuple[list[str], list[str]]:
    """Return the cells of a table's first row, and the names of a spreadsheet's sheets."""
    entry = found.format
    try:
        cells = entry.columns(found.path, read) if entry and entry.columns else []
        return cells, entry.sheets(found.path, read) if entry and entry.sheets else []
    except InputError:
        return [], []  # the preview has said what is wrong


def _file_list() -> QTreeWidget:
    files = QTreeWidget()
    files.setAccessibleName(_("Files"))
    files.setHeaderLabels([_("File"), _("Format"), _("Documents"), _("Spans")])
    files.setRootIsDecorated(False)
    files.setUniformRowHeights(True)
    files.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    header = files.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(_FILE, QHeaderView.ResizeMode.Stretch)
    # Of a fixed width: to fit the contents, each change would measure a thousand rows.
    for column in (_FORMAT, _DOCUMENTS, _SPANS):
        header.resizeSection(
            column,
            header.fontMetrics().horizontalAdvance(
                header.model().headerData(column, header.orientation())
            )
            + 28,
        )
    return files


def report_lines(every: Sequence[Surveyed]) -> list[str]:
    """Return what is wrong, what would be lost and what would be changed, file by file."""
    lines: list[str] = []
    for entry in every:
        found = [str(problem) for problem in entry.problems]
        found += [
            _("Not kept: {count} × {kind} ({why})").format(
                count=loss.count, kind=loss.kind, why=loss.why
            )
            for loss in entry.lost
        ]
        found += [
            _("Changed: {count} × {kind} ({why})").format(
                count=loss.count, kind=loss.kind, why=loss.why
            )
            for loss in entry.changed
        ]
        found += [
            _("Read as {encoding}.").format(encoding=encoding)
            for encoding in dict.fromkeys(entry.encodings.values())
        ]
        lines += (
            [f"{FSI}{entry.path.name}{PDI}", *(f"    {line}" for line in found)] if found else []
        )
    return lines or [_("Nothing would be changed or lost.")]


def kept_mapping(session: Session) -> dict[str, str]:
    """Return what was decided on labels at the last import.

    The file may come from anywhere, so nothing is taken on trust.
    """
    try:
        kept = orjson.loads(session.store.setting(KEPT_MAPPING))
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(kept, dict):
        return {}
    return {str(name): str(chosen) for name, chosen in kept.items()}
