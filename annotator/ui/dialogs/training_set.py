"""Make a training set: choices on the left, on the right what the set would hold.

Looked over beside the window, written on request.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from annotator.errors import UserError, isolate
from annotator.formats import WriteOptions, formats
from annotator.i18n import N_, _, language, ngettext
from annotator.jobs import ExportOptions
from annotator.jobs.training import (
    Plan,
    Preflight,
    TrainingOptions,
    look_over,
    plan_of,
)
from annotator.jobs.training.preflight import PartCounts
from annotator.model import GOLD
from annotator.session import Session
from annotator.text.tokenizers import OURS, RAZDEL, SPACY, WHITESPACE
from annotator.ui.runtime import error_reporting
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.runtime.worker import Worker
from annotator.ui.widgets.controls import button, plain_label
from annotator.ui.widgets.dialog_buttons import dialog_buttons

PAUSE_MS = 250
MISALIGNED_SHOWN = 20
LONGEST_WINDOW = 100_000
MOST_NEGATIVES = 100
TASKS = {
    "tokens": N_("Tokens with tags (entities)"),
    "spans": N_("Texts with spans"),
    "sentences": N_("Sentences with labels (claims)"),
    "stance": N_("Stances: claim, target, polarity"),
    "relations": N_("Pairs of spans with a relation"),
    "": N_("Documents as they are"),
}
UNITS = {
    "cluster": N_("Near-duplicates stay together"),
    "source": N_("Documents of one source stay together"),
    "document": N_("Each document by itself"),
}
WITH_WINDOWS = ("tokens", "spans", "relations")
ROWS_ONLY = ("sentences", "stance", "relations")


@guard_overrides
class TrainingSet(QDialog):
    """Asks what to make; whatever is chosen is looked over at once, in a thread of its own."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Make a training set"))
        self.resize(980, 600)
        self._session = session
        self._worker: Worker | None = None
        self._is_stale = False
        self.preflight: Preflight | None = None
        self._make_choices()
        self._make_splitting()
        self._make_report()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._look)
        self._lay_out()
        self._follow_task()
        self._connect()
        self._change()

    def _make_report(self) -> None:
        self.counts = QTableWidget(0, 4)
        self.counts.setAccessibleName(_("What each part would hold"))
        self.counts.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.counts.verticalHeader().hide()
        self.counts.setShowGrid(False)
        self.notes = QPlainTextEdit()
        self.notes.setReadOnly(True)
        self.notes.setAccessibleName(_("What to know before training"))
        self.state = plain_label("", "soft", wraps=True)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setFixedWidth(120)

    # ── what is asked ─────────────────────────────────────────────────────────────────────────────

    def _make_choices(self) -> None:
        self.task = _choice(TASKS)
        names = self._session.store.annotators_with_work()
        self.people = _choice({"": N_("Everybody")}, names)
        self.people.setCurrentIndex(max(self.people.findData(GOLD), 0))
        self.status = _choice(
            {"": N_("Whatever the status"), "done": N_("Only finished documents")}
        )
        self.layers = [
            QCheckBox(layer.names.in_language(language())) for layer in self._session.schema.layers
        ]
        self.format = QComboBox()
        for entry in formats().values():
            if entry.write:
                self.format.addItem(f"{entry.id} – {_(entry.name)}", entry.id)
        self.format.setCurrentIndex(max(self.format.findData("jsonl"), 0))
        self.tokenizer = _choice(
            {
                OURS: N_("The program's own"),
                WHITESPACE: N_("Blanks alone"),
                RAZDEL: N_("razdel (Russian)"),
                SPACY: N_("spaCy's blank ones"),
            }
        )

    def _make_splitting(self) -> None:
        store = self._session.store
        self.longest = _number(LONGEST_WINDOW, _("any length"))
        self.negatives = _number(MOST_NEGATIVES, _("none"))
        self.ratios = QLineEdit("80/10/10")
        self.by = _choice(UNITS)
        self.seed = _number(1_000_000, "")
        self.path = QLineEdit(str(store.path.with_name(f"{store.path.stem}-training")))
        self.path.setAccessibleName(_("Folder to write"))

    def _lay_out(self) -> None:
        both = QHBoxLayout()
        both.setSpacing(24)
        both.addLayout(self._choices(), 4)
        both.addLayout(self._report(), 5)
        buttons, self.ok = dialog_buttons(self, _("Write"), is_primary=True)
        column = QVBoxLayout(self)
        column.addLayout(both, 1)
        column.addWidget(buttons)

    def _choices(self) -> QFormLayout:
        form = self._form = QFormLayout()
        form.addRow(_("To learn"), self.task)
        form.addRow(_("Labels of"), self.people)
        form.addRow(_("Documents"), self.status)
        marks = QHBoxLayout()
        for box in self.layers:
            marks.addWidget(box)
        marks.addStretch(1)
        form.addRow(_("Layers"), marks)
        form.addRow(_("Format"), self.format)
        form.addRow(_("Tokens"), self.tokenizer)
        form.addRow(_("Tokens in a row, at most"), self.longest)
        form.addRow(_("Pairs without a relation, for each with one"), self.negatives)
        form.addRow(_("Training/tuning/testing"), self.ratios)
        form.addRow(_("Split"), self.by)
        form.addRow(_("Seed"), self.seed)
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(button(_("Choose…"), self._choose))
        form.addRow(_("Folder"), row)
        return form

    def _report(self) -> QVBoxLayout:
        right = QVBoxLayout()
        line = QHBoxLayout()
        line.addWidget(self.state, 1)
        line.addWidget(self.busy)
        right.addLayout(line)
        right.addWidget(self.counts, 3)
        right.addWidget(self.notes, 2)
        return right

    def _connect(self) -> None:
        self.task.currentIndexChanged.connect(self._follow_task)
        for box in (self.task, self.people, self.status, self.format, self.tokenizer, self.by):
            box.currentIndexChanged.connect(self._change)
        for number in (self.longest, self.negatives, self.seed):
            number.valueChanged.connect(self._change)
        for mark in self.layers:
            mark.toggled.connect(self._change)
        self.ratios.textChanged.connect(self._change)
        self.path.textChanged.connect(lambda _text: self._allow())

    @property
    def folder(self) -> Path:
        """The folder to write."""
        return Path(self.path.text().strip()).expanduser()

    def options(self) -> TrainingOptions:
        """Return what to make, as chosen; a UserError where the shares make no sense."""
        name = _chosen(self.people)
        status = _chosen(self.status)
        task = _chosen(self.task)
        layers = tuple(
            layer.id
            for layer, box in zip(self._session.schema.layers, self.layers, strict=True)
            if box.isChecked()
        )
        plan: Plan = plan_of(self.ratios.text().strip(), _chosen(self.by), self.seed.value())
        write = WriteOptions(layers=layers, tokenizer=_chosen(self.tokenizer))
        export = ExportOptions(
            "jsonl" if task in ROWS_ONLY else _chosen(self.format),
            (name,) if name else None,
            (status,) if status else (),
            write,
        )
        return TrainingOptions(export, plan, task, self.longest.value(), self.negatives.value())

    def _follow_task(self) -> None:
        task = _chosen(self.task)
        looks = {"tokens": ("entity",), "sentences": ("claim",)}.get(task)
        for layer, box in zip(self._session.schema.layers, self.layers, strict=True):
            box.setChecked(looks is None or layer.look in looks)
        self._form.setRowVisible(self.format, task not in ROWS_ONLY)
        self._form.setRowVisible(self.negatives, task == "relations")
        self._form.setRowVisible(self.longest, task in WITH_WINDOWS)
        self._form.setRowVisible(self.tokenizer, task in ("", *WITH_WINDOWS))

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, _("Write the training set to a folder"), str(self.folder.parent)
        )
        if name:
            self.path.setText(name)

    # ── what would be made ────────────────────────────────────────────────────────────────────────

    def _change(self) -> None:
        """Look again, when whoever chooses has paused."""
        self._allow()
        self.state.setText(_("Looking over the documents…"))
        self.busy.show()
        self._timer.start()

    def _allow(self) -> None:
        try:
            self.options()
        except UserError:
            self.ok.setEnabled(False)
        else:
            self.ok.setEnabled(
                bool(self.path.text().strip()) and any(box.isChecked() for box in self.layers)
            )

    def _look(self) -> None:
        if self._worker is not None:  # its end looks again
            self._is_stale = True
            self._worker.abandon()
            return
        try:
            options = self.options()
        except UserError as error:
            self._fail(error)
            return
        store = self._session.store
        self._worker = Worker(lambda progress: look_over(store, options, progress), self)
        self._worker.done.connect(self._show)
        self._worker.failed.connect(self._fail)
        self._worker.ended.connect(self._ended)
        self._worker.start()

    def _ended(self) -> None:
        self._worker = None
        if self._is_stale:
            self._is_stale = False
            self._look()

    def _fail(self, error: BaseException) -> None:
        self.busy.hide()
        self.preflight = None
        self.counts.setRowCount(0)
        self.notes.clear()
        self.state.setText(error_reporting.sentence(error))

    def _show(self, result: object) -> None:
        if not isinstance(result, Preflight):
            return
        self.busy.hide()
        self.preflight = result
        self._fill_counts(result)
        self.notes.setPlainText("\n".join(report_lines(result)))
        fine = _("Nothing stands in the way.")
        count = len(result.notes) + len(result.export.losses())
        known = ngettext(
            "There is {count} thing to know before training.",
            "There are {count} things to know before training.",
            count,
        )
        self.state.setText(known.format(count=count) if count else fine)

    def _fill_counts(self, result: Preflight) -> None:
        self.counts.setColumnCount(len(result.parts) + 1)
        self.counts.setHorizontalHeaderLabels(["", *(_(part) for part in result.parts)])
        header = self.counts.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        lines = count_lines(list(result.parts.values()))
        self.counts.setRowCount(len(lines))
        for number, (text, values) in enumerate(lines):
            self.counts.setItem(number, 0, QTableWidgetItem(text))
            for column, value in enumerate(values, 1):
                item = QTableWidgetItem(str(value))
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.counts.setItem(number, column, item)

    # ── ending ────────────────────────────────────────────────────────────────────────────────────

    def done(self, result: int) -> None:
        """Stop looking before the dialog goes."""
        self._stop()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop looking before the dialog goes."""
        self._stop()
        super().closeEvent(event)

    def _stop(self) -> None:
        self._timer.stop()
        self._is_stale = False
        if self._worker is not None:
            self._worker.abandon()
            self._worker.wait()


def count_lines(parts: Sequence[PartCounts]) -> list[tuple[str, list[int]]]:
    """Return the lines of the table of counts: what is counted, and how many in each part."""
    lines: list[tuple[str, list[int]]] = [(_("Documents"), [counts.documents for counts in parts])]
    if any(counts.rows for counts in parts):
        lines.append((_("Rows"), [counts.rows for counts in parts]))
    labels: set[str] = set()
    languages: set[str] = set()
    for counts in parts:
        labels.update(counts.labels)
        languages.update(counts.languages)
    for name in sorted(labels):
        lines.append((isolate(name), [counts.labels[name] for counts in parts]))
    for code in sorted(languages):
        text = _("Language {code}").format(code=code or "?")
        lines.append((text, [counts.languages[code] for counts in parts]))
    return lines


def report_lines(preflight: Preflight) -> list[str]:
    """Return what to know of a set: notes, losses, the first spans that do not fit the tokens."""
    lines = list(preflight.notes)
    lines += [
        _("Not carried: {count} × {kind} ({why})").format(
            count=loss.count, kind=loss.kind, why=loss.why
        )
        for loss in preflight.export.losses()
    ]
    line = _("Off the tokens: {text} ({label}) in {document}")
    return lines + [
        line.format(text=entry.text, label=entry.label, document=entry.document)
        for entry in preflight.export.misaligned[:MISALIGNED_SHOWN]
    ]


def _choice(texts: dict[str, str], names: list[str] | None = None) -> QComboBox:
    made = QComboBox()
    for value, text in texts.items():
        made.addItem(_(text), value)
    for name in names or ():
        made.addItem(name, name)
    return made


def _chosen(box: QComboBox) -> str:
    return str(box.currentData())


def _number(most: int, zero: str) -> QSpinBox:
    made = QSpinBox()
    made.setRange(0, most)
    made.setSpecialValueText(zero)
    return made
