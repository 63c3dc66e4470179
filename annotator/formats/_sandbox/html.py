"""HTML → its text as a browser shows it: blocks are lines, table cells are parted by tabs.

Nothing is run or fetched.
"""

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree, html

from annotator.errors import InputError
from annotator.formats._api import ReadOptions, Report
from annotator.formats._sandbox.extracted import Piece, text_of
from annotator.formats._shared.decode import decode, read_bytes
from annotator.i18n import _

_CHARSET = re.compile(
    rb"""charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)""", re.IGNORECASE
)
_HEAD = 4096
# What browsers take these names for (WHATWG Encoding Standard).
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
}
_BLANKS = re.compile("[ \t\r\n\f]+")
_BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "details",
            "dialog",
            "dir",
            "div",
            "dl",
            "dt",
        ),
        *(
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hgroup",
            "hr",
            "html",
        ),
        *(
            "legend",
            "li",
            "main",
            "menu",
            "nav",
            "ol",
            "optgroup",
            "p",
            "pre",
            "search",
            "section",
            "summary",
            "table",
            "ul",
        ),
    )
)
_SKIPPED = frozenset(
    (
        *(
            "applet",
            "area",
            "audio",
            "canvas",
            "datalist",
            "embed",
            "frame",
            "frameset",
            "head",
            "iframe",
            "input",
            "link",
            "map",
            "math",
        ),
        *(
            "meta",
            "meter",
            "noembed",
            "noframes",
            "noscript",
            "object",
            "progress",
            "rp",
            "rt",
            "script",
            "select",
            "style",
            "svg",
        ),
        *("template", "textarea", "title", "video"),
    )
)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# An element that XHTML may close at once would, as HTML, take in all that follows.
_CLOSED = re.compile(
    rb"<((?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)[A-Za-z][\w:-]*)((?:\s[^<>]*)?)/>"
)


@dataclass(frozen=True, slots=True)
class Page:
    """The text of a page, and how many elements of it cannot be seen."""

    piece: Piece
    unseen: int


def pieces(path: Path, options: ReadOptions, report: Report) -> list[Piece]:
    """Return the text of a page."""
    data = read_bytes(path)
    decoded = decode(data, options.encoding or _declared(data), path)
    report.encodings[str(path)] = decoded.encoding
    for kind, why, count in decoded.changes:
        if kind != "newlines":  # where a line of HTML ends means nothing
            report.change(kind, why, count)
    page = page_of(decoded.text.encode(), path)
    tell_unseen(page.unseen, report)
    return [page.piece]


def tell_unseen(count: int, report: Report) -> None:
    """Report elements that were left out because nobody sees them."""
    if count:
        report.change("hidden text", _("elements that are not shown are left out"), count)


def page_of(data: bytes, path: Path) -> Page:
    """Return the text of a page in UTF-8."""
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = html.document_fromstring(_CLOSED.sub(rb"<\1\2></\1>", data), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise InputError(path, 0, _("the page holds nothing that can be read as HTML")) from error
    reader = _Reader()
    reader.element(root)
    reader.end_line()
    body = next((child for child in root if child.tag == "body"), root)
    direction = (root.get("dir") or body.get("dir") or "").lower()
    title = " ".join((root.findtext(".//title") or "").split())
    piece = Piece(
        text_of(reader.lines, []),
        language=_language(root.get("lang") or body.get("lang") or ""),
        direction=direction if direction in ("rtl", "ltr") else "auto",
        meta={"title": title} if title else {},
    )
    return Page(piece, reader.unseen)


def _declared(data: bytes) -> str:
    """Return the encoding that a page says it is in, "" where it says none or what cannot be.

    A page whose bytes are UTF-8 is UTF-8, whatever it says.
    """
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ""
    found = _CHARSET.search(data[:_HEAD])
    name = (found.group(1) or found.group(2)).decode().lower() if found else ""
    name = _MEANT.get(name, name)
    return "" if _is(data, "utf-8") or name.startswith("utf-16") or not _is(data, name) else name


def _is(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (LookupError, ValueError):
        return False
    return True


def _language(tag: str) -> str:
    primary = tag.split("-", maxsplit=1)[0].lower()
    return primary if primary.isascii() and primary.isalpha() else ""


@dataclass(slots=True)
class _Reader:
    """Takes the lines out of a tree of elements."""

    lines: list[str] = field(default_factory=list)
    unseen: int = 0
    _line: list[str] = field(default_factory=list)
    _kept: int = 0

    def element(self, node: html.HtmlElement) -> None:
        """Take in an element with all it holds."""
        name = str(node.tag).rpartition(":")[2]
        if name in _SKIPPED:
            return
        if node.get("hidden") is not None or _UNSEEN.search(node.get("style") or ""):
            self.unseen += 1
            return
        if name == "br":
            self.end_line(even_empty=True)
        elif name == "tr":
            self._row(node)
        elif name in _BLOCKS:
            self.end_line()
            self._kept += name == "pre"
            self._inside(node)
            self.end_line()
            self._kept -= name == "pre"
        else:
            self._inside(node)

    def _inside(self, node: html.HtmlElement) -> None:
        self._add(node.text)
        for child in node:
            self.element(child)
            self._add(child.tail)

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if not self._kept:
            plain = _BLANKS.sub(" ", text)
            follows_blank = not self._line or self._line[-1][-1:] in ("", " ")
            self._line.append(plain.removeprefix(" ") if follows_blank else plain)
            return
        first, *others = text.split("\n")
        self._line.append(first)
        for other in others:
            self.end_line(even_empty=True)
            self._line.append(other)

    def _row(self, node: html.HtmlElement) -> None:
        self.end_line()
        cells = []
        for cell in node:
            if cell.tag in ("td", "th"):
                inside = _Reader()
                inside.element(cell)
                inside.end_line()
                self.unseen += inside.unseen
                cells.append(" ".join(line.replace("\t", " ") for line in inside.lines if line))
        self.lines.append("\t".join(cells))

    def end_line(self, *, even_empty: bool = False) -> None:
        """End the line, if anything stands in it."""
        text = "".join(self._line)
        self._line.clear()
        if not self._kept:
            text = text.strip(" ")
        if text or even_empty:
            self.lines.append(text)
