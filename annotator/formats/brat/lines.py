"""The lines of a brat `.ann` file ↔ values.

Words: *T* a text-bound annotation, *R* a relation, *E* an event (a trigger with arguments), *A* or
*M* an attribute, *N* a normalisation, *#* a note, `*` an equivalence; see formats.md of brat: id,
TAB, body, and for some a TAB and a text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from annotator.formats._api import Report
from annotator.i18n import _
from annotator.model import Fragment

_FRAGMENTS = re.compile(r"\d+ \d+(?:;\d+ \d+)*")
_ID = re.compile(r"[TREAMN]\d+")


class TextBound(NamedTuple):
    """`T1→Label 0 5;8 9→text`; fragments as they stand there."""

    line: int
    id: str
    label: str
    fragments: tuple[Fragment, ...]
    text: str


class Arrow(NamedTuple):
    """`R1→Label Arg1:T1 Arg2:T2` or `E1→Label:T1 Role:T2 …`, an event's trigger first."""

    line: int
    id: str
    label: str
    ends: tuple[tuple[str, str], ...]


class Mark(NamedTuple):
    """`A1→Name T1 value`; a flag has no value."""

    line: int
    name: str
    target: str
    value: str | None


class Remark(NamedTuple):
    """`N1→Type T1 ref→text` (text is "ref text") or `#1→Type T1→text`."""

    line: int
    kind: str
    target: str
    text: str


class Equivalence(NamedTuple):
    """`*→Label T1 T2 …`."""

    line: int
    label: str
    members: tuple[str, ...]


@dataclass(slots=True)
class AnnFile:
    """What a `.ann` file holds, in its order."""

    texts: list[TextBound] = field(default_factory=list)
    relations: list[Arrow] = field(default_factory=list)
    events: list[Arrow] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    references: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    equivalences: list[Equivalence] = field(default_factory=list)


class LineError(ValueError):
    """A line is broken; the text says how."""


def parse_ann(text: str, path: Path, report: Report) -> AnnFile:
    """Parse the lines; broken ones are problems, unknown ones are reported as lost."""
    found = AnnFile()
    seen: set[str] = set()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        name = line.split("\t", 1)[0]
        parse = _PARSERS.get(name[:1])
        if parse is None or not _is_known(name, line):
            why = _("a line of an unknown kind ({start}) is not kept; the first is {place}")
            report.lose("lines", why.format(start=name[:1], place=f"{path.name}:{number}"))
            continue
        if name[0] not in "*#" and name in seen:
            report.wrong(path, number, _("the id {id} stands twice").format(id=name))
            continue
        seen.add(name)
        try:
            parse(found, number, line)
        except LineError as error:
            report.wrong(path, number, str(error))
    return found


def _is_known(name: str, line: str) -> bool:
    """Return whether a line begins as brat's do; a note has a body, or it is a comment."""
    if name[0] == "#":
        return "\t" in line
    return name[0] == "*" or bool(_ID.fullmatch(name))


def _text_bound(found: AnnFile, number: int, line: str) -> None:
    cells = line.split("\t", 2)
    label, _space, places = cells[1].strip().partition(" ") if len(cells) > 1 else ("", "", "")
    if not label or not _FRAGMENTS.fullmatch(places):
        raise LineError(
            _("a text-bound annotation is an id, TAB, a label and offsets such as 0 5, TAB, a text")
        )
    if len(cells) < 3:
        raise LineError(_("the text of the annotation is missing; the line may be cut off"))
    fragments: list[Fragment] = []
    for place in places.split(";"):
        start, end = place.split(" ")
        fragments.append((int(start), int(end)))
    found.texts.append(TextBound(number, cells[0], label, tuple(fragments), cells[2]))


def _relation(found: AnnFile, number: int, line: str) -> None:
    name, _tab, body = line.partition("\t")
    label, *ends = body.split() or [""]
    if len(ends) != 2:
        raise LineError(
            _("a relation is an id, TAB, a label and two arguments such as Arg1:T1 Arg2:T2")
        )
    found.relations.append(Arrow(number, name, label, tuple(_end(end) for end in ends)))


def _event(found: AnnFile, number: int, line: str) -> None:
    name, _tab, body = line.partition("\t")
    ends = tuple(_end(end) for end in body.split())
    if not ends:
        raise LineError(
            _("an event is an id, TAB, a label with its trigger such as Meet:T1, and arguments")
        )
    found.events.append(Arrow(number, name, ends[0][0], ends))


def _end(text: str) -> tuple[str, str]:
    role, colon, target = text.rpartition(":")
    if not (role and colon and target):
        raise LineError(_("an argument is a role, a colon and an id, not {text}").format(text=text))
    return role, target


def _mark(found: AnnFile, number: int, line: str) -> None:
    parts = line.partition("\t")[2].split(" ", 2)
    if len(parts) < 2 or not parts[0] or not parts[1].strip():
        raise LineError(
            _("an attribute is an id, TAB, a name, the id of its owner and perhaps a value")
        )
    value = parts[2] if len(parts) == 3 and parts[2].strip() else None
    found.marks.append(Mark(number, parts[0], parts[1].strip(), value))


def _reference(found: AnnFile, number: int, line: str) -> None:
    cells = line.split("\t", 2)
    parts = cells[1].split(" ", 2) if len(cells) > 1 else []
    if len(parts) < 3:
        raise LineError(
            _(
                "a normalisation is an id, TAB, a type, the id of its owner and a reference, TAB, a"
                " text"
            )
        )
    text = cells[2] if len(cells) > 2 else ""
    found.references.append(
        Remark(
            number, parts[0], parts[1], f"{parts[2].strip()} {text}" if text else parts[2].strip()
        )
    )


def _note(found: AnnFile, number: int, line: str) -> None:
    cells = line.split("\t", 2)
    parts = cells[1].split()
    if len(parts) != 2:
        raise LineError(_("a note is an id, TAB, a type and the id of its owner, TAB, a text"))
    found.notes.append(Remark(number, parts[0], parts[1], cells[2] if len(cells) > 2 else ""))


def _equivalence(found: AnnFile, number: int, line: str) -> None:
    parts = line.partition("\t")[2].split()
    if len(parts) < 3:
        raise LineError(_("an equivalence is *, TAB, a label and at least two ids"))
    found.equivalences.append(Equivalence(number, parts[0], tuple(parts[1:])))


_PARSERS: dict[str, Callable[[AnnFile, int, str], None]] = {
    "T": _text_bound,
    "R": _relation,
    "E": _event,
    "A": _mark,
    "M": _mark,
    "N": _reference,
    "#": _note,
    "*": _equivalence,
}
