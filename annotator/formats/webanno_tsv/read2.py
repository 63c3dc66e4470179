"""WebAnno TSV 2 lines → structures.

There are no offsets, so tokens are looked for in the sentence's text; spans are IOB tags.
"""

from dataclasses import dataclass, field
from pathlib import Path

from annotator.errors import InputError
from annotator.formats._shared.cas import Cas, Structure
from annotator.i18n import _
from annotator.model import Value
from annotator.text.offsets import utf16_length

_NOTHING = ("O", "_", "")


@dataclass(slots=True)
class _Layer:
    type: str
    features: list[str]
    attach: bool = False


@dataclass(slots=True)
class Tsv2Reader:
    """Reads the lines of one file; what is wrong is an InputError with its line."""

    path: Path
    layers: list[_Layer] = field(default_factory=list)
    structures: list[Structure] = field(default_factory=list)
    _places: dict[str, tuple[int, int]] = field(default_factory=dict)
    _waiting: list[tuple[_Layer, list[str], str, str, int]] = field(default_factory=list)
    _open: dict[tuple[int, int], Structure] = field(default_factory=dict)

    def cas(self, lines: list[str]) -> Cas:
        """Return the text and the structures."""
        self._read_header(lines)
        texts: list[str] = []
        start = place = 0
        for number, line in enumerate(lines, 1):
            if line.startswith("#text="):
                start = sum(len(text) + 1 for text in texts)
                place = 0
                texts.append(line.removeprefix("#text="))
                self._open.clear()
            elif line and not line.startswith(("#", " #")):
                place = self._read_row(line, number, texts[-1] if texts else "", start, place)
        raw = "\n".join(texts)
        self._link()
        units = _units(raw)
        for entry in self.structures:
            entry.begin, entry.end = units[entry.begin or 0], units[entry.end or 0]
        return Cas(raw, self.structures)

    def _read_header(self, lines: list[str]) -> None:
        number, header = next(
            ((at, line) for at, line in enumerate(lines, 1) if line.strip()), (1, "")
        )
        if "|" not in header or not header.lstrip().startswith("#"):
            raise InputError(self.path, number, _("the file has no header that names its layers"))
        for part in header.split(" # "):
            name, *features = [cell.strip() for cell in part.strip(" #").split("|")]
            if not name:
                continue
            attach = any(feature.startswith("AttachTo=") for feature in features)
            self.layers.append(
                _Layer(
                    name,
                    [feature for feature in features if not feature.startswith("AttachTo=")],
                    attach,
                )
            )

    def _read_row(self, line: str, number: int, text: str, start: int, place: int) -> int:
        """Read a token; return where it ends in its sentence's text, which begins at `start`."""
        cells = line.split("\t")
        columns = cells[2:-1] if cells[-1] == "" else cells[2:]
        wanted = sum(len(layer.features) + layer.attach for layer in self.layers)
        if len(cells) < 2 or len(columns) != wanted:
            reason = _("the line has {count} columns of annotations, the header names {wanted}")
            raise InputError(self.path, number, reason.format(count=len(columns), wanted=wanted))
        unit, form = cells[0], cells[1]
        begin = text.find(form, place)
        if begin < 0 or not form:
            reason = _("the token {form} is not in the sentence's text")
            raise InputError(self.path, number, reason.format(form=form[:60]))
        end = begin + len(form)
        self._places[unit] = (start + begin, start + end)
        self._read_columns(columns, unit, number)
        return end

    def _read_columns(self, columns: list[str], unit: str, number: int) -> None:
        first = 0
        for index, layer in enumerate(self.layers):
            own = columns[first : first + len(layer.features) + layer.attach]
            first += len(own)
            if layer.attach:  # the token that it leads to may come later
                self._waiting.append((layer, own, unit, own[-1], number))
            else:
                self._tag(index, layer, own, self._places[unit])

    def _tag(self, index: int, layer: _Layer, cells: list[str], place: tuple[int, int]) -> None:
        """Begin or go on with the annotations that a token's tags name.

        Each at its place in the stack.
        """
        tags = cells[0].split("|") if cells else []
        for height, tag in enumerate(tags):
            if tag in _NOTHING:
                self._open.pop((index, height), None)
                continue
            prefix, label = (tag[:2], tag[2:]) if tag[:2] in ("B-", "I-") else ("", tag)
            begun = self._begun(index, height, label) if prefix == "I-" else None
            if begun is not None:
                begun.end = place[1]
                continue
            structure = self._add(layer.type, place, {"value": label})
            if prefix:
                self._open[index, height] = structure

    def _begun(self, index: int, height: int, label: str) -> Structure | None:
        """Return the open annotation of a label: that of its height, or where none is, any."""
        at_height = self._open.get((index, height))
        if at_height is not None:
            return at_height if at_height.features.get("value") == label else None
        for (number, _height), structure in self._open.items():
            if number == index and structure.features.get("value") == label:
                return structure
        return None

    def _add(
        self,
        kind: str,
        place: tuple[int, int],
        features: dict[str, Value],
        refs: dict[str, list[str]] | None = None,
    ) -> Structure:
        structure = Structure(f"{len(self.structures)}", kind, *place, features, refs or {})
        self.structures.append(structure)
        return structure

    def _link(self) -> None:
        for layer, cells, unit, reference, number in self._waiting:
            # A token that depends on itself is the root.
            if reference in _NOTHING or reference == unit:
                continue
            if reference not in self._places:
                reason = _("there is no token {unit}")
                raise InputError(self.path, number, reason.format(unit=reference[:40]))
            refs = {"Governor": [self._end(reference)], "Dependent": [self._end(unit)]}
            self._add(layer.type, self._places[unit], {"value": cells[0]}, refs)

    def _end(self, unit: str) -> str:
        """Return the annotation that a relation leads to.

        One of exactly this token, else the token itself.
        """
        begin, end = self._places[unit]
        for entry in self.structures:
            if (entry.begin, entry.end) == (begin, end) and not entry.refs:
                return entry.id
        return self._add("segmentation.type.Token", (begin, end), {}).id


def _units(text: str) -> list[int]:
    """Return the UTF-16 offset of each character, and of the end."""
    if utf16_length(text) == len(text):
        return list(range(len(text) + 1))
    units, place = [], 0
    for character in text:
        units.append(place)
        place += utf16_length(character)
    return [*units, place]
