"""What each annotator has, a row each, below one another.

The same stretch of text in its own direction, differences by sign and colour.

A *snippet* is the text around a case on one line: of a long case its two ends, with a gap between.
Signs: = as another has it, ↔ another boundary, ≠ another label, ± other values, + only here, ∅
nothing; colour only repeats what they say.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from annotator.adjudication import Case, Link, Mark, version
from annotator.errors import FSI, PDI
from annotator.i18n import _
from annotator.model import Attributes, Fragment, Span
from annotator.ui.look.style import Palette, block_font, legible, mixed
from annotator.ui.runtime.slot_guard import guard_overrides
from annotator.ui.widgets.controls import plain_label

AROUND, LONGEST, END = 30, 170, 70
GAP = " … "
LRM = "\u200e"
"""Makes a line run from left to right, as its arrow does."""
TEXT_SIZE = 15
KEY_WIDTH, NAME_WIDTH, SIGN_WIDTH, LABEL_WIDTH = 14, 76, 88, 124
SIGNS = {
    "same": "=",
    "boundary": "↔",
    "label": "≠",
    "values": "±",
    "relation": "⇄",
    "only": "+",
    "nothing": "∅",
}


@dataclass(frozen=True, slots=True)
class Snippet:
    """A line of text, and which stretches of the document it is made of.

    parts: (first, last, where it begins in the line).
    """

    text: str
    parts: tuple[tuple[int, int, int], ...]

    def places(self, fragments: Iterable[Fragment]) -> list[Fragment]:
        """Return where fragments of the document lie in the line."""
        cut = (
            (max(start, first), min(end, last), at - first)
            for start, end in fragments
            for first, last, at in self.parts
        )
        return [(start + move, end + move) for start, end, move in cut if start < end]


def snippet(text: str, extent: Fragment, paragraph: Fragment) -> Snippet:
    """Cut the text around a case, within the paragraph in which the case begins.

    Only a case that reaches beyond its paragraph leads beyond it.
    """
    start, end = extent
    first = max(start - AROUND, min(paragraph[0], start))
    last = min(end + AROUND, max(paragraph[1], end))
    if first > paragraph[0]:
        first = _word_from(text, first, start)
    if last < paragraph[1]:
        last = _word_until(text, end, last)
    parts = [(first, last)]
    if end - start > LONGEST:
        parts = [
            (first, _word_until(text, start, start + END)),
            (_word_from(text, end - END, end), last),
        ]
    line = "… " if first > paragraph[0] else ""
    end_sign = " …" if last < paragraph[1] else ""
    return _joined_parts(text, parts, line, end_sign)


def _joined_parts(text: str, parts: Sequence[Fragment], line: str, end_sign: str) -> Snippet:
    """Append parts of a text to a line, with a gap between them, and its end."""
    placed = []
    for number, (first, last) in enumerate(parts):
        line += GAP if number else ""
        placed.append((first, last, len(line)))
        line += text[first:last].translate({10: " ", 0x2028: " ", 0x2029: " "})
    return Snippet(line + end_sign, tuple(placed))


def _word_from(text: str, first: int, last: int) -> int:
    """Return where the first whole word begins: words are shown whole, or not at all."""
    return text.find(" ", first, last) + 1 or first


def _word_until(text: str, first: int, last: int) -> int:
    """Return where the last whole word ends."""
    end = text.rfind(" ", first, last)
    return end if end >= 0 else last


def told_apart(case: Case, name: str) -> list[str]:
    """Return in what a person's version differs from that of the others; keys of SIGNS."""
    mine = case.have.get(name)
    others = [case.have[other] for other in case.people if other != name and other in case.have]
    if mine is None:
        return ["nothing"]
    if any(version(other) == version(mine) for other in others):
        return ["same"]
    if not others:
        return ["only"]
    nearest = min(others, key=lambda other: len(_differences(mine, other)))
    return _differences(mine, nearest)


def _differences(mine: Mark, other: Mark) -> list[str]:
    if isinstance(mine, Link) or isinstance(other, Link):
        return ["relation"]
    found = {
        "boundary": mine.fragments != other.fragments,
        "label": mine.label != other.label,
        "values": dict(mine.attributes) != dict(other.attributes),
    }
    return [kind for kind, is_so in found.items() if is_so] or ["same"]


def sign_words(kind: str) -> str:
    """Return a sign in words."""
    words = {
        "same": _("as others"),
        "boundary": _("boundary"),
        "label": _("label"),
        "values": _("values"),
        "relation": _("relation"),
        "only": _("only here"),
        "nothing": _("nothing"),
    }
    return words[kind]


