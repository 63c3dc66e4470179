"""XML of strangers, parsed within limits; and texts written into XML.

Nothing is fetched, and a document type is refused where it begins, so that no entity is ever
declared. This is expat and not lxml: into these nodes lxml reads more slowly, its default limits
refuse a text of more than 10 MB, and it sees the document type only after it was read.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from xml.parsers import expat

from annotator.errors import InputError
from annotator.formats._api import Report
from annotator.formats._shared.decode import read_bytes
from annotator.i18n import _

_LARGEST = 512 * 1024 * 1024
_DEEPEST = 200
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPECIAL = re.compile("[\x00-\x1f&<>\"'\ufffe\uffff]")
_SPACES = {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}


@dataclass(slots=True)
class Node:
    """An element: its name is `uri}local` where it has a namespace.

    `text` stands before its first child, `tail` after itself.
    """

    name: str
    local: str
    attributes: dict[str, str]
    line: int
    children: "list[Node]" = field(default_factory=list)
    text: str = ""
    tail: str = ""

    def named(self, local: str) -> "Iterator[Node]":
        """Walk over the children of a name."""
        return (child for child in self.children if child.local == local)

    def text_of(self, local: str) -> str:
        """Return the text of the first child of a name, or ""."""
        return next((child.text for child in self.named(local)), "")


class _RefusedError(ValueError):
    """The document has what no document needs."""


class _Builder:
    """Builds nodes of what the parser meets."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.root: Node | None = None
        self.open: list[Node] = []
        self.pieces: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        self._flush()
        node = Node(name, name.rpartition("}")[2], attributes, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)
        if len(self.open) > _DEEPEST:
            raise _RefusedError(
                _("elements are nested more than {depth} levels deep").format(depth=_DEEPEST)
            )

    def end(self, _name: str) -> None:
        """End an element."""
        self._flush()
        self.open.pop()

    def _flush(self) -> None:
        if not self.pieces or not self.open:
            return
        text = "".join(self.pieces)
        self.pieces.clear()
        inside = self.open[-1]
        if inside.children:
            inside.children[-1].tail += text
        else:
            inside.text += text

    def refuse(self, *_declared: object) -> None:
        """Refuse a document type: nothing may declare entities or name other files."""
        raise _RefusedError(_("a document type (DOCTYPE) is not accepted; remove that line"))


def parsed_xml(path: Path) -> Node:
    """Return the root of an XML file; what is wrong with it is an InputError with its line."""
    return parsed_bytes(read_bytes(path), path)


def parsed_bytes(data: bytes, path: Path) -> Node:
    """Return the root of XML that was read from a file, or from inside it."""
    if len(data) > _LARGEST:
        raise InputError(
            path, 0, _("the file is larger than {size} MB").format(size=_LARGEST // 2**20)
        )
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    builder = _Builder(parser)
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.pieces.append
    parser.StartDoctypeDeclHandler = builder.refuse
    try:
        parser.Parse(data, True)
    except _RefusedError as error:
        raise InputError(path, parser.CurrentLineNumber, str(error)) from error
    except expat.ExpatError as error:
        reason = _("this is not XML: {reason}").format(reason=expat.ErrorString(error.code))
        raise InputError(path, error.lineno, reason) from error
    except (ValueError, LookupError) as error:  # an encoding that Python does not know
        raise InputError(path, 1, _("this is not XML: {reason}").format(reason=error)) from error
    if builder.root is None:
        raise InputError(path, 1, _("the file is empty"))
    return builder.root


def is_writable(text: str) -> bool:
    """Return whether XML can hold the text: it has no place for most control characters."""
    return not _ILLEGAL.search(text)


def count_unwritable(texts: Iterable[str], report: Report) -> None:
    """Count the texts that are changed on the way into XML."""
    for text in texts:
        if not is_writable(text):
            report.lose("characters", _("a control character that XML cannot hold became U+FFFD"))


def writable(text: str) -> str:
    """Return a text with U+FFFD for what XML cannot hold."""
    return _ILLEGAL.sub("\ufffd", text)


def quoted(text: str) -> str:
    """Return a text as a quoted attribute's value; what XML cannot hold becomes U+FFFD."""
    if not _SPECIAL.search(text):
        return f'"{text}"'
    plain = escape(writable(text))
    for character, reference in _SPACES.items():
        plain = plain.replace(character, reference)
    return f'"{plain}"'


def content(text: str) -> str:
    """Return a text as the content of an element; what XML cannot hold becomes U+FFFD."""
    return escape(writable(text), quote=False).replace("\r", "&#13;")
