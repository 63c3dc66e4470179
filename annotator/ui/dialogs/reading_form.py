"""How the chosen files are read.

Format, encoding, what makes a document, which column is what, which repairs are made.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QVBoxLayout, QWidget

from annotator.errors import isolate
from annotator.formats import SHEET, Format, ReadOptions, formats
from annotator.i18n import _, language
from annotator.jobs import Preview
from annotator.jobs.imports.importing import FileOptions
from annotator.model import Schema
from annotator.text.repair import Offer
from annotator.ui.widgets.controls import plain_label

ENCODINGS = (
    "",
    "utf-8",
    "utf-16",
    "windows-1251",
    "koi8-r",
    "cp866",
    "mac-cyrillic",
    "kz1048",
    "ptcp154",
    "windows-1256",
    "iso8859-6",
)
LONGEST_NAME = 40


def choice(values: Sequence[tuple[str, str]], name: str) -> QComboBox:
    """Return a box to choose from (value, what is shown).

    No entry makes it wider than the rest of the form.
    """
    made = QComboBox()
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(12)
    for value, shown in values:
        made.addItem(shown, value)
    return made


class ReadingForm(QWidget):
    """Shows how a file is read, and signals when a person wants it otherwise."""

    changed = Signal()

    def __init__(self, schema: Schema) -> None:
        super().__init__()
        self._schema = schema
        self._is_showing = False
        self.format = choice([("", _("Recognise")), *_readable_formats()], _("Format"))
        self.encoding = choice([(code, code or _("Detect")) for code in ENCODINGS], _("Encoding"))
        self.unit = choice([("", _("As the format has it"))], _("A document is"))
        self.columns: dict[str, QComboBox] = {}
        self.repairs: dict[str, QCheckBox] = {}
        self._lay_out()

    def _lay_out(self) -> None:
        self.form = QFormLayout()
        self.form.setContentsMargins(0, 0, 0, 0)
        for text, box in (
            (_("Format"), self.format),
            (_("Encoding"), self.encoding),
            (_("A document is"), self.unit),
        ):
            self.form.addRow(text, box)
            box.currentIndexChanged.connect(self._tell)
        self._more = QFormLayout()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self.form)
        outer.addLayout(self._more)

    def _tell(self) -> None:
        if not self._is_showing:
            self.changed.emit()

    def show_reading(
        self,
        reading: FileOptions,
        preview: Preview,
        columns: Sequence[str],
        sheet_names: Sequence[str],
    ) -> None:
        """Show how a file is read, and was read just now.

        columns: the first row, if it is a table; sheet_names: of a spreadsheet.
        """
        self._is_showing = True
        try:
            entry = preview.format
            encoding = next(iter(preview.encodings.values()), "")
            self.format.setItemText(
                0,
                (
                    _("Recognised: {name}").format(name=entry.id)
                    if entry and not reading.format
                    else _("Recognise")
                ),
            )
            self.encoding.setItemText(
                0, _("Detected: {name}").format(name=encoding) if encoding else _("Detect")
            )
            _choose(self.format, reading.format)
            _choose(self.encoding, reading.options.encoding)
            self._show_units(entry, reading.options.unit)
            self._show_more(reading.options, columns, sheet_names, preview.offers)
        finally:
            self._is_showing = False

    def _show_units(self, entry: Format | None, unit: str) -> None:
        units = entry.units if entry else ()
        while self.unit.count() > 1:
            self.unit.removeItem(1)
        for name in units:
            self.unit.addItem(name, name)
        _choose(self.unit, unit)
        self.form.setRowVisible(self.unit, bool(units))

    def _show_more(
        self,
        options: ReadOptions,
        columns: Sequence[str],
        sheet_names: Sequence[str],
        offers: Sequence[Offer],
    ) -> None:
        while self._more.rowCount():
            self._more.removeRow(0)
        self.columns = {}
        self.repairs = {}
        self._show_sheets(sheet_names, options.columns.get(SHEET, ""))
        if columns:
            self._more.addRow(plain_label(_("Columns"), "heading"))
            values = [("", _("By their names")), *_named(columns)]
            for role, name in self._roles().items():
                self._ask_column(role, name, values, options.columns.get(role, ""))
        self._show_repairs(offers, options)

    def _show_repairs(self, offers: Sequence[Offer], options: ReadOptions) -> None:
        wanted = [offer for offer in offers if offer.count]
        names = _repair_names()
        if wanted:
            self._more.addRow(plain_label(_("Repairs"), "heading"))
        for offer in wanted:
            made = QCheckBox(f"{names.get(offer.repair, offer.repair)} ({offer.count})")
            made.setToolTip(f"{isolate(offer.before)} → {isolate(offer.after)}")
            made.setChecked(offer.repair in options.repairs)
            made.toggled.connect(self._tell)
            self.repairs[offer.repair] = made
            self._more.addRow(made)

    def _show_sheets(self, names: Sequence[str], wanted: str) -> None:
        """Ask which sheet is read, where there are several.

        A wrong choice can be taken back too.
        """
        known = [*names, *([wanted] if wanted and wanted not in names else [])]
        if len(known) > 1 or wanted:
            values = [
                ("", _("The first that holds anything")),
                *((name, isolate(name)) for name in known),
            ]
            self._ask_column(SHEET, _("Sheet"), values, wanted)

    def _ask_column(
        self, role: str, name: str, values: Sequence[tuple[str, str]], wanted: str
    ) -> None:
        box = choice(values, name)
        _choose(box, wanted)
        box.currentIndexChanged.connect(self._tell)
        self.columns[role] = box
        self._more.addRow(name, box)

    def _roles(self) -> Mapping[str, str]:
        about = {entry.id: entry.names.in_language(language()) for entry in self._schema.attributes}
        roles = {
            "text": _("Text"),
            "id": _("Id"),
            "name": _("Name"),
            "language": _("Language"),
            "annotator": _("Annotator"),
        }
        return {**roles, "date": _("Date"), "source": _("Source"), **about}

    def reading(self, before: FileOptions) -> FileOptions:
        """Return what is chosen; what the form does not ask for is as before."""
        columns = {
            role: str(box.currentData()) for role, box in self.columns.items() if box.currentData()
        }
        repairs = tuple(name for name, box in self.repairs.items() if box.isChecked())
        known = before.options
        if self.columns and columns.get(SHEET) != known.columns.get(
            SHEET
        ):  # another sheet has other columns
            columns = {role: name for role, name in columns.items() if role == SHEET}
        options = ReadOptions(
            encoding=str(self.encoding.currentData()),
            language=known.language,
            unit=str(self.unit.currentData() or ""),
            columns=columns if self.columns else known.columns,
            repairs=repairs if self.repairs else known.repairs,
        )
        return FileOptions(str(self.format.currentData()), options)


def _readable_formats() -> list[tuple[str, str]]:
    readable = [entry for entry in formats().values() if entry.read]
    return [(entry.id, f"{entry.id} – {_(entry.name)}") for entry in readable]


def _choose(box: QComboBox, value: str) -> None:
    box.setCurrentIndex(max(box.findData(value), 0))


def _named(cells: Sequence[str]) -> list[tuple[str, str]]:
    """Return how columns are named: by the first row if it can hold names, else by number."""
    are_names = len(set(cells)) == len(cells) and all(
        cell.strip() and len(cell) <= LONGEST_NAME for cell in cells
    )
    short = [" ".join(cell.split())[:LONGEST_NAME] for cell in cells]
    return [
        (cell.strip() if are_names else str(number), f"{number} · {isolate(short[number - 1])}")
        for number, cell in enumerate(cells, 1)
    ]


def _repair_names() -> dict[str, str]:
    return {
        "mojibake": _("Decode again what was read in a wrong encoding"),
        "visual-order": _("Turn lines in visual order into reading order"),
        "presentation-forms": _("Make letters of shapes of letters"),
        "lost-zwnj": _("Mark words that seem to have lost a ZWNJ"),
    }
