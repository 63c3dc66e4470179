"""WebAnno TSV 3 lines → the structures of one document.

Words: a *column* belongs to a layer (span, chain or relation); a *unit* is a token or a sub-token
(`1-3.1`); stacked annotations of one unit are joined by `|`; `[7]` after a value joins the units of
one annotation or tells stacked ones apart.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from annotator.errors import InputError
from annotator.formats._shared.cas import Cas, Structure
from annotator.i18n import _
from annotator.model import Fragment, Value
from annotator.text.offsets import utf16_length

_TOKEN = re.compile(r"(\d++-\d++(?:\.\d++)?+)\t(\d++)-(\d++)\t([^\t]*+)((?:\t.*+)?+)", re.DOTALL)
_NUMBERED = re.compile(r"(.*)\[(\d+)\]", re.DOTALL)
_REFERENCE = re.compile(r"(\d+-\d+(?:\.\d+)?)(?:\[(\d+)(?:_(\d+))?\])?")
_STACK = re.compile(r"(?<!\\)(?:\\\\)*\|")
_ESCAPE = re.compile(r"\\(->|.)", re.DOTALL)
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}
_SPAN, _CHAIN, _RELATION = "T_SP", "T_CH", "T_RL"
_NOTHING = ("_", "*")
_WIDEST = 100_000  # a longer gap would be a text of spaces that a false offset asks for


@dataclass(slots=True)
class Columns:
    """A layer of the header.

    `slots` are the places of link features, each followed by the column of its targets.
    """

    kind: str
    type: str
    features: list[str]
    first: int
    base: str = ""
    slots: dict[int, str] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """The last of its columns."""
        return self.first + len(self.features) - (self.kind != _RELATION)


class _Row(NamedTuple):
    """A unit: `places` is its one place, `stated` its text, `cells` the columns of all layers."""

    unit: str
    places: tuple[Fragment]
    stated: str
    cells: list[str]
    line: int

    @property
    def begin(self) -> int:
        """First character."""
        return self.places[0][0]

    @property
    def end(self) -> int:
        """End of the last character."""
        return self.places[0][1]


@dataclass(slots=True)
class _Sentence:
    lines: list[str] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)


class TsvReader:
    """Reads the lines of one file; what is wrong is an InputError with its line."""

    def __init__(self, path: Path, lines: list[str]) -> None:
        self._path, self._lines = path, lines
        self.layers: list[Columns] = []
        # The columns of a unit without annotations, as nearly all are, and how they are written.
        self._empty: list[str] = []
        self._written_empty = "\t"
        self._sentences: list[_Sentence] = []
        self._structures: dict[tuple[int, str], Structure] = {}
        self._at: dict[tuple[int, str], list[tuple[int, str]]] = {}
        self._rows: dict[str, _Row] = {}

    def cas(self) -> Cas:
        """Return the text and the structures."""
        self._read_lines()
        rows: list[_Row] = []
        for sentence in self._sentences:
            rows += sentence.rows
        self._rows = {row.unit: row for row in rows}
        marked = [row for row in rows if row.cells != self._empty]
        self._read_marked(marked)
        self._chain()
        stated = [row for row in rows if row.stated]
        return Cas(self._text(), list(self._structures.values()), stated)

    def _read_marked(self, rows: list[_Row]) -> None:
        """Read all annotations, then what leads from one to another."""
        numbered = list(enumerate(self.layers))
        spans = [entry for entry in numbered if entry[1].kind != _RELATION]
        linking = [entry for entry in numbered if entry[1].kind == _RELATION or entry[1].slots]
        for row in rows:
            for number, layer in spans:
                self._read_annotations(row, number, layer)
        for row in rows:
            for number, layer in linking:
                if layer.kind == _RELATION:
                    self._read_relations(row, number, layer)
                else:
                    self._read_slots(row, number, layer)

    def _fail(self, line: int, reason: str) -> InputError:
        return InputError(self._path, line, reason)

    def _read_lines(self) -> None:
        sentence = _Sentence()
        for number, line in enumerate(self._lines, 1):
            if line and line[0] != "#":
                if not sentence.lines:
                    raise self._fail(number, _("a token stands before the text of its sentence"))
                sentence.rows.append(self._row(line, number))
            elif line.startswith("#T_"):
                self._add_layer(line, number)
            elif line.startswith("#Text="):
                if sentence.rows:
                    sentence = _Sentence()
                if not sentence.lines:
                    self._sentences.append(sentence)
                sentence.lines.append(unescaped(line.removeprefix("#Text=")))

    def _add_layer(self, line: str, number: int) -> None:
        kind, _sign, rest = line[1:].partition("=")
        name, *given = rest.split("|")
        layer = Columns(kind, name, [], len(self._empty))
        for feature in given:
            if kind == _RELATION and feature.startswith("BT_"):
                layer.base = feature.removeprefix("BT_")
            elif feature.startswith("ROLE_"):
                name_of_slot = feature.partition(":")[2].partition("_")[0]
                layer.slots[len(layer.features)] = name_of_slot or "links"
                layer.features.append("")
            else:
                layer.features.append(feature)
        if (
            kind not in (_SPAN, _CHAIN, _RELATION)
            or (kind == _SPAN and not given)
            or (kind == _CHAIN and len(given) != 2)
        ):
            raise self._fail(
                number,
                _("the layer {name} of the header cannot be read").format(name=line[:80]),
            )
        self.layers.append(layer)
        self._empty = ["_"] * (layer.last + 1)
        self._written_empty = "\t".join(["", *self._empty, ""])

    def _row(self, line: str, number: int) -> _Row:
        token = _TOKEN.fullmatch(line)
        if token is None:
            raise self._fail(
                number, _("the line is no token: number, offsets and text are expected")
            )
        unit, begin, end, form, rest = token.groups()
        cells = self._empty if rest == self._written_empty else self._cells(rest, number)
        return _Row(unit, ((int(begin), int(end)),), unescaped(form), cells, number)

    def _cells(self, written: str, line: int) -> list[str]:
        cells = written.removesuffix("\t").split("\t")[1:]
        if len(cells) != len(self._empty):
            reason = _("the line has {count} columns of annotations, the header names {wanted}")
            raise self._fail(line, reason.format(count=len(cells), wanted=len(self._empty)))
        return cells

    def _annotations(
        self,
        row: _Row,
        number: int,
        layer: Columns,
    ) -> Iterator[tuple[tuple[int, str], Sequence[str]]]:
        """Walk over a unit's annotations in a layer: their keys, and the values of the columns."""
        cells = tuple(row.cells[layer.first : layer.last + 1])
        for place, (name, values) in enumerate(_stacked(cells)):
            yield (number, f"[{name}]" if name else f"{row.unit}/{place}"), values

    def _read_annotations(self, row: _Row, number: int, layer: Columns) -> None:
        for key, values in self._annotations(row, number, layer):
            if layer.kind == _CHAIN:
                link = values[0].rpartition("->")[2]
                if "-" not in link:
                    raise self._fail(
                        row.line, _("the link of a chain should end in -> and its number")
                    )
                key = (number, f"[{link}]")
            structure = self._structures.get(key)
            if structure is None:
                self._structures[key] = Structure(
                    f"{number} {key[1]}",
                    layer.type,
                    row.begin,
                    row.end,
                    _features(layer, values),
                )
            else:
                structure.begin = min(structure.begin or 0, row.begin)
                structure.end = max(structure.end or 0, row.end)
            self._at.setdefault((number, row.unit), []).append(key)

    def _read_slots(self, row: _Row, number: int, layer: Columns) -> None:
        for key, values in self._annotations(row, number, layer):
            host = self._structures[key]
            for offset, feature in layer.slots.items():
                # The targets stand in the next column; each unit of an annotation names them all.
                if offset + 1 >= len(values) or values[offset + 1] in _NOTHING:
                    continue
                if feature in host.refs:
                    continue
                roles = values[offset].split(";")
                for index, reference in enumerate(values[offset + 1].split(";")):
                    role = roles[index] if index < len(roles) else ""
                    target = self._target(reference, layer.features[offset + 1], row)
                    self._add_slot(
                        host,
                        feature,
                        "" if role in _NOTHING else unescaped(role),
                        target,
                    )

    def _add_slot(self, host: Structure, feature: str, role: str, target: Structure) -> None:
        name = f"{host.id} slot {len(self._structures)}"
        told: dict[str, Value] = {"role": role} if role else {}
        self._structures[-1, name] = Structure(
            name,
            "link",
            features=told,
            refs={"target": [target.id]},
        )
        host.refs.setdefault(feature, []).append(name)

    def _read_relations(self, row: _Row, number: int, layer: Columns) -> None:
        if row.cells[layer.last] == "_":
            return
        cells = [_split(cell) for cell in row.cells[layer.first : layer.last + 1]]
        for place, reference in enumerate(cells[-1]):
            if reference in _NOTHING:
                continue
            parts = _REFERENCE.fullmatch(reference)
            if not parts:
                reason = _("{text} names no token that a relation could lead to")
                raise self._fail(row.line, reason.format(text=reference[:40]))
            head = self._annotation(parts[1], parts[2] or "", layer.base, row)
            child = self._annotation(row.unit, parts[3] or "", layer.base, row)
            name = f"{number} relation {row.unit}/{place}"
            self._structures[number, name] = Structure(
                name,
                layer.type,
                row.begin,
                row.end,
                _values_at(place, layer, cells),
                {"Governor": [head.id], "Dependent": [child.id]},
            )

    def _target(self, reference: str, base: str, row: _Row) -> Structure:
        parts = _REFERENCE.fullmatch(reference)
        if not parts:
            raise self._fail(
                row.line,
                _("{text} names no token that a slot could lead to").format(text=reference[:40]),
            )
        return self._annotation(parts[1], parts[2] or "", base, row)

    def _annotation(self, unit: str, name: str, base: str, row: _Row) -> Structure:
        """Return the annotation of a unit: of the layer and the number where they are named.

        Else the token itself.
        """
        place = self._rows.get(unit)
        if place is None:
            raise self._fail(row.line, _("there is no token {unit}").format(unit=unit))
        for number in self._layers_of(base):
            for key in self._at.get((number, unit), ()):
                if name in ("", "0") or key[1] == f"[{name}]":
                    return self._structures[key]
        token = f"token {unit}"
        structure = Structure(token, "segmentation.type.Token", place.begin, place.end)
        return self._structures.setdefault((-1, token), structure)

    def _layers_of(self, base: str) -> list[int]:
        """Return the numbers of the layers that a reference to a type may mean, in that order."""
        own: list[int] = []
        others: list[int] = []
        for number, layer in enumerate(self.layers):
            if layer.kind != _RELATION:
                (own if layer.type == base else others).append(number)
        return [*own, *others] if base == "uima.tcas.Annotation" else own

    def _chain(self) -> None:
        """Join the links of chains: `[3-1]` is followed by `[3-2]`."""
        for (number, name), structure in list(self._structures.items()):
            if number < 0 or self.layers[number].kind != _CHAIN:
                continue
            chain, _sign, link = name.strip("[]").partition("-")
            if link.isdigit():
                following = self._structures.get((number, f"[{chain}-{int(link) + 1}]"))
                if following:
                    structure.refs["next"] = [following.id]

    def _text(self) -> str:
        for length in (utf16_length, len):
            text = self._joined(length)
            if text is not None:
                return text
        raise self._fail(0, _("the offsets of the sentences overlap"))

    def _joined(self, length: Callable[[str], int]) -> str | None:
        """Return the text where sentences are as long as that; None where they overlap then."""
        text, place = "", 0
        for sentence in self._sentences:
            begin = sentence.rows[0].begin if sentence.rows else place
            if begin < place:
                return None
            if begin - place > _WIDEST:
                raise self._fail(
                    sentence.rows[0].line, _("the sentence begins far from the one before it")
                )
            content = "\n".join(sentence.lines)
            text += gap(begin - place, is_first=not text) + content
            place = begin + length(content)
        return text