@guard_overrides
class Line(QWidget):
    """A snippet with a person's span marked in it.

    Where the others' spans reach differently, the line shows it.
    """

    def __init__(
        self,
        line: Snippet,
        direction: str,
        own: Sequence[Fragment],
        others: Sequence[Fragment],
        colors: tuple[Palette, str],
    ) -> None:
        super().__init__()
        self._palette, self._color = colors
        font, runs = block_font(line.text, direction, TEXT_SIZE)
        self._layout = QTextLayout(line.text, font)
        self._layout.setTextOption(_text_option(direction))
        units = _units(line.text)
        for run in runs:
            first = units[run.start]
            last = units[run.start + run.length]
            run.start = first
            run.length = last - first
        self._layout.setFormats([*runs, *self._marks(line, units, own, others)])
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(120)

    def _marks(
        self,
        line: Snippet,
        units: Sequence[int],
        own: Sequence[Fragment],
        others: Sequence[Fragment],
    ) -> list[QTextLayout.FormatRange]:
        palette = self._palette
        mine, theirs = (
            {place for start, end in line.places(each) for place in range(start, end)}
            for each in (own, others)
        )
        warning = QColor(palette.warning)
        found = []
        for place in sorted(mine | theirs):
            style = QTextCharFormat()
            if place in mine:
                style.setBackground(
                    mixed(
                        palette.warning if place not in theirs else self._color, palette.paper, 0.32
                    )
                )
                style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
                style.setUnderlineColor(warning if place not in theirs else QColor(self._color))
            else:
                style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
                style.setUnderlineColor(warning)
            part = QTextLayout.FormatRange()
            part.start = units[place]
            part.length = units[place + 1] - units[place]
            part.format = style
            found.append(part)
        return _joined(found)

    def hasHeightForWidth(self) -> bool:
        """Return that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at a width."""
        return self._lay_out(width)

    def sizeHint(self) -> QSize:
        """Return the size at the width there is."""
        return QSize(320, self._lay_out(max(self.width(), 320)))

    def _lay_out(self, width: int) -> int:
        self._layout.beginLayout()
        y = 0.0
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, y))
            y += line.height() + 3
        self._layout.endLayout()
        return round(y) + 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new width."""
        super().resizeEvent(event)
        self._lay_out(self.width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line."""
        self._lay_out(self.width())  # it was asked for its height at other widths since
        painter = QPainter(self)
        try:
            painter.setPen(QColor(self._palette.ink))
            self._layout.draw(painter, QPointF(0, 0))
        finally:
            painter.end()


def _text_option(direction: str) -> QTextOption:
    option = QTextOption()
    is_rtl = direction == "rtl"
    option.setTextDirection(
        Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight
    )
    option.setAlignment(Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    return option


def _units(text: str) -> list[int]:
    """Return where each code point begins in UTF-16, and the end."""
    places = [0]
    for character in text:
        places.append(places[-1] + (2 if ord(character) > 0xFFFF else 1))
    return places


def _joined(parts: Sequence[QTextLayout.FormatRange]) -> list[QTextLayout.FormatRange]:
    """Join neighbours of one look, so that letters are not cut from each other."""
    found: list[QTextLayout.FormatRange] = []
    for part in parts:
        before = found[-1] if found else None
        if (
            before is not None
            and before.start + before.length == part.start
            and before.format == part.format
        ):
            before.length += part.length
        else:
            found.append(part)
    return found


@guard_overrides
class Version(QFrame):
    """A row: the key, the name, the sign, the text, the label with its values.

    A click takes the version.
    """

    pressed = Signal(str)

    def __init__(self, who: str, cells: Sequence[QWidget], name: str) -> None:
        super().__init__()
        self._who = who
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 3, 14, 3)
        row.setSpacing(10)
        for cell in cells:
            is_line = isinstance(cell, Line)
            row.addWidget(
                cell,
                1 if is_line else 0,
                Qt.AlignmentFlag(0) if is_line else Qt.AlignmentFlag.AlignTop,
            )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the version."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.pressed.emit(self._who)


@dataclass(frozen=True, slots=True)
class Person:
    """How a person is shown: the name or letter, the key's print, and the name as stored."""

    who: str
    called: str
    cap: str


