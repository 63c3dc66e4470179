"""Word's .docx → its text as it is seen.

What is deleted under tracked changes or hidden is left out and counted. Paragraphs become lines,
the cells of a table's row are parted by tabs, text boxes follow their paragraph, notes stand at the
end.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from annotator.errors import InputError
from annotator.formats._api import ReadOptions, Report
from annotator.formats._sandbox.extracted import Piece, cell_of, direction_of, text_of
from annotator.formats._shared.xml import Node, parsed_bytes
from annotator.formats._shared.zip import Archive, opened_archive
from annotator.i18n import _

_OFF = ("0", "false", "off", "none")
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_DEEPEST_STYLE = 20
_INLINE = (
    "hyperlink",
    "ins",
    "moveTo",
    "smartTag",
    "sdt",
    "sdtContent",
    "fldSimple",
    "customXml",
    "dir",
    "bdo",
)
_BLOCKS = ("sdt", "sdtContent", "customXml", "ins", "moveTo", "body")
_DELETED = ("del", "moveFrom")


def pieces(path: Path, _options: ReadOptions, report: Report) -> list[Piece]:
    """Return the text of the document."""
    with opened_archive(path) as archive:
        main = _main_part(archive)
        folder = main.rpartition("/")[0]
        reader = _Reader(_styles(archive, f"{folder}/styles.xml"))
        reader.blocks(parsed_bytes(archive.read(main), path))
        notes: list[str] = []
        for kind in ("footnote", "endnote"):
            notes += _notes(archive, f"{folder}/{kind}s.xml", kind, reader)
        _count_others(archive, folder, report)
    reader.tell(report)
    return [
        Piece(
            text_of(reader.lines, notes),
            direction=direction_of(reader.counts["rtl"], reader.counts["paragraphs"]),
        )
    ]


def _main_part(archive: Archive) -> str:
    for entry in parsed_bytes(archive.read("_rels/.rels"), archive.path).children:
        if entry.attributes.get("Type", "").endswith("/officeDocument"):
            return entry.attributes.get("Target", "").lstrip("/")
    raise InputError(archive.path, 0, _("this is no document of Word"))


@dataclass(frozen=True, slots=True)
class _Styles:
    """Which styles set their text from right to left, or hide it."""

    rtl: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    default: str = ""


def _styles(archive: Archive, part: str) -> _Styles:
    if part not in archive.names:
        return _Styles()
    nodes = {
        _value(node, "styleId"): node
        for node in parsed_bytes(archive.read(part), archive.path).named("style")
    }
    default = next((name for name, node in nodes.items() if _is_default(node)), "")
    rtl = [name for name in nodes if _inherits(nodes, name, "pPr", "bidi")]
    hidden = [name for name in nodes if _inherits(nodes, name, "rPr", "vanish")]
    return _Styles(frozenset(rtl), frozenset(hidden), default)


def _is_default(style: Node) -> bool:
    return _value(style, "type") == "paragraph" and _value(style, "default") in ("1", "true")


def _inherits(nodes: Mapping[str, Node], name: str, group: str, local: str) -> bool:
    """Return whether a property of a style is on, by itself or by the styles it is based on."""
    for _level in range(_DEEPEST_STYLE):
        node = nodes.get(name)
        if node is None:
            return False
        value = _property(node, group, local)
        if value is not None:
            return value
        name = next((_value(parent, "val") for parent in node.named("basedOn")), "")
    return False


def _notes(archive: Archive, part: str, kind: str, reader: "_Reader") -> Iterator[str]:
    """Walk over the lines of foot- or endnotes; what only separates them from the page is none."""
    if part not in archive.names:
        return
    for note in parsed_bytes(archive.read(part), archive.path).named(kind):
        if _value(note, "type") in ("", "normal"):
            inside = _Reader(reader.styles, counts=reader.counts)
            inside.blocks(note)
            yield from inside.lines


def _count_others(archive: Archive, folder: str, report: Report) -> None:
    """Count what stands beside the text: headers, footers, comments."""
    for name in archive.names:
        inside = name.removeprefix(f"{folder}/")
        if inside.startswith(("header", "footer")) and inside.endswith(".xml"):
            reader = _Reader(_Styles())
            reader.blocks(parsed_bytes(archive.read(name), archive.path))
            if any(line.strip() for line in reader.lines):
                report.lose(
                    "headers and footers", _("what is repeated on each page is no part of the text")
                )
        if inside == "comments.xml":
            for _comment in parsed_bytes(archive.read(name), archive.path).named("comment"):
                report.lose("comments", _("comments beside the text are not taken in"))


@dataclass(slots=True)
class _Reader:
    """Takes the lines out of one part of the document."""

    styles: _Styles
    lines: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    boxes: list[Node] = field(default_factory=list)

    def tell(self, report: Report) -> None:
        """Report what was left out or decided."""
        counts = self.counts
        reasons = {
            "deleted text": _("text deleted under tracked changes is left out"),
            "inserted text": _("text inserted under tracked changes is taken in"),
            "hidden text": _("text that is formatted as hidden is left out"),
        }
        for kind, why in reasons.items():
            if counts[kind]:
                report.change(kind, why, counts[kind])
        if counts["symbols"]:
            report.lose("symbols", _("signs of a symbol font have no letter"), counts["symbols"])

    def blocks(self, node: Node) -> None:
        """Take in paragraphs and tables."""
        for child in node.children:
            if child.local == "p":
                self._paragraph(child)
            elif child.local == "tbl":
                self.lines += self._rows(child)
            elif child.local in _BLOCKS:
                self.blocks(child)
            elif child.local in _DELETED:
                self.counts["deleted text"] += 1

    def _rows(self, table: Node) -> Iterator[str]:
        for row in _within(table, "tr"):
            cells = []
            for cell in _within(row, "tc"):
                inside = _Reader(self.styles, counts=self.counts)
                inside.blocks(cell)
                cells.append(cell_of(inside.lines))
            yield "\t".join(cells)

    def _paragraph(self, node: Node) -> None:
        properties = next(node.named("pPr"), None)
        style = _child_value(properties, "pStyle") or self.styles.default
        line = "" if style in self.styles.hidden and self._hides(node) else self._inline(node)
        if line.strip():
            own = _property(node, "pPr", "bidi")
            self.counts["paragraphs"] += 1
            self.counts["rtl"] += style in self.styles.rtl if own is None else own
        self.lines.append(line)
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self.blocks(box)

    def _inline(self, node: Node) -> str:
        parts = []
        for child in node.children:
            if child.local == "r":
                parts.append(self._run(child))
            elif child.local in _INLINE:
                inside = self._inline(child)
                self.counts["inserted text"] += child.local == "ins" and inside != ""
                parts.append(inside)
            elif child.local in _DELETED:
                self.counts["deleted text"] += 1
        return "".join(parts)

    def _run(self, run: Node) -> str:
        own = _property(run, "rPr", "vanish")
        style = _child_value(next(run.named("rPr"), None), "rStyle")
        if (style in self.styles.hidden if own is None else own) and self._hides(run):
            return ""
        return "".join(map(self._content, run.children))

    def _content(self, node: Node) -> str:
        if node.local == "t":
            return node.text
        if node.local == "sym":
            self.counts["symbols"] += 1
        elif node.local == "delText":
            self.counts["deleted text"] += 1
        elif node.local == "ruby":
            return "".join(self._inline(base) for base in node.named("rubyBase"))
        elif node.local == "AlternateContent":
            return "".join(map(self._content, next(iter(node.children), node).children))
        elif node.local in ("drawing", "pict", "object"):
            self.boxes += _boxes(node)
        return _SIGNS.get(node.local, "")

    def _hides(self, node: Node) -> bool:
        """Count what is hidden, where it holds text."""
        hides = any(inside.text.strip() for inside in _all(node) if inside.local == "t")
        self.counts["hidden text"] += hides
        return hides


def _within(node: Node, local: str) -> Iterator[Node]:
    """Walk over the rows of a table, or the cells of a row, those in content controls too."""
    for child in node.children:
        if child.local == local:
            yield child
        elif child.local in _BLOCKS:
            yield from _within(child, local)


def _boxes(node: Node) -> Iterator[Node]:
    if node.local == "txbxContent":
        yield node
    elif node.local == "AlternateContent":
        for child in node.children[:1]:
            yield from _boxes(child)
    else:
        for child in node.children:
            yield from _boxes(child)


def _all(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _all(child)


def _value(node: Node, local: str) -> str:
    return next(
        (value for name, value in node.attributes.items() if name.rpartition("}")[2] == local), ""
    )


def _child_value(node: Node | None, local: str) -> str:
    return next((_value(child, "val") for child in node.named(local)), "") if node else ""


def _property(node: Node, group: str, local: str) -> bool | None:
    """Return whether a property is on; None where nothing is said."""
    for properties in node.named(group):
        for entry in properties.named(local):
            return _value(entry, "val").lower() not in _OFF
    return None