def gap(length: int, *, is_first: bool) -> str:
    """Return what stands before a sentence: only its length is known, so a newline and spaces."""
    if is_first or not length:
        return " " * length
    return "\n" + " " * (length - 1)


@lru_cache(maxsize=1024)  # the units of one span have the same cells
def _stacked(raw: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """Return a unit's annotations in a layer: the number and the values of the columns of each.

    The number is "" where none is written; values are still escaped.
    """
    annotations: list[tuple[str, list[str]]] = []
    cells = [_split(cell) for cell in raw]
    for place in range(max(map(len, cells))):
        values: list[str] = []
        name = ""
        for cell in cells:
            value = cell[place] if place < len(cell) else "_"
            numbered = _NUMBERED.fullmatch(value) if value.endswith("]") else None
            if numbered and not _REFERENCE.fullmatch(value.rpartition(";")[2]):
                value, name = numbered[1], numbered[2]
            values.append(value)
        if name or any(value != "_" for value in values):
            annotations.append((name, values))
    return annotations


def _values_at(place: int, layer: Columns, cells: Sequence[Sequence[str]]) -> dict[str, Value]:
    """Return the features of one of the relations that are stacked in a unit's cells."""
    values: dict[str, Value] = {}
    for feature, cell in zip(layer.features, cells, strict=False):
        if place < len(cell) and cell[place] not in _NOTHING:
            values[feature] = unescaped(cell[place])
    return values


def _features(layer: Columns, values: Sequence[str]) -> dict[str, Value]:
    features: dict[str, Value] = {}
    for offset, (feature, value) in enumerate(zip(layer.features, values, strict=True)):
        if not feature or value in _NOTHING or offset in layer.slots or offset - 1 in layer.slots:
            continue
        plain = unescaped(value)
        if layer.kind == _CHAIN and "->" in plain:
            plain = plain.rpartition("->")[0]
        if layer.kind != _CHAIN or plain not in ("*", ""):
            features[feature] = plain
    return features


def _split(cell: str) -> list[str]:
    """Return the stacked values of a cell, still escaped."""
    if "|" not in cell:
        return [cell]
    values, last = [], 0
    for match in _STACK.finditer(cell):
        values.append(cell[last : match.end() - 1])
        last = match.end()
    return [*values, cell[last:]]


def unescaped(text: str) -> str:
    """Return a text without its escapes."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda match: _CONTROL.get(match[1], match[1]), text)