class Versions(QWidget):
    """The rows of one case."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAccessibleName(_("Versions of the annotators"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 6, 0, 6)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        self.rows: list[Version] = []

    def clear(self) -> None:
        """Show nothing."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []

    def wanted_height(self, width: int) -> int:
        """Return the height that the rows need at a width."""
        return self._column.heightForWidth(width)

    def show_case(
        self,
        case: Case,
        people: Sequence[Person],
        line: Snippet,
        direction: str,
        look: tuple[Palette, dict[str, str]],
    ) -> None:
        """Show what each person has.

        look: the appearance, and the colours of labels and relations.
        """
        self.clear()
        palette, colors = look
        for person in people:
            mark = case.have.get(person.who)
            color = colors.get(_label(mark), palette.faint)
            own = _fragments(mark)
            others = _fragments_of_others(case, person.who)
            text = Line(line, direction, own, others or own, (palette, color))
            row = self._row(case, person, text, (palette, color))
            row.pressed.connect(self.wanted)
            self._column.insertWidget(self._column.count() - 1, row)
            row.show()  # a layout does not reckon with what is shown later
            self.rows.append(row)

    def _row(self, case: Case, person: Person, text: Line, colors: tuple[Palette, str]) -> Version:
        palette, color = colors
        kinds = told_apart(case, person.who)
        label = _described(case.have.get(person.who), _differing(case))
        label_cell = _cell(label or _("nothing"), LABEL_WIDTH, "" if label else "soft")
        if label:
            ink = legible(color, palette.paper, palette.ink, 4.5)
            label_cell.setStyleSheet(f"color: {ink.name()};")
        cells = [
            _cell(person.cap, KEY_WIDTH, "soft"),
            _cell(f"{FSI}{person.called}{PDI}", NAME_WIDTH),
            self._sign(kinds, palette),
            text,
            label_cell,
        ]
        words = " ".join(sign_words(kind) for kind in kinds)
        about = f"{person.cap} {person.called}: {words}; {label or _('nothing')}"
        return Version(person.who, cells, about)

    @staticmethod
    def _sign(kinds: Sequence[str], palette: Palette) -> QWidget:
        made = _cell("\n".join(f"{SIGNS[kind]} {sign_words(kind)}" for kind in kinds), SIGN_WIDTH)
        colors = {"same": palette.accent, "nothing": palette.faint}
        color = colors.get(kinds[0], palette.warning) if len(kinds) == 1 else palette.warning
        made.setStyleSheet(f"color: {legible(color, palette.paper, palette.ink, 4.5).name()};")
        return made


def _fragments_of_others(case: Case, who: str) -> tuple[Fragment, ...]:
    """Return where the others' spans lie; of a relation nothing, for its ends are not at issue."""
    fragments: list[Fragment] = []
    for name in case.people:
        if name != who and not case.is_relation:
            fragments += _fragments(case.have.get(name))
    return tuple(fragments)


def _cell(text: str, width: int, role: str = "") -> QWidget:
    made = plain_label(text, role, wraps=True)
    made.setFixedWidth(width)
    made.setContentsMargins(0, 4, 0, 0)  # in line with the larger letters of the text
    return made


def _label(mark: Mark | None) -> str:
    return "" if mark is None else mark.relation.label if isinstance(mark, Link) else mark.label


def _fragments(mark: Mark | None) -> tuple[Fragment, ...]:
    if isinstance(mark, Link):
        return (*mark.head.fragments, *(mark.child.fragments if mark.child is not None else ()))
    return mark.fragments if mark is not None else ()


def _described(mark: Mark | None, differing: Collection[str]) -> str:
    """Return the label, a relation's ends, and the values that are not the same for all."""
    if mark is None:
        return ""
    if isinstance(mark, Span):
        return f"{mark.label}{_values(mark.attributes, differing)}"
    child = _short(mark.child.text) if mark.child is not None else _(mark.relation.implicit or "")
    return (
        f"{LRM}{mark.relation.label}{_values(mark.relation.attributes, differing)}:"
        f" {_short(mark.head.text)} → {child}"
    )


def _differing(case: Case) -> set[str]:
    """Return the attributes that not all versions have alike."""
    found = [
        mark.relation.attributes if isinstance(mark, Link) else mark.attributes
        for mark in case.have.values()
    ]
    names = {name for attributes in found for name in attributes}
    return {name for name in names if len({attributes.get(name) for attributes in found}) > 1}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"{FSI}{line if len(line) <= 24 else line[:23] + '…'}{PDI}"


def _values(attributes: Attributes, wanted: Collection[str]) -> str:
    return "".join(
        f"\n{key} = {value}" for key, value in sorted(attributes.items()) if key in wanted
    )
