"""Electronic books (.epub) → the text of their chapters, in the order of the book's spine."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from annotator.errors import InputError
from annotator.formats._api import ReadOptions, Report
from annotator.formats._sandbox.extracted import Piece
from annotator.formats._sandbox.html import page_of, tell_unseen
from annotator.formats._shared.decode import decode
from annotator.formats._shared.xml import Node, parsed_bytes
from annotator.formats._shared.zip import Archive, opened_archive
from annotator.i18n import _

CHAPTER = "chapter"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
_ENCRYPTION = "META-INF/encryption.xml"
# Names of our metadata, and the elements of the package that have their values.
_META = (("title", "title"), ("author", "creator"), ("date", "date"))
_FONTS = (".otf", ".ttf", ".woff", ".woff2")


@dataclass(frozen=True, slots=True)
class _Book:
    """What the package file says: language, direction, title, and the names of the chapters."""

    language: str
    direction: str
    meta: dict[str, str]
    chapters: tuple[str, ...]


def pieces(path: Path, options: ReadOptions, report: Report) -> list[Piece]:
    """Return the book as one text, or each chapter."""
    with opened_archive(path) as archive:
        _refuse_protected(archive)
        book = _book(archive)
        chapters = list(_chapters(archive, book, report))
    if options.unit == CHAPTER:
        return [
            Piece(text, name, book.language, book.direction, book.meta)
            for name, text in chapters
            if text.strip()
        ]
    whole = "\n\n".join(text for _name, text in chapters if text.strip())
    return [Piece(whole, "", book.language, book.direction, book.meta)]


def _refuse_protected(archive: Archive) -> None:
    """Refuse a book whose chapters are encrypted; fonts often are, and do not matter."""
    if _ENCRYPTION not in archive.names:
        return
    for node in _all(parsed_bytes(archive.read(_ENCRYPTION), archive.path)):
        target = node.attributes.get("URI", "") if node.local == "CipherReference" else ""
        if target and not target.lower().endswith(_FONTS):
            raise InputError(
                archive.path,
                0,
                _("the book is copy-protected; only its seller's program can read it"),
            )


def _book(archive: Archive) -> _Book:
    path = archive.path
    container = _all(parsed_bytes(archive.read("META-INF/container.xml"), path))
    package = next(
        (node.attributes.get("full-path", "") for node in container if node.local == "rootfile"), ""
    )
    root = parsed_bytes(archive.read(package), path)
    spine = next(root.named("spine"), None)
    direction = spine.attributes.get("page-progression-direction", "") if spine else ""
    about = _first_texts(root)
    return _Book(
        about.get("language", "").split("-")[0].lower(),
        direction if direction == "rtl" else "auto",
        {name: about[key] for name, key in _META if key in about},
        _chapter_files(root, spine, posixpath.dirname(package)),
    )


def _first_texts(root: Node) -> dict[str, str]:
    """Return the text of the first element of each name that has one."""
    texts: dict[str, str] = {}
    for node in _all(root):
        text = node.text.strip()
        if text:
            texts.setdefault(node.local, text)
    return texts


def _chapter_files(root: Node, spine: Node | None, folder: str) -> tuple[str, ...]:
    """Return the files of the pages that the spine lists, in its order."""
    files: dict[str, str] = {}
    for node in _all(root):
        if node.local == "item" and node.attributes.get("media-type", "") in _PAGES:
            name = posixpath.join(folder, unquote(node.attributes.get("href", "")))
            files[node.attributes.get("id", "")] = posixpath.normpath(name)
    items = spine.children if spine else ()
    listed = (item.attributes.get("idref", "") for item in items)
    return tuple(files[name] for name in listed if name in files)


def _chapters(archive: Archive, book: _Book, report: Report) -> Iterator[tuple[str, str]]:
    unseen = 0
    for number, name in enumerate(book.chapters, 1):
        where = f"{archive.path.name}/{name}"
        if name not in archive.names:
            report.lose(
                "chapters",
                _("the book names a chapter that it does not hold: {name}").format(name=name),
            )
            continue
        data = archive.read(name)
        if not data.strip():
            continue
        page = page_of(decode(data, "", where).text.encode(), archive.path)
        unseen += page.unseen
        yield f"{number:03}", page.piece.text
    tell_unseen(unseen, report)


def _all(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _all(child)
