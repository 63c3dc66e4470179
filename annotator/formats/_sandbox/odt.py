"""OpenDocument texts (.odt) → their text.

Hidden text, comments and what is deleted under tracked changes are left out and counted.
"""

import re
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

_BLANKS = re.compile("[ \t\r\n]+")
_MOST_SPACES = 1000
_DEEPEST_STYLE = 20
_BOXES = ("frame", "text-box", "custom-shape", "g", "rect")
_SKIPPED = (
    "tracked-changes",
    "annotation-end",
    "sequence-decls",
    "ruby-text",
    "title",
    "desc",
    "soft-page-break",
    "forms",
)
_HIDDEN = ("hidden-text", "hidden-paragraph")


def pieces(path: Path, _options: ReadOptions, report: Report) -> list[Piece]:
    """Return the text of the document."""
    with opened_archive(path) as archive:
        _refuse_encrypted(archive)
        root = parsed_bytes(archive.read("content.xml"), path)
        roots = [root]
        if "styles.xml" in archive.names:
            roots.insert(0, parsed_bytes(archive.read("styles.xml"), path))
    body = next((node for part in root.named("body") for node in part.named("text")), None)
    if body is None:
        raise InputError(path, 0, _("this is no text document of OpenDocument"))
    reader = _Reader(_rtl_styles(roots))
    reader.blocks(body)
    reader.tell(report)
    direction = direction_of(reader.counts["rtl"], reader.counts["paragraphs"])
    return [Piece(text_of(reader.lines, reader.notes), direction=direction)]


def _refuse_encrypted(archive: Archive) -> None:
    manifest = "META-INF/manifest.xml"
    if manifest in archive.names and any(
        entry.local == "encryption-data"
        for file in parsed_bytes(archive.read(manifest), archive.path).children
        for entry in file.children
    ):
        raise InputError(
            archive.path,
            0,
            _("the file has a password; open it in its program and save it without one"),
        )


def _rtl_styles(roots: list[Node]) -> frozenset[str]:
    """Return the styles that set their paragraphs from right to left, themselves or by a parent."""
    styles: dict[str, Node] = {}
    for root in roots:
        for group in root.children:
            if group.local in ("styles", "automatic-styles"):
                styles |= {_value(style, "name"): style for style in group.named("style")}
    return frozenset(name for name in styles if _is_rtl(styles, name))


def _is_rtl(styles: Mapping[str, Node], name: str) -> bool:
    for _level in range(_DEEPEST_STYLE):
        style = styles.get(name)
        if style is None:
            return False
        modes = [_value(entry, "writing-mode") for entry in style.named("paragraph-properties")]
        if any(modes):
            return modes[0].startswith("rl")
        name = _value(style, "parent-style-name")
    return False


@dataclass(slots=True)
class _Reader:
    """Takes the lines out of the document."""

    rtl: frozenset[str]
    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    boxes: list[Node] = field(default_factory=list)

    def tell(self, report: Report) -> None:
        """Report what was left out."""
        deleted, hidden, comments = (
            self.counts[kind] for kind in ("deleted", "hidden", "comments")
        )
        if deleted:
            why = _("text deleted under tracked changes is left out")
            report.change("deleted text", why, deleted)
        if hidden:
            report.change("hidden text", _("text that is formatted as hidden is left out"), hidden)
        if comments:
            report.lose("comments", _("comments beside the text are not taken in"), comments)

    def blocks(self, node: Node) -> None:
        """Take in paragraphs, lists and tables."""
        for child in node.children:
            if child.local in ("p", "h"):
                self._paragraph(child)
            elif child.local == "table":
                self.lines += self._rows(child)
            elif child.local == "tracked-changes":
                for region in child.children:
                    self.counts["deleted"] += len(list(region.named("deletion")))
            elif self._is_hidden(child):
                self.counts["hidden"] += 1
            elif child.local not in _SKIPPED:
                self.blocks(child)

    def _rows(self, table: Node) -> Iterator[str]:
        for row in table.children:
            if row.local == "table-row":
                yield "\t".join(
                    self._cell(cell)
                    for cell in row.children
                    if cell.local in ("table-cell", "covered-table-cell")
                )
            elif row.local in ("table-header-rows", "table-rows", "table-row-group"):
                yield from self._rows(row)

    def _cell(self, cell: Node) -> str:
        inside = _Reader(self.rtl, notes=self.notes, counts=self.counts)
        inside.blocks(cell)
        return cell_of(inside.lines)

    def _paragraph(self, node: Node) -> None:
        pieces: list[str] = []
        self._inline(node, pieces)
        line = "".join(pieces).strip(" ")
        if line.strip():
            self.counts["paragraphs"] += 1
            self.counts["rtl"] += _value(node, "style-name") in self.rtl
        self.lines.append(line)
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self.blocks(box)

    def _inline(self, node: Node, out: list[str]) -> None:
        _add(out, node.text)
        for child in node.children:
            self._element(child, out)
            _add(out, child.tail)

    def _element(self, node: Node, out: list[str]) -> None:
        if node.local == "s":
            count = _value(node, "c")
            is_number = count.isascii() and count.isdecimal()
            out.append(" " * min(int(count) if is_number else 1, _MOST_SPACES))
        elif node.local in ("tab", "line-break"):
            out.append("\t" if node.local == "tab" else "\n")
        elif node.local == "note":
            inside = _Reader(self.rtl, notes=self.notes, counts=self.counts)
            for body in node.named("note-body"):
                inside.blocks(body)
            self.notes += inside.lines
        elif node.local == "annotation":
            self.counts["comments"] += 1
        elif self._is_hidden(node):
            self.counts["hidden"] += 1
        elif node.local in _BOXES:
            self.boxes.append(node)
        elif node.local not in _SKIPPED:
            self._inline(node, out)

    @staticmethod
    def _is_hidden(node: Node) -> bool:
        return node.local in _HIDDEN or (
            node.local == "section" and _value(node, "display") == "none"
        )


def _add(out: list[str], text: str) -> None:
    """Add text as OpenDocument means it: blanks in a row are one."""
    plain = _BLANKS.sub(" ", text)
    out.append(plain[1:] if plain.startswith(" ") and out and out[-1].endswith(" ") else plain)


def _value(node: Node, local: str) -> str:
    return next(
        (value for name, value in node.attributes.items() if name.rpartition("}")[2] == local), ""
    )
