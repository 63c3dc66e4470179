"""The text of a TEI document, and where each of its elements stands in it.

Elements that begin a line (paragraphs, verses, speakers, headings …) do so here; elsewhere white
space is one space, as XML's readers print it, unless `xml:space="preserve"` says that it counts. Of
a choice the first reading that stands in the source is taken.
"""

import re
from collections.abc import Sequence

from annotator.formats._api import Report
from annotator.formats._shared.xml import Node
from annotator.i18n import _

_XML = "http://www.w3.org/XML/1998/namespace}"
XML_ID, XML_LANGUAGE, _XML_SPACE = f"{_XML}id", f"{_XML}lang", f"{_XML}space"
_PARTS = frozenset(
    {
        "front",
        "body",
        "back",
        "div",
        "castList",
        "set",
        "docTitle",
        "titlePage",
        "epigraph",
        "argument",
        "group",
        "text",
    }
)
_LINES = frozenset(
    {
        "p",
        "ab",
        "l",
        "lg",
        "head",
        "sp",
        "speaker",
        "stage",
        "castItem",
        "castGroup",
        "roleDesc",
        "titlePart",
        "trailer",
        "item",
        "list",
    }
    | {
        "label",
        "row",
        "table",
        "cit",
        "bibl",
        "opener",
        "closer",
        "salute",
        "signed",
        "dateline",
        "byline",
        "argument",
        "u",
        "quote",
    }
    | {"docAuthor", "docDate", "docImprint", "imprimatur", "entry", "figure"}
)
_LEFT_OUT = frozenset(
    {
        "note",
        "fw",
        "figDesc",
        "del",
        "rdg",
        "teiHeader",
        "standOff",
        "spanGrp",
        "fs",
        "linkGrp",
        "listAnnotation",
    }
)
_READINGS = ("orig", "sic", "abbr", "lem")
_SPACE = re.compile("[ \t\r\n]+")


class TeiText:
    """Collects the text of elements; `places` has those that cover some, as they end."""

    def __init__(self, report: Report) -> None:
        self.places: list[tuple[Node, int, int]] = []
        self._report = report
        self._pieces: list[str] = []
        self._length = 0
        self._gap = ""  # the white space that is due before the next character
        # Where the open elements begin, -1 before their first character; `_beginning` are the
        # depths of those that wait for it.
        self._open: list[int] = []
        self._beginning: list[int] = []

    @property
    def text(self) -> str:
        """What was collected."""
        return "".join(self._pieces)

    def read(self, node: Node, *, verbatim: bool = False) -> None:
        """Take in an element with all inside it; white space counts where it is `verbatim`."""
        space = node.attributes.get(_XML_SPACE)
        verbatim = space == "preserve" if space else verbatim
        is_line = (node.local in _LINES or node.local in _PARTS) and not verbatim
        if is_line:
            self._break(node.local)
        self._open.append(-1)
        self._beginning.append(len(self._open) - 1)
        self._add(node.text, verbatim)
        for child in self._chosen(node):
            self._read_child(child, verbatim)
        start = self._open.pop()
        if start >= 0:
            self.places.append((node, start, self._length))
        else:
            self._beginning.remove(len(self._open))
        if is_line:
            self._break(node.local)

    def _read_child(self, child: Node, verbatim: bool) -> None:
        if child.local in _LEFT_OUT:
            why = _("notes, running titles, deletions and other readings are not part of the text")
            self._report.lose("other readings", why)
        elif child.local == "lb":
            self._break("lb")
        else:
            self.read(child, verbatim=verbatim)
        self._add(child.tail, verbatim)

    def _chosen(self, node: Node) -> Sequence[Node]:
        if node.local not in ("choice", "app") or not node.children:
            return node.children
        self._report.lose(
            "other readings",
            _("of a choice the reading of the source is taken"),
            len(node.children) - 1,
        )
        return [
            next((child for child in node.children if child.local in _READINGS), node.children[0])
        ]

    def _break(self, element: str) -> None:
        if self._length:
            self._gap = "\n\n" if element in _PARTS or self._gap == "\n\n" else "\n"

    def _add(self, text: str, verbatim: bool) -> None:
        if not text:
            return
        if not verbatim:
            text = _SPACE.sub(" ", text)
            if text[0] == " ":
                text = text[1:]
                self._gap = self._gap or (" " if self._length else "")
        ends_in_space = not verbatim and text.endswith(" ")
        if ends_in_space:
            text = text[:-1]
        if text:
            self._put(text)
            self._gap = " " if ends_in_space else ""

    def _put(self, text: str) -> None:
        if self._gap:
            self._pieces.append(self._gap)
            self._length += len(self._gap)
        for depth in self._beginning:
            self._open[depth] = self._length
        self._beginning.clear()
        self._pieces.append(text)
        self._length += len(text)
